"""Facts of an invented, healthy firewall."""

from __future__ import annotations

import copy
from typing import Any

_CONTROLS = (
    ("web", "tcp", 443, "direct_web"),
    ("messaging", "tcp", 5222, "direct_messaging"),
    ("sharing", "udp", 6881, "direct_sharing"),
    ("mail", "tcp", 25, "direct_mail"),
)


def attempt(
    source: str, destination: str, protocol: str, port: int, *, passed: bool | None, **other: Any
) -> dict[str, Any]:
    """One attempt; it should have done what it did."""
    return {
        "source_zone": source,
        "source": source,
        "destination_zone": destination,
        "destination": destination,
        "service": "unnamed",
        "protocol": protocol,
        "port": port,
        "expected": passed,
        "passed": passed,
        "control": None,
        "detail": "answered" if passed else "arrived at the firewall and got no answer",
        **other,
    }


_FACTS: dict[str, Any] = {
    "firewall": {
        "zones": [
            {"name": "users", "kind": "inside"},
            {"name": "guest", "kind": "guest"},
            {"name": "internet", "kind": "outside"},
        ],
        "policies": {"input": "drop", "forward": "drop", "output": "drop"},
        "flows": [],
        "differences": [],
        "forged": [{"zone": "users", "passes": False}, {"zone": "guest", "passes": False}],
        "way_back": True,
        "ipv6": [],
        "logs": [{"chain": "input", "per_second": 5.0}],
        "silent": [],
        "counters": [],
        "boot": {"enabled": True, "loads_the_same": True},
        "kernel": {"forwards_ipv4": True, "forwards_ipv6": False},
        "log_daemon": True,
        "pending": False,
    },
    "flow_probe": {
        "attempts": [
            attempt("users", "servers", "tcp", 445, passed=True, service="files"),
            attempt("guest", "users", "tcp", 445, passed=False, service="files"),
            *(
                attempt("users", "internet", protocol, port, passed=False, service=service, control=control)
                for service, protocol, port, control in _CONTROLS
            ),
        ],
        "duration": 4.8,
        "watched": True,
    },
}


def facts() -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(_FACTS)
