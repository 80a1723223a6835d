"""Days of Windows: when its monthly updates come out, and how long one has been waiting."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from ansible.module_utils.policy.facts import MissingFact

_TUESDAY = 1


def day_of(text: Any, path: str) -> date:
    """The day that a fact tells, of which only the date counts.

    :raises MissingFact: it tells none.
    """
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError as error:
        raise MissingFact(f"{path}: {text!r} is not a date") from error


def release_day(year: int, month: int) -> date:
    """The second Tuesday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(_TUESDAY - first.weekday()) % 7 + 7)


def _releases_after(day: date) -> Iterator[date]:
    year, month = day.year, day.month
    while True:
        release = release_day(year, month)
        if release > day:
            yield release
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def days_waiting(installed: date, today: date) -> int:
    """Days since the first monthly update that came out after the last one that was installed; 0 when there is none yet.

    Updates are cumulative: whoever installed anything on the day of one or later has it, as far as a date can tell.
    """
    return max((today - next(_releases_after(installed))).days, 0)
