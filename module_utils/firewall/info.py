"""The state in force of a firewall: its ruleset held against the matrix, what a restart would bring, the kernel's switches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible.module_utils.firewall.apply import FILE, LOADED, PENDING, FirewallError, in_force, is_current, run
from ansible.module_utils.firewall.compare import facts
from ansible.module_utils.firewall.model import Matrix


def read_firewall(matrix: Matrix) -> tuple[dict[str, Any], dict[str, str]]:
    """What was read, and why something is missing by the fact's name.

    :raises FirewallError: the ruleset in force cannot be listed.
    """
    found = facts(in_force(), matrix)
    failures: dict[str, str] = {}
    readers: dict[str, Callable[[], Any]] = {"boot": boot, "kernel": kernel, "log_daemon": log_daemon}
    for name, reader in readers.items():
        try:
            found[name] = reader()
        except (FirewallError, OSError, ValueError) as error:
            failures[name] = str(error)
    found["pending"] = PENDING.exists()
    return found, failures


def boot() -> dict[str, bool]:
    """Whether a restart brings back the ruleset that is in force."""
    enabled = "enabled" in run("systemctl", "show", "--property=UnitFileState", "--value", "nftables.service").split()
    same = FILE.exists() and LOADED.exists() and is_current(FILE.read_text(encoding="utf-8"))
    return {"enabled": enabled, "loads_the_same": same}


def kernel() -> dict[str, bool]:
    """What the kernel forwards at all."""
    switches = {"forwards_ipv4": "ipv4/ip_forward", "forwards_ipv6": "ipv6/conf/all/forwarding"}
    found = {}
    for name, path in switches.items():
        file = Path("/proc/sys/net", path)
        found[name] = file.exists() and file.read_text(encoding="ascii").strip() != "0"
    return found


def log_daemon() -> bool:
    """Whether what writes refusals down is running."""
    return run("systemctl", "show", "--property=ActiveState", "--value", "ulogd2.service").strip() == "active"
