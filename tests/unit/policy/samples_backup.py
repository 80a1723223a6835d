"""Facts of an invented host that is saved as it should be."""

from __future__ import annotations

import copy
from typing import Any

_PLACES = ("offsite", "onsite")
_IDS = {"offsite": "a10e4134", "onsite": "b557d2e1"}


def facts(*sets: str) -> dict[str, Any]:
    """What the module backup_info returns; a copy that a test may change."""
    names = sets or ("shares", "configuration")
    return copy.deepcopy(
        {
            "backup": {
                "schedule": {
                    "hour": "20:00",
                    "active": True,
                    "enabled": True,
                    "persistent": True,
                    "bounded": True,
                    "last_run": "success",
                    "under_way_since": None,
                },
                "secrets": {"files": ["offsite.http", "offsite.key"], "open": [], "strangers": []},
                "alerts": [],
                "sets": [
                    {
                        "set": name,
                        "repository": place,
                        "place": place,
                        "age_hours": 7.5,
                        "snapshots": 12,
                        "growth_percent": 1.5,
                        "files": 240,
                        "bytes": 52428800,
                        "added_bytes": 65536,
                    }
                    for name in names
                    for place in _PLACES
                ],
                "shares": [{"share": "atelier", "repository": place, "missing": []} for place in _PLACES],
                "directory": [{"repository": place, "lacks": []} for place in _PLACES],
                "repositories": [
                    {
                        "name": place,
                        "place": place,
                        "id": _IDS[place],
                        "own_key": "fs1@fs1",
                        "readable": [],
                        "future": [],
                        "check_days": 3.2,
                    }
                    for place in _PLACES
                ],
            }
        }
    )
