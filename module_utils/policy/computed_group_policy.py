"""Observations about Group Policy; see computed for how they are written.

What holds is read from the values that win on each unit of the site (group_policy.effective), whatever policy they
come from: a good value in a policy that another one overrides does not count.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say

_DESKTOP = "user/registry/Software\\Policies\\Microsoft\\Windows\\Control Panel\\Desktop\\"
_OPTIONS = "computer/security/Registry Values/MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\"
_CAPTION, _NOTICE = f"{_OPTIONS}LegalNoticeCaption", f"{_OPTIONS}LegalNoticeText"
_BROWSERS = {
    "Chrome": ("Software\\Policies\\Google\\Chrome\\PasswordManagerEnabled",),
    "Edge": ("SOFTWARE\\Policies\\Microsoft\\Edge\\PasswordManagerEnabled",),
    "Firefox": (
        "Software\\Policies\\Mozilla\\Firefox\\PasswordManagerEnabled",
        "Software\\Policies\\Mozilla\\Firefox\\OfferToSaveLogins",
    ),
}
_REMOTE_DESKTOP = (
    "computer/registry/SOFTWARE\\Policies\\Microsoft\\Windows NT\\Terminal Services\\DisablePasswordSaving"
)
ACCOUNT_RULES, TICKET_RULES = "computer/security/System Access/", "computer/security/Kerberos Policy/"
_ACCOUNT_SETTINGS = (
    "MinimumPasswordLength",
    "MaximumPasswordAge",
    "MinimumPasswordAge",
    "PasswordHistorySize",
    "PasswordComplexity",
    "ClearTextPassword",
    "LockoutBadCount",
    "LockoutDuration",
    "ResetLockoutCount",
)
_DRIVES = "user/drives/"
#: A value that stands for no limit, in registry policies as in the tickets' rules.
_NO_LIMIT = 0


def held_on(facts: Facts, side: str, scope: str) -> list[Facts]:
    """What holds on each unit of the site (or on the domain) for one side."""
    found = [
        entry
        for entry in facts["group_policy"]["effective"].some()
        if entry["side"] == side and entry["scope"] == scope
    ]
    if not found:
        raise MissingFact(f"group_policy.effective (nothing about the {side} side of the {scope})")
    return found


def value_of(entry: Facts, setting: str) -> Any:
    """The value that wins, None when nothing sets it."""
    settings = entry["settings"]
    try:
        return settings[setting]["value"]
    except MissingFact:
        return None


def plain(facts: Facts) -> dict[str, Any]:
    """Facts as they were collected, where their names are not known before."""
    return dict(facts._data)


def unit_name(dn: str) -> str:
    """What people call a unit."""
    return dn.split(",", maxsplit=1)[0].partition("=")[2]


def _option(text: Any) -> str:
    """The data of a security option, without its type."""
    return str(text or "").partition(",")[2].strip('"')


def leaf(setting: str) -> str:
    """The last words of a setting's name."""
    return setting.rpartition("\\")[2].rpartition("/")[2] if "\\" in setting else setting


def units_without_session_lock(facts: Facts) -> list[str]:
    """Units whose people's sessions do not lock by themselves: no saver on, or none that exists."""
    found = []
    for entry in held_on(facts, "user", "site"):
        if value_of(entry, f"{_DESKTOP}ScreenSaveActive") != "1":
            found.append(f"{unit_name(entry['unit'])}: ScreenSaveActive")
        if not value_of(entry, f"{_DESKTOP}SCRNSAVE.EXE"):
            found.append(f"{unit_name(entry['unit'])}: SCRNSAVE.EXE")
    return found


def units_unlocking_without_password(facts: Facts) -> list[str]:
    """Units where a locked session opens again without a password."""
    setting = f"{_DESKTOP}ScreenSaverIsSecure"
    return [unit_name(entry["unit"]) for entry in held_on(facts, "user", "site") if value_of(entry, setting) != "1"]


def _longest_minutes(seconds: list[Any]) -> Any:
    """The longest of these delays in minutes; None when one of them never ends."""
    numbers = [int(value) if str(value or "").isdecimal() else _NO_LIMIT for value in seconds]
    if _NO_LIMIT in numbers:
        return None
    longest = max(numbers) / 60
    return int(longest) if longest == int(longest) else longest


def longest_session_lock_delay(facts: Facts) -> Any:
    """Minutes after which the last of the site's sessions locks; None when one never does."""
    return _longest_minutes(
        [value_of(entry, f"{_DESKTOP}ScreenSaveTimeOut") for entry in held_on(facts, "user", "site")]
    )


def longest_workstation_lock_delay(facts: Facts) -> Any:
    """Minutes of rest after which the last of the site's machines locks; None when one never does."""
    entries = held_on(facts, "computer", "site")
    return _longest_minutes([_option(value_of(entry, f"{_OPTIONS}InactivityTimeoutSecs")) for entry in entries])


def units_without_logon_notice(facts: Facts) -> list[str]:
    """Units whose machines show no notice before a logon, or one that does not speak of what its title names."""
    found = []
    for entry in held_on(facts, "computer", "site"):
        caption, text = _option(value_of(entry, _CAPTION)), _option(value_of(entry, _NOTICE))
        if not caption or not text:
            found.append(say("no_notice", unit_name(entry["unit"])))
        elif caption.casefold() not in text.casefold():
            found.append(say("notice_without_title", unit_name(entry["unit"]), caption))
    return found


def logon_notice_title(facts: Facts) -> str:
    """The title of the notice shown before a logon; all of them where units differ."""
    captions = [_option(value_of(entry, _CAPTION)) for entry in held_on(facts, "computer", "site")]
    return " / ".join(dict.fromkeys(caption or "-" for caption in captions))


