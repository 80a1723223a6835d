"""What the runs write down, and the alerts that they raise: once when something goes wrong, again each day that it stays
so, and once when it is over.
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
_AGAIN_AFTER = 24 * 3600
_SECONDS = 60
Tell = Callable[[int, str], None]


def read_state(folder: str) -> dict[str, Any]:
    """What was written down; empty when nothing was, or not readable."""
    try:
        with open(os.path.join(folder, STATE), encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError, TypeError):
        return {}


@contextlib.contextmanager
def changed_state(folder: str) -> Iterator[dict[str, Any]]:
    """The state, written back in one step; two programs wait for each other."""
    with open(os.path.join(folder, "state.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = read_state(folder)
        yield state
        fresh = os.path.join(folder, f"{STATE}.new")
        with open(fresh, "w", encoding="utf-8") as file:
            json.dump(state, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, os.path.join(folder, STATE))


def merge(state: dict[str, Any], mine: dict[str, Any], what: str) -> None:
    """Take over from a run that took its time what is its own."""
    for name, entry in mine.get("repositories", {}).items():
        if what in entry:
            state.setdefault("repositories", {}).setdefault(name, {})[what] = entry[what]
    if what == "prune" and "last_prune_clock" in mine:
        state["last_prune_clock"] = mine["last_prune_clock"]


def settle(state: dict[str, Any], part: str, wrong: Sequence[str], tell: Tell) -> None:
    """Bring the alerts of one part in line with what is wrong now, telling what is new, old, or over."""
    now = int(time.time())
    alerts: list[dict[str, Any]] = list(state.get("alerts", []))
    before = {each["what"]: each for each in alerts if each.get("part") == part}
    kept = []
    for what in wrong:
        alert = before.pop(what, None) or {"part": part, "what": what, "since": now, "told_at": 0}
        if now - alert["told_at"] >= _AGAIN_AFTER:
            tell(syslog.LOG_ALERT, what)
            alert["told_at"] = now
        kept.append(alert)
    for what in before:
        tell(syslog.LOG_NOTICE, f"over: {what}")
    state["alerts"] = [each for each in alerts if each.get("part") != part] + kept


def teller(command: Sequence[str]) -> Tell:
    """Says it in the system's log, and to a command when the site has one."""

    def tell(level: int, what: str) -> None:
        syslog.openlog("backup-repository", syslog.LOG_PID, syslog.LOG_DAEMON)
        syslog.syslog(level, what)
        sys.stderr.write(f"backup-repository: {what}\n")
        if command:
            try:
                subprocess.run(
                    list(command), input=f"{what}\n", text=True, timeout=_SECONDS, check=True, capture_output=True
                )
            except (OSError, subprocess.SubprocessError) as error:
                syslog.syslog(syslog.LOG_ERR, f"the alert was not sent: {error}")

    return tell
