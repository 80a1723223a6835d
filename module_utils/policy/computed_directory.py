"""Observations about the accounts of a directory and the people they belong to; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say


def accounts_of(facts: Facts, *kinds: str) -> list[Facts]:
    return [account for account in facts["directory"]["accounts"].some() if not kinds or kind_of(account) in kinds]


def kind_of(account: Facts) -> str:
    """What the account is; one that was moved out of its unit still belongs to the person whose key it carries."""
    kind = str(account["kind"])
    return "person" if kind == "unknown" and account["employee_key"] else kind


def _people(facts: Facts, *statuses: str) -> list[Facts]:
    return [person for person in facts["directory"]["people"].some() if not statuses or person["status"] in statuses]


def accounts_by_login(facts: Facts) -> dict[str, Facts]:
    return {account["login"].casefold(): account for account in accounts_of(facts)}


def reversible_encryption(facts: Facts) -> list[str]:
    """Policies and accounts that keep passwords in a form that can be read back."""
    policy = facts["password_policy"]
    found = [say("domain_itself")] if policy["domain"]["reversible_encryption"] else []
    found += [each["name"] for each in policy["fine_grained"] if each["reversible_encryption"]]
    return found + [account["login"] for account in accounts_of(facts) if account["reversible_encryption"]]


def accounts_without_a_person(facts: Facts) -> list[str]:
    """Open accounts that are neither a person's, nor a declared technical or administration account."""
    return [account["login"] for account in accounts_of(facts, "unknown") if account["enabled"]]


def staff_without_their_account(facts: Facts) -> list[str]:
    """People at work whose account is missing, closed, or filed under another person."""
    accounts = accounts_by_login(facts)
    keys = {account["employee_key"]: account for account in accounts_of(facts, "person") if account["employee_key"]}
    found = []
    for person in _people(facts, "active"):
        account = keys.get(person["key"]) or accounts.get(person["login"].casefold())
        if account is None:
            found.append(say("no_account", person["login"]))
        elif not account["enabled"]:
            found.append(say("account_closed", person["login"]))
        elif account["employee_key"] != person["key"]:
            found.append(say("somebody_elses", person["login"]))
    return found


def _open_accounts(facts: Facts, status: str) -> list[str]:
    """Open accounts, administration included, of the people of one status; found by login where the key was lost."""
    keys = {person["key"] for person in _people(facts) if person["status"] == status}
    logins = {person["login"].casefold() for person in _people(facts) if person["status"] == status}
    return [
        account["login"]
        for account in accounts_of(facts)
        if account["enabled"] and (account["employee_key"] in keys or account["login"].casefold() in logins)
    ]


def open_accounts_of_leavers(facts: Facts) -> list[str]:
    """Accounts still open of people who have left."""
    return _open_accounts(facts, "left")


def open_accounts_of_starters(facts: Facts) -> list[str]:
    """Accounts already open of people who have not started."""
    return _open_accounts(facts, "future")


def _pairs(facts: Facts, *statuses: str) -> list[tuple[Facts, Facts]]:
    """Each person with the account that carries their key."""
    keys = {account["employee_key"]: account for account in accounts_of(facts, "person") if account["employee_key"]}
    return [(person, keys[person["key"]]) for person in _people(facts, *statuses) if person["key"] in keys]


def logins_out_of_convention(facts: Facts) -> list[str]:
    """Accounts whose login is not the one that the convention gives their person."""
    return [
        say("other_login", account["login"], person["login"])
        for person, account in _pairs(facts)
        if account["login"].casefold() != person["login"].casefold()
    ]


def mails_out_of_convention(facts: Facts) -> list[str]:
    """Accounts whose mail address is not their person's."""
    return [
        f"{account['login']}: {account['mail']}" if account["mail"] else say("no_mail", account["login"])
        for person, account in _pairs(facts, "active")
        if (account["mail"] or "").casefold() != person["mail"].casefold()
    ]


def wrong_department_groups(facts: Facts) -> list[str]:
    """People who are not in the group of their department, or are in the group of another."""
    groups = {person["department_group"] for person in _people(facts)}
    found = []
    for person, account in _pairs(facts, "active"):
        extra = (groups & set(account["groups"].plain())) - {person["department_group"]}
        if person["department_group"] not in account["groups"].plain():
            found.append(say("outside_group", account["login"], person["department_group"]))
        found += [say("inside_group", account["login"], group) for group in sorted(extra)]
    return found


def people_outside_their_unit(facts: Facts) -> list[str]:
    """People at work whose account is not in the organizational unit of their department."""
    return [
        account["login"]
        for person, account in _pairs(facts, "active")
        if account["ou"].casefold() != person["department_ou"].casefold()
    ]


def rights_groups_out_of_order(facts: Facts) -> list[str]:
    """Groups of rights that contain people, or nobody at all."""
    logins = {account["login"].casefold() for account in accounts_of(facts)}
    found = []
    rights = [group for group in facts["directory"]["groups"].some() if group["kind"] == "rights"]
    if not rights:
        raise MissingFact("directory.groups: none of kind rights")
    for group in rights:
        members = group["members"].plain()
        if not members:
            found.append(say("nobody_inside", group["name"]))
        found += [f"{group['name']}: {member}" for member in members if member.casefold() in logins]
    return found


def accounts_without_password(facts: Facts) -> list[str]:
    """Open accounts that are allowed to have no password."""
    return [
        account["login"] for account in accounts_of(facts) if account["enabled"] and not account["password_required"]
    ]


def accounts_never_expiring(facts: Facts) -> list[str]:
    """Open accounts of people and administrators whose password never expires."""
    return [
        account["login"]
        for account in accounts_of(facts, "person", "administrator", "unknown")
        if account["enabled"] and account["password_never_expires"]
    ]


def unused_accounts_with_settled_password(facts: Facts) -> list[str]:
    """Accounts of people that were never used and do not have to change the password they were handed."""
    return [
        account["login"]
        for account in accounts_of(facts, "person", "administrator")
        if account["enabled"] and not account["ever_logged_on"] and not account["must_change_password"]
    ]


#: By the name that the catalogue gives them.
DIRECTORY_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        reversible_encryption,
        accounts_without_a_person,
        staff_without_their_account,
        open_accounts_of_leavers,
        open_accounts_of_starters,
        logins_out_of_convention,
        mails_out_of_convention,
        wrong_department_groups,
        people_outside_their_unit,
        rights_groups_out_of_order,
        accounts_without_password,
        accounts_never_expiring,
        unused_accounts_with_settled_password,
    )
}
