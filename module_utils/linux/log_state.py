"""How a host keeps its logs: what is there, not what was asked for. Read as root. Standard library only, Python 3.11."""

from __future__ import annotations

import contextlib
import glob
import grp
import gzip
import hashlib
import json
import os
import pwd
import re
import stat
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

_ISO = re.compile(r"^\D{0,40}?(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}")
_BSD = re.compile(r"^([A-Z][a-z]{2} +\d{1,2}) \d{2}:\d{2}:\d{2} ")
_EPOCH = re.compile(r"^(\d{10})\.\d+\s")
_SECONDS = 60
_DAY = 24 * 3600
#: A file that was turned is packed at the next turn; a day more for the hours between.
_PACKED_AFTER_DAYS = 3
ALERTS = "/run/log-watch/alerts.json"
NOBODY = "nobody"


class LogError(Exception):
    """The logs cannot be read or tried; the message says what to do."""


def run(*command: str, check: bool = True, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    """A command of the system with its output.

    :raises LogError: it is not there, failed, or did not end.
    """
    try:
        return subprocess.run(
            command,
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
            input=stdin if stdin is not None else "",
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=check,
        )
    except subprocess.CalledProcessError as error:
        raise LogError(f"{' '.join(command[:3])} failed: {(error.stderr or error.stdout).strip()[:300]}") from error
    except (OSError, subprocess.SubprocessError) as error:
        raise LogError(f"{command[0]}: {error}") from error


def live_files(patterns: Iterable[Mapping[str, str]]) -> list[tuple[str, str]]:
    """Name and path of every log that is being written; a pattern may stand for several."""
    return [(log["name"], path) for log in patterns for path in sorted(glob.glob(log["path"])) if os.path.isfile(path)]


def first_day(path: str) -> str | None:
    """The day of the first line that bears one."""
    with gzip.open(path, "rt", errors="replace") if path.endswith(".gz") else open(path, errors="replace") as file:
        for number, line in enumerate(file):
            if match := _ISO.match(line):
                return match[1]
            if match := _EPOCH.match(line):
                return datetime.fromtimestamp(int(match[1]), UTC).date().isoformat()
            if match := _BSD.match(line):
                return _without_year(match[1], os.stat(path).st_mtime)
            if number > 100:
                break
    return None


def last_lines(files: Iterable[Mapping[str, str]]) -> list[dict[str, str]]:
    """A digest of the last whole line of each log that has one, so that it can be found elsewhere without being shown."""
    found = []
    for name, path in live_files(files):
        with open(path, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 65536))
            whole = [line.strip() for line in file.read().split(b"\n")[:-1] if line.strip()]
        if whole:
            found.append({"name": name, "digest": digest(whole[-1])})
    return found


def digest(line: bytes) -> str:
    """What a line is known by without being shown."""
    return hashlib.sha256(line.strip()).hexdigest()


def _without_year(text: str, written: float) -> str:
    year = time.localtime(written).tm_year
    day = datetime.strptime(f"{year} {text}", "%Y %b %d")
    return (day if day.timestamp() <= written + _DAY else day.replace(year=year - 1)).date().isoformat()


def kept(patterns: Sequence[Mapping[str, str]], now: float) -> list[dict[str, Any]]:
    """Each log: who may open it and its folder, its days, and what was turned but not packed."""
    found = []
    for log in patterns:
        paths = live_files([log])
        if not paths:
            found.append({"name": log["name"], "path": log["path"], "present": False})
        found += [_file(name, path, now) for name, path in paths]
    return found


def overdue(files: Iterable[Mapping[str, Any]], days: int, today: date) -> list[str]:
    """Logs that hold a line older than what is kept, and the day that passes between two turns."""
    limit = (today - timedelta(days=days + 1)).isoformat()
    return [
        str(each["path"]) for each in files if each["present"] and each["oldest_day"] and each["oldest_day"] < limit
    ]


