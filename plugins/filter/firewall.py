"""The flow matrix of a site as its firewall's own configuration."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ansible.module_utils
from ansible.errors import AnsibleFilterError

if TYPE_CHECKING:
    from ansible.module_utils.firewall.model import Matrix

# A filter runs in Ansible itself, which finds shared code for modules only. It loads all filters for each task and host anew:
# what one of them needs is loaded when that one is used.
_SHARED = str(Path(__file__).resolve().parents[2] / "module_utils")
if _SHARED not in ansible.module_utils.__path__:
    ansible.module_utils.__path__.append(_SHARED)


def _matrix(data: Mapping[str, Any], file: str | None) -> Matrix:
    from ansible.module_utils.firewall.model import MatrixError
    from ansible.module_utils.firewall.source import matrix_of

    try:
        return matrix_of(data, file)
    except MatrixError as error:
        raise AnsibleFilterError(f"the flow matrix is wrong:\n{error}") from error


def firewall_nftables(data: Mapping[str, Any], logging: Mapping[str, int], file: str | None = None) -> str:
    """The matrix (zones, services, flows) as a file for nft -f; file is where it is written, for messages."""
    from ansible.module_utils.firewall.nftables import Logging, render

    return render(_matrix(data, file), Logging(**logging))


def firewall_asa(data: Mapping[str, Any], file: str | None = None) -> dict[str, Any]:
    """The matrix as what the modules of cisco.asa take: object groups, access lists, and lines of configuration."""
    from ansible.module_utils.firewall.asa import access_lists, interface_lines, left_out, object_groups

    matrix = _matrix(data, file)
    return {
        "object_groups": object_groups(matrix),
        "access_lists": access_lists(matrix),
        "lines": interface_lines(matrix),
        "left_out": left_out(matrix),
    }


def site_probe_ends(names: Mapping[str, Any], hostvars: Mapping[str, Any]) -> list[dict[str, str]]:
    """Hosts by zone (zone -> names in the inventory) as the probe takes them."""
    missing = sorted({name for listed in names.values() for name in listed if name not in hostvars})
    if missing:
        raise AnsibleFilterError(f"site_probe_hosts: no host {', '.join(missing)} in the inventory; correct flows.yml")
    return [
        {"zone": zone, "name": name, "address": str(hostvars[name]["address"])}
        for zone, listed in names.items()
        for name in listed
    ]


class FilterModule:
    """Filters of the firewall's role."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names as roles know them."""
        return {
            "firewall_nftables": firewall_nftables,
            "firewall_asa": firewall_asa,
            "site_probe_ends": site_probe_ends,
        }
