"""Observations that are worked out from several facts.

Each function takes the facts of one host and returns what was observed: a number, or the list of what offends
(one short line each). It reads facts with [] only, so that a missing one raises MissingFact.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.computed_antivirus import ANTIVIRUS_OBSERVERS
from ansible.module_utils.policy.computed_backup import BACKUP_OBSERVERS
from ansible.module_utils.policy.computed_backup_repository import BACKUP_REPOSITORY_OBSERVERS
from ansible.module_utils.policy.computed_dns import DNS_OBSERVERS
from ansible.module_utils.policy.computed_firewall import FIREWALL_OBSERVERS
from ansible.module_utils.policy.computed_group_policy import GROUP_POLICY_OBSERVERS
from ansible.module_utils.policy.computed_logs import LOG_OBSERVERS
from ansible.module_utils.policy.computed_passwords import PASSWORD_OBSERVERS
from ansible.module_utils.policy.computed_raid import RAID_OBSERVERS
from ansible.module_utils.policy.computed_restore import RESTORE_OBSERVERS
from ansible.module_utils.policy.computed_resultant_policy import RESULTANT_POLICY_OBSERVERS
from ansible.module_utils.policy.computed_share_safety import SHARE_SAFETY_OBSERVERS
from ansible.module_utils.policy.computed_shares import SHARE_OBSERVERS
from ansible.module_utils.policy.computed_user_data import USER_DATA_OBSERVERS
from ansible.module_utils.policy.computed_vpn import VPN_OBSERVERS
from ansible.module_utils.policy.computed_web import WEB_OBSERVERS
from ansible.module_utils.policy.computed_web_filter import WEB_FILTER_OBSERVERS
from ansible.module_utils.policy.computed_workstations import WORKSTATION_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say

Observer = Callable[[Facts], Any]
OBSERVERS: dict[str, Observer] = {
    **PASSWORD_OBSERVERS,
    **WORKSTATION_OBSERVERS,
    **ANTIVIRUS_OBSERVERS,
    **GROUP_POLICY_OBSERVERS,
    **RESULTANT_POLICY_OBSERVERS,
    **SHARE_OBSERVERS,
    **SHARE_SAFETY_OBSERVERS,
    **FIREWALL_OBSERVERS,
    **WEB_FILTER_OBSERVERS,
    **WEB_OBSERVERS,
    **VPN_OBSERVERS,
    **LOG_OBSERVERS,
    **DNS_OBSERVERS,
    **BACKUP_OBSERVERS,
    **BACKUP_REPOSITORY_OBSERVERS,
    **RESTORE_OBSERVERS,
    **RAID_OBSERVERS,
    **USER_DATA_OBSERVERS,
}
#: What [MS-ADTS] 6.1.1.6 calls the built-in Administrator; the break-glass account of a domain.
BUILTIN_ADMINISTRATOR_RID = "-500"


def observer(function: Observer) -> Observer:
    """Make a function available to the catalogue under its name."""
    OBSERVERS[function.__name__] = function
    return function


def _accounts(facts: Facts, *kinds: str) -> list[Facts]:
    return [account for account in facts["directory"]["accounts"].some() if not kinds or _kind(account) in kinds]


def _kind(account: Facts) -> str:
    """What the account is; one that was moved out of its unit still belongs to the person whose key it carries."""
    kind = str(account["kind"])
    return "person" if kind == "unknown" and account["employee_key"] else kind


def _people(facts: Facts, *statuses: str) -> list[Facts]:
    return [person for person in facts["directory"]["people"].some() if not statuses or person["status"] in statuses]


def _by_login(facts: Facts) -> dict[str, Facts]:
    return {account["login"].casefold(): account for account in _accounts(facts)}


@observer
def reversible_encryption(facts: Facts) -> list[str]:
    """Policies and accounts that keep passwords in a form that can be read back."""
    policy = facts["password_policy"]
    found = [say("domain_itself")] if policy["domain"]["reversible_encryption"] else []
    found += [each["name"] for each in policy["fine_grained"] if each["reversible_encryption"]]
    return found + [account["login"] for account in _accounts(facts) if account["reversible_encryption"]]


def _administrator_policies(facts: Facts) -> list[Facts]:
    """The policy in force for each enabled privileged account of a person."""
    kinds = {account["login"].casefold(): account for account in _accounts(facts)}
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


@observer
def administrators_weakest_min_length(facts: Facts) -> Any:
    """The shortest password that any administrator may choose, in characters."""
    return _weakest(facts, "min_length", min)


@observer
def administrators_longest_max_age(facts: Facts) -> Any:
    """The longest time that any administrator may keep a password, in days; None for never ending."""
    return _weakest(facts, "max_age_days", max)


@observer
def administrators_highest_lockout_threshold(facts: Facts) -> Any:
    """The most attempts that any administrator's account allows; None when it never locks."""
    return _weakest(facts, "lockout_threshold", max)


