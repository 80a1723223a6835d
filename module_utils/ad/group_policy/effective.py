"""Which policy wins: what holds on the computers and users of a unit ([MS-GPOL] 3.2.5.1.4 to 3.2.5.1.6).

Policies are applied from the domain down to the unit, at one container from the last in precedence to the first, then
the enforced ones from the unit up to the domain; what is applied last wins. A unit that blocks inheritance keeps out
what comes from above, but not what is enforced. Links of sites and loopback processing are left out: the first have no
place on a unit, the second is refused where definitions are read. Pure: what the server holds is given.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.group_policy.admx_table import DELETE, DELETE_ALL
from ansible.module_utils.ad.group_policy.definition_security import ACCOUNT_KEYS, KERBEROS, SYSTEM_ACCESS
from ansible.module_utils.ad.group_policy.links import GpoLink, inheritance_blocked
from ansible.module_utils.ad.group_policy.model import AUTHENTICATED_USERS, WHOLE_FILE, setting_key
from ansible.module_utils.ad.group_policy.store_model import SIDES, Target, same

#: Every account that has proven who it is carries these; a policy filtered on another group reaches that group alone.
_EVERYONE = "S-1-1-0"
_DOMAIN_GROUP = {"computer": "515", "user": "513"}
#: The extension without which clients leave a setting out, by how its identifier begins.
_EXTENSIONS = {"registry": "registry", "security": "security", "privilege": "security", "scripts": "scripts"}
_ACCOUNTS = frozenset(
    setting_key(f"computer/security/{section}/{key}") for section in (SYSTEM_ACCESS, KERBEROS) for key in ACCOUNT_KEYS
)


@dataclass(frozen=True)
class Held:
    """A policy as the server holds it."""

    dn: str
    name: str
    status: str
    settings: Mapping[str, Any]
    applies_to: tuple[str, ...] = (AUTHENTICATED_USERS,)
    denied: tuple[str, ...] = ()
    versions: Mapping[str, tuple[int, int | None]] = field(default_factory=dict)  # by side: directory, SYSVOL
    extensions: Mapping[str, frozenset[str]] = field(default_factory=dict)  # by side: kinds, in lower case

    def off(self, side: str) -> str | None:
        """Why clients leave this half out, whoever they are; None when they do not."""
        if self.status in (f"{side}_disabled", "disabled"):
            return "half_disabled"
        return "version" if self.versions.get(side, (1, 1))[0] == 0 else None

    def stale(self, side: str) -> bool:
        """Whether the two versions differ: clients that have applied this half do not see what has changed in it."""
        directory, sysvol = self.versions.get(side, (1, 1))
        return directory != sysvol

    def filtered(self, subject: frozenset[str]) -> bool:
        """Whether those who carry these SIDs do not apply it ([MS-GPOL] 3.2.5.1.6)."""
        return not subject & set(self.applies_to) or bool(subject & set(self.denied))

    def understood(self, setting: str) -> bool:
        """Whether the container names the extension that a setting needs ([MS-GPOL] 3.2.5.1.10)."""
        side, kind = setting.split("/", 2)[:2]
        return _EXTENSIONS.get(kind, kind) in self.extensions.get(side, frozenset()) or kind == "file"

    def switched_off(self, setting: str) -> bool:
        """Whether the file of preferences that a setting is in says of itself that it is disabled."""
        side, kind = setting.split("/", 2)[:2]
        whole = self.settings.get(f"{side}/{kind}/{WHOLE_FILE}")
        return isinstance(whole, Mapping) and whole.get("disabled") == "1"


@dataclass(frozen=True)
class Applied:
    """A policy at the place in the order that one of its links gives it."""

    policy: Held
    at: str
    enforced: bool


@dataclass
class Winner:
    """What holds for one setting, and what does not because of it."""

    setting: str
    value: Any
    by: Applied
    overridden: list[tuple[Applied, Any]] = field(default_factory=list)


def subject_of(side: str, domain_sid: str) -> frozenset[str]:
    """The SIDs that every computer, or every user, of the domain carries."""
    return frozenset({AUTHENTICATED_USERS, _EVERYONE, f"{domain_sid}-{_DOMAIN_GROUP[side]}"})


def account_setting(setting: str) -> bool:
    """Whether a setting counts for the domain's accounts only from the domain itself."""
    return setting_key(setting) in _ACCOUNTS


