"""What is not as it should be although nothing failed: a clock that jumped, and growth that nobody's work explains."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from nasbackup.settings import Settings

#: Sets with fewer files than this change by large parts every day.
_FEW_FILES = 50
_MIB = 1 << 20


def moment(text: str) -> float:
    """A time as restic writes it, in seconds; its nanoseconds are more than Python reads."""
    head, _, rest = text.partition(".")
    zone = next((rest[position:] for position, sign in enumerate(rest) if sign in "Z+-"), "")
    return datetime.fromisoformat((head + zone).replace("Z", "+00:00") if rest else text).timestamp()


def time_to_write(own: float, servers: Mapping[str, float], tolerance: float) -> tuple[float, list[tuple[str, str]]]:
    """The time that snapshots are dated by, and whose clock is wrong.

    A day without a copy is worse than one with a wrong date, so nothing is refused. Of three clocks (ours, and those of
    the servers, who prove who they are) the middle one is believed; of two that disagree, the servers', which a fault of
    this host does not move; and somebody is told.
    """
    if not servers:
        return own, []
    right = statistics.median([own, *servers.values()]) if len(servers) > 1 else next(iter(servers.values()))
    wrong = [
        (f"clock:{name}", f"the clock of the server of {name} is off by {round(at - right)} s")
        for name, at in sorted(servers.items())
        if abs(at - right) > tolerance
    ]
    if abs(own - right) <= tolerance:
        return own, wrong
    told = f"this host's clock is off by {round(own - right)} s; snapshots are dated by the servers"
    return right, [("clock:own", told), *wrong]


def from_the_future(snapshots: Sequence[Mapping[str, Any]], now: float, tolerance: float) -> list[str]:
    """Sets with a snapshot that is dated later than now: it hides how old the genuine ones are."""
    return sorted({str(tag) for each in snapshots if moment(each["time"]) > now + tolerance for tag in each["tags"]})


def strange_growth(former: Mapping[str, Any], latest: Mapping[str, Any], settings: Settings) -> list[str]:
    """Signs that somebody's program rewrote or removed the files, in what restic counted of two snapshots of a set."""
    if not former:
        return []
    found = []
    added, before = int(latest["data_added"]), int(former["total_bytes_processed"])
    allowed = max(settings.growth_floor_mib * _MIB, before * settings.growth_percent / 100)
    if added > allowed:
        found.append(
            f"strange growth: {added // _MIB} MiB are new, where {before // _MIB} MiB were saved before"
            f" and {round(allowed) // _MIB} MiB would be much; look for malware before the old snapshots are gone"
        )
    files, files_before = int(latest["total_files_processed"]), int(former["total_files_processed"])
    if files_before >= _FEW_FILES:
        changed = 100 * int(latest["files_changed"]) / files_before
        gone = 100 * (files_before - files) / files_before
        if changed > settings.changed_percent:
            found.append(f"strange change: {round(changed)} % of the files were changed since the last snapshot")
        if gone > settings.changed_percent:
            found.append(f"strange loss: {round(gone)} % of the files are gone since the last snapshot")
    return found


def limited(settings: Settings, now: float) -> bool:
    """Whether people work now, so that the line is theirs first."""
    local = datetime.fromtimestamp(now, ZoneInfo(settings.timezone))
    hour = f"{local.hour:02}:{local.minute:02}"
    return local.weekday() in settings.working_days and settings.working_from <= hour < settings.working_to
