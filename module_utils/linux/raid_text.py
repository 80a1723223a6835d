"""What mdadm, the kernel, lsblk and smartctl say of mirrored disks, as plain data. Pure: text in, data out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

_ARRAY = re.compile(r"^(md\S+) : (active|inactive)(?: \([a-z-]+\))?(?: (raid\d+|linear))? (.+)$")
_MEMBER = re.compile(r"^(\S+?)\[(\d+)\]((?:\([A-Z]\))*)$")
_COUNT = re.compile(r"\[(\d+)/(\d+)\] \[([U_]+)\]")
_ACTION = re.compile(r"(recovery|resync|check|repair|reshape)\s*=\s*([\d.]+)%")
_WAITING = re.compile(r"(recovery|resync|check)=(DELAYED|PENDING)")
_FLAGS = {"(F)": "failed", "(S)": "spare", "(W)": "write_mostly", "(J)": "journal", "(R)": "replacement"}


def mdstat(text: str) -> list[dict[str, Any]]:
    """The arrays of /proc/mdstat: members with their slot and what is wrong with them, and what is going on."""
    found: list[dict[str, Any]] = []
    for line in text.splitlines():
        if match := _ARRAY.match(line):
            device, state, level, members = match.groups()
            found.append(
                {
                    "device": device,
                    "active": state == "active",
                    "level": level,
                    "members": list(_members(members)),
                    "wanted": None,
                    "working": None,
                    "action": "idle",
                    "percent": None,
                }
            )
        elif found:
            if match := _COUNT.search(line):
                found[-1] |= {"wanted": int(match[1]), "working": int(match[2])}
            if match := _ACTION.search(line):
                found[-1] |= {"action": match[1], "percent": float(match[2])}
            elif match := _WAITING.search(line):
                found[-1]["action"] = match[1]
    return found


def _members(words: str) -> Iterator[dict[str, Any]]:
    for word in words.split():
        if match := _MEMBER.match(word):
            flags = [_FLAGS.get(flag, flag) for flag in re.findall(r"\([A-Z]\)", match[3])]
            yield {"name": match[1], "slot": int(match[2]), "flags": flags}


def pairs(text: str) -> dict[str, str]:
    """The lines "name : value" of mdadm --detail and --examine."""
    found = {}
    for line in text.splitlines():
        name, colon, value = line.partition(" : ")
        if colon and name.strip():
            found[name.strip()] = value.strip()
    return found


def exported(text: str) -> dict[str, str]:
    """The lines NAME=value of mdadm --export."""
    return dict(line.strip().partition("=")[::2] for line in text.splitlines() if "=" in line)


def lsblk(text: str, links: Mapping[str, list[str]]) -> list[dict[str, Any]]:
    """The disks of lsblk --json: each with every name that does not change, and what uses it.

    :param links: names below /dev/disk/by-id, by device.
    """
    found = []
    for each in json.loads(text)["blockdevices"]:
        if each["type"] != "disk" or not each["size"]:
            continue
        below = list(_below(each))
        ids = [each.get("serial"), each.get("wwn"), *links.get(each["path"], ())]
        found.append(
            {
                "device": each["path"],
                "size_bytes": int(each["size"]),
                "serial": each.get("serial"),
                "ids": sorted({name for name in ids if name}),
                "parts": [part["name"] for part in below if part["type"] == "part"],
                "mounts": sorted(
                    {point for part in [each, *below] for point in part.get("mountpoints") or [] if point}
                ),
                "arrays": sorted({part["path"] for part in below if part["type"].startswith(("raid", "md"))}),
            }
        )
    return found


def _below(device: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for child in device.get("children") or ():
        yield child
        yield from _below(child)


def smart(text: str) -> dict[str, Any]:
    """What a disk says of its own health (smartctl --json); not_measured with the reason where it says nothing."""
    try:
        told = json.loads(text)
    except ValueError:
        return {"status": "not_measured", "reason": "smartctl gave no answer"}
    messages = [str(each.get("string")) for each in told.get("smartctl", {}).get("messages", ())]
    support = told.get("smart_support", {})
    if "smart_status" not in told or support.get("available") is False:
        reason = "; ".join(messages) or "the disk has no SMART"
        return {"status": "not_measured", "reason": reason}
    counts = {
        each["name"]: each["raw"]["value"]
        for each in told.get("ata_smart_attributes", {}).get("table", ())
        if each.get("name") in ("Reallocated_Sector_Ct", "Current_Pending_Sector", "Offline_Uncorrectable")
    }
    found: dict[str, Any] = {"status": "passed" if told["smart_status"].get("passed") else "failed", "reason": ""}
    hours = told.get("power_on_time", {}).get("hours")
    return found | {"bad_sectors": sum(counts.values()) if counts else None, "power_on_hours": hours}


def mounted(text: str) -> dict[str, Any]:
    """What findmnt --json says a folder is on."""
    each = json.loads(text)["filesystems"][0]
    return {name: each.get(name) for name in ("target", "source", "fstype", "options", "label", "uuid")}
