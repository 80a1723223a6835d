"""An invented site's flow matrix, small enough to be read and with one of each thing."""

from __future__ import annotations

import copy
from typing import Any

from ansible.module_utils.firewall.model import Matrix
from ansible.module_utils.firewall.nftables import Logging
from ansible.module_utils.firewall.reading import load_matrix

LOGGING = Logging(group=1, rate_per_second=5, burst=10)
_DATA: dict[str, Any] = {
    "zones": {
        "users": {
            "title": "Postes",
            "kind": "inside",
            "interfaces": ["users0"],
            "subnets": ["10.80.1.0/24"],
            "address": "10.80.1.254",
        },
        "servers": {
            "title": "Serveurs",
            "kind": "inside",
            "interfaces": ["servers0", "servers1"],
            "subnets": ["10.80.2.0/24", "10.80.3.0/24"],
            "address": "10.80.2.254",
        },
        "guest": {
            "title": "Visiteurs",
            "kind": "guest",
            "interfaces": ["guest0"],
            "subnets": ["10.80.4.0/24"],
            "address": "10.80.4.254",
        },
        "internet": {
            "title": "Internet",
            "kind": "outside",
            "interfaces": ["internet0"],
            "address": "192.0.2.254",
            "masquerade": True,
        },
    },
    "services": {
        "ping": ["icmp/echo-request"],
        "ssh": ["tcp/22"],
        "dns": ["udp/53", "tcp/53"],
        "files": ["tcp/445"],
        "proxy": ["tcp/3128"],
        "web": ["tcp/80", "tcp/443", "udp/443"],
        "calls": ["tcp/135", "tcp/49152-65535"],
    },
    "flows": [
        {"from": "users", "to": "servers", "services": ["files", "ping"], "why": "Les dossiers.", "rule": "A0-096"},
        {
            "from": "users",
            "to": "servers",
            "services": ["dns", "calls"],
            "to_addresses": ["10.80.2.10"],
            "why": "L'annuaire.",
            "rule": "A0-088",
        },
        {"from": "users", "to": "gateway", "services": ["proxy"], "why": "Le Web.", "rule": "A0-106"},
        {
            "from": "users",
            "to": "gateway",
            "services": ["ssh"],
            "from_addresses": ["10.80.1.8/30"],
            "why": "L'administration.",
            "rule": "A1-031",
        },
        {"from": "gateway", "to": "internet", "services": ["web", "dns"], "why": "Le filtre.", "rule": "A0-106"},
        {"from": "guest", "to": "internet", "services": ["web", "dns"], "why": "Les visiteurs.", "rule": "A0-066"},
        {
            "from": "users",
            "to": "internet",
            "services": ["web"],
            "refused": True,
            "control": "direct_web",
            "why": "Pas de Web direct.",
            "rule": "A0-106",
        },
    ],
}


def data() -> dict[str, Any]:
    """A copy that a test may change."""
    return copy.deepcopy(_DATA)


def matrix(changed: dict[str, Any] | None = None) -> Matrix:
    """The sample as a matrix, or the one given."""
    return load_matrix(changed or data())
