"""Everything about the mirrored disks of a host in one go, and the reason for what could not be read.

Read by the kernel's own state and by mdadm: what the one says and the other does not is what somebody has to see.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.linux import raid_text
from ansible.module_utils.linux.fact_readers import read_facts
from ansible.module_utils.linux.raid_read import RaidError, arrays, demand, disks, run

STATE = "/var/lib/raid-mirror/state.json"
_DAY = 86400.0


def raid_facts(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts, and for those that could not be read the reason, by the fact's name."""
    readers: dict[str, Callable[[], Any]] = {
        "mirrors": _mirrors,
        "disks": _smart,
        "monitor": _monitor,
        "scrubs": _scrubs,
        "folders": lambda: [_folder(path) for path in given["folders"]],
        "copies": lambda: _copies(given["backup_settings_file"]),
    }
    return read_facts(readers, RaidError)


def _mirrors() -> list[dict[str, Any]]:
    """Each array, its members with what the kernel and their own superblock say of them."""
    sizes = {disk["device"]: disk for disk in disks()}
    lines = {each["device"]: each for each in raid_text.mdstat(Path("/proc/mdstat").read_text(encoding="ascii"))}
    found = []
    for array in arrays():
        detail = raid_text.pairs(demand(["mdadm", "--detail", array["device"]]))
        inside = []
        for member in array["members"]:
            said = raid_text.pairs(run(["mdadm", "--examine", member["device"]])[1])
            disk = sizes.get(member["device"], {})
            inside.append(
                {
                    **member,
                    "serial": disk.get("serial"),
                    "size_bytes": disk.get("size_bytes"),
                    "events": int(said["Events"]) if said.get("Events", "").isdigit() else None,
                    "array_uuid": said.get("Array UUID"),
                }
            )
        line = lines.get(os.path.basename(array["device"]), {})
        found.append(
            {
                **array,
                "members": inside,
                "events": int(detail["Events"]) if detail.get("Events", "").isdigit() else None,
                "told_state": detail.get("State", ""),
                "percent": line.get("percent"),
            }
        )
    return found


def _smart() -> list[dict[str, Any]]:
    """The members' own word on their health."""
    inside = {member["device"] for array in arrays() for member in array["members"]}
    return [
        {
            "device": disk["device"],
            "serial": disk["serial"],
            **raid_text.smart(run(["smartctl", "--json", "-H", "-A", "-i", disk["device"]])[1]),
        }
        for disk in disks()
        if disk["device"] in inside or inside & {f"/dev/{part}" for part in disk["parts"]}
    ]


def _state() -> dict[str, Any]:
    with open(STATE, encoding="utf-8") as file:
        return dict(json.load(file))


def _age(at: Any) -> float | None:
    """How many days ago; nothing that lies in the future counts."""
    return round((time.time() - at) / _DAY, 3) if isinstance(at, int | float) and at <= time.time() + 60 else None


def _monitor() -> dict[str, Any]:
    state = _state()
    status, said = run(["systemctl", "is-active", "mdmonitor.service", "raid-watch.timer", "raid-scrub.timer"])
    words = said.split()
    return {
        "running": status == 0 and words == ["active"] * 3,
        "tried_days_ago": _age(state.get("tried_at")),
        "looked_days_ago": _age(state.get("looked_at")),
        "alerts": [each["what"] for each in state.get("alerts", ())],
        "events": state.get("events", [])[-10:],
    }


def _scrubs() -> list[dict[str, Any]]:
    """The last comparison of each mirror that there is now."""
    kept = _state().get("scrubs", {})
    found = []
    for array in arrays():
        scrub = kept.get(os.path.basename(array["device"]), {})
        found.append(
            {
                "device": array["device"],
                "days_ago": _age(scrub.get("ended")),
                "mismatches": scrub.get("mismatches"),
                "why": scrub.get("why", ""),
                "kernel_mismatches": array["mismatches"],
            }
        )
    return found


def _folder(path: str) -> dict[str, Any]:
    """What a folder is on, and whether it will be at the next start."""
    found = raid_text.mounted(
        demand(["findmnt", "--json", "--target", path, "--output", "TARGET,SOURCE,FSTYPE,LABEL,UUID"])
    )
    status, table = run(["findmnt", "--json", "--fstab", "--mountpoint", found["target"], "--output", "TARGET,SOURCE"])
    source = raid_text.mounted(table)["source"] if status == 0 else ""
    device = os.path.realpath(found["source"].partition("[")[0])
    return {"path": path, "target": found["target"], "device": device, "at_start": source or ""}


def _copies(file: str) -> list[dict[str, Any]]:
    """Where the backups of this machine are kept, and whether that is this machine; none without settings."""
    try:
        with open(file, encoding="utf-8") as stream:
            repositories = json.load(stream)["repositories"]
    except FileNotFoundError:
        return []
    return [{"name": each["name"], "here": _is_here(each["url"])} for each in repositories]


def _is_here(url: str) -> bool:
    """Whether a repository is a folder of this machine, or this machine's own address."""
    host = urlsplit(url.removeprefix("rest:").removeprefix("sftp:")).hostname
    if not host:
        return True
    mine = set(demand(["hostname", "--all-ip-addresses"]).split()) | {"127.0.0.1", "::1"}
    try:
        return any(str(each[4][0]) in mine for each in socket.getaddrinfo(host, None))
    except socket.gaierror:
        return host.partition(".")[0] == socket.gethostname().partition(".")[0]
