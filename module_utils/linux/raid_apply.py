"""Do what a plan for mirrored disks says, step by step; a step that fails stops the rest and says where things stand."""

from __future__ import annotations

import os

from ansible.module_utils.linux.raid_plan import Plan, Wanted, find, plan
from ansible.module_utils.linux.raid_read import RaidError, arrays, demand, disks, filesystem, run, signatures
from ansible.module_utils.linux.raid_text import exported

#: Quotas are a feature of the file system: as mount options they would wait for a first count at each start.
MAKE = ("mkfs.ext4", "-q", "-O", "quota", "-E", "quotatype=usrquota:grpquota")


def read_plan(wanted: Wanted) -> Plan:
    """What has to be done now.

    :raises RaidError: nothing may be done, or the disks cannot be read.
    """
    _refuse_hidden(wanted.mount)
    there = disks()
    named, _ = find([*wanted.disks, *wanted.spares], there)
    held = {}
    for disk in (each for each in there if each in named):
        held[disk["device"]] = signatures(disk["device"])
        if held[disk["device"]] == ["linux_raid_member"]:
            said = exported(run(["mdadm", "--examine", "--export", disk["device"]])[1])
            disk |= {"array_uuid": said.get("MD_UUID"), "array_name": said.get("MD_NAME", "").rpartition(":")[2]}
    return plan(wanted, there, arrays(), held)


def _refuse_hidden(folder: str) -> None:
    """What a folder holds would be hidden by the mirror, and believed to be lost."""
    if folder and os.path.isdir(folder) and not os.path.ismount(folder) and os.listdir(folder):
        raise RaidError(
            f"{folder} holds files ({os.listdir(folder)[0]}) and no mirror is mounted there. Move them away, run this again, "
            "and move them onto the mirror; nothing was written"
        )


def told(steps: list[tuple[str, list[str]]], name: str) -> list[str]:
    """The steps as somebody reads them."""
    return [f"{name}: {word} {' '.join(devices)}" for word, devices in steps]


def apply(wanted: Wanted, todo: Plan, *, dry: bool) -> list[str]:
    """Do the steps; what was done, or would be.

    :raises RaidError: a step failed.
    """
    done = told(todo.steps, wanted.name)
    device = str(todo.array["device"]) if todo.array else f"/dev/md/{wanted.name}"
    if not dry:
        for word, devices in todo.steps:
            _step(wanted, device, word, devices)
    if todo.array is None and dry:
        return [*done, f"{wanted.name}: make the file system {wanted.label}"]
    return done + _filesystem(wanted, device, new=todo.array is None, dry=dry)


def _step(wanted: Wanted, device: str, word: str, devices: list[str]) -> None:
    if word == "create":
        for each in devices:
            demand(["wipefs", "--all", "--quiet", each])
        demand(
            [
                *("mdadm", "--create", device, "--run", "--level=1", "--metadata=1.2", "--bitmap=internal"),
                *(f"--raid-devices={len(devices)}", f"--name={wanted.name}", "--homehost=any", *devices),
            ]
        )
        run(["udevadm", "settle"])
    elif word == "add":
        for each in devices:
            # One that was in it comes back with what it missed only; any other is filled anew.
            if run(["mdadm", "--manage", device, "--re-add", each])[0]:
                demand(["wipefs", "--all", "--quiet", each])
                demand(["mdadm", "--manage", device, "--add", each])
    elif word == "remove":
        for each in devices:
            demand(["mdadm", "--manage", device, "--remove", each])
    elif word == "grow":
        demand(["mdadm", "--grow", device, f"--raid-devices={devices[0]}"])
    elif word == "replace":
        for each in devices:
            demand(["mdadm", "--manage", device, "--replace", each])


def _filesystem(wanted: Wanted, device: str, *, new: bool, dry: bool) -> list[str]:
    there = filesystem(device)
    if there.get("TYPE") == "ext4" and there.get("LABEL") == wanted.label:
        return []
    if there:
        raise RaidError(
            f"{wanted.name}: {device} holds {there.get('TYPE') or there.get('PTTYPE')} {there.get('LABEL', '')} "
            f"and not the file system {wanted.label}; nothing was written on it"
        )
    if not new and signatures(device):
        # Nothing that is known, and yet something: a file system whose beginning is damaged, perhaps.
        raise RaidError(
            f"{wanted.name}: {device} holds data and no file system that is known; nothing was written on it. Have it looked "
            f"at; where nothing on it is worth keeping, run mkfs.ext4 -L {wanted.label} {device}"
        )
    if not dry:
        demand([*MAKE, "-L", wanted.label, device])
        run(["udevadm", "settle"])
    return [f"{wanted.name}: make the file system {wanted.label}"]
