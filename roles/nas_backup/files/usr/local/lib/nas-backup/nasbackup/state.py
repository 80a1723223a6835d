"""What the backup writes down, and the alerts that it raises: once when something goes wrong, again each day that it
stays so, and once when it is over.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import syslog
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

STATE = "state.json"
_LOCK = "run.lock"
_AGAIN_AFTER = 24 * 3600
_SECONDS = 60

Tell = Callable[[int, str], None]
ALERT, NOTICE = syslog.LOG_ALERT, syslog.LOG_NOTICE


class BusyError(Exception):
    """Another run is under way."""


@contextlib.contextmanager
def alone(folder: str) -> Iterator[None]:
    """One run at a time; the lock goes with the process, however it ends.

    :raises BusyError: another run is under way.
    """
    with open(os.path.join(folder, _LOCK), "a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError("another backup is under way") from error
        yield


def read_json(folder: str, name: str) -> dict[str, Any]:
    """What was written down; empty when nothing was, or not readable."""
    try:
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError, TypeError):
        return {}


def write_json(folder: str, name: str, content: dict[str, Any]) -> None:
    """In one step: a power cut leaves the former file or the new one."""
    fresh = os.path.join(folder, f"{name}.new")
    try:
        with open(fresh, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, os.path.join(folder, name))
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(fresh)
        raise


def settle(state: dict[str, Any], parts: Sequence[str], wrong: Sequence[tuple[str, str]], tell: Tell) -> None:
    """Bring the alerts of some parts in line with what is wrong there now, telling what is new, old, or over.

    What is wrong is a part and a sentence. Two sentences about one part that begin alike (before the first digit) are
    the same alert: figures move from one day to the next.
    """
    now = int(time.time())
    alerts: list[dict[str, Any]] = list(state.get("alerts", []))
    others = [each for each in alerts if each["part"] not in parts]
    before = {(each["part"], _gist(each["what"])): each for each in alerts if each["part"] in parts}
    kept: list[dict[str, Any]] = []
    for part, what in wrong:
        alert = before.pop((part, _gist(what)), None) or {"part": part, "since": now, "told_at": 0}
        alert["what"] = what
        # A clock that went back must not silence an alert.
        if not 0 <= now - alert["told_at"] < _AGAIN_AFTER:
            tell(ALERT, what)
            alert["told_at"] = now
        kept.append(alert)
    for alert in before.values():
        tell(NOTICE, f"over: {alert['what']}")
    state["alerts"] = others + kept


def _gist(what: str) -> str:
    for position, character in enumerate(what):
        if character.isdigit():
            return what[:position]
    return what


def teller(command: Sequence[str]) -> Tell:
    """Says it in the system's log, which goes to the log server, and to a command when the site has one."""

    def tell(level: int, what: str) -> None:
        syslog.openlog("nas-backup", syslog.LOG_PID, syslog.LOG_DAEMON)
        syslog.syslog(level, what)
        sys.stderr.write(f"nas-backup: {what}\n")
        sys.stderr.flush()
        if command:
            try:
                subprocess.run(
                    list(command), input=f"{what}\n", text=True, timeout=_SECONDS, check=True, capture_output=True
                )
            except (OSError, subprocess.SubprocessError) as error:
                syslog.syslog(syslog.LOG_ERR, f"the alert was not sent: {error}")

    return tell
