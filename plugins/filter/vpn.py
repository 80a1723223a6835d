"""Who of the list of employees works from outside, and networks as OpenVPN writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import ansible.module_utils
from ansible.errors import AnsibleFilterError

# A filter runs in Ansible itself, which finds shared code for modules only. It loads all filters for each task and host anew:
# what one of them needs is loaded when that one is used.
_SHARED = str(Path(__file__).resolve().parents[2] / "module_utils")
if _SHARED not in ansible.module_utils.__path__:
    ansible.module_utils.__path__.append(_SHARED)


def vpn_people(employees_file: str, departments: Mapping[str, Mapping[str, Any]], mail_domain: str) -> list[str]:
    """Mail addresses of the people whom the list of employees lets in from outside, as a right of ad_directory names them."""
    from ansible.module_utils.ad.employees import EmployeeFileError, load_employees

    try:
        employees = load_employees(employees_file, departments, mail_domain)
    except EmployeeFileError as error:
        raise AnsibleFilterError(str(error)) from error
    return [employee.mail for employee in employees if employee.vpn]


def _network(subnet: str) -> IPv4Network:
    try:
        return IPv4Network(subnet)
    except ValueError as error:
        raise AnsibleFilterError(f"'{subnet}' is not a network ({error}); write it as 10.0.0.0/24") from error


def vpn_network(subnet: str) -> str:
    """The address of a network."""
    return str(_network(subnet).network_address)


def vpn_netmask(subnet: str) -> str:
    """Its mask."""
    return str(_network(subnet).netmask)


class FilterModule:
    """Filters of remote access."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names as playbooks know them."""
        return {"vpn_people": vpn_people, "vpn_network": vpn_network, "vpn_netmask": vpn_netmask}
