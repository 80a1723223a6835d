"""Observations about the policy that a workstation gets, read there by a client of its own; see computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from ansible.module_utils.policy.computed_group_policy import (
    ACCOUNT_RULES,
    TICKET_RULES,
    held_on,
    leaf,
    plain,
    unit_name,
)
from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say

_DENIED_LOGONS = ("SeDenyInteractiveLogonRight", "SeDenyRemoteInteractiveLogonRight")
#: Domain Admins ([MS-DTYP] 2.4.2.4).
_DOMAIN_ADMINS = "-512"


def resultant_policy_differences(facts: Facts) -> list[str]:
    """What an independent client reads otherwise than it was worked out from what the directory holds."""
    resultant = facts["resultant_policy"]
    subjects = [("computer", resultant["computer"])]
    subjects += [("user", each) for each in _each(resultant["users"])]
    return [line for side, subject in subjects for line in _apart(facts, side, subject)]


def _each(mapping: Facts) -> list[Facts]:
    found = [mapping[name] for name in plain(mapping)]
    if not found:
        raise MissingFact("resultant_policy.users (nobody's policy was read)")
    return found


def _apart(facts: Facts, side: str, subject: Facts) -> Iterator[str]:
    entry = _nearest(facts, side, subject["dn"])
    expected = {
        name.casefold(): (name, held["value"])
        for name, held in plain(entry["settings"]).items()
        if "\\**" not in name and not name.startswith((f"{side}/scripts/", f"{side}/file/"))
    }
    read = {
        name.casefold(): (name, seen)
        for name, seen in plain(subject["settings"]).items()
        # The accounts' rules are the domain's; what they would do to local accounts is no setting of the unit.
        if not name.startswith((ACCOUNT_RULES, TICKET_RULES))
    }
    for key in sorted(expected.keys() | read.keys()):
        name, wanted = expected.get(key, (read.get(key, ("", None))[0], None))
        _, seen = read.get(key, ("", None))
        if not _agree(wanted, seen):
            yield f"{unit_name(subject['dn'])}: {leaf(name)}"


def _nearest(facts: Facts, side: str, dn: str) -> Facts:
    """What holds on the unit that an account is in: the lowest one above it that was looked at."""
    above = [entry for entry in held_on(facts, side, "site") if dn.casefold().endswith("," + entry["unit"].casefold())]
    if not above:
        raise MissingFact(f"group_policy.effective (no unit above {dn})")
    return max(above, key=lambda entry: len(entry["unit"]))


def _agree(wanted: Any, seen: Any) -> bool:
    """Whether what was read is what holds; a drive is read only by the members of its groups."""
    if isinstance(wanted, dict):
        if seen is None:
            return bool(wanted.get("groups"))
        return isinstance(seen, dict) and all(wanted.get(name) == value for name, value in seen.items())
    return bool(wanted == seen)


def administrators_not_denied(facts: Facts) -> list[str]:
    """Ways to log on to the workstation that its policy leaves open to the domain's administrators."""
    settings = plain(facts["resultant_policy"]["computer"]["settings"])
    return [
        right
        for right in _DENIED_LOGONS
        if not any(str(sid).endswith(_DOMAIN_ADMINS) for sid in settings.get(f"computer/privilege/{right}", ()))
    ]


def administrators_logged_on(facts: Facts) -> list[str]:
    """Administration accounts that the workstation let in when it was tried, and people that it did not."""
    rows = list(facts["resultant_policy"]["logon_rights"].some())
    administrators = [row for row in rows if row["administrator"]]
    people = [row for row in rows if not row["administrator"] and row["enabled"]]
    if not administrators or not people:
        raise MissingFact("resultant_policy.logon_rights (an administrator's account and another one must be tried)")
    if {row["service"] for row in administrators} != {row["service"] for row in people}:
        raise MissingFact("resultant_policy.logon_rights (both must be tried by the same services)")
    return [f"{row['login']} ({row['service']})" for row in administrators if row["allowed"]] + [
        say("logon_refused", row["login"], row["service"]) for row in people if not row["allowed"]
    ]


#: By the name that the catalogue gives them.
RESULTANT_POLICY_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (resultant_policy_differences, administrators_not_denied, administrators_logged_on)
}
