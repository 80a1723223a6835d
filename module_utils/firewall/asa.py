"""The flow matrix as what the modules of the collection cisco.asa take: asa_ogs, asa_acls and lines for asa_config.

An interface's name (nameif) is its zone's. The device lets through what its inbound lists permit, so a list permits
what goes to other zones, then denies them, then permits what goes outside: "any" would be the other zones too.
What a list cannot hold, because it goes to the device itself, is told and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ipaddress import IPv4Network
from typing import Any

from ansible.module_utils.firewall.model import GATEWAY, ICMP, Flow, Matrix, Ports, Zone

INNER = "inner"
#: Services that are the device's own administration, with the command that admits them.
_ADMINISTRATION = {Ports("tcp", 22, 22): "ssh", Ports("tcp", 443, 443): "http"}
_ICMP = {8: "echo", 13: "timestamp_request"}


def object_groups(matrix: Matrix) -> list[dict[str, Any]]:
    """Groups of networks: one for each zone, one for all of them, one for each side of a flow that names addresses."""
    groups = [_group(zone_group(zone), zone.title, zone.subnets) for zone in matrix.zones.values() if zone.subnets]
    groups.append(_group(INNER, "Everything that is not outside", matrix.inner_subnets()))
    for flow in _passing(matrix):
        for side, networks in (("from", flow.source_networks), ("to", flow.destination_networks)):
            if networks:
                groups.append(_group(_flow_group(flow, side), flow.rule, networks))
    return [{"object_type": "network", "object_groups": groups}]


def _passing(matrix: Matrix) -> list[Flow]:
    return [flow for flow in matrix.flows if GATEWAY not in (flow.source, flow.destination)]


def zone_group(zone: Zone) -> str:
    """The group that holds a zone's networks."""
    return f"zone_{zone.name}"


def _flow_group(flow: Flow, side: str) -> str:
    return f"flow_{flow.number + 1}_{side}"


def _group(name: str, description: str, networks: Sequence[IPv4Network]) -> dict[str, Any]:
    hosts = [str(each.network_address) for each in networks if each.prefixlen == 32]
    subnets = [f"{each.network_address} {each.netmask}" for each in networks if each.prefixlen < 32]
    objects = {"host": hosts, "address": subnets}
    return {
        "name": name,
        "description": description.encode("ascii", "replace").decode()[:200],
        "network_object": {kind: found for kind, found in objects.items() if found},
    }


def access_lists(matrix: Matrix) -> dict[str, Any]:
    """One inbound list for each zone; what it does not permit it denies, and logs."""
    return {
        "acls": [
            {"name": list_name(zone), "acl_type": "extended", "aces": _numbered(_entries(matrix, zone))}
            for zone in matrix.zones.values()
        ]
    }


def list_name(zone: Zone) -> str:
    """The list of what comes in from a zone."""
    return f"{zone.name}_in"


def _numbered(entries: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**entry, "line": number} for number, entry in enumerate(entries, start=1)]


def _entries(matrix: Matrix, zone: Zone) -> Iterator[dict[str, Any]]:
    flows = [flow for flow in _passing(matrix) if flow.source == zone.name]
    outside = [flow for flow in flows if matrix.zones[flow.destination].kind == "outside"]
    for flow in (flow for flow in flows if flow not in outside):
        yield from _of_flow(matrix, flow)
    if outside:
        yield _entry("deny", "ip", {"any4": True}, {"object_group": INNER}, log=True)
        for flow in sorted(outside, key=lambda each: not each.refused):
            yield from _of_flow(matrix, flow)
    yield _entry("deny", "ip", {"any4": True}, {"any4": True}, log=True)


def _of_flow(matrix: Matrix, flow: Flow) -> Iterator[dict[str, Any]]:
    source = _side(matrix, flow, flow.source, "from", flow.source_networks)
    destination = _side(matrix, flow, flow.destination, "to", flow.destination_networks)
    for ports in flow.ports:
        if ports.protocol == ICMP:
            yield {
                **_entry("deny" if flow.refused else "permit", "icmp", source, destination, log=flow.refused),
                "protocol_options": {"icmp": {_ICMP[ports.first]: True}},
            }
        else:
            where = {**destination, "port_protocol": _port(ports)}
            yield {
                **_entry("deny" if flow.refused else "permit", ports.protocol, source, where, log=flow.refused),
                "protocol_options": {ports.protocol: True},
            }


def _port(ports: Ports) -> dict[str, Any]:
    if ports.first == ports.last:
        return {"eq": str(ports.first)}
    return {"range": {"start": ports.first, "end": ports.last}}


def _side(matrix: Matrix, flow: Flow, zone: str, side: str, networks: Sequence[IPv4Network]) -> dict[str, Any]:
    if networks:
        return {"object_group": _flow_group(flow, side)}
    if matrix.zones[zone].kind == "outside":
        return {"any4": True}
    return {"object_group": zone_group(matrix.zones[zone])}


def _entry(
    grant: str, protocol: str, source: dict[str, Any], destination: dict[str, Any], *, log: bool
) -> dict[str, Any]:
    entry = {"grant": grant, "protocol": protocol, "source": source, "destination": destination}
    return {**entry, "log": "default"} if log else entry


def interface_lines(matrix: Matrix) -> list[str]:
    """What no resource module covers: lists on interfaces, the way back, translation, administration."""
    lines = [f"access-group {list_name(zone)} in interface {zone.name}" for zone in matrix.zones.values()]
    lines += [f"ip verify reverse-path interface {zone.name}" for zone in matrix.zones.values()]
    for zone in matrix.zones.values():
        if zone.masquerade:
            lines.append(f"nat (any,{zone.name}) after-auto source dynamic {INNER} interface")
    for flow in matrix.flows:
        if flow.destination == GATEWAY and flow.source != GATEWAY and not flow.refused:
            lines += _administration(matrix, flow)
    return lines


def _administration(matrix: Matrix, flow: Flow) -> list[str]:
    networks = flow.source_networks or matrix.zones[flow.source].subnets
    if any(ports.protocol == ICMP for ports in flow.ports):
        pings = [f"icmp permit {each.network_address} {each.netmask} echo {flow.source}" for each in networks]
    else:
        pings = []
    return pings + [
        f"{_ADMINISTRATION[ports]} {each.network_address} {each.netmask} {flow.source}"
        for ports in flow.ports
        if ports in _ADMINISTRATION
        for each in networks
    ]


def left_out(matrix: Matrix) -> list[str]:
    """Flows of the device itself that no list holds: what it serves, and what it asks for."""
    return [
        f"{flow.source} to {flow.destination} {ports} ({flow.rule})"
        for flow in matrix.flows
        if GATEWAY in (flow.source, flow.destination) and not flow.refused
        for ports in flow.ports
        if flow.source == GATEWAY or (ports.protocol != ICMP and ports not in _ADMINISTRATION)
    ]
