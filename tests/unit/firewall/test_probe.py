"""The probe tries everything, expects what the matrix says, and never takes what it could not try for an answer."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.firewall import probe_agent
from ansible.module_utils.firewall.model import GATEWAY, Ports
from ansible.module_utils.firewall.probe import (
    UNNAMED,
    Attempt,
    _judge,
    _Seen,
    governing,
    plan,
    run_probe,
    services_tried,
)
from ansible.module_utils.firewall.probe_agent import Agent, Host, ProbeError
from ansible.module_utils.firewall.reading import load_matrix

from tests.unit.firewall import samples

SHELL = ("sh", "-c")
USERS = Host("users", "ws1", "10.80.1.9", SHELL)
ADMIN = Host("users", "ws2", "10.80.1.9", SHELL)
SERVER = Host("servers", "dc1", "10.80.2.10", SHELL)
OTHER = Host("servers", "fs1", "10.80.2.11", SHELL)
FIREWALL = Host(GATEWAY, "gw1", "10.80.1.254", SHELL)
TELNET = Ports("tcp", 23, 23)


def test_both_ends_of_a_range_stand_for_it_and_samples_are_unnamed() -> None:
    tried = services_tried(samples.matrix(), [TELNET])
    assert ("calls", Ports("tcp", 49152, 49152)) in tried
    assert ("calls", Ports("tcp", 65535, 65535)) in tried
    assert (UNNAMED, TELNET) in tried


def test_every_service_is_tried_between_every_two_zones_both_ways() -> None:
    matrix = samples.matrix()
    attempts = plan(matrix, [USERS, SERVER, FIREWALL], [TELNET])
    services = len(services_tried(matrix, [TELNET]))
    assert len(attempts) == 6 * services
    assert {each.address for each in attempts if each.destination == FIREWALL and each.source == SERVER} == {
        "10.80.2.254"
    }


@pytest.mark.parametrize(
    ("source", "destination", "ports", "expected"),
    [
        (USERS, SERVER, Ports("tcp", 135, 135), True),
        (USERS, OTHER, Ports("tcp", 135, 135), False),
        (USERS, OTHER, Ports("tcp", 445, 445), True),
        (SERVER, USERS, Ports("tcp", 445, 445), False),
        (USERS, FIREWALL, Ports("tcp", 22, 22), True),
        (Host("users", "ws3", "10.80.1.99", SHELL), FIREWALL, Ports("tcp", 22, 22), False),
        (FIREWALL, Host("internet", "web", "198.51.100.7", SHELL), Ports("tcp", 80, 80), True),
        (USERS, SERVER, TELNET, False),
    ],
)
def test_what_is_expected_is_what_the_matrix_says(
    source: Host, destination: Host, ports: Ports, expected: bool
) -> None:
    flow = governing(samples.matrix(), source, destination, ports)
    assert (flow is not None and not flow.refused) is expected


def test_what_is_refused_by_name_bears_the_control() -> None:
    outside = Host("internet", "web", "198.51.100.7", SHELL)
    flow = governing(samples.matrix(), USERS, outside, Ports("udp", 443, 443))
    assert flow is not None
    assert (flow.refused, flow.control) == (True, "direct_web")


def attempt(ports: Ports = TELNET, destination: Host = SERVER) -> Attempt:
    return Attempt(USERS, destination, destination.address, ports, "x", None, False)


def judged(result: dict[str, Any], seen: _Seen, **of: Any) -> bool | None:
    tried = attempt(**of)
    _judge(tried, {"detail": "", "source": ["10.80.1.9", 4000], **result}, seen)
    return tried.passed


ARRIVED = ["received", "10.80.1.9", "10.80.2.10", "tcp", 4000, 23, ""]
DNS = Ports("udp", 53, 53)
CAME = ["received", "10.80.1.9", "10.80.2.10", "udp", 4000, 53, "7"]


def test_a_refusal_counts_only_when_the_packet_was_seen_to_arrive() -> None:
    assert judged({"passed": False}, _Seen(True, False, [ARRIVED])) is False
    assert judged({"passed": False}, _Seen(True, False, [])) is None
    assert judged({"passed": False}, _Seen(False, False, [])) is False


def test_a_silent_service_that_has_the_port_is_judged_by_what_got_as_far_as_it() -> None:
    assert judged({"passed": False}, _Seen(True, True, [CAME]), ports=DNS) is True
    assert judged({"passed": False}, _Seen(True, False, [CAME]), ports=DNS) is False
    assert judged({"passed": False}, _Seen(True, False, []), ports=DNS) is None


def test_what_was_answered_or_not_tried_stays_so() -> None:
    assert judged({"passed": True}, _Seen(True, False, [])) is True
    assert judged({"passed": None}, _Seen(True, False, [ARRIVED])) is None


def local_matrix() -> dict[str, Any]:
    data = samples.data()
    data["zones"]["users"].update(subnets=["127.80.1.0/24"], address="127.80.1.254")
    data["zones"]["servers"].update(subnets=["127.80.2.0/24"], address="127.80.2.254")
    data["services"] = {"files": ["tcp/40445", "udp/40445"]}
    data["flows"] = [{"from": "users", "to": "servers", "services": ["files"], "why": "x", "rule": "A0-096"}]
    return data


def test_without_a_firewall_everything_passes_and_is_seen_to() -> None:
    hosts = [Host("users", "ws1", "127.80.1.9", SHELL), Host("servers", "fs1", "127.80.2.9", SHELL)]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as service:
        service.bind(("127.80.2.9", 40446))
        found = run_probe(load_matrix(local_matrix()), hosts, [Ports("tcp", 40444, 40444), Ports("udp", 40446, 40446)])
    tried = {
        (each["source_zone"], each["destination_zone"], each["protocol"], each["port"]): each["passed"]
        for each in found["attempts"]
        if each["source"]
    }
    assert tried["users", "servers", "tcp", 40445] is True
    assert tried["users", "servers", "udp", 40445] is True
    assert tried["servers", "users", "tcp", 40445] is True
    assert tried["users", "servers", "tcp", 40444] is True
    assert tried["users", "servers", "udp", 40446] is True, "a service has the port and says nothing"
    assert found["watched"] is False


def test_zones_without_a_host_are_not_tried_and_say_so() -> None:
    found = run_probe(load_matrix(local_matrix()), [Host("users", "ws1", "127.80.1.9", SHELL)], [])
    assert {each["passed"] for each in found["attempts"]} == {None}
    (one,) = [
        each
        for each in found["attempts"]
        if (each["source_zone"], each["destination_zone"], each["protocol"]) == ("users", "servers", "tcp")
    ]
    assert one["expected"] is True
    assert one["detail"] == "not tried: no host of the site stands in servers"


def test_a_zone_whose_hosts_come_and_go_is_left_to_whoever_tries_the_dialling() -> None:
    data = local_matrix()
    data["zones"]["servers"]["dialled"] = True
    found = run_probe(load_matrix(data), [Host("users", "ws1", "127.80.1.9", SHELL)], [])
    assert not [each for each in found["attempts"] if "servers" in (each["source_zone"], each["destination_zone"])]


def test_a_host_that_cannot_be_reached_is_named() -> None:
    agent = Agent(Host("users", "ws1", "127.80.1.9", ("sh", "-c", "echo no route >&2; exit 255")))
    with pytest.raises(ProbeError, match="ws1 cannot be probed from: no route"):
        agent.ask(do="stop")
    agent.stop()


def test_a_command_that_does_not_exist_is_told() -> None:
    with pytest.raises(ProbeError, match="ws1: nosuchcommand"):
        Agent(Host("users", "ws1", "127.80.1.9", ("nosuchcommand",)))


def test_a_host_that_turns_us_away_for_a_while_is_asked_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probe_agent, "_AGAIN_SECONDS", 0.01)
    mark = tmp_path / "turned-away"
    once = (
        f'test -e {mark} || {{ touch {mark}; echo "Connection reset by 127.80.1.9 port 22" >&2; exit 255; }}; eval "$0"'
    )
    agent = Agent(Host("users", "ws1", "127.80.1.9", ("sh", "-c", once)))
    assert agent.ask(do="stop") == {"seen": [], "heard": []}
    agent.stop()
