"""What holds on each unit, told with the policy that decides, and why something that was declared does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.group_policy.effective import (
    Applied,
    Held,
    Tree,
    Winner,
    account_setting,
    effective,
    place,
    subject_of,
)
from ansible.module_utils.ad.group_policy.model import GroupPolicy, setting_key
from ansible.module_utils.ad.group_policy.reasons import says
from ansible.module_utils.ad.group_policy.store_model import SIDES, Target, same


def held(facts: Mapping[str, Any]) -> Held:
    """A policy as read.facts tells it."""
    version = facts["version"]
    sysvol = version["sysvol"] or {}
    return Held(
        dn=facts["dn"],
        name=facts["name"],
        status=facts["status"],
        settings=facts["settings"],
        applies_to=tuple(facts["applies_to"]),
        denied=tuple(facts.get("denied", ())),
        versions={side: (version["directory"][side], sysvol.get(side)) for side in SIDES},
        extensions={side: frozenset(each.casefold() for each in facts["extensions"][side]) for side in SIDES},
    )


def effective_report(
    policies: Iterable[Mapping[str, Any]],
    targets: Iterable[Target],
    declared: Sequence[GroupPolicy],
    domain: Mapping[str, str],
) -> dict[str, list[dict[str, Any]]]:
    """`order`, `effective` and `not_effective` of the module that reads.

    :param policies: every policy, as read.facts tells it
    :param targets: every container that has links or blocks inheritance
    :param domain: domain_dn, domain_sid, and root_dn, the site's root unit
    """
    linked, known = list(targets), [held(each) for each in policies]
    tree = Tree(domain["domain_dn"], linked, known)
    units = _units(linked, declared, domain)
    results = {unit: effective(tree, unit, domain["domain_sid"]) for unit in units}
    meant = {(policy.name, name) for policy in declared for name in policy.overrides}
    spelled = {setting_key(setting): setting for policy in declared for setting in policy.settings()}
    return {
        "order": [{"unit": unit, "policies": _reaching(tree, unit, domain["domain_sid"])} for unit in units],
        "effective": [
            {"unit": unit, "scope": _scope(unit, domain), "side": side, "settings": _told(results[unit][side], spelled)}
            for unit in units
            for side in SIDES
        ],
        "not_effective": [
            problem
            for policy in declared
            for problem in _not_effective(policy, _find(policy, known), tree, results, domain["domain_sid"])
            # Another policy of ours that is there to take its place; whether its own settings hold is told of it.
            if not (problem["why"] == "overridden" and (problem["by"], policy.name) in meant)
        ],
    }


def _reaching(tree: Tree, unit: str, domain_sid: str) -> list[str]:
    """The policies that the computers of a unit apply, the last one wins; by their name in SYSVOL."""
    subject = subject_of("computer", domain_sid)
    return [
        names.leaf(each.policy.dn)
        for each in tree.order(unit)
        if each.policy.status != "disabled" and not each.policy.filtered(subject)
    ]


def _units(targets: Iterable[Target], declared: Iterable[GroupPolicy], domain: Mapping[str, str]) -> list[str]:
    """Where the answer may differ: below the site's root, wherever something is linked or blocked; from the top down."""
    root = domain["root_dn"]
    controllers = names.child("OU", "Domain Controllers", domain["domain_dn"])
    near = [target.dn for target in targets if same(target.dn, root) or names.below(target.dn, root)]
    linked = [link.target for policy in declared for link in policy.links]
    found = {names.key(dn): dn for dn in reversed([domain["domain_dn"], controllers, root, *linked, *near])}
    return sorted(found.values(), key=lambda dn: (len(names.key(dn).split(",")), names.key(dn)))


def _scope(unit: str, domain: Mapping[str, str]) -> str:
    if same(unit, domain["domain_dn"]):
        return "domain"
    return "site" if same(unit, domain["root_dn"]) or names.below(unit, domain["root_dn"]) else "elsewhere"


