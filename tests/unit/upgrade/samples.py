"""Terms, facts and parks to decide about; the figures are a house's of their own, not those of any client."""

from __future__ import annotations

import copy
from datetime import date, datetime
from typing import Any

import yaml
from ansible.module_utils.windows.upgrade_campaign import Campaign
from ansible.module_utils.windows.upgrade_data import read_lifecycle, read_processors
from ansible.module_utils.windows.upgrade_readiness import Rules
from ansible.module_utils.windows.upgrade_store import Store, slot_of
from ansible.module_utils.windows.upgrade_terms import Terms, read_terms
from ansible.module_utils.windows.upgrade_waves import Machine

from tests.conftest import ROOT

GB = 1024**3
TODAY = date(2026, 11, 21)
TERMS: dict[str, Any] = {
    "target_build": 26200,
    "horizon_days": 100,
    "replace_below": {"memory_gb": 6, "disk_gb": 30},
    "budget": {"amount": 5000, "currency": "EUR", "tax": "included"},
    "costs": {
        "quoted_on": "2026-11-01",
        "source": "Devis d'essai",
        "tax_percent": 20,
        "desktop": 400,
        "laptop": 600,
        "licence": 100,
        "labour_hour": 50,
    },
    "hours": {
        "upgrade": {"user": 3, "technician": 0.5},
        "reinstall": {"user": 3.5, "technician": 1},
        "replace": {"user": 2, "technician": 1},
    },
    "user_hours": {"at_most": 4},
    "spares": 2,
    "priority": [],
    "waves": {"sizes": [2, 4, 9], "department_percent": 50, "stop_at_failures": 3, "notice_days": 5},
    "windows": [
        {"days": ["monday", "wednesday"], "from": "08:00", "to": "12:00"},
        {"days": ["monday", "wednesday"], "from": "13:00", "to": "17:00"},
    ],
    "closed": ["2026-12-07"],
    "starts_on": "2026-12-02",
    "contact": "le service informatique",
}


def policy(name: str) -> dict[str, Any]:
    """A policy file that all clients share."""
    return dict(yaml.safe_load((ROOT / "policies" / f"windows_{name}.yml").read_text(encoding="utf-8"))[name])


def terms(**changed: Any) -> Terms:
    """The terms, some of them changed."""
    return read_terms({**copy.deepcopy(TERMS), **changed})


def rules(**changed: Any) -> Rules:
    """Everything a decision is made with."""
    return Rules(read_lifecycle(policy("lifecycle")), read_processors(policy("processors")), terms(**changed), TODAY)


def facts(**changed: Any) -> dict[str, Any]:
    """A workstation that is good for the target and runs a release that is over; dots in a name go deeper, None drops."""
    found: dict[str, Any] = {
        "os": {"build": 19045, "edition_id": "Professional", "product_type": 1, "architecture": "x64"},
        "activation": {"licensed": True},
        "memory_bytes": 8 * GB,
        "processor": {"name": "Intel(R) Core(TM) i5-8500 CPU @ 3.00GHz", "cores": 6},
        "disks": [{"letter": "C:", "size_bytes": 255 * 10**9, "free_bytes": 120 * 10**9}],
        "tpm": {"present": True, "version": "2.0"},
        "firmware": "uefi",
    }
    for path, value in changed.items():
        *above, last = path.split("__")
        place = found
        for key in above:
            place = place[key]
        if value is None:
            place.pop(last)
        else:
            place[last] = value
    return found


def park(count: int = 80, departments: int = 7) -> list[Machine]:
    """Machines of several departments, large and small; each third one is left as it is."""
    actions = ("upgrade", "upgrade", "replace", "upgrade", "reinstall")
    return [
        Machine(
            f"ws{number:03d}",
            f"dep{number * number % departments}",
            (f"user{number:03d}",),
            actions[number % len(actions)],
            isolate=number % 11 == 0,
        )
        for number in range(count)
    ]


#: A park whose every machine is upgraded.
MACHINES = [Machine(f"ws{n}", "ab"[n % 2], (f"u{n}",), "upgrade") for n in range(12)]


def slot(store: Store, host: str) -> datetime:
    """When the turn of a machine begins."""
    return slot_of(store.record(host))[0]


def failed(campaign: Campaign, hosts: list[str]) -> None:
    """Have the first step of machines fail."""
    for host in hosts:
        now = slot(campaign.store, host)
        campaign.begin(host, "notice", now)
        campaign.fail(host, "notice", now, "nobody reads mail")
