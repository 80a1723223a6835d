"""How much of the disk is used, and what is done when a repository has filled its part.

A repository that is closed takes no new data and gives back what it has: locks, keys and everything that is there stay.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from typing import Any

from backuprepo.settings import Settings

#: What grows with a backup.
_GROWS = ("data", "index", "snapshots")
_OPEN, _CLOSED = 0o700, 0o500
#: An upload that was cut off leaves a file with another name than its digest.
_LEFT_OVER_AFTER = 2 * 24 * 3600
_DIGEST_LENGTH = 64


def size(folder: str) -> int:
    """Bytes of all files below."""
    return sum(os.lstat(os.path.join(at, name)).st_size for at, _, names in os.walk(folder) for name in names)


def free_percent(folder: str) -> int:
    """What is left of the disk."""
    room = os.statvfs(folder)
    return 100 * room.f_bavail // max(room.f_blocks, 1)


def _folders(repository: str) -> Iterator[str]:
    for name in _GROWS:
        top = os.path.join(repository, name)
        if os.path.isdir(top):
            yield top
            yield from (each.path for each in os.scandir(top) if each.is_dir(follow_symlinks=False))


def is_closed(repository: str) -> bool:
    """Whether it takes nothing new."""
    folders = list(_folders(repository))
    return bool(folders) and all(not stat.S_IMODE(os.stat(each).st_mode) & 0o200 for each in folders)


def set_closed(repository: str, closed: bool) -> None:
    """Let it take nothing new, or let it again; only what differs is touched."""
    for each in _folders(repository):
        if stat.S_IMODE(os.stat(each).st_mode) != (_CLOSED if closed else _OPEN):
            os.chmod(each, _CLOSED if closed else _OPEN)


def remove_left_overs(repository: str, now: float) -> int:
    """Remove what uploads left that were cut off days ago; nothing that is part of the repository has such a name."""
    gone = 0
    for folder in _folders(repository):
        for each in list(os.scandir(folder)):
            if not each.is_file(follow_symlinks=False) or _is_digest(each.name):
                continue
            if now - each.stat(follow_symlinks=False).st_mtime > _LEFT_OVER_AFTER:
                os.unlink(each.path)
                gone += 1
    return gone


def _is_digest(name: str) -> bool:
    return len(name) == _DIGEST_LENGTH and set(name) <= set("0123456789abcdef")


def _newest(repository: str) -> float:
    """When a backup arrived last."""
    folder = os.path.join(repository, "snapshots")
    return max((each.stat().st_mtime for each in os.scandir(folder)), default=0.0) if os.path.isdir(folder) else 0.0


def watch(settings: Settings, state: dict[str, Any], now: float) -> list[str]:
    """Measure, close what is full, open what is no longer; what somebody should know."""
    wrong: list[str] = []
    if not os.path.isdir(settings.folder):
        return [f"{settings.folder} is not there"]
    free = free_percent(settings.folder)
    state["free_percent"], state["watched_at"] = free, int(now)
    if free < settings.reserve_percent:
        wrong.append(f"the disk is full: {settings.reserve_percent} % must stay free; nothing new is taken")
    elif free < settings.free_percent:
        wrong.append(f"the disk fills up: less than {settings.free_percent} % is free")
    for name, quota in sorted(settings.quotas.items()):
        repository = os.path.join(settings.folder, name)
        if not os.path.isdir(repository):
            wrong.append(f"{name}: the repository is not there")
            continue
        remove_left_overs(repository, now)
        used, entry = size(repository), state.setdefault("repositories", {}).setdefault(name, {})
        full = used > quota
        set_closed(repository, full or free < settings.reserve_percent)
        entry.update(bytes=used, quota_bytes=quota, closed=is_closed(repository))
        since = entry.setdefault("since", int(now))
        if now - max(_newest(repository), since) > settings.arrival_hours * 3600:
            wrong.append(f"{name}: nothing has arrived for {settings.arrival_hours} hours")
        if full:
            wrong.append(f"{name}: its part of the disk is full; it takes nothing new")
        wrong += [
            f"{name}: no successful {what} for {hours} hours"
            for what, hours in (("prune", settings.late_hours), ("check", settings.check_days * 24))
            if now - entry.get(what, {}).get("ok_at", since) > hours * 3600
        ]
    return wrong


def clock_is_believed(state: dict[str, Any], settings: Settings, now: float) -> bool:
    """Whether the clock went on since the last run as clocks do. A repository that slept for long is the same."""
    last = state.get("last_prune_clock", now)
    return -settings.retention.future_minutes * 60 <= now - last <= settings.gap_days * 24 * 3600


def today() -> float:
    """The clock."""
    return time.time()
