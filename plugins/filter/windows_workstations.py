"""Windows workstations: how they are reached, what is known of each besides what is read, what became of reading it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import ansible.module_utils
from ansible.errors import AnsibleFilterError

# A filter runs in Ansible itself, which finds shared code for modules only. It loads all filters for each task and host anew:
# what one of them needs is loaded when that one is used.
_SHARED = str(Path(__file__).resolve().parents[2] / "module_utils")
if _SHARED not in ansible.module_utils.__path__:
    ansible.module_utils.__path__.append(_SHARED)


def _programs(results: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    found = {host: (result.get("workstation") or {}).get("software") for host, result in results.items()}
    return {host: programs for host, programs in found.items() if programs}


def workstation_registers(
    results: Mapping[str, Any],
    day: str,
    site: Mapping[str, Any],
    publisher: Mapping[str, Any],
    group_policy: Mapping[str, Any],
    *,
    machines: Iterable[str],
) -> dict[str, dict[str, Any]]:
    """The register of each machine that was asked, by its name.

    :param results: those of workstation_info
    :param machines: every workstation of the site, whether this audit reads it or not
    """
    from ansible.module_utils.policy.windows_register import RegisterError, workstation_register

    park = _programs(results)
    unread = len(set(machines) - set(park))
    try:
        return {
            host: workstation_register(
                host, day, site=site, publisher=publisher, park=park, unread=unread, group_policy=group_policy
            )
            for host in results
        }
    except RegisterError as error:
        raise AnsibleFilterError(str(error)) from error


def workstation_readings(results: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """What became of reading each machine: measured, partly, off, refused, ...; nothing for one that was not tried."""
    return {host: {"state": str(result["state"])} for host, result in results.items() if result.get("state")}


def workstation_addresses(
    hostvars: Mapping[str, Mapping[str, Any]], hosts: Iterable[str], domain: str
) -> list[dict[str, str]]:
    """How each machine is reached: by the address that the inventory gives it, or else by its name in the domain."""
    return [
        {"name": host, "address": str(hostvars[host].get("ansible_host") or f"{host}.{domain}"),
         "service_name": f"{host}.{domain}"}
        for host in hosts
    ]  # fmt: skip


class FilterModule:
    """Filters of the Windows workstations."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names as playbooks know them."""
        return {
            "workstation_addresses": workstation_addresses,
            "workstation_readings": workstation_readings,
            "workstation_registers": workstation_registers,
        }