@observer
def accounts_without_a_person(facts: Facts) -> list[str]:
    """Open accounts that are neither a person's, nor a declared technical or administration account."""
    return [account["login"] for account in _accounts(facts, "unknown") if account["enabled"]]


@observer
def staff_without_their_account(facts: Facts) -> list[str]:
    """People at work whose account is missing, closed, or filed under another person."""
    accounts = _by_login(facts)
    keys = {account["employee_key"]: account for account in _accounts(facts, "person") if account["employee_key"]}
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
        for account in _accounts(facts)
        if account["enabled"] and (account["employee_key"] in keys or account["login"].casefold() in logins)
    ]


@observer
def open_accounts_of_leavers(facts: Facts) -> list[str]:
    """Accounts still open of people who have left."""
    return _open_accounts(facts, "left")


@observer
def open_accounts_of_starters(facts: Facts) -> list[str]:
    """Accounts already open of people who have not started."""
    return _open_accounts(facts, "future")


def _pairs(facts: Facts, *statuses: str) -> list[tuple[Facts, Facts]]:
    """Each person with the account that carries their key."""
    keys = {account["employee_key"]: account for account in _accounts(facts, "person") if account["employee_key"]}
    return [(person, keys[person["key"]]) for person in _people(facts, *statuses) if person["key"] in keys]


@observer
def logins_out_of_convention(facts: Facts) -> list[str]:
    """Accounts whose login is not the one that the convention gives their person."""
    return [
        say("other_login", account["login"], person["login"])
        for person, account in _pairs(facts)
        if account["login"].casefold() != person["login"].casefold()
    ]


@observer
def mails_out_of_convention(facts: Facts) -> list[str]:
    """Accounts whose mail address is not their person's."""
    return [
        f"{account['login']}: {account['mail']}" if account["mail"] else say("no_mail", account["login"])
        for person, account in _pairs(facts, "active")
        if (account["mail"] or "").casefold() != person["mail"].casefold()
    ]


@observer
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


@observer
def people_outside_their_unit(facts: Facts) -> list[str]:
    """People at work whose account is not in the organizational unit of their department."""
    return [
        account["login"]
        for person, account in _pairs(facts, "active")
        if account["ou"].casefold() != person["department_ou"].casefold()
    ]


@observer
def rights_groups_out_of_order(facts: Facts) -> list[str]:
    """Groups of rights that contain people, or nobody at all."""
    logins = {account["login"].casefold() for account in _accounts(facts)}
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


def _privileged(facts: Facts) -> list[tuple[str, str]]:
    """Each member of a privileged group with the group's SID; a domain that nobody administers was not read."""
    groups = facts["directory"]["privileged"].some()
    found = [(login, group["group_sid"]) for group in groups for login in group["members"]]
    if not found:
        raise MissingFact("directory.privileged (no member)")
    return found


@observer
def undeclared_privileges(facts: Facts) -> list[str]:
    """Members of a privileged group that are neither declared administrators nor the built-in account."""
    accounts = _by_login(facts)
    found = []
    for login, group_sid in _privileged(facts):
        account = accounts.get(login.casefold())
        declared = account is not None and (
            account["kind"] == "administrator" or account["sid"].endswith(BUILTIN_ADMINISTRATOR_RID)
        )
        if not declared:
            found.append(f"{login} ({group_sid})")
    return sorted(set(found))


@observer
def mixed_administrators(facts: Facts) -> list[str]:
    """Everyday accounts that hold full rights, and administrators without an everyday account."""
    accounts = _by_login(facts)
    privileged = {login.casefold() for login, _ in _privileged(facts)}
    found = [
        say("everyday_with_rights", login)
        for login in sorted(privileged)
        if login in accounts and _kind(accounts[login]) == "person"
    ]
    people = {account["employee_key"] for account in accounts.values() if _kind(account) == "person"}
    administrators = [account for account in accounts.values() if account["kind"] == "administrator"]
    if not administrators:
        raise MissingFact("directory.accounts: none of kind administrator")
    return found + [
        say("no_everyday_account", account["login"])
        for account in administrators
        if account["employee_key"] not in people
    ]


@observer
def accounts_without_password(facts: Facts) -> list[str]:
    """Open accounts that are allowed to have no password."""
    return [account["login"] for account in _accounts(facts) if account["enabled"] and not account["password_required"]]


@observer
def accounts_never_expiring(facts: Facts) -> list[str]:
    """Open accounts of people and administrators whose password never expires."""
    return [
        account["login"]
        for account in _accounts(facts, "person", "administrator", "unknown")
        if account["enabled"] and account["password_never_expires"]
    ]


@observer
def unused_accounts_with_settled_password(facts: Facts) -> list[str]:
    """Accounts of people that were never used and do not have to change the password they were handed."""
    return [
        account["login"]
        for account in _accounts(facts, "person", "administrator")
        if account["enabled"] and not account["ever_logged_on"] and not account["must_change_password"]
    ]
