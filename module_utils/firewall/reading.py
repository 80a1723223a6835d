"""Turns the flow matrix as written into objects, and collects everything that is wrong with it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from ipaddress import AddressValueError, IPv4Address, IPv4Network, NetmaskValueError
from typing import Any

from ansible.module_utils.firewall.boxes import meet, minus
from ansible.module_utils.firewall.model import (
    GATEWAY,
    ICMP,
    ICMP_TYPES,
    KINDS,
    TCP,
    UDP,
    Flow,
    Locate,
    Matrix,
    MatrixError,
    Path,
    Ports,
    Zone,
    network_ranges,
    shown,
)

_NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_INTERFACE = re.compile(r"[A-Za-z0-9_.-]{1,15}")
_PORTS = re.compile(r"(tcp|udp)/(\d{1,5})(?:-(\d{1,5}))?|icmp/([a-z-]+)")
_ZONE_KEYS = {"title", "kind", "interfaces", "subnets", "address", "masquerade", "dialled"}
_FLOW_KEYS = {"from", "to", "services", "why", "rule", "from_addresses", "to_addresses", "control", "refused"}


def load_matrix(data: Mapping[str, Any], locate: Locate | None = None) -> Matrix:
    """The matrix written as zones, services and flows.

    :raises MatrixError: something is wrong; every problem at once, where locate says that it stands.
    """
    reader = Reader(locate or shown)
    matrix = reader.matrix(data)
    if reader.problems:
        raise MatrixError(reader.problems)
    return matrix


class Reader:
    """One reading of a matrix; problems are collected, so that all are told."""

    def __init__(self, locate: Locate) -> None:
        self._locate = locate
        self.problems: list[str] = []

    def wrong(self, path: Path, said: str) -> None:
        """Note a problem where it stands."""
        self.problems.append(f"{self._locate(path)}: {said}")

    def matrix(self, data: Mapping[str, Any]) -> Matrix:
        """Everything that could be read; only good when no problem was found."""
        zones = {name: self._zone(name, entry) for name, entry in self._mapping(data, "zones").items()}
        services = {name: self._service(name, entry) for name, entry in self._mapping(data, "services").items()}
        known = {name: zone for name, zone in zones.items() if zone}
        self._apart(known)
        entries = data.get("flows")
        if not isinstance(entries, list) or not entries:
            self.wrong(("flows",), "must be a list with at least one flow")
            entries = []
        flows = [self._flow(number, entry, known, services) for number, entry in enumerate(entries)]
        matrix = Matrix(known, services, tuple(flow for flow in flows if flow))
        self._consistent(matrix)
        return matrix

    def _mapping(self, data: Mapping[str, Any], name: str) -> dict[str, Any]:
        found = data.get(name)
        if not isinstance(found, Mapping) or not found:
            self.wrong((name,), "must be a mapping with at least one entry")
            return {}
        for key in found:
            if not _NAME.fullmatch(str(key)) or (name == "zones" and key == GATEWAY):
                self.wrong((name, key), f"{key!r} is no name for it; use lower case words, and {GATEWAY!r} for none")
        return dict(found)

    def _keys(self, path: Path, entry: Any, allowed: set[str], required: set[str]) -> bool:
        if not isinstance(entry, Mapping):
            self.wrong(path, "must be a mapping")
            return False
        for key in entry:
            if key not in allowed:
                near = difflib.get_close_matches(str(key), allowed, n=1)
                self.wrong((*path, key), f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
        missing = sorted(required - set(entry))
        if missing:
            self.wrong(path, f"lacks {', '.join(missing)}")
        return not missing

    def _zone(self, name: str, entry: Any) -> Zone | None:
        path: Path = ("zones", name)
        if not self._keys(path, entry, _ZONE_KEYS, {"title", "kind", "interfaces"}):
            return None
        if entry["kind"] not in KINDS:
            self.wrong((*path, "kind"), f"{entry['kind']!r} is no kind of zone; one of {', '.join(KINDS)}")
            return None
        interfaces = self._texts((*path, "interfaces"), entry["interfaces"])
        for each in interfaces:
            if not _INTERFACE.fullmatch(each):
                self.wrong((*path, "interfaces"), f"{each!r} is no name of an interface")
        subnets = self._networks((*path, "subnets"), entry.get("subnets") or [])
        if (entry["kind"] == "outside") == bool(subnets):
            said = "outside is what no other zone is: give it no subnets" if subnets else "lacks subnets"
            self.wrong((*path, "subnets"), said)
        address = entry.get("address")
        if address is not None and self._networks((*path, "address"), [address]) and subnets:
            number = int(IPv4Address(address))
            if not meet(network_ranges(subnets), ((number, number),)):
                self.wrong((*path, "address"), f"{address} is not an address of this zone")
        masquerade, dialled = bool(entry.get("masquerade")), bool(entry.get("dialled"))
        return Zone(name, str(entry["title"]), entry["kind"], interfaces, subnets, address, masquerade, dialled)

    def _texts(self, path: Path, value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or not all(isinstance(each, str) for each in value):
            self.wrong(path, "must be a list with at least one name")
            return ()
        return tuple(value)

    def _networks(self, path: Path, value: Any) -> tuple[IPv4Network, ...]:
        found = []
        for number, each in enumerate(value if isinstance(value, list) else [value]):
            try:
                found.append(IPv4Network(each))
            except (AddressValueError, NetmaskValueError, ValueError) as error:
                hint = "no IPv6 passes this firewall: leave it out" if ":" in str(each) else "write it as 10.20.30.0/24"
                self.wrong((*path, number), f"{each!r} is not an IPv4 subnet or address; {hint} ({error})")
        return tuple(found)

    def _apart(self, zones: Mapping[str, Zone]) -> None:
        """No two zones share an interface or an address; at most one is outside."""
        listed = list(zones.values())
        for position, zone in enumerate(listed):
            for other in listed[:position]:
                shared = sorted(set(zone.interfaces) & set(other.interfaces))
                if shared:
                    self.wrong(
                        ("zones", zone.name, "interfaces"),
                        f"{shared[0]} is behind {other.name} too; an interface belongs to one zone",
                    )
                for subnet in zone.subnets:
                    for theirs in other.subnets:
                        if subnet.overlaps(theirs):
                            self.wrong(
                                ("zones", zone.name, "subnets"),
                                f"{subnet} overlaps {theirs} of {other.name}; an address belongs to one zone",
                            )
        outside = [zone.name for zone in listed if zone.kind == "outside"]
        if len(outside) > 1:
            self.wrong(
                ("zones", outside[1], "kind"),
                f"{outside[0]} is outside already; give that zone a second interface",
            )

    def _service(self, name: str, entry: Any) -> tuple[Ports, ...]:
        path: Path = ("services", name)
        found = []
        for number, text in enumerate(self._texts(path, entry)):
            ports = parse_ports(text)
            if ports is None:
                self.wrong(
                    (*path, number),
                    f"{text!r} is no service; write tcp/25, udp/5000-5010 or icmp/echo-request",
                )
            else:
                found.append(ports)
        return tuple(found)

    def _flow(
        self, number: int, entry: Any, zones: Mapping[str, Zone], services: Mapping[str, tuple[Ports, ...]]
    ) -> Flow | None:
        path: Path = ("flows", number)
        if not self._keys(path, entry, _FLOW_KEYS, {"from", "to", "services", "why", "rule"}):
            return None
        for key in ("why", "rule"):
            if not isinstance(entry[key], str) or not entry[key].strip():
                self.wrong((*path, key), "says nothing; a flow without a reason is not a flow")
        places = [*zones, GATEWAY]
        for key in ("from", "to"):
            if entry[key] not in places:
                self.wrong((*path, key), f"no zone {entry[key]!r}{_near(entry[key], places)}")
        names = self._texts((*path, "services"), entry["services"])
        for position, name in enumerate(names):
            if name not in services:
                self.wrong((*path, "services", position), f"no service {name!r}{_near(name, services)}")
        if entry["from"] == entry["to"]:
            self.wrong((*path, "to"), "is where the flow comes from; within a zone nothing passes the firewall")
        if any(entry[key] not in places for key in ("from", "to")) or any(name not in services for name in names):
            return None
        ports = sorted({each for name in names for each in services[name]})
        return Flow(
            number,
            entry["from"],
            entry["to"],
            names,
            tuple(ports),
            str(entry["why"]),
            str(entry["rule"]),
            self._within((*path, "from_addresses"), entry.get("from_addresses"), zones.get(entry["from"])),
            self._within((*path, "to_addresses"), entry.get("to_addresses"), zones.get(entry["to"])),
            entry.get("control"),
            bool(entry.get("refused", False)),
        )

    def _within(self, path: Path, value: Any, zone: Zone | None) -> tuple[IPv4Network, ...]:
        """Addresses that narrow a side of a flow; they must be the zone's."""
        if value is None:
            return ()
        if not value:
            self.wrong(path, "names no address, and would open the whole zone; leave it out if that is meant")
        networks = self._networks(path, value)
        if zone is None:
            self.wrong(path, f"{GATEWAY} is one host: leave it out")
        elif zone.subnets:
            for number, each in enumerate(networks):
                if minus(network_ranges((each,)), network_ranges(zone.subnets)):
                    self.wrong((*path, number), f"{each} is not in {zone.name}")
        return networks

    def _consistent(self, matrix: Matrix) -> None:
        """What one flow opens no other refuses, and none is said twice."""
        for position, flow in enumerate(matrix.flows):
            for other in matrix.flows[:position]:
                if (flow.source, flow.destination) != (other.source, other.destination):
                    continue
                common = _common(flow, other)
                if common is None:
                    continue
                if flow.refused != other.refused:
                    does, did = ("refuses", "opens") if flow.refused else ("opens", "refuses")
                    self.wrong(
                        ("flows", flow.number),
                        f"{does} {common} from {flow.source} to {flow.destination}, which "
                        f"{self._locate(('flows', other.number))} {did}; keep one",
                    )
                elif flow.ports == other.ports and _sides(flow) == _sides(other):
                    self.wrong(
                        ("flows", flow.number), f"says what {self._locate(('flows', other.number))} says; keep one"
                    )


