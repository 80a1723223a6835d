"""Read everything the site's directory holds in three paged searches."""

from __future__ import annotations

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import Directory, Entry, number, text
from ansible.module_utils.ad.directory_model import Account, Group, State
from ansible.module_utils.ad.security_descriptor import sid_text

#: Attributes of accounts that the site manages, as text.
_MANAGED = ["givenName", "sn", "displayName", "mail", "department", "title", "description", "employeeNumber",
            "userPrincipalName", "manager", "accountExpires"]  # fmt: skip
_ACCOUNT = [*_MANAGED, "sAMAccountName", "objectSid", "userAccountControl", "primaryGroupID"]
_USE = ["pwdLastSet", "lastLogon", "lastLogonTimestamp"]
_HISTORY = ["whenCreated", "msDS-User-Account-Control-Computed"]
_GROUP = ["sAMAccountName", "objectSid", "groupType", "description", "member"]

#: SAM_USER_OBJECT, SAM_GROUP_OBJECT and the like ([MS-SAMR] 2.2.1.9): people, not computers nor trusts.
_ACCOUNTS = "(sAMAccountType=805306368)"
_GROUPS = "(objectCategory=group)"
_UNITS = "(objectCategory=organizationalUnit)"


def read_state(directory: Directory, history: bool = False) -> State:
    """The accounts, groups and units of the domain; with history, also when they were made and their state now."""
    base = directory.base
    domain = directory.read(base, ["objectSid"])
    accounts = directory.search(base, _ACCOUNTS, _ACCOUNT + _USE + (_HISTORY if history else []))
    return State(
        base=base,
        domain_sid=sid_text(domain["objectSid"][0]),
        accounts=[account_of(entry) for entry in accounts],
        groups=[group_of(entry) for entry in directory.search(base, _GROUPS, _GROUP)],
        units=[dn for dn, _ in directory.search(base, _UNITS, ["ou"])],
        bound_login=directory.bound_login(),
    )


def account_of(entry: Entry) -> Account:
    """A search result as an account."""
    dn, values = entry
    managed = {name: text(values, name) for name in _MANAGED}
    return Account(
        dn=dn,
        login=text(values, "sAMAccountName") or "",
        sid=sid_text(values["objectSid"][0]),
        control=number(values, "userAccountControl") or 0,
        attributes={name: value for name, value in managed.items() if value},
        primary_group=number(values, "primaryGroupID") or 0,
        password_last_set=number(values, "pwdLastSet") or 0,
        last_logon=max(number(values, "lastLogon") or 0, number(values, "lastLogonTimestamp") or 0),
        created=names.iso_generalized(text(values, "whenCreated")),
        computed=number(values, "msDS-User-Account-Control-Computed") or 0,
    )


def group_of(entry: Entry) -> Group:
    """A search result as a group."""
    dn, values = entry
    return Group(
        dn=dn,
        name=text(values, "sAMAccountName") or "",
        sid=sid_text(values["objectSid"][0]),
        kind=number(values, "groupType") or 0,
        description=text(values, "description"),
        members=tuple(value.decode() for value in values.get("member", [])),
    )
