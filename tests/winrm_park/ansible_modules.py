"""Ansible's modules as a simulated machine plays them: a closed list, read out of what the controller sends.

ansible-core sends a bootstrap in PowerShell and, on the standard input, the module's name with its arguments in JSON.
No PowerShell runs here: name and arguments are read and a few lines of Python do what the module is told to do. What
that proves is what our tasks send and how they go on, never what the module does to Windows.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.winrm_park import VENDOR, renewal
from tests.winrm_park.registry import LONG_NAMES, Registry

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine

_END = b"\0\0\0\0"
_WRAPPER, _BECOME, _ASYNC = "module_wrapper.ps1", "become_wrapper.ps1", "async_wrapper.ps1"
_WRAPPERS = frozenset({_WRAPPER, _BECOME, _ASYNC, "async_watchdog.ps1"})
_EXPAND = "powershell_expand_user.ps1"
_TOO_OLD = {"failed": True, "msg": "Ansible requires PowerShell v5.1"}
_TYPES = {"none": "REG_NONE", "string": "REG_SZ", "expandstring": "REG_EXPAND_SZ", "binary": "REG_BINARY",
          "dword": "REG_DWORD", "multistring": "REG_MULTI_SZ", "qword": "REG_QWORD"}  # fmt: skip
_STARTS = {"auto": 2, "delayed": 2, "manual": 3, "disabled": 4}
_SERVICES = r"HKLM\SYSTEM\CurrentControlSet\Services"

Result = dict[str, Any]


class NoPayloadError(ValueError):
    """What came is nothing that ansible-core sends."""


@dataclass
class _Sent:
    """A module as it was sent: its arguments, as whom it is to run, and whether somebody waits for it."""

    name: str
    arguments: dict[str, Any]
    become: str | None = None
    job: str | None = None


def answer(machine: Machine, sent: bytes) -> tuple[str, int]:
    """What the module that was sent writes, and the exit code.

    :raises NoPayloadError: no module was.
    """
    actions = _actions(sent)
    if (path := _expanded(actions)) is not None:
        return path, 0
    if machine.nt_version < (10, 0):
        return json.dumps(_TOO_OLD), 1
    result = _played(machine, _module(actions))
    return json.dumps(result, default=list), int(bool(result.get("failed")))


def _played(machine: Machine, sent: _Sent) -> Result:
    play = _MODULES.get(_LEGACY.get(sent.name, sent.name))
    if play is None:
        machine.told.unsimulated.append(f"Ansible module {sent.name}")
        return {"failed": True, "msg": f"{VENDOR}: module {sent.name} is not simulated"}
    unknown = sorted(key for key in sent.arguments if not key.startswith("_ansible_") and key not in play.options)
    if unknown:
        machine.told.unsimulated.append(f"Ansible module {sent.name}: {', '.join(unknown)}")
        return {"failed": True, "msg": f"{VENDOR}: option {', '.join(unknown)} of {sent.name} is not simulated"}
    machine.told.commands.append(f"module {sent.name}")
    result = play.run(machine, {**sent.arguments, "_become": sent.become})
    return result if sent.job is None else renewal.begin_job(machine, sent.job, result)


def read(sent: bytes) -> tuple[str, dict[str, Any]]:
    """Name and arguments of the module in what was sent on the standard input."""
    found = _module(_actions(sent))
    return found.name, found.arguments


def _actions(sent: bytes) -> list[Mapping[str, Any]]:
    """What is to be done, in the last part that says so."""
    for part in reversed(sent.split(_END)):
        try:
            content = json.loads(part)
        except ValueError:
            continue
        if isinstance(content, dict) and content.get("actions"):
            return list(content["actions"])
    raise NoPayloadError("no module in what was sent")


def _module(actions: list[Mapping[str, Any]]) -> _Sent:
    named = {each.get("name"): each for each in actions}
    if _WRAPPER not in named or set(named) - _WRAPPERS:
        raise NoPayloadError(f"no module in what was sent, but {', '.join(map(str, named))}")
    parameters = named[_WRAPPER]["params"]
    variables = {each["Name"]: each["Value"] for each in parameters.get("Variables", ())}
    arguments = dict(variables.get("complex_args") or {})
    # Its password is among what is sent encrypted, and no business of a simulator.
    become = named[_BECOME]["params"]["BecomeUser"] if _BECOME in named else None
    job = named[_ASYNC]["params"]["AsyncJid"] if _ASYNC in named else None
    return _Sent(str(arguments.get("_ansible_module_name", parameters["Script"])), arguments, become, job)


def _expanded(actions: list[Mapping[str, Any]]) -> str | None:
    """The path that the controller asks the machine to write in full."""
    if [each.get("name") for each in actions] != [_EXPAND]:
        return None
    return str(actions[0]["params"]["Path"]).replace("~", r"C:\Users\ansible", 1)


class _Play:
    def __init__(self, options: str, run: Callable[[Machine, Mapping[str, Any]], Result]) -> None:
        self.options, self.run = frozenset(options.split()), run


def _ping(_machine: Machine, given: Mapping[str, Any]) -> Result:
    return {"changed": False, "ping": given.get("data") or "pong"}


def _path(given: Mapping[str, Any]) -> str:
    """A path of PowerShell, HKLM:\\X, as the registry here has it."""
    hive, _colon, rest = str(given["path"]).partition(":")
    return f"{hive.upper()}\\{rest.strip(chr(92))}"


def _data(kind: str, given: Any) -> Any:
    if kind in ("REG_DWORD", "REG_QWORD"):
        return int(str(given), 0)
    if kind == "REG_MULTI_SZ":
        return tuple(map(str, given)) if isinstance(given, list) else (str(given),)
    if kind == "REG_BINARY":
        return bytes.fromhex(str(given).removeprefix("hex:").replace(",", ""))
    return "" if given is None else str(given)


def _regedit(machine: Machine, given: Mapping[str, Any]) -> Result:
    held, path, name = machine.registry, _path(given), given.get("name")
    if path.partition("\\")[0] not in LONG_NAMES:
        return {"failed": True, "msg": f"path: {given['path']} is not a valid registry path"}
    really = not given.get("_ansible_check_mode")
    if given.get("state", "present") == "absent":
        there = held.find(path) is not None if name is None else held.value(path, name) is not None
        if there and really:
            held.delete_key(path) if name is None else held.delete_value(path, name)
        return {"changed": there, "data_changed": False, "data_type_changed": False}
    return _present(held, path, given, really=really)


def _present(held: Registry, path: str, given: Mapping[str, Any], *, really: bool) -> Result:
    name = given.get("name")
    if name is None and given.get("data") is None:
        new = held.find(path) is None
        if new and really:
            held.create(path)
        return {"changed": new, "data_changed": False, "data_type_changed": False}
    kind = _TYPES[given.get("type") or "string"]
    data = _data(kind, given.get("data"))
    found = held.value(path, name or "")
    changed = found is None or (found.type, found.data) != (kind, data)
    if changed and really:
        held.set(path, name or "", kind, data)
    return {
        "changed": changed,
        "data_changed": found is not None and found.data != data,
        "data_type_changed": found is not None and found.type != kind,
    }


def _reg_stat(machine: Machine, given: Mapping[str, Any]) -> Result:
    path, name = _path(given), given.get("name")
    key = machine.registry.find(path)
    if name is None:
        below = [each.name for each in key.keys.values()] if key else []
        values = {each.name: {"type": each.type, "value": each.data} for each in key.values.values()} if key else {}
        return {"changed": False, "exists": key is not None, "sub_keys": below, "properties": values}
    value = machine.registry.value(path, name)
    if value is None:
        return {"changed": False, "exists": False}
    data = value.data.hex() if isinstance(value.data, bytes) else value.data
    return {"changed": False, "exists": True, "type": value.type, "value": data, "raw_value": data}


def _service(machine: Machine, given: Mapping[str, Any]) -> Result:
    name = next((each for each in machine.services if each.lower() == str(given["name"]).lower()), None)
    if name is None:
        return {"changed": False, "exists": False}
    start, state = given.get("start_mode"), given.get("state")
    states = {"started": "Running", "stopped": "Stopped"}
    if (start is not None and start not in _STARTS) or (state is not None and state not in states):
        machine.told.unsimulated.append(f"win_service {start} {state}")
        return {"failed": True, "msg": f"{VENDOR}: start_mode {start} or state {state} is not simulated"}
    wanted_start = machine.service_start(name) if start is None else _STARTS[start]
    wanted_state = machine.services[name] if state is None else states[state]
    changed = (machine.service_start(name), machine.services[name]) != (wanted_start, wanted_state)
    if changed and not given.get("_ansible_check_mode"):
        machine.registry.set(f"{_SERVICES}\\{name}", "Start", "REG_DWORD", wanted_start or 0)
        machine.services[name] = wanted_state
    return {"changed": changed, "exists": True, "name": name, "state": wanted_state.lower()}


def _command(machine: Machine, given: Mapping[str, Any]) -> Result:
    """One of the closed list of commands, which are the same as in a shell."""
    from tests.winrm_park import commands  # noqa: PLC0415 -- the commands know of modules, not the other way round

    if given.get("_ansible_check_mode"):
        return {"changed": False, "skipped": True, "msg": "remote module does not support check mode"}
    line = subprocess.list2cmdline(given.get("argv") or []) or str(given.get("_raw_params") or given.get("cmd") or "")
    done = commands.run(machine, line, "ansible")
    return {"changed": True, "rc": done.code, "stdout": done.output, "stderr": done.error, "failed": done.code != 0}


#: What plugins of ansible-core itself call, by names of their own.
_LEGACY = {
    "ansible.legacy.async_status": "ansible.windows.async_status",
    "ansible.legacy.ping": "ansible.windows.win_ping",
}
_MODULES = {
    "ansible.windows.async_status": _Play("jid mode _async_dir", renewal.async_status),
    "ansible.windows.win_command": _Play("_raw_params argv cmd", _command),
    "ansible.windows.win_file": _Play("path state", renewal.folder),
    "ansible.windows.win_ping": _Play("data", _ping),
    "ansible.windows.win_regedit": _Play("path name data type state", _regedit),
    "ansible.windows.win_reg_stat": _Play("path name", _reg_stat),
    "ansible.windows.win_service": _Play("name start_mode state", _service),
    "community.windows.win_disk_image": _Play("image_path state", renewal.disk_image),
    "community.windows.win_robocopy": _Play("src dest flags", renewal.robocopy),
    "community.windows.win_scheduled_task": _Play(
        "name state description actions triggers username run_level multiple_instances disallow_start_if_on_batteries"
        " stop_if_going_on_batteries execution_time_limit",
        renewal.scheduled_task,
    ),
    "community.windows.win_scheduled_task_stat": _Play("name", renewal.scheduled_task_stat),
}