def _defects(facts: Facts, prefix: str) -> list[str]:
    """Declared settings of one kind that were changed, or that do not hold."""
    policies = facts["group_policy"]
    found = {
        f"{leaf(each['setting'])[len(prefix) :] or each['setting']}": None
        for name in ("differences", "not_effective")
        for each in policies[name]
        if each["setting"].startswith(prefix)
    }
    return list(found)


def missing_network_drives(facts: Facts) -> list[str]:
    """Network drives that people do not get as declared."""
    found = [f"{letter}:" for letter in _defects(facts, _DRIVES)]
    for entry in held_on(facts, "user", "site"):
        if not any(name.startswith(_DRIVES) for name in plain(entry["settings"])):
            found.append(say("no_drive", unit_name(entry["unit"])))
    return found


def browsers_keeping_passwords(facts: Facts) -> list[str]:
    """Browsers that may keep passwords, by unit."""
    return [
        f"{unit_name(entry['unit'])}: {browser}"
        for entry in held_on(facts, "computer", "site")
        for browser, settings in _BROWSERS.items()
        if any(value_of(entry, f"computer/registry/{setting}") != 0 for setting in settings)
    ]


def remote_desktops_keeping_passwords(facts: Facts) -> list[str]:
    """Units whose machines may keep the password of a remote desktop."""
    return [
        unit_name(entry["unit"])
        for entry in held_on(facts, "computer", "site")
        if value_of(entry, _REMOTE_DESKTOP) != 1
    ]


def account_rules_out_of_order(facts: Facts) -> list[str]:
    """Rules of passwords and lockout that the domain's policy lacks, holds otherwise, or holds without effect."""
    (domain,) = held_on(facts, "computer", "domain")
    found = [name for name in _ACCOUNT_SETTINGS if value_of(domain, f"{ACCOUNT_RULES}{name}") is None]
    return found + [name for name in _defects(facts, ACCOUNT_RULES) if name not in found]


def _whole(number: float) -> int | float:
    """Without a fraction where there is none, as the charter writes it."""
    return int(number) if number == int(number) else number


def _longest_ticket(facts: Facts, rule: str, per_unit: int, measured: str) -> Any:
    """The longer of what the domain's policy says and of what its controller did; None when one has no limit.

    Both count: Samba's controller does not read the policy, and a Microsoft one that joins tomorrow obeys only that.
    """
    (domain,) = held_on(facts, "computer", "domain")
    written, done = value_of(domain, f"{TICKET_RULES}{rule}"), facts["logon_probe"]["tickets"][measured]
    if written in (None, _NO_LIMIT) or done is None:
        return None
    return _whole(max(written / per_unit, done))


def ticket_lifetime(facts: Facts) -> Any:
    """Hours that a ticket lasts, as written and as given; None for ever."""
    return _longest_ticket(facts, "MaxTicketAge", 1, "ticket_hours")


def ticket_renewal_lifetime(facts: Facts) -> Any:
    """Days during which a ticket can be renewed, as written and as given; None for ever."""
    return _longest_ticket(facts, "MaxRenewAge", 1, "renewal_days")


def service_ticket_lifetime(facts: Facts) -> Any:
    """Hours that a ticket for a service lasts, as written (in minutes) and as given; None for ever."""
    return _longest_ticket(facts, "MaxServiceAge", 60, "service_ticket_hours")


def ticket_clock_skew(facts: Facts) -> Any:
    """Minutes by which clocks may differ, as written and as tried; None for any difference."""
    return _longest_ticket(facts, "MaxClockSkew", 1, "clock_skew_minutes")


def group_policy_differences(facts: Facts) -> list[str]:
    """What is not as declared, setting by setting."""
    return [
        f"{each['policy']}: {leaf(each['setting'])}" if each["policy"] else say("domain_differs", leaf(each["setting"]))
        for each in facts["group_policy"]["differences"]
    ]


def group_policy_without_effect(facts: Facts) -> list[str]:
    """Declared settings that do not hold, and why; those of one policy with one reason are counted."""
    counted: dict[str, int] = {}
    for each in facts["group_policy"]["not_effective"]:
        line = say("without_effect", each["policy"], unit_name(each["unit"]), each["says"]["en"])
        counted[line] = counted.get(line, 0) + 1
    return [say("times", line, count) if count > 1 else line for line, count in counted.items()]


def group_policy_versions_apart(facts: Facts) -> list[str]:
    """Policies whose version in the directory is not the one of their files."""
    found = []
    for policy in facts["group_policy"]["policies"].some():
        version = policy["version"]
        sysvol = version["sysvol"]
        if sysvol is None or any(version["directory"][side] != sysvol[side] for side in ("user", "computer")):
            found.append(policy["name"])
    return found


def sysvol_rights_problems(facts: Facts) -> list[str]:
    """What the controller's own tools find wrong with the rights on the policies' files."""
    checks = facts["directory_checks"]
    return [line for name in ("aclcheck", "sysvolcheck") for line in checks[name]["problems"].plain()]


#: By the name that the catalogue gives them.
GROUP_POLICY_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        units_without_session_lock,
        units_unlocking_without_password,
        longest_session_lock_delay,
        longest_workstation_lock_delay,
        units_without_logon_notice,
        logon_notice_title,
        missing_network_drives,
        browsers_keeping_passwords,
        remote_desktops_keeping_passwords,
        account_rules_out_of_order,
        ticket_lifetime,
        ticket_renewal_lifetime,
        service_ticket_lifetime,
        ticket_clock_skew,
        group_policy_differences,
        group_policy_without_effect,
        group_policy_versions_apart,
        sysvol_rights_problems,
    )
}
