"""The flow matrix of a site: zones, services, and who may reach what on which service, and why.

Plain data in, frozen objects out. Every problem is told at once, each with where it stands and what to do.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

from ansible.module_utils.firewall.boxes import ANY_ADDRESS, Ranges, minus, ranges

#: The firewall itself, as a source and as a destination.
GATEWAY = "gateway"
KINDS = ("inside", "guest", "provider", "outside")
TCP, UDP, ICMP = "tcp", "udp", "icmp"
#: RFC 792: the types that open an exchange; answers to them belong to it.
ICMP_TYPES = {"echo-request": 8, "timestamp-request": 13}
#: RFC 6890: never the source of a packet that comes from outside.
NEVER_A_SOURCE = tuple(map(IPv4Network, ("0.0.0.0/8", "127.0.0.0/8", "224.0.0.0/4", "240.0.0.0/4")))

Path = tuple[str | int, ...]
Locate = Callable[[Path], str]


class MatrixError(ValueError):
    """The flow matrix is wrong; the message has one line per problem."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, order=True)
class Ports:
    """Ports of a protocol, both ends included; ICMP types for icmp."""

    protocol: str
    first: int
    last: int

    def __str__(self) -> str:
        if self.protocol == ICMP:
            return next(f"icmp/{name}" for name, number in ICMP_TYPES.items() if number == self.first)
        return f"{self.protocol}/{self.first}" + (f"-{self.last}" if self.last != self.first else "")


@dataclass(frozen=True)
class Zone:
    """A network, or several, behind interfaces of the firewall."""

    name: str
    title: str
    kind: str
    interfaces: tuple[str, ...]
    subnets: tuple[IPv4Network, ...]
    address: str | None = None
    masquerade: bool = False
    dialled: bool = False


@dataclass(frozen=True)
class Flow:
    """Who may reach what, on which services, and why; or, refused, what is refused by name."""

    number: int
    source: str
    destination: str
    services: tuple[str, ...]
    ports: tuple[Ports, ...]
    why: str
    rule: str
    source_networks: tuple[IPv4Network, ...] = ()
    destination_networks: tuple[IPv4Network, ...] = ()
    control: str | None = None
    refused: bool = False


@dataclass(frozen=True)
class Matrix:
    """Zones, services and flows that agree with each other."""

    zones: Mapping[str, Zone]
    services: Mapping[str, tuple[Ports, ...]]
    flows: tuple[Flow, ...]

    def of_kind(self, *kinds: str) -> list[Zone]:
        """Zones of these kinds."""
        return [zone for zone in self.zones.values() if zone.kind in kinds]

    def inner_subnets(self) -> tuple[IPv4Network, ...]:
        """Every subnet that is not outside."""
        return tuple(sorted(subnet for zone in self.zones.values() for subnet in zone.subnets))

    def addresses(self, zone: Zone) -> Ranges:
        """Addresses that a packet from the zone may bear: its own, or for outside those of nobody else."""
        if zone.kind != "outside":
            return network_ranges(zone.subnets)
        return minus(ANY_ADDRESS, network_ranges((*self.inner_subnets(), *NEVER_A_SOURCE)))

    def zone_of_interface(self, interface: str) -> str | None:
        """The zone behind an interface."""
        return next((zone.name for zone in self.zones.values() if interface in zone.interfaces), None)

    def between(self, source: str, destination: str) -> list[Flow]:
        """Flows from a zone to another; what is refused by name first."""
        found = [flow for flow in self.flows if (flow.source, flow.destination) == (source, destination)]
        return sorted(found, key=lambda flow: not flow.refused)

    def pairs(self) -> list[tuple[str, str]]:
        """Every ordered pair of different places, the firewall itself included."""
        places = [*self.zones, GATEWAY]
        return [(source, destination) for source in places for destination in places if source != destination]


def network_ranges(networks: tuple[IPv4Network, ...]) -> Ranges:
    """The addresses of networks, as numbers."""
    return ranges((int(each.network_address), int(each.broadcast_address)) for each in networks)


def shown(path: Path) -> str:
    """A place in the data, when no file is known: flows[2].services."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
