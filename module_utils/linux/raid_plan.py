"""What has to be done so that disks stand for one another, or why nothing may be. Pure: nothing is read or written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.linux.raid_read import RaidError

Disk = Mapping[str, Any]
Array = Mapping[str, Any]
_OURS = "linux_raid_member"


@dataclass(frozen=True)
class Wanted:
    """A mirror as the site describes it; disks by names that do not change."""

    name: str
    disks: Sequence[str]
    spares: Sequence[str]
    erase: Sequence[str]
    label: str
    mount: str = ""


@dataclass
class Plan:
    """Steps in their order, each a word and devices; what somebody has to be told besides."""

    array: Array | None
    steps: list[tuple[str, list[str]]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def find(named: Iterable[str], disks: Sequence[Disk]) -> tuple[list[Disk], list[str]]:
    """The disks of these names, and the names that no disk has.

    :raises RaidError: a name is that of two disks.
    """
    found, missing = [], []
    for name in named:
        fitting = [disk for disk in disks if name in disk["ids"]]
        if len(fitting) > 1:
            both = ", ".join(str(disk["device"]) for disk in fitting)
            raise RaidError(f"{name}: is the name of {both}; give a longer one of /dev/disk/by-id")
        found += fitting
        missing += [] if fitting else [name]
    return found, missing


def check_names(wanted: Wanted) -> None:
    """Refuse a description that can be no mirror.

    :raises RaidError: too few disks, an odd number of them, or one that is named twice.
    """
    named = [*wanted.disks, *wanted.spares]
    twice = sorted({name for name in named if named.count(name) > 1})
    if twice:
        raise RaidError(f"{wanted.name}: {', '.join(twice)} is named twice; a disk cannot stand for itself")
    if len(wanted.disks) < 2 or len(wanted.disks) % 2:
        raise RaidError(
            f"{wanted.name}: {len(wanted.disks)} disks are named; a mirror needs two, or another even number"
        )


def plan(wanted: Wanted, disks: Sequence[Disk], arrays: Sequence[Array], held: Mapping[str, Sequence[str]]) -> Plan:
    """What to do for a mirror, given the disks and the arrays that there are.

    :param held: for each device, the signatures on it.
    :raises RaidError: nothing may be done; not one byte is to be written.
    """
    check_names(wanted)
    active, absent = find(wanted.disks, disks)
    spares, absent_spares = find(wanted.spares, disks)
    array = _array(wanted, [*active, *spares], arrays)
    if array is None:
        if absent or absent_spares:
            raise RaidError(f"{wanted.name}: no disk is called {', '.join([*absent, *absent_spares])}; {_there(disks)}")
        _refuse_unequal(wanted, [*active, *spares])
        _refuse_used(wanted, [*active, *spares], held)
        return Plan(None, [("create", _devices(active)), *([("add", _devices(spares))] if spares else [])])
    return _repair(wanted, array, active, spares, [*absent, *absent_spares], disks, held)


def _array(wanted: Wanted, named: Sequence[Disk], arrays: Sequence[Array]) -> Array | None:
    """The array that is this mirror already.

    :raises RaidError: its disks are in several, or in one that is another mirror.
    """
    devices = set(_devices(named))
    fitting = [array for array in arrays if devices & {member["device"] for member in array["members"]}]
    fitting += [array for array in arrays if array["name"] == wanted.name and array not in fitting]
    if len(fitting) > 1:
        both = ", ".join(str(array["device"]) for array in fitting)
        raise RaidError(
            f"{wanted.name}: its disks are in several arrays ({both}); take the one that is not wanted apart"
        )
    if not fitting:
        return None
    if fitting[0]["level"] != "raid1":
        raise RaidError(f"{wanted.name}: {fitting[0]['device']} is of level {fitting[0]['level']}, no mirror")
    if fitting[0]["name"] != wanted.name:
        raise RaidError(f"{wanted.name}: its disks are in another mirror, {fitting[0]['name'] or fitting[0]['device']}")
    return fitting[0]


def _repair(  # noqa: PLR0917  (each is something else that was read)
    wanted: Wanted,
    array: Array,
    active: Sequence[Disk],
    spares: Sequence[Disk],
    absent: Sequence[str],
    disks: Sequence[Disk],
    held: Mapping[str, Sequence[str]],
) -> Plan:
    """Bring an existing mirror in line: failed disks out, disks that are named and not in it, in."""
    found = Plan(array, [], [f"{wanted.name}: the disk {name} is not there; replace it" for name in absent])
    inside = {member["device"]: member for member in array["members"]}
    named = {disk["device"] for disk in (*active, *spares)}
    joining = [disk for disk in (*active, *spares) if disk["device"] not in inside]
    # A member that failed leaves only when another disk takes its place or it is named no more: it may come back by itself.
    failed = [device for device, member in inside.items() if "faulty" in member["states"]]
    leaving = [device for device in failed if joining or device not in named]
    present = {disk["device"] for disk in disks}
    strangers = [device for device in inside if device not in named and device not in failed and device in present]
    if joining:
        smallest = min((disk["size_bytes"] for disk in disks if disk["device"] in inside), default=0)
        for disk in joining:
            if smallest and disk["size_bytes"] != smallest:
                raise RaidError(
                    f"{wanted.name}: {_told(disk)} has {disk['size_bytes']} bytes, the others {smallest}; "
                    "put in a disk of the same size"
                )
        _refuse_used(wanted, joining, held, array)
    if leaving:
        found.steps.append(("remove", sorted(leaving)))
    if joining:
        found.steps.append(("add", _devices(joining)))
    if array["wanted"] != len(wanted.disks):
        found.steps.append(("grow", [str(len(wanted.disks))]))
    if strangers and joining and not array["degraded"] and not absent:
        found.steps.append(("replace", sorted(strangers)))
    elif strangers:
        found.warnings.append(f"{wanted.name}: {', '.join(sorted(strangers))} is in it and is not named")
    return found


def _refuse_unequal(wanted: Wanted, disks: Sequence[Disk]) -> None:
    sizes = {int(disk["size_bytes"]) for disk in disks}
    if len(sizes) > 1:
        told = ", ".join(f"{_told(disk)}: {disk['size_bytes']} bytes" for disk in disks)
        raise RaidError(f"{wanted.name}: the disks are not of one size ({told}); nothing was written")


def _refuse_used(
    wanted: Wanted, disks: Sequence[Disk], held: Mapping[str, Sequence[str]], array: Array | None = None
) -> None:
    for disk in disks:
        if disk["mounts"]:
            raise RaidError(
                f"{wanted.name}: {_told(disk)} is in use ({', '.join(disk['mounts'])}); nothing was written"
            )
        if disk["arrays"] and (array is None or array["device"] not in disk["arrays"]):
            raise RaidError(f"{wanted.name}: {_told(disk)} is in {', '.join(disk['arrays'])}; nothing was written")
        if array is None and disk.get("array_name") == wanted.name:
            # Left in erase since it was made, it would be made again over what it holds.
            raise RaidError(
                f"{wanted.name}: {_told(disk)} is a part of this mirror, which does not run; run mdadm --assemble --scan, or "
                "mdadm --zero-superblock where it may be lost. Nothing was written"
            )
        if set(disk["ids"]) & set(wanted.erase):
            continue
        kinds = [f"partition {name}" for name in disk["parts"]] + list(held.get(disk["device"], ()))
        if array is not None and kinds == [_OURS] and disk.get("array_uuid") == array["uuid"]:
            continue
        if kinds:
            raise RaidError(
                f"{wanted.name}: {_told(disk)} holds something already ({', '.join(kinds)}); name it in erase if what it "
                "holds may be lost. Nothing was written"
            )


def _devices(disks: Iterable[Disk]) -> list[str]:
    return [str(disk["device"]) for disk in disks]


def _told(disk: Disk) -> str:
    return f"{disk['serial'] or '?'} ({disk['device']})"


def _there(disks: Sequence[Disk]) -> str:
    return "there are " + ", ".join(f"{_told(disk)} of {disk['size_bytes']} bytes" for disk in disks)
