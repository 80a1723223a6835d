"""What was read of the backups of an invented site: two machines, three sets, two places, weekly drills."""

from __future__ import annotations

import copy
from typing import Any

READ_AT = "2026-11-20T07:05:00+00:00"
_NOW = 1795158300  # the same moment in seconds
_HOUR = 3600
GROUPS = {"fs1": ["saved_hosts", "file_servers"], "dc1": ["saved_hosts", "domain_controllers"], "nas1": []}


def _copy(name: str, place: str, hours: float, sizes: tuple[int, int]) -> dict[str, Any]:
    return {
        "set": name,
        "repository": place,
        "place": place,
        "age_hours": hours,
        "snapshots": 41,
        "files": 81200,
        "bytes": sizes[0],
        "added_bytes": sizes[1],
    }


def _host(sets: dict[str, tuple[int, int]]) -> dict[str, Any]:
    return {
        "repositories": [{"name": "offsite", "place": "offsite"}, {"name": "onsite", "place": "onsite"}],
        "schedule": {"hour": "20:00", "active": True, "enabled": True, "persistent": True, "last_run": "success"},
        "sets": [
            _copy(name, place, hours, sizes)
            for name, sizes in sets.items()
            for place, hours in (("offsite", 10.5), ("onsite", 10.0))
        ],
        "alerts": [],
    }


def _drill(sets: dict[str, float]) -> dict[str, Any]:
    at = _NOW - 3 * 24 * _HOUR
    proven: list[dict[str, Any]] = [
        {
            "set": name,
            "repository": place,
            "at": at,
            "ok": True,
            "differences": [],
            "error": "",
            "extrapolated_seconds": took,
        }
        for name, took in sets.items()
        for place in ("offsite", "onsite")
    ]
    return {
        "last": {
            "at": at,
            "ok": True,
            "sets": proven,
            "differences": [],
            "extrapolated_seconds": sum(sets.values()),
            "promise_seconds": 4 * _HOUR,
        },
        "rehearsal": None,
    }


_FACTS: dict[str, dict[str, Any]] = {
    "dc1": {
        "backup": _host({"directory": (42_000_000, 900_000)}),
        "restore_drill": _drill({"directory": 300.0}),
    },
    "fs1": {
        "backup": _host({"shares": (184_500_000_000, 612_000_000), "configuration": (8_400_000, 0)}),
        "restore_drill": _drill({"shares": 6900.0, "configuration": 40.0}),
    },
}


def facts() -> dict[str, dict[str, Any]]:
    """By host; a copy that a test may change."""
    return copy.deepcopy(_FACTS)


def evidence(found: dict[str, dict[str, Any]] | None = None, **failures: str) -> dict[str, Any]:
    """The evidence of a run on these hosts; failures of collectors, for all of them."""
    return {
        host: {"collected_at": READ_AT, "facts": each, "failures": failures}
        for host, each in (facts() if found is None else found).items()
    }
