"""What a WMI class of a simulated machine is: where it lives, what it shows, from which Windows on, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.winrm_park.machine import Machine

CIMV2 = "root/cimv2"
SECURITY_CENTER, SECURITY_CENTER_2 = "root/securitycenter", "root/securitycenter2"
DEFENDER = "root/microsoft/windows/defender"
STANDARD = "root/standardcimv2"
STORAGE = "root/microsoft/windows/storage"
ENCRYPTION = "root/cimv2/security/microsoftvolumeencryption"
TPM = "root/cimv2/security/microsofttpm"

XP, SEVEN, EIGHT = (5, 1), (6, 1), (6, 2)

#: ChassisTypes of what is carried about (SMBIOS 7.4.1).
PORTABLE = {8, 9, 10, 14, 31}

Row = dict[str, Any]


@dataclass(frozen=True)
class Moment:
    """A date and time, which WS-Management wraps in an element of its own."""

    at: datetime

    def __str__(self) -> str:
        return self.at.strftime("%Y-%m-%dT%H:%M:%SZ")


def _always(_machine: Machine) -> bool:
    return True


@dataclass(frozen=True)
class WmiClass:
    """A class. `properties` are those that are simulated; a query for another one is refused loudly."""

    namespace: str
    name: str
    properties: str
    rows: Callable[[Machine], list[Row]]
    since: tuple[int, int] = XP
    until: tuple[int, int] = (99, 0)
    later: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # property -> from which Windows on
    administrators_only: bool = False
    exists: Callable[[Machine], bool] = _always
    #: Method -> its output for an instance.
    methods: Mapping[str, Callable[[Row], list[tuple[str, Any]]]] = field(default_factory=dict)

    def on(self, machine: Machine) -> bool:
        """Whether this machine has it."""
        return self.since <= machine.nt_version <= self.until and self.exists(machine)

    def shown(self, machine: Machine) -> list[str]:
        """Its properties on this machine."""
        return [name for name in self.properties.split() if self.later.get(name, XP) <= machine.nt_version]