def _file(name: str, path: str, now: float) -> dict[str, Any]:
    turned = [old for old in glob.glob(f"{glob.escape(path)}-*") if os.path.isfile(old)]
    days = [day for old in [*turned, path] if (day := first_day(old))]
    return {
        "name": name,
        "path": path,
        "present": True,
        **_access(path),
        "open_files": sorted(each for each in [*turned, os.path.dirname(path)] if not _access(each)["closed"]),
        "oldest_day": min(days, default=None),
        "live_since": first_day(path),
        "unpacked": sorted(
            old for old in turned if not old.endswith(".gz") and now - os.stat(old).st_mtime > _PACKED_AFTER_DAYS * _DAY
        ),
    }


def _access(path: str) -> dict[str, Any]:
    """Owner, group and mode; closed when others may do nothing and the group may not change it."""
    state = os.stat(path)
    mode = stat.S_IMODE(state.st_mode)
    return {
        "owner": _name(pwd.getpwuid, state.st_uid),
        "group": _name(grp.getgrgid, state.st_gid),
        "mode": f"{mode:04o}",
        "closed": not mode & (stat.S_IRWXO | stat.S_IWGRP),
    }


def _name(lookup: Any, number: int) -> str:
    try:
        return str(lookup(number)[0])
    except KeyError:
        return str(number)


def group_readers(files: Iterable[Mapping[str, Any]]) -> list[str]:
    """Accounts that may read the files through their group, beside any command."""
    found: set[str] = set()
    for group in {str(each["group"]) for each in files if each["present"]}:
        with contextlib.suppress(KeyError):
            entry = grp.getgrnam(group)
            found |= set(entry.gr_mem) | {each.pw_name for each in pwd.getpwall() if each.pw_gid == entry.gr_gid}
    # The account that only serves the program that writes is no reader of anybody's.
    return sorted(found - {str(each["owner"]) for each in files if each["present"]} - {"root"})


def readable_by_nobody(paths: Iterable[str]) -> list[str]:
    """The files that an account without any right could really open."""
    opened = []
    for path in paths:
        done = run("setpriv", f"--reuid={NOBODY}", "--clear-groups", "--", "head", "-c1", path, check=False)
        if done.returncode == 0:
            opened.append(path)
    return opened


def rotation(paths: Iterable[str]) -> dict[str, Any]:
    """Whether something turns each log, in the settings that are read: logrotate says what it considers."""
    shown = run("logrotate", "--debug", "/etc/logrotate.conf", check=False)
    considered = set(re.findall(r"^considering log (\S+)", shown.stdout + shown.stderr, re.MULTILINE))
    return {
        "timer": active("logrotate.timer"),
        "not_turned": sorted(set(paths) - considered),
        "duplicates": sorted(set(re.findall(r"duplicate log entry for (\S+)", shown.stderr))),
    }


def active(unit: str) -> bool:
    """Whether a unit runs now and will again after a restart."""
    return all(
        run("systemctl", word, "--quiet", unit, check=False).returncode == 0 for word in ("is-active", "is-enabled")
    )


def alerts() -> list[str]:
    """What the watch of the logs raises now.

    :raises LogError: nothing watches.
    """
    try:
        if time.time() - os.stat(ALERTS).st_mtime > 3600:
            raise LogError(f"{ALERTS} is old: nothing watches the logs; look at log-watch.timer")
        with open(ALERTS, encoding="utf-8") as file:
            return [str(each["text"]) for each in json.load(file)]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LogError(f"{ALERTS}: {error}; look at log-watch.timer") from error


def clock() -> dict[str, Any]:
    """How far the clock is from its source, in seconds (chronyc tracking, comma separated)."""
    fields = run("chronyc", "-c", "-n", "tracking").stdout.strip().split(",")
    return {
        "synchronised": fields[13] != "Not synchronised" and int(fields[2]) > 0,
        "offset_seconds": round(float(fields[4]), 3),
    }
