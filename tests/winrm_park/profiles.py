"""Machine profiles in YAML: a system, states laid over it, and what is the machine's own.

Mappings are merged, anything else replaces what stood before, null removes. Unknown keys are refused, so that a word
mistyped in a state is not a machine that is healthy by mistake.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.winrm_park import ProfileError

HERE = Path(__file__).parent / "profiles"
SYSTEMS = {"xp": "windows_xp", "7": "windows_7", "10": "windows_10", "11": "windows_11"}
POWER = ("on", "off", "silent", "hung")
ACCESS = ("administrator", "remote_user", "denied", "nobody")
#: How setup goes: the new release; undone by the restart; given up before it; nobody comes back.
SETUPS = ("good", "power_lost", "error", "lost")
CERTIFICATES = ("valid", "expired", "other_name")
_OPEN = None  # a mapping whose keys are free
_KEYS: dict[str, frozenset[str] | None] = {
    "name": _OPEN,
    "language": _OPEN,
    "services": _OPEN,
    "software": _OPEN,
    "registry": _OPEN,
    "antivirus": _OPEN,
    "encryption": _OPEN,
    "accounts": _OPEN,
    "administrators": _OPEN,
    "sessions": _OPEN,
    "domain": frozenset({"name", "dns", "sid"}),
    "behaviour": frozenset({"power", "access", "latency_ms", "certificate", "faults", "slow", "reboot_after_requests",
                            "reboot_seconds", "drop_after_requests", "setup", "setup_seconds"}),
    "os": frozenset({"product_name", "caption", "edition_id", "display_version", "version", "build", "ubr", "sku",
                     "service_pack", "architecture", "stack", "product_type", "installed_days_ago",
                     "booted_hours_ago"}),
    "activation": frozenset({"status", "channel", "partial_key"}),
    "hardware": frozenset({"manufacturer", "model", "serial", "chassis", "memory_modules", "memory_reserved",
                           "processor", "disks", "tpm", "firmware", "secure_boot"}),
    "updates": frozenset({"last_installed_days_ago", "pending_reboot", "hotfixes"}),
    "firewall": frozenset({"domain", "private", "public"}),
}  # fmt: skip


def merge(base: Any, over: Any) -> Any:
    """`over` laid on `base`; neither is changed."""
    if not isinstance(base, Mapping) or not isinstance(over, Mapping):
        return copy.deepcopy(over)
    merged = {key: copy.deepcopy(value) for key, value in base.items()}
    for key, value in over.items():
        merged[key] = merge(merged[key], value) if key in merged else copy.deepcopy(value)
    return merged


@cache
def read(name: str) -> dict[str, Any]:
    """One file of profiles."""
    path = HERE / f"{name}.yml"
    content = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(content, dict):
        raise ProfileError(f"{path}: a mapping is expected")
    return content


def languages() -> dict[str, Any]:
    return read("languages")


def states() -> list[str]:
    """The names of what can be laid over a machine."""
    return sorted(read("states"))


def _checked(part: Mapping[str, Any], where: str) -> Mapping[str, Any]:
    for key, value in part.items():
        if key not in _KEYS:
            raise ProfileError(f"{where}: unknown key {key!r}; known are {', '.join(sorted(_KEYS))}")
        allowed = _KEYS[key]
        if allowed is None or value is None:
            continue
        if not isinstance(value, Mapping):
            raise ProfileError(f"{where}: {key} is a mapping")
        unknown = sorted(set(value) - allowed)
        if unknown:
            raise ProfileError(
                f"{where}: {key} has no {', '.join(map(str, unknown))}; it has {', '.join(sorted(allowed))}"
            )
    return part


def _one_of(value: Any, allowed: Iterable[str], where: str) -> None:
    if value not in tuple(allowed):
        raise ProfileError(f'{where}: {value!r} is none of {", ".join(allowed)} (write "on" and "off" in quotes)')


def profile(
    name: str,
    system: str,
    over: Iterable[str] = (),
    own: Mapping[str, Any] | None = None,
    where: str = "park",
) -> dict[str, Any]:
    """The whole profile of a machine: the common part, its system, states in their order, then what is its own."""
    place = f"{where}: {name}"
    _one_of(str(system), SYSTEMS, f"{place}: os")
    whole = merge(read("windows"), _checked(read(SYSTEMS[str(system)]), SYSTEMS[str(system)]))
    known = read("states")
    for state in over:
        _one_of(str(state), known, f"{place}: state")
        whole = merge(whole, _checked(known[str(state)], f"states.yml: {state}"))
    whole = merge(whole, _checked(own or {}, place))
    whole["name"] = name
    _one_of(whole["language"], languages(), f"{place}: language")
    behaviour = whole["behaviour"]
    _one_of(behaviour["power"], POWER, f"{place}: behaviour.power")
    _one_of(behaviour["access"], ACCESS, f"{place}: behaviour.access")
    _one_of(behaviour["setup"], SETUPS, f"{place}: behaviour.setup")
    _one_of(behaviour["certificate"], CERTIFICATES, f"{place}: behaviour.certificate")
    _one_of(whole["hardware"]["firmware"], ("uefi", "bios"), f"{place}: hardware.firmware")
    return whole