def _told(state: Mapping[str, Winner], spelled: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {}
    for winner in state.values():
        setting = spelled.get(setting_key(winner.setting), winner.setting)
        if setting in told:
            setting = f"{setting} ({winner.by.policy.name})"
        told[setting] = {
            "value": winner.value,
            "policy": winner.by.policy.name,
            "linked_at": winner.by.at,
            "overridden": [
                {
                    "policy": by.policy.name,
                    "value": value,
                    "why": why,
                    "says": says(why, winner.by.policy.name, winner.by.at),
                }
                for by, value in winner.overridden
                for why in [_gives_way(by, winner.by)]
            ],
        }
    return dict(sorted(told.items()))


def _gives_way(loser: Applied, winner: Applied) -> str:
    if winner.enforced and not (loser.enforced and same(loser.at, winner.at)):
        return "enforced"
    return "order" if same(loser.at, winner.at) else "nearer"


def _find(policy: GroupPolicy, known: Sequence[Held]) -> Held | None:
    """The policy that was declared, by its GUID when it has one, by its name otherwise."""
    if policy.guid:
        return next((each for each in known if names.leaf(each.dn).casefold() == policy.guid.casefold()), None)
    return next((each for each in known if each.name.casefold() == policy.name.casefold()), None)


Results = Mapping[str, Mapping[str, Mapping[str, Winner]]]
#: Why, by which policy, where.
Reason = tuple[str, str, str]


@dataclass(frozen=True)
class _Case:
    """One declared setting on one unit, below the place where its policy is to be linked."""

    tree: Tree
    stored: Held | None
    setting: str
    expected: Any
    linked_at: str
    unit: str
    domain_sid: str

    @property
    def side(self) -> str:
        return self.setting.split("/", 1)[0]

    def why(self, held_there: Mapping[str, Mapping[str, Winner]]) -> Reason | None:
        """Why the setting does not hold; None when it does."""
        if account_setting(self.setting) and not same(self.unit, self.tree.domain):
            return None if same(self.linked_at, self.tree.domain) else ("account_policy", "", self.linked_at)
        winner = held_there[self.side].get(place(self.setting, self.stored.dn if self.stored else ""))
        if winner and winner.value == self.expected:
            stale = self.stored is not None and winner.by.policy is self.stored and self.stored.stale(self.side)
            return ("version", "", "") if stale else None
        if self.stored is None:
            return "missing", "", ""
        for reason in self._faults(self.stored):
            return reason
        return ("overridden", winner.by.policy.name, winner.by.at) if winner else ("unlinked", "", self.linked_at)

    def _faults(self, stored: Held) -> Iterator[Reason]:
        """What is wrong with the policy itself or with its way to the unit, the most telling first."""
        link, blocked = self.tree.link(self.linked_at, stored.dn), self.tree.blocked_at(self.unit)
        values = {setting_key(name): value for name, value in stored.settings.items()}
        if link is None:
            yield "unlinked", "", self.linked_at
        elif not link.enabled:
            yield "link_disabled", "", self.linked_at
        if off := stored.off(self.side):
            yield off, "", ""
        if stored.stale(self.side):
            yield "version", "", ""
        if stored.filtered(subject_of(self.side, self.domain_sid)):
            yield "filtered", "", ""
        if setting_key(self.setting) not in values:
            yield "not_set", "", ""
        elif values[setting_key(self.setting)] != self.expected:
            yield "changed", "", ""
        if not stored.understood(self.setting):
            yield "extension_missing", "", ""
        if stored.switched_off(self.setting):
            yield "file_disabled", "", ""
        if blocked and link and not link.enforced and names.below(blocked, self.linked_at):
            yield "inheritance_blocked", "", blocked


def _not_effective(
    policy: GroupPolicy, stored: Held | None, tree: Tree, results: Results, domain_sid: str
) -> Iterator[dict[str, Any]]:
    """The settings of a policy that do not hold where it is linked; told once, at the highest unit."""
    if stored and set(stored.applies_to) == set(policy.applies_to) and _for_some(policy, domain_sid):
        return  # it is meant for a group: what holds on a unit as a whole says nothing of it
    seen: dict[tuple[str, str, str], list[str]] = {}
    for link in (each for each in policy.links if each.enabled):
        for unit in (each for each in results if same(each, link.target) or names.below(each, link.target)):
            for setting, expected in policy.settings().items():
                case = _Case(tree, stored, setting, expected, link.target, unit, domain_sid)
                reason = case.why(results[unit])
                told = seen.setdefault((setting, *reason[:2]), []) if reason else []
                if reason is None or any(same(unit, each) or names.below(unit, each) for each in told):
                    continue
                told.append(unit)
                why, by, at = reason
                given = {"why": why, "by": by or None, "at": at or None, "says": says(why, by, at)}
                yield {"policy": policy.name, "setting": setting, "unit": unit, **given}


def _for_some(policy: GroupPolicy, domain_sid: str) -> bool:
    """Whether a policy is meant for some accounts only."""
    return not any(subject_of(side, domain_sid) & set(policy.applies_to) for side in SIDES)
