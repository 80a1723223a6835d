"""The ruleset that is rendered is the matrix, as the kernel lists it, and what is changed by hand is seen."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.firewall.compare import facts
from ansible.module_utils.firewall.model import MatrixError
from ansible.module_utils.firewall.nftables import render
from ansible.module_utils.firewall.reading import load_matrix
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.firewall import samples
from tests.unit.firewall.kernel import in_kernel

RULESET = render(samples.matrix(), samples.LOGGING)


def read(*after: str) -> dict[str, Any]:
    return facts(in_kernel(RULESET, *after), samples.matrix())


def told(found: dict[str, Any]) -> list[str]:
    return [f"{each['what']} {each['observed']}" for each in found["differences"]]


def test_the_kernel_takes_the_ruleset_and_it_is_the_matrix() -> None:
    found = read()
    assert told(found) == []
    assert found["policies"] == {"input": "drop", "forward": "drop", "output": "drop"}
    assert [zone["passes"] for zone in found["forged"]] == [False] * 4
    assert found["way_back"] is True
    assert found["ipv6"] == []
    assert found["silent"] == []
    assert {each["per_second"] for each in found["logs"]} == {5.0}


def test_the_flows_in_force_are_told_in_the_words_of_the_matrix() -> None:
    flows = read()["flows"]
    assert {
        "source_zone": "users",
        "destination_zone": "servers",
        "source": "10.80.1.0-10.80.1.255",
        "destination": "10.80.2.10",
        "service": "tcp/53,135,49152-65535",
    } in flows
    assert not [flow for flow in flows if flow["source_zone"] == "guest" and flow["destination_zone"] == "servers"]


@pytest.mark.parametrize(
    ("command", "seen"),
    [
        ("insert rule inet site forward accept", "any protocol passes"),
        ("insert rule inet site users_to_servers tcp dport 4444 accept", "to servers: tcp/4444 passes"),
        ("insert rule inet site users_to_servers tcp dport 445 drop", "to servers: tcp/445 refused"),
        ("insert rule inet site forward iifname guest0 oifname servers0 tcp dport 445 accept", "guest ("),
        ("insert rule inet site input meta mark 7 accept", "not understood"),
        ("insert rule inet site output ip daddr 192.0.2.1 accept", "(192.0.2.1): any protocol passes"),
        ("insert rule inet site forward meta nfproto ipv6 accept", "IPv6 any protocol passes"),
        ("insert rule inet site users_to_internet tcp dport 8000-8080 accept", "tcp/8000-8080 passes"),
        ("insert rule inet site users_to_internet limit rate 1/hour accept", "to internet: any protocol passes"),
        ("flush chain inet site forged", "passes"),
        ("flush chain inet site forward", "to servers: tcp/445 refused"),
        ("flush ruleset", "passes"),
        ("flush chain inet site translate", "addresses behind internet as they are"),
        ("add table ip other", None),
        (
            "'add table ip other; add chain ip other c { type filter hook forward priority -5; }'",
            "table ip other present",
        ),
        (
            "'add chain inet site door { type nat hook prerouting priority -100; }; "
            "add rule inet site door tcp dport 443 dnat ip to 10.80.2.10'",
            "translates destinations",
        ),
        (
            "'add chain inet site first { type filter hook forward priority -5; policy drop; }'",
            "to servers: tcp/445 refused",
        ),
        ("'add set inet site s { type ipv4_addr; elements = { 10.80.1.9 }; }'", None),
        (
            "'add set inet site s { type ipv4_addr; elements = { 10.80.1.9 }; }; "
            "insert rule inet site forward ip saddr @s accept'",
            "users (10.80.1.9)",
        ),
    ],
)
def test_what_is_changed_by_hand_is_seen(command: str, seen: str | None) -> None:
    found = told(read(command))
    assert (found == []) if seen is None else any(seen in each for each in found), found


def test_an_open_policy_is_seen_even_where_a_rule_refuses_the_rest() -> None:
    found = read("'chain inet site output { policy accept; }'")
    assert found["policies"]["output"] == "accept"
    assert told(found) == []


def test_a_zone_whose_addresses_are_not_checked_is_named() -> None:
    found = read("'insert rule inet site forged iifname \"guest0\" accept'")
    assert [zone["zone"] for zone in found["forged"] if zone["passes"]] == ["guest"]


def test_a_way_back_that_is_not_checked_is_seen() -> None:
    without = "\n".join(line for line in RULESET.splitlines() if "fib saddr" not in line)
    assert facts(in_kernel(without), samples.matrix())["way_back"] is False


def test_a_log_without_a_limit_is_seen() -> None:
    found = read("insert rule inet site refuse_input log group 1")
    assert None in [each["per_second"] for each in found["logs"] if each["chain"] == "input"]


def test_a_direction_without_a_log_is_named() -> None:
    silent = "\n".join(line for line in RULESET.splitlines() if "log prefix" not in line)
    assert facts(in_kernel(silent), samples.matrix())["silent"] == ["input", "forward", "output"]


PORTS = st.integers(1, 65535)
SERVICES = st.one_of(
    st.tuples(st.sampled_from(["tcp", "udp"]), PORTS, st.integers(0, 300)).map(
        lambda drawn: f"{drawn[0]}/{drawn[1]}-{min(drawn[1] + drawn[2], 65535)}"
    ),
    st.just("icmp/echo-request"),
)
ADDRESSES = {"users": "10.80.1", "servers": "10.80.2", "guest": "10.80.4", "internet": "198.51.100"}


@st.composite
def matrices(draw: st.DrawFn) -> dict[str, Any]:
    """Any flows between the sample's zones, with and without addresses, some refused."""
    data = samples.data()
    data["services"] = {f"s{number}": draw(st.lists(SERVICES, min_size=1, max_size=4)) for number in range(4)}
    places = [*ADDRESSES, "gateway"]
    data["flows"] = []
    for _ in range(draw(st.integers(1, 8))):
        source, destination = draw(st.permutations(places))[:2]
        flow = {
            "from": source,
            "to": destination,
            "services": draw(st.lists(st.sampled_from(sorted(data["services"])), min_size=1, max_size=3, unique=True)),
            "why": "x",
            "rule": "A0-066",
            "refused": draw(st.booleans()) and draw(st.booleans()),
        }
        for key, place in (("from_addresses", source), ("to_addresses", destination)):
            if place in ADDRESSES and draw(st.booleans()):
                hosts = draw(st.lists(st.integers(0, 31), min_size=1, max_size=3, unique=True))
                flow[key] = [f"{ADDRESSES[place]}.{host * 8}/{draw(st.sampled_from([29, 30, 32]))}" for host in hosts]
        data["flows"].append(flow)
    return data


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(matrices())
def test_whatever_the_matrix_the_kernel_lists_it_back(data: dict[str, Any]) -> None:
    try:
        matrix = load_matrix(data)
    except MatrixError:
        return  # it contradicts itself: another test's business
    found = facts(in_kernel(render(matrix, samples.LOGGING)), matrix)
    assert told(found) == []
