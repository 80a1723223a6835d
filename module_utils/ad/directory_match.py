"""Which account of the directory is which person: told by the employee key, then by the login, or refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.directory_model import Account, Layout, State, Wanted, WantedAccount


def match_accounts(state: State, wanted: Wanted, problems: list[str]) -> dict[str, Account]:
    """The account found for each wanted login (case-folded); what is ambiguous is added to problems."""
    by_key: dict[str, list[Account]] = {}
    for holder in state.accounts:
        if holder.employee_key:
            by_key.setdefault(holder.employee_key, []).append(holder)
    found: dict[str, Account] = {}
    for one in wanted.accounts:
        same_key = by_key.get(one.key, []) if one.key else []
        by_login = state.by_login.get(one.login.casefold())
        account = same_key[0] if same_key else by_login
        if len(same_key) > 1:
            logins = ", ".join(sorted(other.login for other in same_key))
            problems.append(
                f"{one.source}: several accounts carry the employee number {one.key}: {logins}; "
                "clear it on those that are not theirs"
            )
        elif account is None:
            if one.login.casefold() in state.by_group:
                problems.append(f"{one.source}: the login {one.login} is the name of a group; rename the group")
        elif reason := why_not(one, account, wanted):
            problems.append(f"{one.source}: the login {one.login} is in use by {account.dn}: {reason}")
        else:
            found[one.login.casefold()] = account
    return found


def why_not(one: WantedAccount, account: Account, wanted: Wanted) -> str | None:
    """Why this account cannot be taken over; None when it can."""
    if account.builtin:
        return "it is a built-in account; choose another login"
    if account.login.casefold() != one.login.casefold() and not wanted.rename_logins:
        return f"its employee number says it is theirs, but its login is {account.login}; rename it or clear the number"
    if one.kind != "person":
        return "it is an employee's own account; choose another login" if account.employee_key else None
    return _why_not_that_person(one, account, wanted.layout)


def _why_not_that_person(one: WantedAccount, account: Account, layout: Layout) -> str | None:
    if account.employee_key == one.key:
        return None
    kind = layout.kind(account)
    if kind in ("technical", "administrator"):
        return f"it is a {kind} account; choose another login for that one"
    if account.employee_key:
        return f"its employee number is {account.employee_key}, not {one.key}; if it is the same person, clear it first"
    for attribute in ("sn", "givenName"):
        there, asked = account.attributes.get(attribute), one.attributes.get(attribute)
        if there and asked and names.loose(there) != names.loose(asked):
            return f"its {attribute} is {there}, not {asked}; rename one of the two accounts"
    return None


def choose_names(state: State, accounts: Sequence[WantedAccount], found: Mapping[str, Account]) -> dict[str, str]:
    """A common name for each wanted login (case-folded), unique in the whole directory so that accounts can move.

    Whoever has the plain name already keeps it; among newcomers the shortest login comes first.
    """
    matched = {account.sid for account in found.values()}
    taken = {names.loose(names.leaf(account.dn)) for account in state.accounts if account.sid not in matched}

    def order(one: WantedAccount) -> tuple[bool, int, str]:
        account = found.get(one.login.casefold())
        holds = account is not None and names.loose(names.leaf(account.dn)) == names.loose(one.display_name)
        return (not holds, len(one.login), one.login)

    chosen: dict[str, str] = {}
    for one in sorted(accounts, key=order):
        account = found.get(one.login.casefold())
        apart = names.told_apart(one.display_name, one.login)
        keeps = account is not None and names.leaf(account.dn) == apart
        name = apart if keeps else names.unique_name(one.display_name, one.login, taken)
        chosen[one.login.casefold()] = name
        taken.add(names.loose(name))
    return chosen
