"""Facts of an invented host that keeps backups, in good order."""

from __future__ import annotations

import copy
from typing import Any

_OWN = ("delete_data", "delete_index", "delete_keys", "delete_config", "overwrite_config", "delete_snapshot")
_OTHERS = ("no_password", "wrong_password", "other_reads dc1", "other_writes dc1", "factory admin", "plain")
_FACTS: dict[str, Any] = {
    "backup_repository": {
        "retention": {"daily_days": 30, "weekly_days": 91, "longest_days": 365},
        "room": {"free_percent": 61, "bytes": 4_000_000_000_000},
        "repositories": [
            {
                "host": "fs1",
                "bytes": 700_000_000,
                "quota_bytes": 1_500_000_000_000,
                "filled_percent": 0.1,
                "open": True,
                "snapshots": 12,
                "newest_hours": 9.5,
                "oldest_days": 11.0,
                "keys": 2,
            }
        ],
        "readable": [],
        "runs": [
            {
                "host": "fs1",
                "prune_ok": True,
                "prune_hours": 3.5,
                "prune_error": "",
                "future": 0,
                "misdated": 0,
                "check_ok": True,
                "check_days": 0.1,
                "check_error": "",
                "check_part": "3/28",
            }
        ],
        "timers": {"prune": True, "check": True, "watch": True},
        "alerts": [],
        "key": {"closed": True, "does_not_open": []},
        "domain": [],
        "factory_logons": [],
        "mirrors": [{"name": "md0", "whole": True}],
        "declared_mirrors": 1,
    },
    "backup_access": {
        "own": [{"what": what, "refused": True, "detail": "403"} for what in _OWN],
        "others": [{"what": what, "refused": True, "detail": "401"} for what in _OTHERS],
        "clock_offset_seconds": 0.3,
    },
    "backup_copies": {
        "hosts": [
            {
                "host": "fs1",
                "keeper": False,
                "copies": [
                    {"keeper": "nas1", "place": "offsite", "snapshots": 12},
                    {"keeper": "log1", "place": "onsite", "snapshots": 12},
                ],
                "unread": [],
            },
            {
                "host": "log1",
                "keeper": True,
                "copies": [{"keeper": "nas1", "place": "offsite", "snapshots": 12}],
                "unread": [],
            },
        ]
    },
}


def facts() -> dict[str, Any]:
    """What such a host looks like; a copy that a test may change."""
    return copy.deepcopy(_FACTS)
