"""Facts of invented restores that proved everything."""

from __future__ import annotations

import copy
from typing import Any

_SET = {
    "set": "shares",
    "repository": "offsite",
    "at": 1795270000,
    "ok": True,
    "error": "",
    "proven_files": 183,
    "extrapolated_seconds": 2101.0,
    "differences": [],
}
_DRILL: dict[str, Any] = {
    "proven_days": 2.1,
    "extrapolated_hours": 0.6,
    "unproven": [],
    "weekly": True,
    "last": {
        "at": 1795270000,
        "ok": True,
        "proven_files": 183,
        "extrapolated_seconds": 2101.0,
        "promise_seconds": 14400,
        "differences": [],
        "sets": [_SET],
    },
    "rehearsal": {
        "at": 1794500000,
        "ok": True,
        "seconds": 512.0,
        "hours": 0.14,
        "lost_hours": 0.2,
        "age_days": 12.0,
        "differences": [],
    },
}


def facts() -> dict[str, Any]:
    """What a saved host says of restores; a copy that a test may change."""
    return {"restore_drill": copy.deepcopy(_DRILL)}
