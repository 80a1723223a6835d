"""Facts of invented mirrored disks in good order."""

from __future__ import annotations

import copy
from typing import Any

_SIZE = 4000787030016


def _member(device: str, serial: str, slot: int) -> dict[str, Any]:
    return {
        "device": device,
        "serial": serial,
        "slot": slot,
        "states": ["in_sync"],
        "errors": 0,
        "size_bytes": _SIZE,
        "events": 1204,
        "array_uuid": "5c0b7c2e:1",
    }


_RAID: dict[str, Any] = {
    "mirrors": [
        {
            "device": "/dev/md127",
            "name": "data",
            "uuid": "5c0b7c2e:1",
            "level": "raid1",
            "wanted": 2,
            "degraded": 0,
            "state": "clean",
            "action": "idle",
            "mismatches": 0,
            "events": 1204,
            "told_state": "clean",
            "percent": None,
            "size_bytes": _SIZE,
            "members": [_member("/dev/sda", "WX1", 0), _member("/dev/sdb", "WX2", 1)],
        }
    ],
    "disks": [
        {"device": f"/dev/{name}", "serial": serial, "status": "passed", "reason": "", "bad_sectors": 0}
        for name, serial in (("sda", "WX1"), ("sdb", "WX2"))
    ],
    "monitor": {"running": True, "tried_days_ago": 2.2, "looked_days_ago": 0.002, "alerts": [], "events": []},
    "scrubs": [{"device": "/dev/md127", "days_ago": 2.1, "mismatches": 0, "why": "", "kernel_mismatches": 0}],
    "folders": [{"path": "/srv/shares", "target": "/srv/shares", "device": "/dev/md127", "at_start": "LABEL=donnees"}],
    "copies": [{"name": "offsite", "here": False}, {"name": "onsite", "here": False}],
}


def raid() -> dict[str, Any]:
    """What the mirrored disks look like; a copy that a test may change."""
    return copy.deepcopy(_RAID)
