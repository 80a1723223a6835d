"""Read the disks and the mirrors of this machine. Run as root; nothing is changed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible.module_utils.linux import raid_text

Run = Callable[[list[str]], "tuple[int, str]"]
_SECONDS = 60
_EDGE = 1024 * 1024
#: blkid(8); also of a device that cannot be read.
_NOTHING_FOUND = 2
_COLUMNS = "NAME,PATH,TYPE,SIZE,SERIAL,WWN,MOUNTPOINTS"


class RaidError(Exception):
    """Says what is wrong, of which disk, and what to do."""


def run(command: list[str]) -> tuple[int, str]:
    """A command's status and what it said.

    :raises RaidError: it is not there or does not end.
    """
    try:
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=_SECONDS, env={**os.environ, "LC_ALL": "C"}
        )
    except FileNotFoundError as error:
        raise RaidError(f"{command[0]} is not installed") from error
    except subprocess.TimeoutExpired as error:
        raise RaidError(f"{command[0]} gave no answer in {_SECONDS} s") from error
    return done.returncode, done.stdout or done.stderr


def demand(command: list[str]) -> str:
    """What a command said.

    :raises RaidError: it failed.
    """
    status, said = run(command)
    if status:
        raise RaidError(f"{' '.join(command)}: {said.strip() or status}")
    return said


def disks() -> list[dict[str, Any]]:
    """Every disk of the machine."""
    links: dict[str, list[str]] = {}
    folder = Path("/dev/disk/by-id")
    for link in sorted(folder.iterdir()) if folder.is_dir() else ():
        links.setdefault(str(link.resolve()), []).append(link.name)
    return raid_text.lsblk(demand(["lsblk", "--json", "--bytes", "--tree", "--output", _COLUMNS]), links)


def signatures(device: str) -> list[str]:
    """What a disk holds already: the kinds of signatures on it, and "data" where its ends are not empty."""
    said = demand(["wipefs", "--no-act", "--noheadings", "--output", "TYPE", device])
    found = sorted(set(said.split()))
    if found:
        return found
    try:
        with open(device, "rb", buffering=0) as disk:
            first = disk.read(_EDGE)
            disk.seek(-_EDGE, os.SEEK_END)
            last = disk.read(_EDGE)
    except OSError as error:
        raise RaidError(f"{device}: what it holds cannot be read ({error}); nothing was written") from error
    return ["data"] if any(first) or any(last) else []


def members(device: str) -> list[dict[str, Any]]:
    """The members of an array as the kernel has them: disk, slot (None for a spare), states, errors."""
    found = []
    for folder in sorted(Path(f"/sys/block/{device}/md").glob("dev-*")):
        slot = read(folder / "slot")
        found.append(
            {
                "device": f"/dev/{folder.name.removeprefix('dev-')}",
                "slot": int(slot) if slot.isdigit() else None,
                "states": read(folder / "state").split(","),
                "errors": int(read(folder / "errors") or 0),
            }
        )
    return found


def arrays() -> list[dict[str, Any]]:
    """Every array of the machine, by the kernel and by mdadm."""
    found = []
    for folder in sorted(Path("/sys/block").glob("md*/md")):
        name = folder.parent.name
        told = raid_text.exported(demand(["mdadm", "--detail", "--export", f"/dev/{name}"]))
        found.append(
            {
                "device": f"/dev/{name}",
                "name": told.get("MD_NAME", "").rpartition(":")[2],
                "uuid": told.get("MD_UUID", ""),
                "level": read(folder / "level"),
                "wanted": int(read(folder / "raid_disks").split()[0]),
                "degraded": int(read(folder / "degraded") or 0),
                "state": read(folder / "array_state"),
                "action": read(folder / "sync_action"),
                "mismatches": int(read(folder / "mismatch_cnt") or 0),
                "size_bytes": int(read(folder.parent / "size")) * 512,
                "members": members(name),
            }
        )
    return found


def read(path: Path) -> str:
    """A file of the kernel; empty when it is not there."""
    try:
        return path.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def filesystem(device: str) -> dict[str, str]:
    """The file system on a device; empty when there is none.

    :raises RaidError: it cannot be told, as where two are found on one another.
    """
    status, said = run(["blkid", "--probe", "--output", "export", device])
    if status not in (0, _NOTHING_FOUND):
        raise RaidError(f"{device}: what it holds cannot be told ({said.strip() or f'blkid ended with {status}'})")
    return raid_text.exported(said) if status == 0 else {}
