"""What a renewal does on a simulated machine: files are saved, an image is mounted, setup works, the machine restarts.

No Windows is installed. Setup takes `behaviour.setup_seconds`, then the machine goes away and comes back as what the
renewal leaves; `behaviour.setup` says how that goes. What this proves is how our tasks go on, never what setup does.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.winrm_park import profiles

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine

GOOD, _POWER_LOST, ERROR, LOST = profiles.SETUPS
#: What setup ends with ([MOSETUP_E...] as published): compatible; a driver that failed.
_COMPATIBLE, _DRIVER_FAILED = 0xC1900210, 0xC1900101
#: What the task scheduler says in the place of an exit code: the task runs.
_RUNS = 0x41301
_COPIED, _NOTHING_DONE = 1, 16
_NEW = "11"

Result = dict[str, Any]


@dataclass
class Renewal:
    """What there is of a renewal on one machine."""

    #: Destinations that hold what is on the machine now, and folders that were made.
    saved: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)
    mounted: set[str] = field(default_factory=set)
    #: Tasks of the scheduler: when they began, and with what they end.
    tasks: dict[str, tuple[float, int]] = field(default_factory=dict)
    #: Results of what runs without anybody waiting for it.
    jobs: dict[str, Result] = field(default_factory=dict)
    #: The release to go back to, and the one that the next restart brings.
    former: dict[str, Any] | None = None
    coming: dict[str, Any] | None = None
    #: How often setup was started, and how often it changed the machine; a test wants neither twice.
    started: int = 0
    installed: int = 0
    #: What the endpoint is to do: seconds until the machine restarts.
    restarts_in: float | None = None
    lost: bool = False


def kept(profile: Mapping[str, Any]) -> dict[str, Any]:
    """What another release leaves as it was."""
    names = ("language", "domain", "behaviour", "hardware", "accounts", "administrators", "sessions", "software")
    return {key: profile[key] for key in names}


def restart(machine: Machine) -> None:
    """Become what setup or the way back prepared; called while the machine is away."""
    renewal = machine.renewal
    if renewal.coming is None:
        return
    before, coming = machine.profile, renewal.coming
    forward = renewal.former is None
    renewal.former, renewal.coming = (before if forward else None), None
    renewal.installed += forward
    machine.become(coming)


def robocopy(machine: Machine, given: Mapping[str, Any]) -> Result:
    """Copy or compare: files are what they were when the destination has them already."""
    source, destination, flags = str(given["src"]), str(given["dest"]), str(given.get("flags") or "").upper().split()
    far = [each for each in (source, destination) if each.startswith("\\\\")]
    # A session over the network hands nothing on: a third machine is reached under an account of one's own.
    if far and not given.get("_become"):
        return {"failed": True, "changed": False, "rc": _NOTHING_DONE, "msg": f"Access is denied: {far[0]}"}
    code = 0 if destination in machine.renewal.saved else _COPIED
    if "/L" not in flags and not given.get("_ansible_check_mode"):
        machine.renewal.saved.add(destination)
    # Codes that tell no failure are said to be none: any other than 0 would be one to Ansible.
    return {"changed": code == _COPIED, "failed": False, "rc": code, "return_code": code, "msg": "robocopy"}


def folder(machine: Machine, given: Mapping[str, Any]) -> Result:
    """Make a folder; nothing but its name is kept."""
    path, there = str(given["path"]), machine.renewal.folders
    new = path not in there
    if new and not given.get("_ansible_check_mode"):
        there.add(path)
    return {"changed": new}


def disk_image(machine: Machine, given: Mapping[str, Any]) -> Result:
    """Mount an image that was copied."""
    path, there = str(given["image_path"]), machine.renewal.saved
    if not any(path.startswith(f"{each}\\") for each in there):
        return {"failed": True, "msg": f"{path} does not exist"}
    new = path not in machine.renewal.mounted
    if new and not given.get("_ansible_check_mode"):
        machine.renewal.mounted.add(path)
    return {"changed": new, "mount_paths": ["E:\\"]}


def scheduled_task(machine: Machine, given: Mapping[str, Any]) -> Result:
    """Register a task, which starts setup at once when its trigger says so, or take one away."""
    name, renewal = str(given["name"]), machine.renewal
    if given.get("state", "present") == "absent":
        there = name in renewal.tasks
        if there and not given.get("_ansible_check_mode"):
            del renewal.tasks[name]
        return {"changed": there}
    (action,) = given["actions"]
    if [each["type"] for each in given["triggers"]] != ["registration"] or not _is_setup(machine, action["path"]):
        return {"failed": True, "msg": f"not simulated: {action['path']} by {given['triggers']}"}
    if not given.get("_ansible_check_mode"):
        renewal.tasks[name] = (time.monotonic(), _begin(machine))
    return {"changed": True}


def scheduled_task_stat(machine: Machine, given: Mapping[str, Any]) -> Result:
    """What the scheduler says of a task."""
    found = machine.renewal.tasks.get(str(given["name"]))
    if found is None:
        return {"changed": False, "folder_exists": True, "task_exists": False}
    begun, code = found
    works = time.monotonic() < begun + _setup_seconds(machine)
    return {"changed": False, "folder_exists": True, "task_exists": True,
            "state": {"last_task_result": _RUNS if works else code}}  # fmt: skip


def async_status(machine: Machine, given: Mapping[str, Any]) -> Result:
    """The end of what was started without waiting."""
    number = str(given["jid"])
    if given.get("mode") == "cleanup":
        machine.renewal.jobs.pop(number, None)
        return {"changed": False, "ansible_job_id": number}
    found = machine.renewal.jobs.get(number)
    if found is None:
        return {"failed": True, "started": 1, "finished": 1, "msg": f"could not find job {number}"}
    return {**found, "started": 1, "finished": 1, "ansible_job_id": number}


def begin_job(machine: Machine, number: str, result: Result) -> Result:
    """Note what a task that nobody waits for ended with; the answer to who started it."""
    machine.renewal.jobs[number] = result
    return {"changed": True, "started": 1, "finished": 0, "ansible_job_id": number, "results_file": number}


def setup(machine: Machine, words: list[str]) -> int | None:
    """Setup called by itself: it only looks, anything else is not simulated."""
    flags = [word.lower() for word in words]
    looks = "scanonly" in flags and "/noreboot" in flags
    return _signed(_COMPATIBLE) if looks and machine.renewal.mounted else None


def dism(machine: Machine, words: list[str]) -> int | None:
    """Go back to the release before, which the machine does by restarting; there may be none to go back to."""
    if "/initiate-osuninstall" not in [word.lower() for word in words]:
        return None
    if machine.renewal.former is None:
        return _signed(0x800F0955)
    machine.renewal.coming, machine.renewal.restarts_in = machine.renewal.former, 0.0
    return 0


def _is_setup(machine: Machine, path: str) -> bool:
    return bool(machine.renewal.mounted) and path.lower() == "e:\\setup.exe"


def _setup_seconds(machine: Machine) -> float:
    return float(machine.behaviour["setup_seconds"])


def _begin(machine: Machine) -> int:
    """Setup starts; with what it will end."""
    renewal, goes = machine.renewal, machine.behaviour["setup"]
    renewal.started += 1
    if goes == ERROR:
        return _signed(_DRIVER_FAILED)
    renewal.restarts_in = _setup_seconds(machine)
    if goes == GOOD:
        own = {**kept(machine.profile), "behaviour": dict(machine.behaviour)}
        renewal.coming = profiles.profile(machine.name, _NEW, ["current"], own)
    renewal.lost = goes == LOST
    return 0


def _signed(code: int) -> int:
    return code - (1 << 32) if code >= 1 << 31 else code