def _sides(flow: Flow) -> tuple[Any, Any]:
    return network_ranges(flow.source_networks), network_ranges(flow.destination_networks)


def _common(flow: Flow, other: Flow) -> Ports | None:
    """Ports that two flows between the same zones have in common, for some address."""
    for mine, theirs in zip(_sides(flow), _sides(other), strict=True):
        if mine and theirs and not meet(mine, theirs):
            return None
    for a in flow.ports:
        for b in other.ports:
            if a.protocol == b.protocol and max(a.first, b.first) <= min(a.last, b.last):
                return Ports(a.protocol, max(a.first, b.first), min(a.last, b.last))
    return None


def _near(name: Any, names: Iterable[str]) -> str:
    near = difflib.get_close_matches(str(name), list(names), n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(names)}"


def parse_ports(text: str) -> Ports | None:
    """tcp/25, udp/5000-5010 or icmp/echo-request; None when it is none of these."""
    match = _PORTS.fullmatch(text)
    if not match:
        return None
    protocol, first, last, icmp = match.groups()
    if icmp:
        return Ports(ICMP, ICMP_TYPES[icmp], ICMP_TYPES[icmp]) if icmp in ICMP_TYPES else None
    low, high = int(first), int(last or first)
    return Ports(TCP if protocol == TCP else UDP, low, high) if 0 < low <= high <= 65535 else None


def parse_samples(texts: Iterable[str]) -> list[Ports]:
    """Ports that are tried beside those of the matrix.

    :raises MatrixError: one of them is none.
    """
    found = {text: parse_ports(text) for text in texts}
    wrong = [text for text, ports in found.items() if ports is None]
    if wrong:
        raise MatrixError([f"{text!r} is no sample; write tcp/25 or udp/161" for text in wrong])
    return [ports for ports in found.values() if ports is not None]
