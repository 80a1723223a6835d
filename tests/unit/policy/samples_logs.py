"""Facts of invented logs in good order: what the gateway keeps, and what the log server received."""

from __future__ import annotations

import copy
from typing import Any

_CLOCK = {"synchronised": True, "offset_seconds": 0.002}
_KEPT: dict[str, Any] = {
    "files": [
        {
            "name": "web",
            "path": "/var/log/squid/access.log",
            "present": True,
            "owner": "proxy",
            "group": "adm",
            "mode": "0640",
            "closed": True,
            "open_files": [],
            "oldest_day": "2026-11-20",
            "live_since": "2026-11-21",
            "unpacked": [],
        }
    ],
    "overdue": [],
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
    "clock": _CLOCK,
}
_GATEWAY = {
    **_KEPT,
    "monitoring": {
        "since": "2026-11-20",
        "consulted_on": "2026-10-01",
        "informed_on": "2026-11-02",
        "override": None,
        "obstacles": [],
    },
}
_SERVER: dict[str, Any] = {
    "logs": _KEPT,
    "log_trail": {
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
            "undeclared": [],
        },
    },
    "log_trials": {
        "hosts": [
            {
                "host": "gw1",
                "read": True,
                "clock": _CLOCK,
                "intrusion": {"answer": 0, "logged_on": [], "open_ports": []},
            }
        ]
    },
}


def gateway() -> dict[str, Any]:
    """What the gateway's logs look like; a copy that a test may change."""
    return {"logs": copy.deepcopy(_GATEWAY)}


def server() -> dict[str, Any]:
    """What the log server's look like; a copy that a test may change."""
    return copy.deepcopy(_SERVER)
