"""From the directory as it is and as it should be to the steps between them. A pure function: no I/O, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.directory_actions import (
    Action,
    Attribute,
    Change,
    CreateAccount,
    CreateGroup,
    CreateUnit,
    Move,
    Plan,
    control_words,
    expiry_words,
)
from ansible.module_utils.ad.directory_match import choose_names, match_accounts
from ansible.module_utils.ad.directory_members import Memberships
from ansible.module_utils.ad.directory_model import (
    DISABLED,
    GUEST,
    NORMAL,
    SCOPE_WORDS,
    Account,
    DirectoryInputError,
    Group,
    State,
    Wanted,
    WantedAccount,
    WantedGroup,
)


def make_plan(state: State, wanted: Wanted) -> Plan:
    """Everything to do, in order; DirectoryInputError with every reason why it cannot be done."""
    planner = _Planner(state, wanted)
    plan = planner.plan()
    if planner.problems:
        raise DirectoryInputError(list(dict.fromkeys(planner.problems)))
    return plan


class _Planner:
    """One run of make_plan(): who is who, where everything ends up, then the steps."""

    def __init__(self, state: State, wanted: Wanted) -> None:
        self.state, self.wanted = state, wanted
        self.problems: list[str] = []
        self.found = match_accounts(state, wanted, self.problems)
        #: The people who left without ever having had an account do not get one.
        self.accounts = [one for one in wanted.accounts if not one.left or one.login.casefold() in self.found]
        self.names = choose_names(state, self.accounts, self.found)
        #: where accounts (by login) and groups (by name) are once everything is done, case-folded
        self.places = {
            one.login.casefold(): names.child("CN", self.names[one.login.casefold()], one.parent)
            for one in self.accounts
        }
        self.group_places = {
            one.name.casefold(): names.child("CN", one.name, wanted.layout.groups) for one in wanted.groups
        }

    def plan(self) -> Plan:
        unknown = self._unknown_accounts()
        members = Memberships(self.state, self.wanted, self.found, self.places, self.group_places)
        changes = list(members.changes(self.accounts))
        actions: list[Action] = [
            *self._closures(unknown),
            *self._units(),
            *self._groups(),
            *self._account_moves(),
            *self._creations(),
            *self._account_changes(),
            *changes,
        ]
        self.problems += members.problems
        return Plan(actions, [account.login for account in unknown], members.unknown_privileged)

    def _unknown_accounts(self) -> list[Account]:
        """Enabled accounts that are neither built in nor explained by the site's data."""
        known = {account.sid for account in self.found.values()}
        return [one for one in self.state.accounts if one.enabled and not one.builtin and one.sid not in known]

    def _closures(self, unknown: Iterable[Account]) -> Iterator[Action]:
        """Accounts that must no longer open come first: if a later step fails, at least these are closed."""
        for one, account in self._existing():
            if account.enabled and not one.enabled:
                yield self._close(account, one.control(account.control))
        for account in self.state.accounts:
            if names.rid(account.sid) == GUEST and account.enabled:
                yield self._close(account, account.control | DISABLED)
        if self.wanted.disable_unknown:
            for account in unknown:
                yield self._close(account, account.control | DISABLED)

    def _close(self, account: Account, control: int) -> Change:
        if account.login.casefold() == (self.state.bound_login or "").casefold():
            self.problems.append(
                f"{account.login} is the account this session uses, and it would be disabled: name it in "
                "administrators or technical_accounts, or bind with another account"
            )
        return Change(account.dn, account.login, [_control(account.control, control)])

    def _units(self) -> Iterator[Action]:
        there = {names.key(dn) for dn in self.state.units}
        for dn in self.wanted.units:
            if names.key(dn) not in there:
                yield CreateUnit(dn)

    def _groups(self) -> Iterator[Action]:
        for one in self.wanted.groups:
            group = self.state.by_group.get(one.name.casefold())
            place = self.group_places[one.name.casefold()]
            if group is not None:
                yield from self._group_changes(one, group, place)
            elif one.name.casefold() in self.state.by_login:
                self.problems.append(f"the group {one.name} has the name of an account; rename one of the two")
            else:
                yield CreateGroup(place, one.name, one.kind, one.description)

    def _group_changes(self, one: WantedGroup, group: Group, place: str) -> Iterator[Action]:
        if group.kind != one.kind:
            self.problems.append(
                f"{group.dn} is a {SCOPE_WORDS.get(group.kind, f'{group.kind:#x}')} group, not a "
                f"{SCOPE_WORDS[one.kind]} one; convert it or rename it by hand"
            )
        if _differs(group.dn, place):
            yield Move(group.dn, place, group.name)
        if one.description and one.description != group.description:
            yield Change(place, one.name, [_plain("description", group.description, one.description)])

    def _existing(self) -> Iterator[tuple[WantedAccount, Account]]:
        for one in self.accounts:
            account = self.found.get(one.login.casefold())
            if account is not None:
                yield one, account

    def _account_moves(self) -> Iterator[Action]:
        for one, account in self._existing():
            if _differs(account.dn, self.places[one.login.casefold()]):
                yield Move(account.dn, self.places[one.login.casefold()], account.login)

    def _creations(self) -> Iterator[Action]:
        """Managers before those they manage, so that one request makes the whole account."""
        waiting = {one.login.casefold(): one for one in self.accounts if one.login.casefold() not in self.found}
        while waiting:
            ready = [one for one in waiting.values() if (one.manager or "").casefold() not in waiting]
            for one in ready or list(waiting.values()):
                yield self._creation(one)
                del waiting[one.login.casefold()]

    def _creation(self, one: WantedAccount) -> CreateAccount:
        attributes = {name: value for name, value in one.attributes.items() if value}
        attributes["displayName"] = self.names[one.login.casefold()]
        manager = self.places.get((one.manager or "").casefold())
        if manager:
            attributes["manager"] = manager
        return CreateAccount(
            dn=self.places[one.login.casefold()],
            login=one.login,
            display_name=attributes["displayName"],
            department=one.department,
            mail=one.attributes.get("mail") or "",
            control=one.control(NORMAL),
            must_change=one.must_change,
            password_length=self.wanted.first_password_length,
            attributes=attributes,
        )

    def _account_changes(self) -> Iterator[Action]:
        for one, account in self._existing():
            changed = [*self._attributes(one, account)]
            if account.login.casefold() != one.login.casefold():
                changed.append(_plain("sAMAccountName", account.login, one.login))
            control = one.control(account.control)
            if control != account.control and not (account.enabled and not one.enabled):
                changed.append(_control(account.control, control))
            if one.must_change and one.enabled and account.last_logon == 0 and account.password_last_set != 0:
                # Never used: whoever set its password since is not the person it belongs to.
                changed.append(
                    Attribute("pwdLastSet", "0", "password settled", "password to be changed at the first logon")
                )
            if changed:
                yield Change(self.places[one.login.casefold()], account.login, changed)

    def _attributes(self, one: WantedAccount, account: Account) -> Iterator[Attribute]:
        wanted = {**one.attributes, "displayName": self.names[one.login.casefold()]}
        for name, value in wanted.items():
            current = account.attributes.get(name)
            if name == "accountExpires":
                if expiry_words(current) != expiry_words(value):
                    yield Attribute(name, value, expiry_words(current), expiry_words(value))
            elif (current or None) != (value or None):
                yield _plain(name, current, value)
        if one.kind != "technical":
            yield from self._manager(one, account)

    def _manager(self, one: WantedAccount, account: Account) -> Iterator[Attribute]:
        """Compared by account: when the manager moves, the directory itself follows."""
        current = account.attributes.get("manager")
        wanted = (one.manager or "").casefold()
        place = self.places.get(wanted)
        there = self.found.get(wanted)
        expected = there.dn if there is not None else place
        if (names.key(current) if current else None) != (names.key(expected) if expected else None):
            before = self.state.by_dn.get(names.key(current)) if current else None
            told = before.login if isinstance(before, Account) else current
            yield Attribute("manager", place, told or "none", one.manager if place and one.manager else "none")


def _control(before: int, after: int) -> Attribute:
    return Attribute("account", str(after), control_words(before), control_words(after))


def _plain(name: str, before: str | None, after: str | None) -> Attribute:
    return Attribute(name, after or None, before or "none", after or "none")


def _differs(dn: str, place: str) -> bool:
    """Another parent, or a common name spelled differently; the case of the parents does not count."""
    return names.leaf(dn) != names.leaf(place) or names.key(names.parent(dn)) != names.key(names.parent(place))
