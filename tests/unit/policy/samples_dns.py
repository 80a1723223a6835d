"""Facts of a site whose names and clocks are as they should be."""

from __future__ import annotations

import copy
from typing import Any

SERVER = "10.0.2.10"


def answer(kind: str, name: str, *values: str, **other: Any) -> dict[str, Any]:
    """One answer of the controller; a name that does not exist has no values."""
    return {
        "kind": kind,
        "name": name,
        "type": "A",
        "server": SERVER,
        "status": "NOERROR" if values else "NXDOMAIN",
        "values": list(values),
        "expected": [],
        "seconds": 0.004,
        "detail": "answered",
        **other,
    }


def attempt(kind: str, address: str, way: str, **other: Any) -> dict[str, Any]:
    """One attempt at a server that should not be reached."""
    return {
        "kind": kind,
        "address": address,
        "way": way,
        "port": {"udp": 53, "tcp": 53, "tls": 853, "https": 443}[way],
        "reached": False,
        "status": None,
        "detail": "no answer",
        **other,
    }


def _attempts() -> list[dict[str, Any]]:
    foreign = [attempt("foreign", "192.0.2.53", way) for way in ("udp", "tcp", "tls", "https")]
    return [
        *foreign,
        attempt("resolver", "10.0.2.254", "udp", reached=True, status="REFUSED", detail="answered REFUSED"),
    ]


_FACTS: dict[str, Any] = {
    "name_resolution": {
        "servers": [SERVER],
        "timed": ["outside", "own"],
        "answers": [
            answer("own", "dc1.site.lan", SERVER, expected=[SERVER]),
            answer("own", "_kerberos._udp.site.lan", "dc1.site.lan:88", type="SRV"),
            answer("outside", "www.example.org", "192.0.2.1", seconds=0.12),
            answer("outside", "www.example.com", "192.0.2.2"),
            answer("proxy", "wpad.site.lan", "10.0.1.254", expected=["10.0.1.254"]),
            answer("encrypted", "resolver.example"),
            answer("signal", "signal.example"),
        ],
        "attempts": _attempts(),
    },
    "guest_resolution": {"servers": [], "timed": [], "answers": [], "attempts": _attempts()},
    "dns_resolver": {
        "clients": [SERVER],
        "undeclared_clients": [],
        "forwarders": ["192.0.2.53"],
        "validates": True,
        "private_networks": [
            "0.0.0.0/8",
            "10.0.0.0/8",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "fc00::/7",
            "fe80::/10",
        ],
        "traces": [],
        "refused": ["resolver.example", "signal.example"],
    },
    "site_clocks": {
        "here": [{"server": SERVER, "ahead_seconds": -0.004, "round_trip_seconds": 0.001}],
        "hosts": [
            {
                "host": host,
                "tracking": {"source": SERVER, "synchronised": True, "offset_seconds": -0.002},
                "against": [{"server": SERVER, "ahead_seconds": 0.003, "round_trip_seconds": 0.001}],
                "problem": "",
            }
            for host in ("dc1", "fs1")
        ],
    },
}


def facts() -> dict[str, Any]:
    """Those of a gateway; a copy that a test may change."""
    return copy.deepcopy(_FACTS)