class Tree:
    """The containers with their links; computes the order in which policies reach a unit."""

    def __init__(self, domain_dn: str, targets: Iterable[Target], policies: Iterable[Held]) -> None:
        self.domain = domain_dn
        self._targets = {_key(target.dn): target for target in targets}
        self._policies = {_key(policy.dn): policy for policy in policies}

    def target(self, dn: str) -> Target:
        """A container; one that nothing is linked to when the server does not know it."""
        return self._targets.get(_key(dn), Target(dn))

    def chain(self, unit: str) -> tuple[str, ...]:
        """The containers from the domain down to the unit."""
        found = [unit]
        while not same(found[-1], self.domain):
            above = names.parent(found[-1])
            if not above:
                break
            found.append(above)
        return tuple(reversed(found))

    def blocked_at(self, unit: str) -> str | None:
        """The lowest container on the way to the unit that blocks what comes from above it."""
        blocking = [dn for dn in self.chain(unit) if inheritance_blocked(self.target(dn).options)]
        return blocking[-1] if blocking else None

    def order(self, unit: str) -> list[Applied]:
        """The policies that reach a unit, those that win last; each once, where it wins most."""
        chain, blocked = self.chain(unit), self.blocked_at(unit)
        inherited = chain[[_key(dn) for dn in chain].index(_key(blocked)) :] if blocked else chain
        reaching = [
            *(each for dn in inherited for each in self._linked(dn, enforced=False)),
            *(each for dn in reversed(chain) for each in self._linked(dn, enforced=True)),
        ]
        last = {_key(each.policy.dn): number for number, each in enumerate(reaching)}
        return [each for number, each in enumerate(reaching) if last[_key(each.policy.dn)] == number]

    def _linked(self, dn: str, enforced: bool) -> Iterator[Applied]:
        for link in self.target(dn).links:
            policy = self._policies.get(_key(link.dn))
            if policy and link.enabled and link.enforced is enforced:
                yield Applied(policy, dn, enforced)

    def link(self, unit: str, policy_dn: str) -> GpoLink | None:
        """The link of a policy on a container."""
        return next((link for link in self.target(unit).links if same(link.dn, policy_dn)), None)


def winners(order: Sequence[Applied], side: str, subject: frozenset[str], accounts: bool) -> dict[str, Winner]:
    """What holds on one side after these policies were applied in this order, by the setting's key.

    :param accounts: whether this is the domain itself, where the settings of its accounts count.
    """
    state: dict[str, Winner] = {}
    for applied in order:
        policy = applied.policy
        if policy.off(side) or policy.filtered(subject):
            continue
        for setting, value in policy.settings.items():
            counts = policy.understood(setting) and not policy.switched_off(setting)
            if setting.startswith(f"{side}/") and counts and accounts >= account_setting(setting):
                _apply(state, setting, value, applied)
    return state


def _apply(state: dict[str, Winner], setting: str, value: Any, applied: Applied) -> None:
    """One more setting: it takes the place of the one before, or deletes what it names ([MS-GPREG] 3.2.5.1)."""
    key = place(setting, applied.policy.dn)
    folder, _, name = setting.rpartition("\\")
    if name.casefold().startswith(DELETE_ALL):
        below = setting_key(folder) + "\\"
        for other in [each for each in state if each.startswith(below) and "\\" not in each[len(below) :]]:
            if state[other].by is not applied:
                del state[other]
    before = state.get(key)
    overridden = [*before.overridden, (before.by, before.value)] if before and before.by is not applied else []
    state[key] = Winner(setting, value, applied, overridden)


def place(setting: str, policy_dn: str) -> str:
    """What two settings have in common when one takes the other's place. Scripts of several policies all run."""
    if setting.split("/")[1] == "scripts":
        return f"{setting_key(setting)}\0{_key(policy_dn)}"
    folder, mark, name = setting.rpartition("\\")
    if name.casefold().startswith(DELETE):
        return setting_key(f"{folder}{mark}{name[len(DELETE) :]}")
    return setting_key(setting)


def effective(tree: Tree, unit: str, domain_sid: str) -> dict[str, dict[str, Winner]]:
    """What holds on a unit, by side."""
    order, whole = tree.order(unit), same(unit, tree.domain)
    return {side: winners(order, side, subject_of(side, domain_sid), whole and side == "computer") for side in SIDES}


def _key(dn: str) -> str:
    try:
        return names.key(dn)
    except Exception:  # python-ldap raises its own DECODING_ERROR; a link may hold a name that is none
        return dn.casefold()
