"""Who joins and who leaves which group: one request per group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.directory_actions import ChangeMembers
from ansible.module_utils.ad.directory_model import (
    BUILTIN_ADMINISTRATOR,
    Account,
    Group,
    State,
    Wanted,
    WantedAccount,
)

#: BUILTIN\\Administrators holds Domain Admins and Enterprise Admins by nature.
_ADMINISTRATORS = "S-1-5-32-544"
_NESTED_BY_NATURE = (512, 519)


@dataclass
class _Difference:
    """Distinguished name -> what a person calls it."""

    dn: str
    label: str
    add: dict[str, str] = field(default_factory=dict)
    remove: dict[str, str] = field(default_factory=dict)


class Memberships:
    """Compares the members of the site's groups, of the privileged ones, and those of people who left."""

    def __init__(
        self,
        state: State,
        wanted: Wanted,
        found: Mapping[str, Account],
        places: Mapping[str, str],
        group_places: Mapping[str, str],
    ) -> None:
        self.state, self.wanted, self.places, self.group_places = state, wanted, places, group_places
        self.problems: list[str] = []
        self.unknown_privileged: list[str] = []
        #: where every account and group will be when members are written, by SID
        self.final = {account.sid: places[login] for login, account in found.items() if login in places}
        self.final.update(
            {group.sid: group_places[name] for name, group in state.by_group.items() if name in group_places}
        )
        self.differences: dict[str, _Difference] = {}

    def changes(self, accounts: Iterable[WantedAccount]) -> Iterator[ChangeMembers]:
        left = {names.key(self.places[one.login.casefold()]) for one in accounts if one.left}
        self._managed()
        self._privileged(left)
        self._leavers(left)
        for one in self.differences.values():
            if one.add or one.remove:
                yield ChangeMembers(one.dn, one.label, one.add, one.remove)

    def _managed(self) -> None:
        for one in self.wanted.groups:
            group = self.state.by_group.get(one.name.casefold())
            asked = dict(filter(None, (self._resolve(member, one.name) for member in one.members)))
            there = self._members(group) if group else {}
            difference = self._difference(self.group_places[one.name.casefold()], one.name)
            asked_keys, there_keys = {names.key(dn) for dn in asked}, {names.key(dn) for dn in there}
            difference.add.update({dn: who for dn, who in asked.items() if names.key(dn) not in there_keys})
            difference.remove.update({dn: who for dn, who in there.items() if names.key(dn) not in asked_keys})

    def _resolve(self, member: str, group: str) -> tuple[str, str] | None:
        """Where a member will be, and what it is called; groups win over accounts, the site's over the others."""
        name = member.casefold()
        thing: Account | Group | None = self.state.by_group.get(name) or self.state.by_login.get(name)
        place = self.group_places.get(name) or self.places.get(name)
        if place is None and thing is not None:
            place = thing.dn
        if place is None:
            if any(one.left and one.login.casefold() == name for one in self.wanted.accounts):
                return None
            self.problems.append(f"the group {group} should have the member {member}, which does not exist anywhere")
            return None
        return place, member

    def _privileged(self, left: set[str]) -> None:
        for sid in dict.fromkeys([*self.wanted.privileges, *self.wanted.watched]):
            group = self.state.by_sid.get(sid)
            if isinstance(group, Group):
                self._compare_privileged(group, self.wanted.privileges.get(sid, frozenset()), left)
            elif sid in self.wanted.privileges:
                self.problems.append(
                    f"administrators: no group of this domain has the SID {sid}; forest-wide groups are those of its "
                    "first domain"
                )

    def _compare_privileged(self, group: Group, logins: Iterable[str], left: set[str]) -> None:
        asked = {self.places[login.casefold()]: login for login in logins}
        asked_keys = {names.key(dn) for dn in asked}
        there = self._members(group)
        there_keys = {names.key(dn) for dn in there}
        difference = self._difference(self.final.get(group.sid, group.dn), group.name)
        difference.add.update({dn: who for dn, who in asked.items() if names.key(dn) not in there_keys})
        if group.sid not in self.wanted.watched:
            return
        primary = [
            one
            for one in self.state.accounts
            if one.primary_group == names.rid(group.sid) and not one.builtin and group.sid.startswith("S-1-5-21-")
        ]
        self.unknown_privileged += [f"{group.name}: {one.login} (primary group)" for one in primary]
        for dn, who in there.items():
            if names.key(dn) in asked_keys | left or self._by_nature(group, dn):
                continue
            self.unknown_privileged.append(f"{group.name}: {who}")
            if self.wanted.remove_unknown_privileged:
                difference.remove[dn] = who
                if who.casefold() == (self.state.bound_login or "").casefold():
                    self.problems.append(
                        f"{who} is the account this session uses, and it would leave {group.name}: name it in "
                        "administrators, or bind with another account"
                    )

    def _by_nature(self, group: Group, dn: str) -> bool:
        member = self.state.by_dn.get(names.key(dn))
        if member is None or not member.sid.startswith(self.state.domain_sid):
            return False
        relative = names.rid(member.sid)
        return relative == BUILTIN_ADMINISTRATOR or (group.sid == _ADMINISTRATORS and relative in _NESTED_BY_NATURE)

    def _leavers(self, left: set[str]) -> None:
        """Who left keeps no group, whoever manages it."""
        for group in self.state.groups:
            gone = {dn: who for dn, who in self._members(group).items() if names.key(dn) in left}
            if gone:
                self._difference(self.final.get(group.sid, group.dn), group.name).remove.update(gone)

    def _members(self, group: Group) -> dict[str, str]:
        """Where the members will be when memberships are written, and what they are called."""
        found: dict[str, str] = {}
        for dn in group.members:
            thing = self.state.by_dn.get(names.key(dn))
            if thing is None:
                found[dn] = names.leaf(dn)
            else:
                found[self.final.get(thing.sid, thing.dn)] = thing.login if isinstance(thing, Account) else thing.name
        return found

    def _difference(self, dn: str, label: str) -> _Difference:
        return self.differences.setdefault(names.key(dn), _Difference(dn, label))
