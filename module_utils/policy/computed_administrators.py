"""Observations about the administrators of a directory; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.computed_directory import accounts_by_login, accounts_of, kind_of
from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say

#: What [MS-ADTS] 6.1.1.6 calls the built-in Administrator; the break-glass account of a domain.
BUILTIN_ADMINISTRATOR_RID = "-500"


def _administrator_policies(facts: Facts) -> list[Facts]:
    """The policy in force for each enabled privileged account of a person."""
    kinds = {account["login"].casefold(): account for account in accounts_of(facts)}
    found = []
    for each in facts["password_policy"]["resultant"].some():
        account = kinds.get(each["login"].casefold())
        if account is None:
            raise MissingFact(f"directory.accounts: {each['login']}")
        if account["enabled"] and not account["sid"].endswith(BUILTIN_ADMINISTRATOR_RID):
            found.append(each)
    if not found:
        raise MissingFact("password_policy.resultant (no administrator's account)")
    return found


def _weakest(facts: Facts, key: str, weakest: Callable[[list[float]], float]) -> float | int | None:
    values = [each[key] for each in _administrator_policies(facts)]
    if any(value is None for value in values):
        return None
    return weakest(values)


def administrators_weakest_min_length(facts: Facts) -> Any:
    """The shortest password that any administrator may choose, in characters."""
    return _weakest(facts, "min_length", min)


def administrators_longest_max_age(facts: Facts) -> Any:
    """The longest time that any administrator may keep a password, in days; None for never ending."""
    return _weakest(facts, "max_age_days", max)


def administrators_highest_lockout_threshold(facts: Facts) -> Any:
    """The most attempts that any administrator's account allows; None when it never locks."""
    return _weakest(facts, "lockout_threshold", max)


def _privileged(facts: Facts) -> list[tuple[str, str]]:
    """Each member of a privileged group with the group's SID; a domain that nobody administers was not read."""
    groups = facts["directory"]["privileged"].some()
    found = [(login, group["group_sid"]) for group in groups for login in group["members"]]
    if not found:
        raise MissingFact("directory.privileged (no member)")
    return found


def undeclared_privileges(facts: Facts) -> list[str]:
    """Members of a privileged group that are neither declared administrators nor the built-in account."""
    accounts = accounts_by_login(facts)
    found = []
    for login, group_sid in _privileged(facts):
        account = accounts.get(login.casefold())
        declared = account is not None and (
            account["kind"] == "administrator" or account["sid"].endswith(BUILTIN_ADMINISTRATOR_RID)
        )
        if not declared:
            found.append(f"{login} ({group_sid})")
    return sorted(set(found))


def mixed_administrators(facts: Facts) -> list[str]:
    """Everyday accounts that hold full rights, and administrators without an everyday account."""
    accounts = accounts_by_login(facts)
    privileged = {login.casefold() for login, _ in _privileged(facts)}
    found = [
        say("everyday_with_rights", login)
        for login in sorted(privileged)
        if login in accounts and kind_of(accounts[login]) == "person"
    ]
    people = {account["employee_key"] for account in accounts.values() if kind_of(account) == "person"}
    administrators = [account for account in accounts.values() if account["kind"] == "administrator"]
    if not administrators:
        raise MissingFact("directory.accounts: none of kind administrator")
    return found + [
        say("no_everyday_account", account["login"])
        for account in administrators
        if account["employee_key"] not in people
    ]


#: By the name that the catalogue gives them.
ADMINISTRATOR_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        administrators_weakest_min_length,
        administrators_longest_max_age,
        administrators_highest_lockout_threshold,
        undeclared_privileges,
        mixed_administrators,
    )
}
