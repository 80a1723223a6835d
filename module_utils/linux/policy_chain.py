"""Which Group Policy objects reach a computer or a person, in the order in which a client applies them ([MS-GPOL] 3.2.5.1).

Pure: what the directory holds comes in, an order and the reasons of what is left out come out. Needs Python alone.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

#: [MS-ADTS] 5.1.3.2: rights of a directory object, and the one that a policy is applied by ([MS-GPOL] 2.2.3).
READ_PROPERTY, CONTROL_ACCESS = 0x10, 0x100
APPLY_GROUP_POLICY = "edacfd8f-ffb3-11d1-b41d-00a0c968f939"
#: gPLink options and groupPolicyContainer flags ([MS-GPOL] 2.2.2, 2.2.3).
_LINK_DISABLED, _LINK_ENFORCED = 1, 2
_HALF_DISABLED = {"user": 1, "computer": 2}
_LINK = re.compile(r"\[LDAP://(?P<dn>[^;\]]+);(?P<options>\d+)\]", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """One entry of a gPLink: the policy, and where it is linked."""

    target: str
    policy: str
    enforced: bool = False
    enabled: bool = True


@dataclass(frozen=True)
class Scope:
    """A unit, the domain or the site: its links in the order of the attribute, and whether it blocks inheritance."""

    dn: str
    links: tuple[Link, ...] = ()
    blocks: bool = False


@dataclass(frozen=True)
class Ace:
    """An entry of a policy object's access list, the part that decides whether the policy applies."""

    denies: bool
    mask: int
    sid: str
    object_type: str | None = None
    inherit_only: bool = False


@dataclass(frozen=True)
class Policy:
    """What the directory says about one Group Policy object."""

    guid: str
    name: str
    path: str
    flags: int = 0
    computer_extensions: str = ""
    user_extensions: str = ""
    wmi_filter: str = ""
    aces: tuple[Ace, ...] = ()

    def announces(self, side: str, extension: str) -> bool:
        """Whether clients are told to run this extension for the half ([MS-GPOL] 2.2.4)."""
        return extension.upper() in getattr(self, f"{side}_extensions").upper()


def scope_of(dn: str, links: str, options: int) -> Scope:
    """A unit as its gPLink and gPOptions describe it."""
    found = tuple(
        Link(
            dn,
            each["dn"],
            enforced=bool(int(each["options"]) & _LINK_ENFORCED),
            enabled=not int(each["options"]) & _LINK_DISABLED,
        )
        for each in _LINK.finditer(links)
    )
    return Scope(dn, found, bool(options & 1))


def in_order(scopes: Sequence[Scope]) -> tuple[list[Link], list[tuple[Link, str]]]:
    """Links in the order of application, the last one wins; and those left out, each with the reason.

    :param scopes: from the account's own unit up to the domain, then the site.
    """
    normal: list[Link] = []
    enforced: list[Link] = []
    left_out: list[tuple[Link, str]] = []
    blocked_by = ""
    for scope in scopes:
        here = []
        for link in scope.links:
            if not link.enabled:
                left_out.append((link, f"its link to {link.target} is disabled"))
            elif link.enforced:
                enforced.append(link)  # those of a parent come later, and win
            elif blocked_by:
                left_out.append((link, f"{blocked_by} blocks inheritance"))
            else:
                here.append(link)
        normal = here + normal
        blocked_by = blocked_by or (scope.dn if scope.blocks else "")
    return normal + enforced, left_out


def why_not(policy: Policy, side: str, sids: Collection[str]) -> str:
    """Why a linked policy does not apply to an account of these groups; empty when it does."""
    if policy.flags & _HALF_DISABLED[side]:
        return f"its {side} half is switched off"
    if policy.wmi_filter:
        return "it has a WMI filter, which only Windows can evaluate"
    if not _granted(policy.aces, sids, READ_PROPERTY, None):
        return "the account may not read it"
    if not _granted(policy.aces, sids, CONTROL_ACCESS, APPLY_GROUP_POLICY):
        return "the account is not among those that it applies to"
    return ""


def _granted(aces: Iterable[Ace], sids: Collection[str], right: int, object_type: str | None) -> bool:
    """[MS-DTYP] 2.5.3.2: the first entry that speaks of the right decides."""
    for ace in aces:
        of_object = ace.object_type is None or ace.object_type.lower() == object_type
        if ace.sid in sids and ace.mask & right and of_object and not ace.inherit_only:
            return not ace.denies
    return False
