"""What an invented gateway's firewall was found to do: a matrix of five zones, and what was tried."""

from __future__ import annotations

import copy
from typing import Any

ZONES = {
    "users": {"title": "Postes de travail", "kind": "inside"},
    "servers": {"title": "Serveurs", "kind": "inside"},
    "guest": {"title": "Wi-Fi des visiteurs", "kind": "guest"},
    "provider": {"title": "Locaux du prestataire", "kind": "provider"},
    "internet": {"title": "Internet", "kind": "outside"},
}
SERVICES = {"dns": 53, "files": 445, "proxy": 3128, "ssh": 22, "backup": 8000, "web": 443, "instant_messaging": 5222}


def _flow(source: str, destination: str, services: list[str], why: str, **other: Any) -> dict[str, Any]:
    return {"from": source, "to": destination, "services": services, "why": why, "rule": "R-001", **other}


FLOWS = [
    _flow("users", "servers", ["dns", "files"], "Un poste ouvre sa session, et les fichiers de l'atelier."),
    _flow("users", "gateway", ["proxy"], "Le Web passe par le filtre.", rule="R-002"),
    _flow("users", "gateway", ["ssh"], "La passerelle s'administre d'un poste.", from_addresses=["192.0.2.9"]),
    _flow("servers", "provider", ["backup"], "Les copies partent hors du site."),
    _flow("gateway", "internet", ["web"], "Le filtre va chercher les pages."),
    _flow("users", "internet", ["web", "instant_messaging"], "Le Web passe par le filtre.", refused=True),
]


def _attempts() -> list[dict[str, Any]]:
    open_to = {(each["from"], each["to"], name) for each in FLOWS if "refused" not in each for name in each["services"]}
    places = [*ZONES, "gateway"]
    return [
        {
            "source_zone": source,
            "source": f"{source}1",
            "destination_zone": destination,
            "destination": f"{destination}1",
            "service": service,
            "protocol": "tcp",
            "port": port,
            "expected": (source, destination, service) in open_to,
            "passed": (source, destination, service) in open_to,
            "control": None,
            "detail": "",
        }
        for source in places
        for destination in places
        if source != destination
        for service, port in SERVICES.items()
    ]


_FACTS: dict[str, Any] = {
    "firewall": {
        "zones": [{"name": name, "kind": zone["kind"]} for name, zone in ZONES.items()],
        "policies": {"input": "drop", "forward": "drop", "output": "drop"},
        "flows": [{"source_zone": "users", "destination_zone": "servers", "service": "tcp/445"}],
        "differences": [],
        "forged": [{"zone": "users", "passes": False}],
        "way_back": True,
        "ipv6": [],
        "logs": [{"chain": "input", "per_second": 5.0}],
        "silent": [],
        "boot": {"enabled": True, "loads_the_same": True},
        "kernel": {"forwards_ipv4": True, "forwards_ipv6": False},
        "log_daemon": True,
        "pending": False,
    },
    "flow_probe": {"attempts": _attempts(), "duration": 6.2, "watched": True},
    "flow_matrix": {"zones": ZONES, "services": {}, "flows": FLOWS},
}


def facts() -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(_FACTS)


def evidence(given: dict[str, Any] | None = None) -> dict[str, Any]:
    """The evidence of a run on that gateway."""
    read = facts() if given is None else given
    return {"gw1": {"collected_at": "2026-11-20T07:05:00+00:00", "facts": read, "failures": {}}}
