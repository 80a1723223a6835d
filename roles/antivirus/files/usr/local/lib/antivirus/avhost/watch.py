"""Whether the antivirus still does its work: tried every few minutes, and told when it does not."""

from __future__ import annotations

import os
import time
from typing import Any

from avhost import clamd
from avhost.quarantine import close, set_aside_files
from avhost.settings import SIGNATURES, Settings
from avhost.update import in_force

_DAY = 24 * 3600


def watch(settings: Settings, state: dict[str, Any], socket: str, live: str = SIGNATURES) -> dict[str, Any]:
    """What is wrong, as sentences; none means that the test file is found, by fresh signatures."""
    wrong = clamd.troubles(socket)
    if settings.shares_socket and not wrong:
        wrong += clamd.shares_troubles(settings.shares_socket, __file__)
    signatures = in_force(settings, live)
    age = signatures["age_hours"]
    if age is None:
        wrong.append("the age of the signatures is not known")
    elif age > settings.signatures_at_most_hours:
        wrong.append(f"the signatures are older than {settings.signatures_at_most_hours:g} hours")
    # Since when it is so stands in the alert; the sentence stays the same, so that it is told once a day.
    searched = state.get("scan", {}).get("ok_at")
    if searched is None:
        searched = state.get("first_watch", time.time())
    if searched < time.time() - settings.scan_at_most_days * _DAY:
        wrong.append(f"no search of everything for {settings.scan_at_most_days:g} days")
    if not os.path.isdir(settings.quarantine):
        wrong.append(f"there is no quarantine {settings.quarantine}")
    return {"at": int(time.time()), "wrong": wrong, **signatures}


def guard_quarantine(settings: Settings) -> list[str]:
    """Close the quarantine; what is in it."""
    if not os.path.isdir(settings.quarantine):
        return []
    close(settings.quarantine)
    return set_aside_files(settings.quarantine)
