"""The flow matrix as a ruleset for nft -f: one table that replaces whatever there is, all at once.

What opens a connection is looked up by the pair of interfaces in a chain of its own for each pair of zones; what no
chain accepts is refused, counted, and logged at a limited rate. The policy of every chain is to drop as well, so that
a ruleset cut short is closed, not open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Network, collapse_addresses

from ansible.module_utils.firewall.model import (
    GATEWAY,
    ICMP,
    NEVER_A_SOURCE,
    Flow,
    Matrix,
    Ports,
    Zone,
)

TABLE = "site"
#: RFC 4861: without these an IPv6 neighbour is never found; 255 shows that no router was crossed.
NEIGHBOUR_TYPES = {"nd-neighbor-solicit": 135, "nd-neighbor-advert": 136}
NEIGHBOUR_HOP_LIMIT = 255


@dataclass(frozen=True)
class Logging:
    """How refusals are logged: the group that a daemon listens on, and how many lines a second at most."""

    group: int
    rate_per_second: int
    burst: int


def render(matrix: Matrix, logging: Logging) -> str:
    """The file for nft -f."""
    blocks = [
        *_refusals(matrix, logging),
        _forged(matrix),
        *(_pair(matrix, source, destination) for source, destination in _used(matrix)),
        _input(matrix),
        _forward(matrix),
        _output(matrix),
        *_translation(matrix),
    ]
    body = "\n".join(_indented(block) for block in blocks)
    return (
        "#!/usr/sbin/nft -f\n# Written from the site's flow matrix; what is changed here is lost.\n"
        f"flush ruleset\n\ntable inet {TABLE} {{\n{body}}}\n"
    )


def pair_chain(source: str, destination: str) -> str:
    """The chain of what goes from a zone to another."""
    return f"{source}_to_{destination}"


def refusal_chain(reason: str) -> str:
    """The chain that refuses for this reason."""
    return f"refuse_{reason}"


def _used(matrix: Matrix) -> list[tuple[str, str]]:
    return [pair for pair in matrix.pairs() if matrix.between(*pair)]


def _indented(block: list[str]) -> str:
    first, *inner = block
    return f"\t{first} {{\n" + "".join(f"\t\t{line}\n" for line in inner) + "\t}\n"


def reasons(matrix: Matrix) -> list[str]:
    """Why packets are refused: the last part of the chain's name, and what the log says first."""
    named = ["named"] if any(flow.refused for flow in matrix.flows) else []
    return ["forged", "invalid", "ipv6", *named, "input", "forward", "output"]


def _refusals(matrix: Matrix, logging: Logging) -> Iterator[list[str]]:
    limit = f"limit rate {logging.rate_per_second}/second burst {logging.burst} packets"
    for reason in reasons(matrix):
        yield [
            f"chain {refusal_chain(reason)}",
            f'{limit} log prefix "refused {reason}: " group {logging.group}',
            "counter drop",
        ]


def _forged(matrix: Matrix) -> list[str]:
    """A source that cannot be behind the interface it came by, and one that no answer would go back to."""
    lines = ["chain forged", "type filter hook prerouting priority raw; policy accept;"]
    refuse = f"jump {refusal_chain('forged')}"
    for zone in matrix.zones.values():
        subnets = zone.subnets if zone.kind != "outside" else (*matrix.inner_subnets(), *NEVER_A_SOURCE)
        operator = "!=" if zone.kind != "outside" else "=="
        lines.append(f"{_interfaces('iifname', zone)} ip saddr {operator} {_networks(subnets)} {refuse}")
    return [*lines, f'meta nfproto ipv4 iifname != "lo" fib saddr . iif oif missing {refuse}']


def _pair(matrix: Matrix, source: str, destination: str) -> list[str]:
    lines = [f"chain {pair_chain(source, destination)}"]
    for flow in matrix.between(source, destination):
        lines += _rules(flow)
    return lines


def _rules(flow: Flow) -> Iterator[str]:
    verdict = f"jump {refusal_chain('named')}" if flow.refused else "counter accept"
    addresses = [
        f"ip {side} {_networks(networks)}"
        for side, networks in (("saddr", flow.source_networks), ("daddr", flow.destination_networks))
        if networks
    ]
    for protocol in sorted({ports.protocol for ports in flow.ports}):
        wanted = _port_set(ports for ports in flow.ports if ports.protocol == protocol)
        field = "icmp type" if protocol == ICMP else f"{protocol} dport"
        yield " ".join([*addresses, field, wanted, verdict, f'comment "{comment(flow)}"'])


