"""Addresses the lab works out from a site's own: the bridge's, and a hardware address that never changes."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from ansible.errors import AnsibleFilterError


def lab_bridge_address(subnet: str, taken: Iterable[str]) -> str:
    """The address of the lab's own end of a network: one that no machine of the site has."""
    try:
        network = ipaddress.ip_network(subnet)
    except ValueError as error:
        raise AnsibleFilterError(
            f"networks: {subnet!r} is not a subnet; write it as 10.20.30.0/24 ({error})"
        ) from error
    used = set(taken)
    first, last = int(network.network_address) + 1, int(network.broadcast_address)
    free = (str(ipaddress.ip_address(number)) for number in (first, *range(last - 1, first, -1)))
    for address in free:
        if address not in used:
            return address
    raise AnsibleFilterError(f"networks: {subnet} has no address left for the lab's bridge")


def lab_host_address(subnet: str, number: int) -> str:
    """The address of a stand-in: so many after the network's own."""
    network = ipaddress.ip_network(subnet)
    if not 0 < int(number) < network.num_addresses - 1:
        raise AnsibleFilterError(f"lab_host_number: {subnet} has no host {number}")
    return str(network.network_address + int(number))


def lab_hardware_address(address: str) -> str:
    """A locally administered MAC made of the address, so that a machine made anew is the same one to its neighbours."""
    try:
        packed = ipaddress.IPv4Address(address).packed
    except ValueError as error:
        raise AnsibleFilterError(f"{address!r} is not an IPv4 address; check the site's hosts.yml ({error})") from error
    return "02:00:" + packed.hex(":")


def lab_network_options(legs: Mapping[str, str], prefix: str) -> list[str]:
    """What podman run --network wants for each leg (network -> address); an interface bears its network's name."""
    return [
        f"{prefix}-{name}:ip={address},mac={lab_hardware_address(address)},interface_name={name}0"
        for name, address in legs.items()
    ]


def lab_disk(serial: str, megabytes: int) -> dict[str, str | int]:
    """A disk of a virtual machine."""
    if not serial.replace("-", "").replace("_", "").isalnum():
        raise AnsibleFilterError(f"{serial!r} is no serial number of a disk; check the site's mirrors")
    return {"serial": serial, "megabytes": int(megabytes)}


class FilterModule:
    """Filters of the lab's playbooks."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names as playbooks know them."""
        return {
            "lab_bridge_address": lab_bridge_address,
            "lab_disk": lab_disk,
            "lab_hardware_address": lab_hardware_address,
            "lab_host_address": lab_host_address,
            "lab_network_options": lab_network_options,
        }
