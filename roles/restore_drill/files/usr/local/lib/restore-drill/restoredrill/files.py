"""Bringing back a file, a folder or a whole set, beside what is there or in its place, for somebody who asks for it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import time
import urllib.parse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from restoredrill.drill import top
from restoredrill.restic import DrillError, Node, Restic, Snapshot

_CONNECT_SECONDS = 10
_SHOWN = 5


@dataclass(frozen=True)
class Wish:
    """What is asked for."""

    set: str
    path: str
    date: str
    repository: str
    to: str
    in_place: bool
    overwrite: bool


def repositories(settings: Mapping[str, Any], wanted: str, seconds: float) -> list[Restic]:
    """Those that answer, of all or of the one that is named.

    :raises DrillError: none of that name, or none that answers.
    """
    names = [each["name"] for each in settings["repositories"]]
    if wanted and wanted not in names:
        raise DrillError(f"no repository is called {wanted}; there are {', '.join(names)}")
    found = []
    for each in settings["repositories"]:
        if wanted in ("", each["name"]) and _answers(each["url"]):
            found.append(Restic(each["name"], environment(each), seconds))
    if not found:
        raise DrillError(f"{wanted or ' and '.join(names)}: not reached; check the network, the tunnel and the machine")
    return found


def environment(repository: Mapping[str, str]) -> dict[str, str]:
    """What restic has to know to open a repository; secrets stay in files and in the environment."""
    with open(repository["password_file"], encoding="utf-8") as file:
        password = file.read().strip()
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LC_ALL": "C.UTF-8",
        "RESTIC_REPOSITORY": f"rest:{repository['url']}",
        "RESTIC_REST_USERNAME": repository["user"],
        "RESTIC_REST_PASSWORD": password,
        "RESTIC_PASSWORD_FILE": repository["key_file"],
        "RESTIC_CACERT": repository["ca_file"],
        "RESTIC_CACHE_DIR": os.environ.get("RESTIC_CACHE_DIR", "/var/cache/restore-files"),
    }


def _answers(url: str) -> bool:
    parts = urllib.parse.urlsplit(url)
    with (
        contextlib.suppress(OSError),
        socket.create_connection((parts.hostname or "", parts.port or 443), _CONNECT_SECONDS),
    ):
        return True
    return False


def dated(snapshots: Sequence[Snapshot], date: str, what: str) -> Snapshot:
    """The newest, or the newest that is not younger than a date: a day (its end) or a moment.

    :raises DrillError: the date is none, or nothing is that old.
    """
    if not snapshots:
        raise DrillError(f"no backup of {what} is there")
    if not date:
        limit = time.time() + 3600
    else:
        try:
            moment = datetime.fromisoformat(date)
        except ValueError as error:
            raise DrillError(f"{date} is no date such as 2026-11-20 or 2026-11-20T18:00") from error
        limit = (moment + timedelta(days=1) if len(date) == len("2026-11-20") else moment).timestamp()
    old_enough = [each for each in snapshots if each.at <= limit]
    if not old_enough:
        raise DrillError(f"the oldest backup of {what} is of {_day(snapshots[0].at)}, after {date}")
    return old_enough[-1]


def bring_back(source: Restic, host: str, wish: Wish) -> dict[str, Any]:
    """Restore what is asked for.

    :raises DrillError: it is not there, or something would be overwritten that nobody said may be.
    """
    snapshot = dated(source.snapshots(host, wish.set), wish.date, f"{wish.set} of {host} in {source.name}")
    nodes = source.nodes(snapshot.id)
    wanted = select(nodes, wish.path)
    if not wanted:
        raise DrillError(
            f"{wish.path} is not in the backup of {_day(snapshot.at)}" + _near(nodes, wish.path) + "; try another date"
        )
    files = [node for node in wanted if node.kind == "file"]
    target = "/" if wish.in_place else wish.to
    existing = [node.path for node in wanted if node.kind != "dir" and os.path.lexists(_at(target, node.path))]
    if existing and not wish.overwrite:
        raise DrillError(
            f"{len(existing)} files are there already, {existing[0]} among them; nothing was restored."
            " Restore elsewhere, or say that they may be overwritten"
        )
    _refuse_without_room(target, sum(node.size for node in files))
    began = time.monotonic()
    paths = [wish.path.rstrip("/")] if wish.path else top(nodes)
    source.restore(snapshot.id, target, paths, "if-changed" if wish.overwrite else "never")
    return {
        "repository": source.name,
        "set": wish.set,
        "snapshot": snapshot.id[:8],
        "saved_at": snapshot.at,
        "saved": _day(snapshot.at),
        "to": _at(target, wish.path) if wish.path else target,
        "files": len(files),
        "bytes": sum(node.size for node in files),
        "overwritten": len(existing),
        "seconds": round(time.monotonic() - began, 2),
    }


def select(nodes: Sequence[Node], path: str) -> list[Node]:
    """A path and what is below it; without one, everything."""
    wanted = path.rstrip("/")
    return [node for node in nodes if not wanted or node.path == wanted or node.path.startswith(f"{wanted}/")]


def _near(nodes: Sequence[Node], path: str) -> str:
    name = os.path.basename(path.rstrip("/"))
    same = [node.path for node in nodes if os.path.basename(node.path).casefold() == name.casefold()]
    return f" (the same name is at {', '.join(same[:_SHOWN])})" if same else ""


def _refuse_without_room(target: str, size: int) -> None:
    place = target
    while not os.path.isdir(place):
        place = os.path.dirname(place)
    free = shutil.disk_usage(place).free
    if size > free * 0.95:
        raise DrillError(f"{place} has {free // 1024**2} MB free and {size // 1024**2} MB are to be restored")


def _at(target: str, path: str) -> str:
    return os.path.join(target, path.lstrip("/"))


def _day(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().isoformat(timespec="minutes")


def read_settings(path: str) -> dict[str, Any]:
    """Where the backups of a host are, as the backup's own settings say it.

    :raises DrillError: they cannot be read.
    """
    try:
        with open(path, encoding="utf-8") as file:
            found: dict[str, Any] = json.load(file)
        _ = found["host"], [each["url"] for each in found["repositories"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DrillError(f"{path}: {error}") from error
    return found
