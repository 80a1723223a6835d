"""What was found of the logs of an invented site: a gateway that keeps three, and a log server that gets them all."""

from __future__ import annotations

import copy
from typing import Any


def _file(name: str, path: str) -> dict[str, Any]:
    return {
        "name": name,
        "path": path,
        "present": True,
        "owner": "root",
        "group": "adm",
        "mode": "0640",
        "closed": True,
        "open_files": [],
        "oldest_day": "2026-01-12",
        "live_since": "2026-11-20",
        "unpacked": [],
    }


_GATEWAY: dict[str, Any] = {
    "clock": {"synchronised": True, "offset_seconds": 0.004},
    "files": [_file("web", "/var/log/squid/access.log"), _file("firewall", "/var/log/firewall/refused.log")],
    "group_readers": [],
    "readable_by_nobody": [],
    "rotation": {"timer": True, "not_turned": [], "duplicates": []},
    "destruction": {
        "longest_kept_days": 365,
        "gaps": [],
        "forgotten_destroyed": True,
        "old_lines_destroyed": True,
        "every_day": True,
    },
    "alerts": [],
    "monitoring": {
        "since": "2026-10-05",
        "consulted_on": "2026-09-01",
        "informed_on": "2026-09-15",
        "override": None,
        "obstacles": [],
    },
    "sent": {"marker": "trial-1-gw1", "at": 1795255963.2},
    "intrusion": {"answer": 0, "open_ports": [], "logged_on": [], "plain": "refused", "no_certificate": "refused"},
}
_TRAIL: dict[str, Any] = {
    "arrivals": [{"host": "gw1", "folder": "gw1", "seconds": 0.4}],
    "missing": [],
    "strangers": [],
    "misfiled": [],
    "reading": {
        "written_down": True,
        "journal_whole": True,
        "journal_closed": True,
        "without_reason": False,
        "by_nobody": False,
        "by_nobody_with_sudo": False,
    },
}
OVERRIDE = {"by": "La gérante", "reason": "Répétition avant la mise en service.", "until": "2026-12-31"}


def gateway() -> dict[str, Any]:
    """What the gateway said; a copy that a test may change."""
    return copy.deepcopy(_GATEWAY)


def trail() -> dict[str, Any]:
    """What the log server said; a copy that a test may change."""
    return copy.deepcopy(_TRAIL)


def evidence(logs: dict[str, Any] | None = None, found: dict[str, Any] | None = None) -> dict[str, Any]:
    """The evidence of a run on both."""
    when = "2026-11-20T07:05:00+00:00"
    return {
        "gw1": {"collected_at": when, "facts": {"logs": gateway() if logs is None else logs}, "failures": {}},
        "log1": {"collected_at": when, "facts": {"log_trail": trail() if found is None else found}, "failures": {}},
    }


def overridden() -> dict[str, Any]:
    """The gateway of a site where filtering began before the documents were there."""
    said = [
        "works_council_consultation has no signed_on: it comes before filtering and logging (Code du travail L2312-38)",
        "individual_notice has no signed_on: it comes before filtering and logging (Code du travail L1222-4)",
    ]
    begun = {"since": "2026-11-19", "consulted_on": None, "informed_on": None, "override": OVERRIDE, "obstacles": said}
    return {**gateway(), "monitoring": begun}
