"""What the alarms write down, and how they are told. What somebody did is told once, and stays written for a day."""

from __future__ import annotations

import sys
import syslog
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import hostlib
from hostlib import Tell, send

_DAY = 24 * 3600
#: The same deed of the same person is told again after this long.
_DEED_AGAIN = 600
_MOST_DEEDS = 200

changed_state = partial(hostlib.changed_state, mode=0o600)


def note_deed(state: dict[str, Any], deed: Mapping[str, Any], tell: Tell) -> bool:
    """Write down what somebody did and tell it, unless the same was told a moment ago; whether it was told.

    What the audit does to try the alarm is written down alike, and told as a notice: nobody is to get up for it.
    """
    now = time.time()
    key = ("kind", "person", "machine", "share", "trial")
    kept = [each for each in state.get("deeds", []) if now - each["at"] < _DAY][-_MOST_DEEDS:]
    # A clock that went back must not silence an alarm.
    again = any(0 <= now - each["at"] < _DEED_AGAIN and all(each.get(k) == deed.get(k) for k in key) for each in kept)
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
        if level == syslog.LOG_ALERT and (error := send(command, what)):
            sys.stderr.write(f"share-alarms: the alert was not sent: {error}\n")
            syslog.syslog(syslog.LOG_ERR, f"the alert was not sent: {error}")

    return tell
