"""What nft -j list ruleset prints, as tables of chains and rules, and each rule's conditions as boxes.

nft(8), libnftables-json(5). A condition that is not understood is never guessed: it is told, and the rule then opens
what it may open and closes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv4Network
from typing import Any

from ansible.module_utils.firewall.boxes import (
    ANY_ADDRESS,
    ANY_NUMBER,
    ANY_PORT,
    BOTH_FAMILIES,
    Box,
    Ranges,
    meet_all,
    minus,
    ranges,
)

PROTOCOLS = {"icmp": 1, "igmp": 2, "tcp": 6, "udp": 17, "gre": 47, "esp": 50, "ah": 51, "ipv6-icmp": 58, "icmpv6": 58}
#: The ICMP types that a rule may name, as nft(8) calls them.
TYPE_NAMES = {
    "icmp": {"echo-reply": 0, "destination-unreachable": 3, "redirect": 5, "echo-request": 8, "time-exceeded": 11,
             "parameter-problem": 12, "timestamp-request": 13, "timestamp-reply": 14},
    "icmpv6": {"destination-unreachable": 1, "packet-too-big": 2, "time-exceeded": 3, "parameter-problem": 4,
               "echo-request": 128, "echo-reply": 129, "mld-listener-query": 130, "mld-listener-report": 131,
               "nd-router-solicit": 133, "nd-router-advert": 134, "nd-neighbor-solicit": 135,
               "nd-neighbor-advert": 136, "nd-redirect": 137, "mld2-listener-report": 143},
}  # fmt: skip
_FAMILIES = {"ipv4": 4, "ipv6": 6}
_IPV4, _IPV6 = ((4, 4),), ((6, 6),)


#: What a rule looks at, in nft's words: the axis, all that it may be (None for every interface), what a packet then is.
_AXES: dict[tuple[str, str], tuple[str, Ranges | None, dict[str, Ranges]]] = {
    ("meta", "iifname"): ("incoming", None, {}),
    ("meta", "iif"): ("incoming", None, {}),
    ("meta", "oifname"): ("outgoing", None, {}),
    ("meta", "oif"): ("outgoing", None, {}),
    ("meta", "nfproto"): ("family", BOTH_FAMILIES, {}),
    ("meta", "l4proto"): ("protocol", ANY_NUMBER, {}),
    ("ip", "protocol"): ("protocol", ANY_NUMBER, {"family": _IPV4}),
    ("ip6", "nexthdr"): ("protocol", ANY_NUMBER, {"family": _IPV6}),
    ("ip", "saddr"): ("source", ANY_ADDRESS, {"family": _IPV4}),
    ("ip", "daddr"): ("destination", ANY_ADDRESS, {"family": _IPV4}),
    ("tcp", "dport"): ("port", ANY_PORT, {"protocol": ((6, 6),)}),
    ("udp", "dport"): ("port", ANY_PORT, {"protocol": ((17, 17),)}),
    ("th", "dport"): ("port", ANY_PORT, {"protocol": ((6, 6), (17, 17))}),
    ("icmp", "type"): ("port", ANY_NUMBER, {"protocol": ((1, 1),), "family": _IPV4}),
    ("icmpv6", "type"): ("port", ANY_NUMBER, {"protocol": ((58, 58),), "family": _IPV6}),
}


class NotUnderstood(Exception):
    """A part of a rule that cannot be turned into boxes; the message is the part."""


@dataclass
class Chain:
    """A chain; base chains have a hook, a type, a priority and a policy."""

    family: str
    table: str
    name: str
    hook: str | None = None
    kind: str | None = None
    priority: int = 0
    policy: str = "accept"
    rules: list[list[dict[str, Any]]] = field(default_factory=list)


@dataclass
class Listing:
    """Every chain by table, the named sets, and the interfaces that rules name."""

    chains: dict[tuple[str, str, str], Chain]
    sets: dict[tuple[str, str, str], list[Any]]
    interfaces: tuple[str, ...]

    def based(self, hook: str, kind: str = "filter") -> list[Chain]:
        """Base chains of a hook in the order that packets meet them."""
        found = [chain for chain in self.chains.values() if chain.hook == hook and chain.kind == kind]
        return sorted(found, key=lambda chain: chain.priority)

    def tables(self) -> list[str]:
        """Names of the tables that have chains."""
        return sorted({f"{family} {table}" for family, table, _ in self.chains})

    def whole(self, **given: Ranges) -> Box:
        """Every packet, or those narrowed by the axes given."""
        every: Ranges = ((0, len(self.interfaces)),)
        return Box(**{"incoming": every, "outgoing": every, **given})

    def number(self, interface: str) -> int:
        """The interface as a number; the last one stands for all that no rule and no zone names."""
        return self.interfaces.index(interface) if interface in self.interfaces else len(self.interfaces)


def read_listing(listed: Mapping[str, Any], interfaces: Iterable[str]) -> Listing:
    """The listing; interfaces are those that must be told apart besides the ones that rules name."""
    chains: dict[tuple[str, str, str], Chain] = {}
    sets: dict[tuple[str, str, str], list[Any]] = {}
    for entry in listed["nftables"]:
        for kind, found in entry.items():
            if kind == "chain":
                chain = Chain(
                    found["family"],
                    found["table"],
                    found["name"],
                    found.get("hook"),
                    found.get("type"),
                    found.get("prio", 0),
                    found.get("policy", "accept"),
                )
                chains[chain.family, chain.table, chain.name] = chain
            elif kind in ("set", "map"):
                sets[found["family"], found["table"], found["name"]] = found.get("elem", [])
    for entry in listed["nftables"]:
        if "rule" in entry:
            rule = entry["rule"]
            chains[rule["family"], rule["table"], rule["chain"]].rules.append(rule["expr"])
    named = {"lo", *interfaces}
    for chain in chains.values():
        for rule in chain.rules:
            named |= set(_interfaces_in(rule))
    return Listing(chains, sets, tuple(sorted(named)))


def _interfaces_in(rule: list[dict[str, Any]]) -> Iterable[str]:
    """Names of interfaces that a rule compares with, in matches and in verdict maps."""
    for part in rule:
        match, vmap = part.get("match"), part.get("vmap")
        if match and _is_interface(match["left"]):
            yield from (each for each in _elements(match["right"]) if isinstance(each, str) and each[:1] != "@")
        if vmap and isinstance(vmap["data"], dict):
            for key, _ in vmap["data"].get("set", []):
                for each in key["concat"] if isinstance(key, dict) and "concat" in key else [key]:
                    if isinstance(each, str):
                        yield each


def _looks_at(left: Any) -> tuple[str, str]:
    """What the left side of a comparison looks at: meta and its key, or a header and its field."""
    if not isinstance(left, dict):
        return "", ""
    if "meta" in left:
        return "meta", str(left["meta"]["key"])
    payload = left.get("payload", {})
    return str(payload.get("protocol")), str(payload.get("field"))


def _is_interface(left: Any) -> bool:
    return isinstance(left, dict) and left.get("meta", {}).get("key") in ("iifname", "oifname", "iif", "oif")


def _elements(right: Any) -> list[Any]:
    if isinstance(right, dict) and "set" in right:
        return [each["elem"]["val"] if isinstance(each, dict) and "elem" in each else each for each in right["set"]]
    return list(right) if isinstance(right, list) else [right]


class Conditions:
    """Turns the left and right side of a comparison into boxes, for the rules of one table."""

    def __init__(self, listing: Listing, chain: Chain) -> None:
        self._listing = listing
        self._chain = chain

    def match(self, match: Mapping[str, Any]) -> list[Box]:
        """The packets that open a connection and meet the comparison.

        :raises NotUnderstood: it looks at something that boxes do not hold.
        """
        if match["op"] not in ("==", "!=", "in"):
            raise NotUnderstood(str(match))
        return self.compare(match["left"], match["right"], equal=match["op"] != "!=")

    def compare(self, left: Any, right: Any, *, equal: bool = True) -> list[Box]:
        """The packets whose left side is, or is not, one of the right."""
        elements = self._resolved(right)
        if isinstance(left, dict) and "concat" in left:
            if not equal:
                raise NotUnderstood(f"!= of {left}")
            return [box for each in elements for box in self._together(left["concat"], each["concat"])]
        if isinstance(left, dict) and left.get("ct", {}).get("key") == "state":
            return [self._listing.whole()] if ("new" in elements) is equal else []
        axis, every, within = self._axis(left)
        wanted = ranges(part for each in elements for part in self._value(axis, left, each))
        return [self._listing.whole(**{**within, axis: wanted if equal else minus(every, wanted)})]

    def _together(self, lefts: list[Any], rights: list[Any]) -> list[Box]:
        boxes = [self._listing.whole()]
        for left, right in zip(lefts, rights, strict=True):
            boxes = meet_all(boxes, self.compare(left, right))
        return boxes

    def _resolved(self, right: Any) -> list[Any]:
        found = []
        for each in _elements(right):
            if isinstance(each, str) and each.startswith("@"):
                key = (self._chain.family, self._chain.table, each[1:])
                if key not in self._listing.sets:
                    raise NotUnderstood(each)
                found += _elements({"set": self._listing.sets[key]})
            else:
                found.append(each)
        return found

    def _axis(self, left: Any) -> tuple[str, Ranges, dict[str, Ranges]]:
        """The axis that the left side looks at, all that it may be, and what else a packet then is."""
        key = _looks_at(left)
        if key not in _AXES:
            raise NotUnderstood(str(left))
        axis, every, within = _AXES[key]
        return axis, every or self._listing.whole().incoming, within

    def _value(self, axis: str, left: Any, value: Any) -> Ranges:
        """One element of the right side, as numbers."""
        if isinstance(value, dict) and "range" in value:
            low, high = (self._value(axis, left, each) for each in value["range"])
            return ((low[0][0], high[-1][1]),)
        if axis in ("source", "destination"):
            return _addresses(value)
        if axis in ("incoming", "outgoing"):
            if not isinstance(value, str) or value.endswith("*"):
                raise NotUnderstood(str(value))
            return ((self._listing.number(value),) * 2,)
        if isinstance(value, int) and not isinstance(value, bool):
            return ((value, value),)
        names: Mapping[str, int] = {"family": _FAMILIES, "protocol": PROTOCOLS}.get(
            axis, TYPE_NAMES.get(left.get("payload", {}).get("protocol"), {}) if isinstance(left, dict) else {}
        )
        if value in names:
            return ((names[value],) * 2,)
        raise NotUnderstood(str(value))


def _addresses(value: Any) -> Ranges:
    try:
        if isinstance(value, dict) and "prefix" in value:
            network = IPv4Network((value["prefix"]["addr"], value["prefix"]["len"]))
            return ((int(network.network_address), int(network.broadcast_address)),)
        return ((int(IPv4Address(value)),) * 2,)
    except (AddressValueError, ValueError, TypeError) as error:
        raise NotUnderstood(str(value)) from error
