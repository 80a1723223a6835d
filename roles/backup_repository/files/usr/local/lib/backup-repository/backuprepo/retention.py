"""Which snapshots stay, by age: no clock is read and nothing is asked.

It is what restic's --keep-within-daily and its kin do, but for the age. restic goes by the date that a snapshot bears, and
whoever holds a stolen key chooses it: one that is dated late in the evening of each day gone by pushes out the genuine one
of that day. Here the age is that of the arrival, which the repository's own disk knows and no client can choose; what
bears another date than that of its arrival is reported, and pushes nothing out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

DAY = 24 * 3600


@dataclass(frozen=True)
class Retention:
    """For how many days: everything, the last one of each day, of each week, of each month; and what is never passed."""

    every_days: int
    daily_days: int
    weekly_days: int
    monthly_days: int
    limit_days: int
    #: How far the date of a snapshot may be from its arrival: as long as a backup may take.
    misdated_hours: int
    #: How far clocks may be ahead.
    future_minutes: int


@dataclass(frozen=True)
class Snapshot:
    """One snapshot: the date it bears, and when it arrived, in seconds."""

    id: str
    group: str
    dated: float
    arrived: float


@dataclass
class Decision:
    """What stays, what goes, and what is not dated when it arrived."""

    keep: list[str] = field(default_factory=list)
    remove: list[str] = field(default_factory=list)
    future: list[str] = field(default_factory=list)
    misdated: list[str] = field(default_factory=list)


def decide(snapshots: Iterable[Snapshot], retention: Retention, now: float) -> Decision:
    """Which snapshots stay at that time."""
    decision = Decision()
    groups: dict[str, list[Snapshot]] = {}
    strange: list[Snapshot] = []
    for each in sorted(snapshots, key=lambda one: (one.arrived, one.id), reverse=True):
        if max(each.dated, each.arrived) > now + retention.future_minutes * 60:
            decision.future.append(each.id)
            strange.append(each)
        elif abs(each.dated - each.arrived) > retention.misdated_hours * 3600:
            decision.misdated.append(each.id)
            strange.append(each)
        else:
            groups.setdefault(each.group, []).append(each)
    kept = {each.id for members in groups.values() for each in _kept(members, retention)}
    # Somebody must look at them first; in the end they go like everything else.
    newest = max((members[0].arrived for members in groups.values()), default=None)
    kept |= {each.id for each in strange if newest is None or newest - each.arrived <= retention.limit_days * DAY}
    every = [*strange, *(each for members in groups.values() for each in members)]
    decision.keep = sorted(each.id for each in every if each.id in kept)
    decision.remove = sorted(each.id for each in every if each.id not in kept)
    return decision


def _kept(newest_first: list[Snapshot], retention: Retention) -> Iterable[Snapshot]:
    """Ages count from the newest genuine one: where nothing new arrives nothing goes."""
    seen: set[tuple[str, str]] = set()
    for each in newest_first:
        age = (newest_first[0].arrived - each.arrived) / DAY
        day = datetime.fromtimestamp(each.arrived, UTC)
        wanted = age <= retention.every_days
        for days, name in (
            (retention.daily_days, day.strftime("day %Y-%m-%d")),
            (retention.weekly_days, day.strftime("week %G-%V")),
            (retention.monthly_days, day.strftime("month %Y-%m")),
        ):
            if age <= days and (each.group, name) not in seen:
                seen.add((each.group, name))
                wanted = True
        if wanted and age <= retention.limit_days:
            yield each


def parse_time(text: str) -> float:
    """The time that restic writes, with more digits than datetime takes."""
    head, _, rest = text.replace("Z", "+00:00").partition(".")
    if rest:
        sign = max(rest.find("+"), rest.find("-"))
        head += rest[sign:] if sign >= 0 else "+00:00"
    return datetime.fromisoformat(head).timestamp()


def snapshot(listed: Mapping[str, Any], arrived: float) -> Snapshot:
    """A snapshot as restic lists it. Each set of each host is a group of its own."""
    group = "/".join([str(listed.get("hostname", "")), *sorted(listed.get("tags") or listed.get("paths") or [])])
    return Snapshot(str(listed["id"]), group, parse_time(str(listed["time"])), arrived)


def depth(retention: Retention, now: float, days: int = 800) -> dict[str, int]:
    """What the retention does with a snapshot of every day, over the coming weeks: how far back each kind reaches.

    daily: there is one of each day; weekly: there is one at most a week away; longest: the oldest of all.
    """
    daily = weekly = days
    longest = 0
    for ahead in range(62):
        today = now + ahead * DAY
        made = [Snapshot(f"{age:04}", "trial", today - age * DAY, today - age * DAY) for age in range(days)]
        kept = sorted(int(each) for each in decide(made, retention, today).keep)
        gaps = list(zip(kept, [*kept[1:], 2 * days], strict=True))
        daily = min(daily, next(old for old, new in gaps if new - old > 1))
        weekly = min(weekly, next(old for old, new in gaps if new - old > 7) + 7)
        longest = max(longest, kept[-1])
    return {"daily_days": daily, "weekly_days": weekly, "longest_days": longest}