def comment(flow: Flow) -> str:
    """What nft list shows beside a rule: the demand it serves and its services."""
    text = f"{flow.rule}: {', '.join(flow.services)}"
    return "".join(each for each in text if each.isascii() and each.isprintable() and each not in '"\\')[:100]


def _port_set(ports: Iterable[Ports]) -> str:
    """Ports without overlaps, because nft refuses them in one set."""
    merged: list[tuple[int, int]] = []
    for each in sorted(ports):
        if merged and each.first <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], each.last))
        else:
            merged.append((each.first, each.last))
    return _set(str(a) if a == b else f"{a}-{b}" for a, b in merged)


def _set(elements: Iterable[str]) -> str:
    """One element as it is, several as a set: the way that nft lists them."""
    listed = list(elements)
    return listed[0] if len(listed) == 1 else "{ " + ", ".join(listed) + " }"


def _networks(networks: Iterable[IPv4Network]) -> str:
    """Subnets as a set, those together that make one, because nft refuses overlaps."""
    return _set(map(_network, collapse_addresses(networks)))


def _network(network: IPv4Network) -> str:
    return str(network.network_address) if network.prefixlen == 32 else str(network)


def _interfaces(key: str, zone: Zone) -> str:
    return f"{key} {_set(map(_quoted, zone.interfaces))}"


def _quoted(name: str) -> str:
    return f'"{name}"'


_STATE = [
    "ct state established,related accept",
    f"ct state invalid jump {refusal_chain('invalid')}",
]


def _neighbours(*, received: bool) -> str:
    near = f"ip6 hoplimit {NEIGHBOUR_HOP_LIMIT} " if received else ""
    return f"{near}icmpv6 type {{ {', '.join(NEIGHBOUR_TYPES)} }} accept"


def _input(matrix: Matrix) -> list[str]:
    jumps = {
        _quoted(interface): pair_chain(source, GATEWAY)
        for source, destination in _used(matrix)
        if destination == GATEWAY
        for interface in matrix.zones[source].interfaces
    }
    return [
        "chain input",
        "type filter hook input priority filter; policy drop;",
        'iifname "lo" accept',
        _neighbours(received=True),
        *_STATE,
        f"meta nfproto ipv6 jump {refusal_chain('ipv6')}",
        *_lookup("iifname", jumps),
        f"jump {refusal_chain('input')}",
    ]


def _forward(matrix: Matrix) -> list[str]:
    jumps = {
        f"{_quoted(incoming)} . {_quoted(outgoing)}": pair_chain(source, destination)
        for source, destination in _used(matrix)
        if GATEWAY not in (source, destination)
        for incoming in matrix.zones[source].interfaces
        for outgoing in matrix.zones[destination].interfaces
    }
    return [
        "chain forward",
        "type filter hook forward priority filter; policy drop;",
        f"meta nfproto ipv6 jump {refusal_chain('ipv6')}",
        *_STATE,
        *_lookup("iifname . oifname", jumps),
        f"jump {refusal_chain('forward')}",
    ]


def _output(matrix: Matrix) -> list[str]:
    jumps = {
        _quoted(interface): pair_chain(GATEWAY, destination)
        for source, destination in _used(matrix)
        if source == GATEWAY
        for interface in matrix.zones[destination].interfaces
    }
    return [
        "chain output",
        "type filter hook output priority filter; policy drop;",
        'oifname "lo" accept',
        _neighbours(received=False),
        *_STATE,
        f"meta nfproto ipv6 jump {refusal_chain('ipv6')}",
        *_lookup("oifname", jumps),
        f"jump {refusal_chain('output')}",
    ]


def _lookup(key: str, jumps: dict[str, str]) -> list[str]:
    if not jumps:
        return []
    return [f"{key} vmap {{ {', '.join(f'{name} : jump {chain}' for name, chain in jumps.items())} }}"]


def _translation(matrix: Matrix) -> list[list[str]]:
    """What leaves for the outside bears the firewall's own address there."""
    zones = [zone for zone in matrix.zones.values() if zone.masquerade]
    lines = ["chain translate", "type nat hook postrouting priority srcnat; policy accept;"]
    for zone in zones:
        inner = [subnet for subnet in matrix.inner_subnets() if subnet not in zone.subnets]
        lines.append(f"{_interfaces('oifname', zone)} ip saddr {_networks(inner)} masquerade")
    return [lines] if zones else []
