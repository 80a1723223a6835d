"""Facts of an invented file server whose brakes hold."""

from __future__ import annotations

import copy
from typing import Any

_ALARM = {
    "person": "durandpau",
    "machine": "10.0.0.20",
    "share": "commun",
    "what": "garant-essai-1.txt",
    "seconds": 1.4,
}
_FACTS: dict[str, Any] = {
    "share_safety": {
        "room": [{"path": "/srv/shares", "blocks_percent": 31, "inodes_percent": 2}],
        "services": {"share_watch": True, "share_room": True, "share_names": True, "share_quotas": True},
        "warn_percent": 80,
        "fail_percent": 90,
        "names_list": {"count": 26, "age_days": 0.4},
        "quotas": {
            "state": "in_force",
            "wrong": [],
            "trial": {
                "person": "durandpau",
                "person_refused": True,
                "share_refused": True,
                "person_within_taken": True,
                "share_within_taken": True,
            },
        },
        "trial": {
            "person": "durandpau",
            "names_tried": 26,
            "names_taken": [],
            "names_untried": [],
            "name_by_renaming_taken": False,
            "normal_names_refused": [],
            "false_alarms": [],
            "name_alarm": _ALARM,
            "burst": 150,
            "change_alarm": _ALARM,
        },
    }
}


def facts() -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(_FACTS)
