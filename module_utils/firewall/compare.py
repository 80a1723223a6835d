"""The ruleset in force against the flow matrix, packet for packet, and the ruleset's own flows in the matrix's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address
from typing import Any

from ansible.module_utils.firewall.boxes import ANY_ADDRESS, ANY_PORT, Box, Ranges, meet_all, minus, minus_all
from ansible.module_utils.firewall.effective import (
    HOOKS,
    Effective,
    checks_way_back,
    evaluate,
    logs,
    translated,
)
from ansible.module_utils.firewall.listing import PROTOCOLS, Listing, read_listing
from ansible.module_utils.firewall.model import GATEWAY, ICMP_TYPES, Flow, Matrix, network_ranges
from ansible.module_utils.firewall.nftables import NEIGHBOUR_TYPES, TABLE

_IPV4: Ranges = ((4, 4),)
_IPV6: Ranges = ((6, 6),)
_ICMPV6: Ranges = ((58, 58),)


def interfaces_of(matrix: Matrix) -> list[str]:
    """Every interface that the matrix names."""
    return [interface for zone in matrix.zones.values() for interface in zone.interfaces]


def listing_of(listed: Mapping[str, Any], matrix: Matrix) -> Listing:
    """What nft printed, with the matrix's interfaces told apart."""
    return read_listing(listed, interfaces_of(matrix))


def wanted(matrix: Matrix, listing: Listing) -> dict[str, list[Box]]:
    """What the matrix lets through each hook; what every host needs of itself and its neighbours included."""
    neighbours = tuple((number, number) for number in sorted(NEIGHBOUR_TYPES.values()))
    near = {"family": _IPV6, "protocol": _ICMPV6, "port": neighbours}
    found: dict[str, list[Box]] = {
        "input": [listing.whole(incoming=_numbers(listing, ["lo"])), listing.whole(**near)],
        "forward": [],
        "output": [listing.whole(outgoing=_numbers(listing, ["lo"])), listing.whole(**near)],
    }
    for flow in matrix.flows:
        if not flow.refused:
            found[hook_of(flow)] += _boxes(flow, matrix, listing)
    return found


def hook_of(flow: Flow) -> str:
    """The hook that a flow passes."""
    return {flow.source: "output", flow.destination: "input"}.get(GATEWAY, "forward")


def _boxes(flow: Flow, matrix: Matrix, listing: Listing) -> Iterable[Box]:
    sides: dict[str, Ranges] = {"family": _IPV4}
    if flow.source != GATEWAY:
        zone = matrix.zones[flow.source]
        sides["incoming"] = _numbers(listing, zone.interfaces)
        sides["source"] = network_ranges(flow.source_networks) if flow.source_networks else matrix.addresses(zone)
    if flow.destination != GATEWAY:
        sides["outgoing"] = _numbers(listing, matrix.zones[flow.destination].interfaces)
        if flow.destination_networks:
            sides["destination"] = network_ranges(flow.destination_networks)
    for ports in flow.ports:
        yield listing.whole(**sides, protocol=((PROTOCOLS[ports.protocol],) * 2,), port=((ports.first, ports.last),))


def _numbers(listing: Listing, interfaces: Iterable[str]) -> Ranges:
    return tuple(sorted((listing.number(each),) * 2 for each in interfaces))


def _possible(matrix: Matrix, listing: Listing, hook: str, boxes: list[Box]) -> list[Box]:
    """Boxes without what cannot be: an interface that no packet of the hook has."""
    nothing = ((0, len(listing.interfaces)),)
    fixed = {"input": {"outgoing": nothing}, "output": {"incoming": nothing}}.get(hook, {})
    return meet_all(boxes, [listing.whole(**fixed)])


def differences(matrix: Matrix, listing: Listing, effective: Effective) -> list[dict[str, str]]:
    """What passes and is not in the matrix, what is in the matrix and does not pass, and what cannot be told."""
    found = []
    asked = wanted(matrix, listing)
    for hook in HOOKS:
        passing = _possible(matrix, listing, hook, effective.passing[hook])
        for box in minus_all(passing, asked[hook]):
            found.append({"what": describe(box, hook, matrix, listing), "expected": "refused", "observed": "passes"})
        for box in minus_all(asked[hook], passing):
            found.append({"what": describe(box, hook, matrix, listing), "expected": "passes", "observed": "refused"})
    for note in effective.not_understood:
        found.append({"what": note, "expected": "a rule of this project", "observed": "not understood"})
    for table in listing.tables():
        if table != f"inet {TABLE}":
            found.append({"what": f"table {table}", "expected": "absent", "observed": "present"})
    found += _translation(matrix, listing)
    unique = {(each["what"], each["expected"], each["observed"]): each for each in found}
    return [unique[key] for key in sorted(unique)]


def _translation(matrix: Matrix, listing: Listing) -> list[dict[str, str]]:
    inner = network_ranges(matrix.inner_subnets())
    asked = [
        listing.whole(
            outgoing=_numbers(listing, zone.interfaces), family=_IPV4, source=minus(inner, network_ranges(zone.subnets))
        )
        for zone in matrix.zones.values()
        if zone.masquerade
    ]
    done = translated(listing)
    missing = [f"addresses behind {_places(box.outgoing, listing, matrix)}" for box in minus_all(asked, done)]
    extra = [f"addresses behind {_places(box.outgoing, listing, matrix)}" for box in minus_all(done, asked)]
    return [{"what": what, "expected": "translated", "observed": "as they are"} for what in missing] + [
        {"what": what, "expected": "as they are", "observed": "translated"} for what in extra
    ]


