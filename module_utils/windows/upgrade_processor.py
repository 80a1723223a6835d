"""Whether a processor is recent enough for a release of Windows, from its name and an editable list."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ansible.module_utils.windows.upgrade_data import ProcessorRule

SUPPORTED, TOO_OLD, UNKNOWN = "supported", "too_old", "unknown"
#: Marks of ownership and repeated blanks, which makers write one time and not another.
_MARKS = re.compile(r"\((?:R|TM|C)\)|[®™©]|\bCPU\b|@.*$", re.IGNORECASE)


def plain_name(name: str) -> str:
    """The name without marks, frequency and repeated blanks."""
    return " ".join(_MARKS.sub(" ", name).split())


def judge_processor(name: str | None, rules: Sequence[ProcessorRule]) -> str:
    """Supported, too old, or unknown; never guessed from a name that no line knows."""
    shown = plain_name(name or "")
    for rule in rules:
        found = rule.pattern.search(shown)
        if found and rule.verdict:
            return rule.verdict
        if found and rule.at_least is not None:
            return SUPPORTED if int(found["number"]) >= rule.at_least else TOO_OLD
    return UNKNOWN
