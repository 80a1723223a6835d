"""What became of an invented site's trial of remote access."""

from __future__ import annotations

import copy
from typing import Any

_REFUSED = (
    *("no_certificate", "revoked", "foreign_authority", "replayed_code", "wrong_code"),
    *("no_code", "other_login", "not_in_group", "disabled"),
)


def _entitled() -> dict[str, Any]:
    return {
        "kind": "entitled",
        "expected": True,
        "connected": True,
        "detail": "connected",
        "tls": "1.3",
        "seconds": 1.9,
        "full": False,
        "routes": ["192.0.2.0 255.255.255.0"],
        "reached": [{"address": "192.0.2.20", "port": 445, "reached": True}],
        "resolved": [{"name": "fs1.site.test", "resolved": True}],
        "remains": False,
    }


_FACTS: dict[str, Any] = {
    "vpn_access": {
        "attempts": [
            _entitled(),
            *({"kind": kind, "expected": False, "connected": False, "detail": "AUTH_FAILED"} for kind in _REFUSED),
            *(
                {"kind": f"tls_{version}", "expected": False, "connected": False, "tls": spoken}
                for version, spoken in (("1.0", None), ("1.1", None), ("1.2", "1.2"), ("1.3", "1.3"))
            ),
            _entitled(),
        ],
        "in_clear": [{"address": "192.0.2.20", "port": 445, "reached": False}],
        "peer": {"tunnel": True, "clear": False},
        "duration": 41.0,
    },
    "second_factor": {
        "with_password_and_code": True,
        "with_password_alone": False,
        "with_code_alone": False,
        "with_wrong_code": False,
        "with_used_code": False,
    },
}


def facts() -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(_FACTS)


def evidence(given: dict[str, Any] | None = None) -> dict[str, Any]:
    """The evidence of a run on the gateway."""
    read = facts() if given is None else given
    return {"gw1": {"collected_at": "2026-11-20T07:05:00+00:00", "facts": read, "failures": {}}}
