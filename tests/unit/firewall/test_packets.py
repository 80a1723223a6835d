"""Packets of every kind, sent at the rendered ruleset in the kernel, meet the fate that the matrix as written gives them."""

from __future__ import annotations

import json
import subprocess
import sys
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

from ansible.module_utils.firewall.nftables import render
from ansible.module_utils.firewall.reading import load_matrix
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.firewall import samples
from tests.unit.firewall.kernel import ALONE

INTERFACES = {
    "users0": "10.80.1.254/24",
    "servers0": "10.80.2.254/24",
    "servers1": "10.80.3.254/24",
    "guest0": "10.80.4.254/24",
    "internet0": "192.0.2.254/24",
}
ADDRESSES = [
    "10.80.1.9",
    "10.80.1.20",
    "10.80.2.10",
    "10.80.2.11",
    "10.80.3.10",
    "10.80.4.9",
    "192.0.2.9",
    "198.51.100.7",
]
OWN = [address.split("/")[0] for address in INTERFACES.values()]
PORTS = [22, 25, 53, 80, 135, 443, 445, 3128, 4444, 49151, 49152, 65535]
Packet = tuple[str, str, str, str, int]


def zone_of(address: str) -> str:
    """Where an address is, by the sample as it is written."""
    for name, zone in samples.data()["zones"].items():
        if any(IPv4Address(address) in IPv4Network(subnet) for subnet in zone.get("subnets", [])):
            return str(name)
    return "internet"


def passes(data: dict[str, Any], packet: Packet) -> bool:
    """The fate of a packet, by the words of the matrix alone."""
    interface, source, destination, protocol, port = packet
    came_from = next(name for name, zone in data["zones"].items() if interface in zone["interfaces"])
    if zone_of(source) != came_from or (came_from == "servers" and interface != way_to(source)):
        return False
    goes_to = "gateway" if destination in OWN else zone_of(destination)
    for flow in data["flows"]:
        if (flow["from"], flow["to"]) != (came_from, goes_to) or flow.get("refused"):
            continue
        within = [
            any(IPv4Address(address) in IPv4Network(each) for each in flow.get(key, ["0.0.0.0/0"]))
            for key, address in (("from_addresses", source), ("to_addresses", destination))
        ]
        if all(within) and any(
            holds(text, protocol, port) for name in flow["services"] for text in data["services"][name]
        ):
            return True
    return False


def way_to(address: str) -> str:
    """The interface that answers to an address of the servers go by."""
    return "servers0" if address.startswith("10.80.2.") else "servers1"


def holds(service: str, protocol: str, port: int) -> bool:
    kind, _, ports = service.partition("/")
    if kind != protocol:
        return False
    if kind == "icmp":
        return port == 8
    low, _, high = ports.partition("-")
    return int(low) <= port <= int(high or low)


def sent(ruleset: str, packets: list[Packet]) -> list[bool]:
    """Which of the packets came out, or were answered."""
    asked = {"ruleset": ruleset, "interfaces": INTERFACES, "default": "internet0", "packets": packets}
    done = subprocess.run(
        [*ALONE, sys.executable, str(Path(__file__).with_name("packets.py"))],
        input=json.dumps(asked),
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def every_packet() -> list[Packet]:
    """From each interface, with each address, to each, on each port."""
    return [
        (interface, source, destination, protocol, port)
        for interface in INTERFACES
        for source in ADDRESSES
        for destination in [*ADDRESSES, OWN[0], OWN[-1]]
        if source != destination
        for protocol, ports in (("tcp", PORTS[::2]), ("udp", PORTS[1::3]), ("icmp", [8]))
        for port in ports
    ]


def test_each_packet_meets_the_fate_that_the_matrix_gives_it() -> None:
    data, packets = samples.data(), every_packet()
    expected = [passes(data, each) for each in packets]
    assert {True, False} == set(expected)
    found = sent(render(load_matrix(data), samples.LOGGING), packets)
    assert [(each, was) for each, was, should in zip(packets, found, expected, strict=True) if was != should] == []


def test_without_a_ruleset_forged_packets_do_pass_so_that_the_trial_means_something() -> None:
    packets: list[Packet] = [
        ("guest0", "10.80.1.9", "10.80.2.10", "tcp", 445),
        ("users0", "10.80.1.9", OWN[0], "udp", 53),
    ]
    assert sent("flush ruleset", packets) == [True, True]
    assert sent(render(samples.matrix(), samples.LOGGING), packets) == [False, False]


PACKETS = st.tuples(
    st.sampled_from(sorted(INTERFACES)),
    st.sampled_from(ADDRESSES),
    st.sampled_from([*ADDRESSES, *OWN]),
    st.sampled_from(["tcp", "udp"]),
    st.one_of(st.sampled_from(PORTS), st.integers(1, 65535)),
).filter(lambda drawn: drawn[1] != drawn[2])


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example])
@given(st.lists(PACKETS, min_size=20, max_size=200), st.randoms(use_true_random=False))
def test_packets_drawn_at_random_meet_their_fate_under_matrices_cut_at_random(
    packets: list[Packet], chance: Any
) -> None:
    data = samples.data()
    data["flows"] = chance.sample(data["flows"], chance.randint(1, len(data["flows"])))
    found = sent(render(load_matrix(data), samples.LOGGING), packets)
    expected = [passes(data, each) for each in packets]
    assert [(each, was) for each, was, should in zip(packets, found, expected, strict=True) if was != should] == []
