"""Observations about the programs of Windows workstations; see computed_windows.

A program is told by the key that its setup writes below Uninstall, or by its publisher; neither changes with the language. The
name that is shown decides nothing that could turn green: it is one more place where a banned word is looked for, and what
the report shows.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from fnmatch import fnmatchcase
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say
from ansible.module_utils.policy.windows_days import day_of

_NOT_A_LETTER = re.compile(r"[^a-z0-9]+")


def matches(text: Any, patterns: Any) -> bool:
    """Whether a text has one of these forms, whatever its letters' case."""
    return any(fnmatchcase(str(text or "").casefold(), str(pattern).casefold()) for pattern in patterns)


def _programs(facts: Facts) -> list[Facts]:
    """What is installed; a machine of which no program is known was not read."""
    return list(facts["workstation"]["software"].some())


def _shown(program: Facts) -> str:
    return str(program["name"] or program["key"])


def unapproved_programs(facts: Facts) -> list[str]:
    """Programs that are on none of the site's lists; parts that setups hide from people are their program's affair."""
    approved = list(facts["workstation_register"]["software"])

    def known(program: Facts) -> bool:
        key, publisher = program["key"], program["publisher"]
        return any(
            matches(key, each["keys"].plain()) or (publisher and matches(publisher, each["publishers"].plain()))
            for each in approved
        )

    return sorted({_shown(program) for program in _programs(facts) if not program["hidden"] and not known(program)})


def _letters(text: Any) -> str:
    return _NOT_A_LETTER.sub("", str(text or "").casefold())


def banned_programs(facts: Facts) -> list[str]:
    """Programs that the charter names as banned, found in their key, publisher or shown name."""
    words = [_letters(word) for word in facts["workstation_register"]["banned"].some()]
    found = []
    for program in _programs(facts):
        told = [_letters(program[part]) for part in ("key", "publisher", "name")]
        if any(word in text for word in words for text in told):
            found.append(_shown(program))
    return sorted(set(found))


def licences_short(facts: Facts) -> list[str]:
    """Programs of this machine that are installed on more machines than the house has licences for.

    :raises MissingFact: none is, but one would be if it were on all the machines that were not read.
    """
    keys = [program["key"] for program in _programs(facts)]
    found, untold = [], ""
    for licence in facts["workstation_register"]["licences"].some():
        name, installed, owned, unread = (licence[part] for part in ("name", "installed", "owned", "unread"))
        patterns = licence["keys"].some().plain()
        if not any(matches(key, patterns) for key in keys):
            continue
        if installed > owned:
            found.append(say("licences_short", name, installed, owned))
        elif installed + unread > owned:
            untold = f"{name}: {installed} installed, {owned} licences, and {unread} machines were not read"
    if untold and not found:
        raise MissingFact(f"workstation_register.licences: {untold}")
    return found


def office_out_of_support(facts: Facts) -> list[str]:
    """Office suites that their publisher mends no more."""
    register = facts["workstation_register"]
    suites, today = register["office_suites"].plain(), day_of(register["day"], "workstation_register.day")
    releases = list(register["office"].some())
    if not suites:
        raise MissingFact("workstation_register.office_suites (empty)")
    found = []
    for key in (program["key"] for program in _programs(facts)):
        if not matches(key, suites):
            continue
        release = next((each for each in releases if matches(key, each["keys"].some().plain())), None)
        if release is None:
            raise MissingFact(f"workstation_register.office: {key} is not in the table")
        until = release["until"]
        if until is not None and day_of(until, "workstation_register.office.until") < today:
            found.append(say("support_ended", release["name"], until))
    return sorted(set(found))


#: By the name that the catalogue gives them.
SOFTWARE_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (unapproved_programs, banned_programs, licences_short, office_out_of_support)
}
