"""Facts about people: who administers the machine, its local accounts, and the settings of those who are logged on."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.windows.facts_policy import machine_lock
from ansible.module_utils.windows.facts_source import Source, UnreadError, given, truth
from ansible.module_utils.wsman import names
from ansible.module_utils.wsman.answers import Reference, Row
from ansible.module_utils.wsman.client import MACHINE, USERS
from ansible.module_utils.wsman.faults import NOT_FOUND, FaultError

_KINDS = {"Win32_UserAccount": "user", "Win32_Group": "group", "Win32_SystemAccount": "system"}
_GUEST = "-501"
_MOST_MEMBERS = 60
_DESKTOP_POLICY = r"Software\Policies\Microsoft\Windows\Control Panel\Desktop"
_DESKTOP = r"Control Panel\Desktop"
_INTERNET_POLICY = r"Software\Policies\Microsoft\Windows\CurrentVersion\Internet Settings"
_INTERNET = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings"


def administrators(source: Source) -> list[dict[str, Any]]:
    """Members of the local administrators, found by the group's SID; a member whose SID is not told is named without."""
    group = source.row("administrators_group")
    where = f"Win32_Group.Domain='{_plain(group, 'Domain')}',Name='{_plain(group, 'Name')}'"
    wql = f'SELECT PartComponent FROM Win32_GroupUser WHERE GroupComponent="{where}"'  # noqa: S608 -- both names are plain
    rows = source.once(("administrators",), lambda: source.client.rows(names.CIMV2, wql))
    if not rows:
        raise UnreadError("Windows lists no administrator, and there is always one")
    if len(rows) > _MOST_MEMBERS:
        raise UnreadError(f"the group has {len(rows)} members")
    return [_member(source, row.get("PartComponent")) for row in rows]


def _plain(row: Row, name: str) -> str:
    text = str(given(row, name))
    if set(text) & set("'\"\\;"):
        raise UnreadError(f"{name} of the administrators' group cannot be written in a query: {text!r}")
    return text


def _member(source: Source, member: Any) -> dict[str, Any]:
    if not isinstance(member, Reference):
        raise UnreadError("a member of the group came without a reference")
    domain, name = member.key("Domain"), member.key("Name")
    kind = _KINDS.get(member.class_name, "unknown")
    found: dict[str, Any] = {"name": f"{domain}\\{name}", "kind": kind, "local": False}
    for row in source.rows("users") if kind == "user" else ():
        if (str(row.get("Domain")).lower(), str(row.get("Name")).lower()) == (domain.lower(), name.lower()):
            return {**found, "local": True, "sid": given(row, "SID"), "enabled": not truth(row, "Disabled")}
    try:
        resource = f"{names.WMI}{names.CIMV2}/{member.class_name if kind != 'unknown' else 'Win32_Account'}"
        row = source.client.instance(resource, {"Domain": domain, "Name": name})
        return {**found, "sid": given(row, "SID")}
    except FaultError as error:
        if error.fault.kind != NOT_FOUND:
            raise
        return found


def local_accounts(source: Source) -> list[dict[str, Any]]:
    """Accounts of the machine."""
    rows = source.rows("users")
    if not rows:
        raise UnreadError("Windows lists no local account, and there is always one")
    return [
        {
            "sid": given(row, "SID"),
            "name": given(row, "Name"),
            "enabled": not truth(row, "Disabled"),
            "password_required": truth(row, "PasswordRequired"),
        }
        for row in rows
    ]


def guest_enabled(source: Source) -> bool:
    """Whether the guest account opens a session, found by its SID."""
    for account in local_accounts(source):
        if account["sid"].endswith(_GUEST):
            return bool(account["enabled"])
    raise UnreadError("no account has the SID of the guest")


def _desktop(source: Source, sid: str, name: str) -> str:
    policy = rf"{sid}\{_DESKTOP_POLICY}"
    source.names(policy, USERS)
    value = source.text(policy, name, USERS)
    if value is None:
        value = source.text(rf"{sid}\{_DESKTOP}", name, USERS)
    return (value or "").strip()


def screensaver_seconds(source: Source, sid: str) -> int | None:
    """After how long the screen saver of a person comes, None for never: a delay does nothing without a saver."""
    seconds = _desktop(source, sid, "ScreenSaveTimeOut")
    off = _desktop(source, sid, "ScreenSaveActive") == "0" or not _desktop(source, sid, "SCRNSAVE.EXE")
    return None if off or not seconds.isdigit() else int(seconds) or None


def sessions(source: Source) -> list[dict[str, Any]]:
    """Settings of each person whose session is open."""
    return [
        {
            "sid": sid,
            "screensaver_seconds": screensaver_seconds(source, sid),
            "screensaver_secure": _desktop(source, sid, "ScreenSaverIsSecure") == "1",
        }
        for sid in source.people()
    ]


def weakest_screensaver(source: Source) -> int | None:
    """The longest time of all, None when somebody has none."""
    found = [each["screensaver_seconds"] for each in sessions(source)]
    return None if None in found else max(found)


def _proxy(source: Source, name: str, number: bool) -> list[Any]:
    """What is set for the machine, or for each person who is logged on; policy before preference."""
    places = [("", MACHINE)] if per_machine(source) else [(f"{sid}\\", USERS) for sid in source.people()]
    found = []
    for before, hive in places:
        value: int | str | None = None
        source.names(f"{before}{_INTERNET_POLICY}", hive)
        for key in (f"{before}{_INTERNET_POLICY}", f"{before}{_INTERNET}"):
            if value is None:
                value = source.number(key, name, hive) if number else source.text(key, name, hive)
        found.append(value)
    return found


def per_machine(source: Source) -> bool:
    """Whether the machine's setting holds for everybody on it."""
    source.names(_INTERNET_POLICY)
    return source.number(_INTERNET_POLICY, "ProxySettingsPerUser") == 0


def _agreed(values: list[Any], what: str) -> Any:
    if len({str(value).lower() for value in values}) > 1:
        raise UnreadError(f"people who are logged on have different settings of {what}")
    return values[0]


PEOPLE: dict[str, Any] = {
    "administrators": administrators,
    "local_accounts": local_accounts,
    "guest": {"enabled": guest_enabled},
    "session": {"open": sessions},
    "lock": {
        "inactivity_seconds": machine_lock,
        "screensaver_seconds": weakest_screensaver,
        "secure": lambda source: all(each["screensaver_secure"] for each in sessions(source)),
    },
    "proxy": {
        "per_machine": per_machine,
        "enabled": lambda source: all(value == 1 for value in _proxy(source, "ProxyEnable", number=True)),
        "server": lambda source: _agreed(_proxy(source, "ProxyServer", number=False), "the proxy"),
        "auto_url": lambda source: _agreed(_proxy(source, "AutoConfigURL", number=False), "the automatic proxy"),
    },
}