def flows_in_force(matrix: Matrix, listing: Listing, effective: Effective) -> list[dict[str, str]]:
    """Every flow that the ruleset lets through, in the matrix's words; loopback left out."""
    found = []
    loopback = _numbers(listing, ["lo"])
    for hook in HOOKS:
        apart = [listing.whole(incoming=loopback), listing.whole(outgoing=loopback)]
        for box in minus_all(_possible(matrix, listing, hook, effective.passing[hook]), apart):
            found.append(_told(box, hook, matrix, listing))
    unique = {tuple(sorted(each.items())): each for each in found}
    return [unique[key] for key in sorted(unique)]


def _told(box: Box, hook: str, matrix: Matrix, listing: Listing) -> dict[str, str]:
    return {
        "source_zone": GATEWAY if hook == "output" else _places(box.incoming, listing, matrix),
        "destination_zone": GATEWAY if hook == "input" else _places(box.outgoing, listing, matrix),
        "source": _address_text(box.source),
        "destination": _address_text(box.destination),
        "service": _service_text(box),
    }


def describe(box: Box, hook: str, matrix: Matrix, listing: Listing) -> str:
    """A box in one line: users to servers tcp/445."""
    told = _told(box, hook, matrix, listing)
    sides = [
        told[f"{side}_zone"] + (f" ({told[side]})" if told[side] != "any" else "") for side in ("source", "destination")
    ]
    return f"{sides[0]} to {sides[1]}: {told['service']}"


def _places(numbers: Ranges, listing: Listing, matrix: Matrix) -> str:
    if numbers == ((0, len(listing.interfaces)),):
        return "anywhere"
    names = []
    for first, last in numbers:
        for number in range(first, last + 1):
            name = listing.interfaces[number] if number < len(listing.interfaces) else "any other interface"
            names.append(matrix.zone_of_interface(name) or name)
    return ", ".join(dict.fromkeys(names))


def _address_text(found: Ranges) -> str:
    if found == ANY_ADDRESS:
        return "any"
    shown = [str(IPv4Address(a)) if a == b else f"{IPv4Address(a)}-{IPv4Address(b)}" for a, b in found]
    return ", ".join(shown[:6]) + (f" and {len(shown) - 6} more" if len(shown) > 6 else "")


def _service_text(box: Box) -> str:
    prefix = {_IPV4: "", _IPV6: "IPv6 "}.get(box.family, "IPv4 and IPv6 ")
    names = {number: name for name, number in PROTOCOLS.items()}
    if box.protocol == ((0, 255),):
        return f"{prefix}any protocol" + ("" if box.port == ANY_PORT else f" port {_numbers_text(box.port)}")
    protocols = "/".join(
        names.get(number, str(number)) for first, last in box.protocol for number in range(first, last + 1)
    )
    if len(protocols) > 40:
        protocols = "several protocols"
    if box.port == ANY_PORT:
        return f"{prefix}{protocols}"
    types = {number: name for name, number in ICMP_TYPES.items()}
    if box.protocol == ((1, 1),) and len(box.port) == 1 and box.port[0][0] in types:
        return f"{prefix}icmp/{types[box.port[0][0]]}"
    return f"{prefix}{protocols}/{_numbers_text(box.port)}"


def _numbers_text(found: Ranges) -> str:
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in found)


def facts(listed: Mapping[str, Any], matrix: Matrix) -> dict[str, Any]:
    """Everything that is worked out from the listing."""
    listing = listing_of(listed, matrix)
    effective = evaluate(listing)
    refused = {hook: [rate for chain in listing.based(hook) for rate in logs(listing, chain)] for hook in HOOKS}
    return {
        "zones": [{"name": zone.name, "kind": zone.kind} for zone in matrix.zones.values()],
        "policies": {hook: _policy(listing, hook) for hook in HOOKS},
        "flows": flows_in_force(matrix, listing, effective),
        "differences": differences(matrix, listing, effective),
        "forged": _forged(matrix, listing, effective),
        "way_back": checks_way_back(listing),
        "ipv6": _ipv6(matrix, listing, effective),
        "logs": [{"chain": hook, "per_second": rate} for hook in HOOKS for rate in refused[hook]],
        "silent": [hook for hook in HOOKS if not refused[hook]],
        "counters": _counters(listing),
    }


def _policy(listing: Listing, hook: str) -> str:
    chains = listing.based(hook)
    return "drop" if any(chain.policy == "drop" for chain in chains) else "accept" if chains else "none"


def _forged(matrix: Matrix, listing: Listing, effective: Effective) -> list[dict[str, Any]]:
    """For each zone, whether a source that cannot be there gets past the interface."""
    found = []
    for zone in matrix.zones.values():
        outside = minus(ANY_ADDRESS, matrix.addresses(zone))
        box = listing.whole(incoming=_numbers(listing, zone.interfaces), family=_IPV4, source=outside)
        found.append({"zone": zone.name, "passes": bool(meet_all(effective.arriving, [box]))})
    return found


def _ipv6(matrix: Matrix, listing: Listing, effective: Effective) -> list[str]:
    """IPv6 that passes and is not a neighbour's greeting."""
    asked = wanted(matrix, listing)
    return sorted(
        {
            describe(box, hook, matrix, listing)
            for hook in HOOKS
            for box in minus_all(
                meet_all(_possible(matrix, listing, hook, effective.passing[hook]), [listing.whole(family=_IPV6)]),
                asked[hook],
            )
        }
    )


def _counters(listing: Listing) -> list[dict[str, Any]]:
    """Packets that each chain's counters have seen."""
    found = []
    for chain in listing.chains.values():
        counts = [part["counter"]["packets"] for rule in chain.rules for part in rule if "counter" in part]
        if counts:
            found.append({"chain": chain.name, "packets": sum(counts)})
    return found
