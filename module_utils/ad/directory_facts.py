"""The directory as facts: what was read, in words and units that a check can compare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ansible.module_utils.ad import directory_model as model
from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import Directory, number, text
from ansible.module_utils.ad.directory_model import Account, Group, Layout, State
from ansible.module_utils.ad.employees import Employee

#: Administrators, Domain Admins, Schema Admins, Enterprise Admins, and the four operators.
PRIVILEGED_RIDS = (544, 512, 518, 519, 548, 549, 550, 551)


class Nesting:
    """Who is in which group, directly and through other groups, the primary group included."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.above: dict[str, list[Group]] = {}
        for group in state.groups:
            for member in group.members:
                self.above.setdefault(names.key(member), []).append(group)

    def direct(self, dn: str) -> list[Group]:
        return self.above.get(names.key(dn), [])

    def effective(self, account: Account) -> list[Group]:
        """Every group whose rights the account has."""
        primary = self.state.by_sid.get(f"{self.state.domain_sid}-{account.primary_group}")
        waiting = self.direct(account.dn) + ([primary] if isinstance(primary, Group) else [])
        found: dict[str, Group] = {}
        while waiting:
            group = waiting.pop()
            if group.sid not in found:
                found[group.sid] = group
                waiting += self.direct(group.dn)
        return list(found.values())


def directory_facts(directory: Directory, state: State, root_ou: str) -> dict[str, Any]:
    """Everything but the people expected."""
    layout, nesting = Layout(names.under_base(root_ou, state.base)), Nesting(state)
    effective = {account.sid: nesting.effective(account) for account in state.accounts}
    keys = {names.key(account.dn): account.employee_key for account in state.accounts}
    return {
        "domain": domain_facts(directory, state),
        "guest_enabled": any(one.enabled for one in state.accounts if names.rid(one.sid) == model.GUEST),
        "accounts": [
            account_facts(account, layout, nesting.direct(account.dn), effective[account.sid], keys)
            for account in sorted(state.accounts, key=lambda one: one.login.casefold())
        ],
        "groups": [
            {
                "name": group.name,
                "sid": group.sid,
                "dn": group.dn,
                "kind": group_kind(group, layout),
                "members": member_names(state, group),
            }
            for group in sorted(state.groups, key=lambda one: one.name.casefold())
        ],
        "organizational_units": sorted(state.units, key=names.key),
        "privileged": privileged_facts(state, effective),
    }


def domain_facts(directory: Directory, state: State) -> dict[str, Any]:
    """What the domain is called and which level it works at ([MS-ADTS] 6.1.4.3: 7 is Windows Server 2016)."""
    partitions = f"CN=Partitions,{text(directory.root, 'configurationNamingContext')}"
    references = directory.search(partitions, "(objectClass=crossRef)", ["nCName", "nETBIOSName"])
    netbios = [
        text(values, "nETBIOSName")
        for _, values in references
        if names.key(text(values, "nCName") or "") == names.key(state.base)
    ]
    return {
        "name": names.dns_domain(state.base),
        "netbios": netbios[0] if netbios else None,
        "dn": state.base,
        "sid": state.domain_sid,
        "functional_level": number(directory.root, "domainFunctionality"),
    }


def group_kind(group: Group, layout: Layout) -> str:
    """What a group is for, told by its place and scope: the site's own carry people or rights; others are "other"."""
    if names.key(names.parent(group.dn)) != names.key(layout.groups):
        return "other"
    return {model.GLOBAL: "people", model.DOMAIN_LOCAL: "rights"}.get(group.kind, "other")


def account_facts(
    account: Account,
    layout: Layout,
    direct: Iterable[Group],
    effective: Iterable[Group],
    keys: Mapping[str, str | None],
) -> dict[str, Any]:
    """One account. An administrator's employee key is that of the person who owns the account."""
    kind = layout.kind(account)
    manager = account.attributes.get("manager")
    owner = keys.get(names.key(manager)) if kind == "administrator" and manager else None
    return {
        "login": account.login,
        "sid": account.sid,
        "dn": account.dn,
        "ou": names.parent(account.dn),
        "enabled": account.enabled,
        "kind": kind,
        "display_name": account.attributes.get("displayName"),
        "mail": account.attributes.get("mail"),
        "department": account.attributes.get("department"),
        "employee_key": account.employee_key or owner,
        "password_required": not account.control & model.NO_PASSWORD_REQUIRED,
        "password_never_expires": bool(account.control & model.NEVER_EXPIRES),
        "must_change_password": account.password_last_set == 0,
        "reversible_encryption": bool(account.control & model.REVERSIBLE),
        "preauthentication_required": not account.control & model.NO_PREAUTHENTICATION,
        "locked": bool(account.computed & model.LOCKED),
        "password_expired": bool(account.computed & model.PASSWORD_EXPIRED),
        "account_expires": names.iso_time(int(account.attributes.get("accountExpires", "0"))),
        "ever_logged_on": account.last_logon > 0,
        "last_logon": names.iso_time(account.last_logon),
        "password_last_set": names.iso_time(account.password_last_set),
        "created": account.created,
        "groups": sorted(group.name for group in direct),
        "all_groups": sorted(group.name for group in effective),
    }


def member_names(state: State, group: Group) -> list[str]:
    """Direct members: logins, names of groups, and common names of what is neither (computers, other domains)."""
    things = [(dn, state.by_dn.get(names.key(dn))) for dn in group.members]
    return sorted(
        thing.login if isinstance(thing, Account) else thing.name if thing else names.leaf(dn) for dn, thing in things
    )


def privileged_facts(state: State, effective: Mapping[str, Sequence[Group]]) -> list[dict[str, Any]]:
    """Accounts that hold each well-known privilege, however deep it is nested; groups absent here are left out."""
    found = []
    for relative in PRIVILEGED_RIDS:
        sid = names.group_sid(state.domain_sid, relative)
        group = state.by_sid.get(sid)
        if isinstance(group, Group):
            holders = [one.login for one in state.accounts if any(held.sid == sid for held in effective[one.sid])]
            others = [names.leaf(dn) for dn in group.members if names.key(dn) not in state.by_dn]
            found.append({"group_sid": sid, "group_name": group.name, "members": sorted(holders + others)})
    return found


def people_facts(
    employees: Iterable[Employee], departments: Mapping[str, Any], root: Layout, today: date
) -> list[dict[str, Any]]:
    """The people that the list of employees expects, and where their account belongs."""
    return [
        {
            "login": one.login,
            "mail": one.mail,
            "department": departments[one.department].name,
            "department_ou": root.department(departments[one.department].name),
            "department_group": departments[one.department].group,
            "status": one.status(today),
            "key": one.key,
        }
        for one in employees
    ]
