"""Facts of an antivirus in good order."""

from __future__ import annotations

import copy
from typing import Any

_ON = {"active": True, "enabled": True}
_LAST = {"age_minutes": 3.0, "age_days": 0.002, "wrong": []}
_ANTIVIRUS: dict[str, Any] = {
    "daemon": {**_ON, "socket": True, "memory_mb": 20, "version": "ClamAV 1.4.3"},
    "relay": {"wanted": True, "socket": True, **_ON},
    "signatures": {
        "databases": [{"name": "daily.cvd", "version": 1, "signatures": 9, "built": 1}],
        "age_hours": 5.0,
    },
    "update": _LAST,
    "watch": _LAST,
    "scan": {**_LAST, "files": 12, "unread": 0},
    "alerts": [],
    "timers": {"update": _ON, "watch": _ON, "scan": _ON},
    "detection": [
        {"sample": "plain", "found": True, "set_aside": True, "said": ""},
        {"sample": "nested", "found": True, "set_aside": True, "said": ""},
        {"sample": "clean", "found": False, "set_aside": False, "said": ""},
    ],
    "quarantine": {"closed": True, "in_a_share": False, "listed_by_nobody": False, "files": 0},
    "untold": ["clamd does not answer: [Errno 2] No such file or directory"],
    "media": {"wanted": True, **_ON},
    "locks": [{"way": "systemctl stop clamav-daemon.service", "open": False}, {"way": "SHUTDOWN", "open": False}],
}


def host() -> dict[str, Any]:
    """A host's antivirus; a copy that a test may change."""
    return {"antivirus": copy.deepcopy(_ANTIVIRUS)}


def file_server() -> dict[str, Any]:
    """The same, and what became of malware on its shares."""
    attempts = [
        {
            "share": "atelier",
            "sample": name,
            "file": f"x-{name}",
            "readable": name == "clean",
            "status": "",
            "seconds": 0.2,
        }
        for name in ("plain", "nested", "clean")
    ]
    return {**host(), "malware_trial": {"attempts": attempts, "untried": []}}
