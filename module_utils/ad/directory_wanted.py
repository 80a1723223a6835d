"""From the site's data and the list of employees to the accounts, groups and units the directory should hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.directory_model import (
    DOMAIN_LOCAL,
    GLOBAL,
    DirectoryInputError,
    Layout,
    Wanted,
    WantedAccount,
    WantedGroup,
)
from ansible.module_utils.ad.directory_site import Administrator, Right, Site, TechnicalAccount
from ansible.module_utils.ad.employee_cells import perhaps
from ansible.module_utils.ad.employees import Employee
from ansible.module_utils.ad.group_names import holders_of


def build_wanted(site: Site, employees: Sequence[Employee], base: str, domain_sid: str) -> Wanted:
    """The whole directory as the site asks for it; DirectoryInputError when the data contradict one another."""
    layout = Layout(names.under_base(site.root_ou, base))
    domain = names.dns_domain(base)
    by_mail = {employee.mail.casefold(): employee for employee in employees}
    problems = [
        f"administrators: {one.login} belongs to {one.mail}, who is not in the list of employees"
        for one in site.administrators
        if one.mail not in by_mail
    ]
    groups = _groups(site, employees, by_mail, problems)
    if problems:
        raise DirectoryInputError(problems)
    accounts = [
        *(_person(site, layout, domain, employee, by_mail) for employee in employees),
        *(_technical(layout, domain, account) for account in site.technical_accounts),
        *(_administrator(site, layout, domain, account, by_mail[account.mail]) for account in site.administrators),
    ]
    return Wanted(
        layout=layout,
        units=[*layout.units(), *(layout.department(one.name) for one in site.departments.values())],
        accounts=accounts,
        groups=groups,
        privileges=_privileges(site, domain_sid, {account.login for account in accounts if not account.left}),
        watched=[names.group_sid(domain_sid, relative) for relative in site.privileged_rids],
        remove_unknown_privileged=site.remove_unknown_privileged,
        disable_unknown=site.disable_unknown,
        rename_logins=site.apply_conventions,
        first_password_length=site.first_password_length,
    )


def department_unit(site: Site, layout: Layout, employee: Employee, today: date) -> str:
    """Where somebody's account belongs today."""
    if employee.status(today) == "left":
        return layout.left
    return layout.department(site.departments[employee.department].name)


def _person(site: Site, layout: Layout, domain: str, employee: Employee, by_mail: dict[str, Employee]) -> WantedAccount:
    status = employee.status(site.today)
    department = site.departments[employee.department].name
    manager = by_mail.get((employee.manager or "").casefold())
    return WantedAccount(
        login=employee.login,
        kind="person",
        parent=department_unit(site, layout, employee, site.today),
        display_name=f"{employee.first_name} {employee.last_name}",
        attributes={
            "givenName": employee.first_name,
            "sn": employee.last_name,
            "mail": employee.mail,
            "department": department,
            "title": employee.job or None,
            "employeeNumber": employee.key,
            "userPrincipalName": f"{employee.login}@{domain}",
            "accountExpires": names.expiry(employee.leaves_on),
        },
        manager=manager.login if manager else None,
        key=employee.key,
        enabled=status == "active" and employee.login.casefold() not in site.suspended_logins,
        left=status == "left",
        department=department,
        source=f"line {employee.line} of the list of employees",
    )


def _technical(layout: Layout, domain: str, account: TechnicalAccount) -> WantedAccount:
    return WantedAccount(
        login=account.login,
        kind="technical",
        parent=layout.technical,
        display_name=account.login,
        attributes={
            "description": f"{account.purpose} (responsable : {account.owner})",
            "userPrincipalName": f"{account.login}@{domain}",
        },
        never_expires=account.password_never_expires,
        must_change=False,
        department=names.leaf(layout.technical),
        source="technical_accounts",
    )


def _administrator(
    site: Site, layout: Layout, domain: str, account: Administrator, employee: Employee
) -> WantedAccount:
    """A separate account without a mailbox; it lives and dies with its owner's own account."""
    owner = f"{employee.first_name} {employee.last_name}"
    return WantedAccount(
        login=account.login,
        kind="administrator",
        parent=layout.administrators,
        display_name=f"{owner} (administration)",
        attributes={
            "givenName": employee.first_name,
            "sn": employee.last_name,
            "description": f"Compte d'administration de {owner}",
            "userPrincipalName": f"{account.login}@{domain}",
            "accountExpires": names.expiry(employee.leaves_on),
        },
        manager=employee.login,
        enabled=employee.status(site.today) == "active" and account.login.casefold() not in site.suspended_logins,
        left=employee.status(site.today) == "left",
        department=names.leaf(layout.administrators),
        source="administrators",
    )


def _groups(
    site: Site, employees: Sequence[Employee], by_mail: Mapping[str, Employee], problems: list[str]
) -> list[WantedGroup]:
    """Department groups and the groups above them are global, rights are domain local."""
    members: dict[str, list[str]] = {one.group: [] for one in site.departments.values()}
    described = {one.group: f"Personnel du service {one.name}" for one in site.departments.values()}
    spelled = {name.casefold(): name for name in members}
    for one in site.departments.values():
        if one.parent_group:
            above = spelled.setdefault(one.parent_group.casefold(), one.parent_group)
            members.setdefault(above, []).append(one.group)
    for employee in employees:
        if employee.status(site.today) != "left":
            members[site.departments[employee.department].group].append(employee.login)
    rights = []
    named = {account.login for account in site.administrators}
    named |= {account.login for account in site.technical_accounts}
    for right in site.rights:
        holders = [member for member in right.members if "@" not in member and member not in named]
        if len(holders) < len(right.members):
            # A right is given to groups only: people who have it by name are the members of one of its own.
            holders.append(holders_of(right.name))
            members[holders[-1]] = _people(site, right, by_mail, problems) + [
                member for member in right.members if member in named
            ]
            described[holders[-1]] = f"Comptes nommés pour : {right.description}"
        rights.append(WantedGroup(right.name, DOMAIN_LOCAL, tuple(dict.fromkeys(holders)), right.description))
    return [
        *(WantedGroup(name, GLOBAL, tuple(found), described.get(name)) for name, found in members.items()),
        *rights,
    ]


def _people(site: Site, right: Right, by_mail: Mapping[str, Employee], problems: list[str]) -> list[str]:
    """Logins of the people who have a right by name; they are named by their mail address, and are in the list."""
    found = []
    for member in right.members:
        employee = by_mail.get(member.casefold())
        if "@" not in member:
            continue
        if employee is None:
            problems.append(
                f"rights: {right.name} names {member}, who is not in the list of employees; correct the address or name "
                "somebody else" + perhaps(member, by_mail)
            )
        # Whoever has left has no right any more, and is not a reason to stop: the audit asks for somebody else's name.
        elif employee.status(site.today) != "left":
            found.append(employee.login)
    return list(dict.fromkeys(found))


def _privileges(site: Site, domain_sid: str, staying: set[str]) -> dict[str, frozenset[str]]:
    wanted: dict[str, set[str]] = {}
    for account in site.administrators:
        for relative in account.groups:
            holders = wanted.setdefault(names.group_sid(domain_sid, relative), set())
            if account.login in staying:
                holders.add(account.login)
    return {sid: frozenset(logins) for sid, logins in wanted.items()}
