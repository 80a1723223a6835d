"""WMI classes that tell who has rights here: local accounts, local groups and their members."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.winrm_park.classes import CIMV2, Row, WmiClass
from tests.winrm_park.wql import Reference

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine, Member

#: The groups that every Windows has, by the key of their name in languages.yml.
_BUILT_IN = {
    "administrators": "S-1-5-32-544",
    "users": "S-1-5-32-545",
    "guests": "S-1-5-32-546",
    "remote_management_users": "S-1-5-32-580",
}
_USER_SID, _GROUP_SID, _ALIAS_SID, _WELL_KNOWN_SID = 1, 2, 4, 5


def _users(machine: Machine) -> list[Row]:
    return [
        {
            "Name": account.name,
            "Domain": machine.name,
            "Caption": f"{machine.name}\\{account.name}",
            "FullName": "",
            "Description": "",
            "SID": f"{machine.local_sid}-{account.rid}",
            "SIDType": _USER_SID,
            "LocalAccount": True,
            "Disabled": not account.enabled,
            "Lockout": False,
            "PasswordRequired": account.password_required,
            "PasswordExpires": account.rid > 1000,
            "PasswordChangeable": True,
            "AccountType": 512,
            "Status": "OK" if account.enabled else "Degraded",
        }
        for account in machine.accounts
    ] + [
        _domain_account(machine, member.name, member.rid)
        for member in machine.administrators
        if member.domain and not member.group
    ]


def _domain_account(machine: Machine, name: str, rid: int) -> Row:
    domain = machine.profile["domain"]
    return {
        "Name": name,
        "Domain": domain["name"],
        "Caption": f"{domain['name']}\\{name}",
        "FullName": "",
        "Description": "",
        "SID": f"{domain['sid']}-{rid}",
        "SIDType": _USER_SID,
        "LocalAccount": False,
        "Disabled": False,
        "Lockout": False,
        "PasswordRequired": True,
        "PasswordExpires": True,
        "PasswordChangeable": True,
        "AccountType": 512,
        "Status": "OK",
    }


def _groups(machine: Machine) -> list[Row]:
    domain = machine.profile["domain"]
    local = [
        _group(machine.name, machine.words["groups"][key], sid, _ALIAS_SID, local=True)
        for key, sid in _BUILT_IN.items()
        if key != "remote_management_users" or machine.nt_version >= (6, 2)
    ]
    members = [each for each in machine.administrators if each.domain and each.group]
    rows = [*local, *(_group(domain["name"], each.name, f"{domain['sid']}-{each.rid}", _GROUP_SID) for each in members)]
    return list({row["SID"]: row for row in rows}.values())


def _group(domain: str, name: str, sid: str, kind: int, local: bool = False) -> Row:
    return {
        "Name": name,
        "Domain": domain,
        "Caption": f"{domain}\\{name}",
        "Description": "",
        "SID": sid,
        "SIDType": kind,
        "LocalAccount": local,
        "Status": "OK",
    }


def _system_accounts(machine: Machine) -> list[Row]:
    words = machine.words
    row = _group(machine.name, words["system"], "S-1-5-18", _WELL_KNOWN_SID, local=True)
    return [{**row, "Caption": f"{machine.name}\\{words['system']}"}]


def _accounts(machine: Machine) -> list[Row]:
    """Users and groups together: this class is what both are kinds of."""
    shown = ("Name", "Domain", "Caption", "Description", "SID", "SIDType", "LocalAccount", "Status")
    return [
        {name: row[name] for name in shown} for row in (*_users(machine), *_groups(machine), *_system_accounts(machine))
    ]


def _members(machine: Machine) -> list[Row]:
    group = _reference("Win32_Group", machine.name, machine.words["groups"]["administrators"])
    guests = _reference("Win32_Group", machine.name, machine.words["groups"]["guests"])
    guest = next((each.name for each in machine.accounts if each.role == "guest"), None)
    rows: list[Row] = [
        {"GroupComponent": group, "PartComponent": _member(machine, each)} for each in machine.administrators
    ]
    if guest:
        part = _reference("Win32_UserAccount", machine.name, guest)
        rows.append({"GroupComponent": guests, "PartComponent": part})
    return rows


def _member(machine: Machine, member: Member) -> Reference:
    domain = machine.profile["domain"]["name"] if member.domain else machine.name
    return _reference("Win32_Group" if member.group else "Win32_UserAccount", domain, member.name)


def _reference(class_name: str, domain: str, name: str) -> Reference:
    return Reference(class_name, (("Domain", domain), ("Name", name)))


_SHOWN = "Name Domain Caption Description SID SIDType LocalAccount Status"
CLASSES = (
    WmiClass(CIMV2, "Win32_UserAccount",
             f"{_SHOWN} FullName Disabled Lockout PasswordRequired PasswordExpires PasswordChangeable AccountType",
             _users),
    WmiClass(CIMV2, "Win32_Group", _SHOWN, _groups),
    WmiClass(CIMV2, "Win32_SystemAccount", _SHOWN, _system_accounts),
    WmiClass(CIMV2, "Win32_Account", _SHOWN, _accounts),
    WmiClass(CIMV2, "Win32_GroupUser", "GroupComponent PartComponent", _members),
)  # fmt: skip
