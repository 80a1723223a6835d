"""What the alarms write down, and how they are told: once when something goes wrong, again each day that it stays so, and
once when it is over. What somebody did is told once, and stays written for a day.
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
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

_DAY = 24 * 3600
_SECONDS = 60
#: The same deed of the same person is told again after this long.
_DEED_AGAIN = 600
_MOST_DEEDS = 200

Tell = Callable[[int, str], None]


def read_state(folder: str) -> dict[str, Any]:
    """What was written down; empty when nothing was, or not readable."""
    try:
        with open(os.path.join(folder, "state.json"), encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError, TypeError):
        return {}


@contextlib.contextmanager
def changed_state(folder: str) -> Iterator[dict[str, Any]]:
    """The state, written back in one step; programs wait for each other."""
    with open(os.path.join(folder, "state.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = read_state(folder)
        yield state
        replace_file(os.path.join(folder, "state.json"), json.dumps(state, indent=1, sort_keys=True), 0o600)


def replace_file(path: str, content: str, mode: int) -> None:
    """Write a file in one step: a reader finds the former or the new one, whole."""
    fresh = f"{path}.new"
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(fresh)
        raise


def settle(state: dict[str, Any], part: str, wrong: Sequence[str], tell: Tell) -> None:
    """Bring the alerts of one part in line with what is wrong now, telling what is new, old, or over."""
    now = int(time.time())
    alerts: list[dict[str, Any]] = list(state.get("alerts", []))
    others = [each for each in alerts if each.get("part") != part]
    before = {each["what"]: each for each in alerts if each.get("part") == part}
    kept = []
    for what in wrong:
        alert = before.pop(what, None) or {"part": part, "what": what, "since": now, "told_at": 0}
        if now - alert["told_at"] >= _DAY:
            tell(syslog.LOG_ALERT, what)
            alert["told_at"] = now
        kept.append(alert)
    for what in before:
        tell(syslog.LOG_NOTICE, f"over: {what}")
    state["alerts"] = others + kept


def note_deed(state: dict[str, Any], deed: Mapping[str, Any], tell: Tell) -> bool:
    """Write down what somebody did and tell it, unless the same was told a moment ago; whether it was told.

    What the audit does to try the alarm is written down alike, and told as a notice: nobody is to get up for it.
    """
    now = time.time()
    key = ("kind", "person", "machine", "share", "trial")
    kept = [each for each in state.get("deeds", []) if now - each["at"] < _DAY][-_MOST_DEEDS:]
    again = any(now - each["at"] < _DEED_AGAIN and all(each.get(k) == deed.get(k) for k in key) for each in kept)
    if not again or deed.get("trial"):
        kept.append({**deed, "at": now})
        tell(syslog.LOG_NOTICE if deed.get("trial") else syslog.LOG_ALERT, _sentence(deed))
    state["deeds"] = kept
    return not again


def _sentence(deed: Mapping[str, Any]) -> str:
    who = f"{deed['person']} from {deed['machine']} on {deed['share']}"
    said = {
        "name": "suspicious name refused",
        "changes": f"{deed.get('count')} files renamed or deleted within {deed.get('seconds')} s",
        "writes": f"{deed.get('count')} files written within {deed.get('seconds')} s",
    }[deed["kind"]]
    return f"{'trial of the audit: ' if deed.get('trial') else ''}{said}: {who}: {deed['what']}"


def teller(command: Sequence[str]) -> Tell:
    """Says it in the system's log, which leaves the host, and to a command when the site has one."""
    syslog.openlog("share-alarms", syslog.LOG_PID, syslog.LOG_DAEMON)

    def tell(level: int, what: str) -> None:
        syslog.syslog(level, what)
        if command and level == syslog.LOG_ALERT:
            try:
                subprocess.run(
                    list(command), input=f"{what}\n", text=True, timeout=_SECONDS, check=True, capture_output=True
                )
            except (OSError, subprocess.SubprocessError) as error:
                sys.stderr.write(f"share-alarms: the alert was not sent: {error}\n")
                syslog.syslog(syslog.LOG_ERR, f"the alert was not sent: {error}")

    return tell
