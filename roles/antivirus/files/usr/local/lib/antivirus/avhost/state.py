"""What the update, the watch and the search write down, and the alerts that they raise: once when something goes wrong, again each
day that it stays so, and once when it is over.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

STATE = "state.json"
_LOCK = "state.lock"
_AGAIN_AFTER = 24 * 3600
_SECONDS = 60
#: Levels of syslog(3), as the journal takes them at the beginning of a line.
_ALERT, _NOTICE = 1, 5


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
    with open(os.path.join(folder, _LOCK), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = read_state(folder)
        yield state
        fresh = os.path.join(folder, f"{STATE}.new")
        try:
            with open(fresh, "w", encoding="utf-8") as file:
                json.dump(state, file, indent=1, sort_keys=True)
                file.flush()
                os.fsync(file.fileno())
            os.replace(fresh, os.path.join(folder, STATE))
        except OSError:
            with contextlib.suppress(OSError):
                os.unlink(fresh)
            raise


Tell = Callable[[int, str], None]


def settle(state: dict[str, Any], part: str, wrong: Sequence[str], tell: Tell) -> None:
    """Bring the alerts of one part in line with what is wrong now, telling what is new, old, or over."""
    now = int(time.time())
    alerts: list[dict[str, Any]] = list(state.get("alerts", []))
    others = [each for each in alerts if each.get("part") != part]
    before = {each["what"]: each for each in alerts if each.get("part") == part}
    kept = []
    for what in wrong:
        alert = before.pop(what, None) or {"part": part, "what": what, "since": now, "told_at": 0}
        if now - alert["told_at"] >= _AGAIN_AFTER:
            tell(_ALERT, what)
            alert["told_at"] = now
        kept.append(alert)
    for what in before:
        tell(_NOTICE, f"over: {what}")
    state["alerts"] = others + kept


def teller(command: Sequence[str]) -> Tell:
    """Says it in the journal, where a priority of alert is seen, and to a command when the site has one."""

    def tell(level: int, what: str) -> None:
        under_systemd = "JOURNAL_STREAM" in os.environ
        sys.stderr.write(f"{f'<{level}>' if under_systemd else ''}antivirus: {what}\n")
        sys.stderr.flush()
        if command:
            try:
                subprocess.run(
                    list(command), input=f"{what}\n", text=True, timeout=_SECONDS, check=True, capture_output=True
                )
            except (OSError, subprocess.SubprocessError) as error:
                sys.stderr.write(f"{'<3>' if under_systemd else ''}antivirus: the alert was not sent: {error}\n")

    return tell
