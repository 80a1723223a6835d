"""Facts of an invented, healthy remote access."""

from __future__ import annotations

import copy
from typing import Any

REFUSED = (
    "no_certificate", "revoked", "foreign_authority", "replayed_code", "wrong_code", "no_code", "other_login",
    "not_in_group", "disabled",
)  # fmt: skip
_FILES = {"address": "10.9.20.20", "port": 445}


def attempt(kind: str, *, connected: bool = False, **other: Any) -> dict[str, Any]:
    """One attempt."""
    seen = {
        "full": True,
        "routes": [],
        "name_servers": ["10.9.20.10"],
        "reached": [{**_FILES, "reached": True}],
        "passed": [{"address": "10.9.20.20", "port": 22, "reached": False}],
        "resolved": [{"name": "fs1.example.lan", "resolved": True}],
    }
    return {
        "kind": kind,
        "expected": kind == "entitled",
        "connected": connected,
        "detail": "connected" if connected else "AUTH_FAILED",
        "tls": "1.3",
        "seconds": 1.2,
        "remains": False,
        **(seen if connected else {}),
        **other,
    }


_FACTS: dict[str, Any] = {
    "vpn_access": {
        "attempts": [
            attempt("entitled", connected=True),
            *(attempt(kind) for kind in REFUSED),
            *(attempt(f"tls_{each}", tls=each if each >= "1.2" else None) for each in ("1.0", "1.1", "1.2", "1.3")),
            attempt("entitled", connected=True),
        ],
        "in_clear": [{**_FILES, "reached": False}],
        "peer": {
            "tunnel": True,
            "clear": False,
            "passed": [{"address": "10.9.20.20", "port": 22, "reached": False}],
        },
        "duration": 48.0,
    },
    "second_factor": {
        "with_password_and_code": True,
        "with_used_code": False,
        "with_wrong_code": False,
        "with_password_alone": False,
        "with_code_alone": False,
    },
}


def facts() -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(_FACTS)
