"""What one run takes over from another, and where alerts are told."""

from __future__ import annotations

import sys
import syslog
from collections.abc import Sequence
from typing import Any

from hostlib import Tell, send


def merge(state: dict[str, Any], mine: dict[str, Any], what: str) -> None:
    """Take over from a run that took its time what is its own."""
    for name, entry in mine.get("repositories", {}).items():
        if what in entry:
            state.setdefault("repositories", {}).setdefault(name, {})[what] = entry[what]
    if what == "prune" and "last_prune_clock" in mine:
        state["last_prune_clock"] = mine["last_prune_clock"]


def teller(command: Sequence[str]) -> Tell:
    """Says it in the system's log, and to a command when the site has one."""

    def tell(level: int, what: str) -> None:
        syslog.openlog("backup-repository", syslog.LOG_PID, syslog.LOG_DAEMON)
        syslog.syslog(level, what)
        sys.stderr.write(f"backup-repository: {what}\n")
        if error := send(command, what):
            syslog.syslog(syslog.LOG_ERR, f"the alert was not sent: {error}")

    return tell
