"""Tries every pair of zones from hosts of their own, and says for each attempt whether it should have passed.

What is refused must have been seen to arrive at the firewall, where it can be watched: a source that lost its way is
no proof of a firewall. Zones without a host are not tried, and say so.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from ipaddress import IPv4Address
from typing import Any

from ansible.module_utils.firewall.model import GATEWAY, ICMP, Flow, Matrix, Ports
from ansible.module_utils.firewall.probe_agent import Agent, Host, ProbeError

_SECONDS, _SECOND_CHANCE_SECONDS = 1.6, 4.0
_AT_ONCE = 300
UNNAMED = "unnamed"


@dataclass
class Attempt:
    """What is tried, from where to where, and what became of it."""

    source: Host
    destination: Host
    address: str
    ports: Ports
    service: str
    flow: Flow | None
    expected: bool
    passed: bool | None = None
    detail: str = ""


def governing(matrix: Matrix, source: Host, destination: Host, ports: Ports) -> Flow | None:
    """The flow that says what becomes of a packet; None when no flow names it."""
    for flow in matrix.between(source.zone, destination.zone):
        within = any(
            each.protocol == ports.protocol and each.first <= ports.first and ports.last <= each.last
            for each in flow.ports
        )
        from_there = not flow.source_networks or _in(source.address, flow.source_networks)
        to_there = not flow.destination_networks or _in(destination.address, flow.destination_networks)
        if within and from_there and to_there:
            return flow
    return None


def _in(address: str, networks: Iterable[Any]) -> bool:
    return any(IPv4Address(address) in network for network in networks)


def services_tried(matrix: Matrix, samples: Sequence[Ports]) -> list[tuple[str, Ports]]:
    """Each service with the ports that stand for it, both ends of a range, and samples that no service names."""
    found: dict[Ports, str] = {}
    for name, ports in matrix.services.items():
        for each in ports:
            for number in {each.first, each.last}:
                found.setdefault(Ports(each.protocol, number, number), name)
    for each in samples:
        found.setdefault(each, UNNAMED)
    return sorted(((name, ports) for ports, name in found.items()), key=lambda item: item[1])


def plan(matrix: Matrix, hosts: Sequence[Host], samples: Sequence[Ports]) -> list[Attempt]:
    """Every service from every host to every host of another zone."""
    found = []
    for source in hosts:
        for destination in hosts:
            if source.zone == destination.zone:
                continue
            address = destination.address
            if destination.zone == GATEWAY:
                address = matrix.zones[source.zone].address or address
            for service, ports in services_tried(matrix, samples):
                flow = governing(matrix, source, destination, ports)
                expected = flow is not None and not flow.refused
                found.append(Attempt(source, destination, address, ports, service, flow, expected))
    return found


def run_probe(matrix: Matrix, hosts: Sequence[Host], samples: Sequence[Ports]) -> dict[str, Any]:
    """Try everything; what was tried, and what became of it.

    :raises ProbeError: a host cannot be reached.
    """
    begin = time.monotonic()
    agents = {host.name: Agent(host) for host in hosts}
    attempts = plan(matrix, hosts, samples)
    watched = False
    try:
        with ThreadPoolExecutor(max_workers=max(len(agents), 1)) as pool:
            watched = _watch(agents, attempts)
            list(pool.map(lambda agent: _listen(agent, attempts), agents.values()))
            results = _round(pool, agents, attempts, range(len(attempts)), _SECONDS)
            failed = [number for number, each in enumerate(attempts) if each.expected and not results[number]["passed"]]
            results.update(_round(pool, agents, attempts, failed, _SECOND_CHANCE_SECONDS))
            stopped = {name: agent.ask(do="stop") for name, agent in agents.items()}
            seen = [each for answer in stopped.values() for each in answer["seen"]]
    finally:
        for agent in agents.values():
            agent.stop()
    for number, attempt in enumerate(attempts):
        heard = str(number) in stopped[attempt.destination.name]["heard"]
        _judge(attempt, results[number], _Seen(watched, heard, seen))
    return {
        "attempts": [*map(_record, attempts), *_not_tried(matrix, hosts, samples)],
        "duration": round(time.monotonic() - begin, 1),
        "watched": watched,
    }


def _watch(agents: Mapping[str, Agent], attempts: Sequence[Attempt]) -> bool:
    """Watch at the firewall, if it is one of the hosts and lets us."""
    for agent in agents.values():
        if agent.host.zone == GATEWAY:
            try:
                agent.ask(do="watch", addresses=sorted({attempt.address for attempt in attempts}))
            except ProbeError:
                return False
            return True
    return False


def _listen(agent: Agent, attempts: Sequence[Attempt]) -> None:
    mine = [each.ports for each in attempts if each.destination == agent.host and each.ports.protocol != ICMP]
    ports = sorted({(each.protocol, each.first) for each in mine})
    address = "0.0.0.0" if agent.host.zone == GATEWAY else agent.host.address  # noqa: S104
    answer = agent.ask(do="listen", address=address, ports=ports)
    agent.taken = {(protocol, port) for protocol, port in answer["taken"]}


def _round(
    pool: ThreadPoolExecutor,
    agents: Mapping[str, Agent],
    attempts: Sequence[Attempt],
    numbers: Iterable[int],
    seconds: float,
) -> dict[int, dict[str, Any]]:
    """The attempts of these numbers, every host its own, all hosts at once."""
    listed = list(numbers)

    def of_host(agent: Agent) -> list[dict[str, Any]]:
        mine = [number for number in listed if attempts[number].source == agent.host]
        found: list[dict[str, Any]] = []
        for begin in range(0, len(mine), _AT_ONCE):
            given = [
                {
                    "number": number,
                    "protocol": attempts[number].ports.protocol,
                    "port": attempts[number].ports.first,
                    "address": attempts[number].address,
                }
                for number in mine[begin : begin + _AT_ONCE]
            ]
            found += agent.ask(do="try", attempts=given, seconds=seconds)["results"]
        return found

    return {each["number"]: each for results in pool.map(of_host, agents.values()) for each in results}


@dataclass
class _Seen:
    """What the firewall saw, and whether a service that has the port got the datagram."""

    watched: bool
    heard: bool
    packets: Sequence[Sequence[Any]]

    def arrived(self, attempt: Attempt, result: Mapping[str, Any]) -> bool:
        """Whether the firewall received it."""
        wanted = ["received", result["source"][0], attempt.address, attempt.ports.protocol]
        return any(
            each[:4] == wanted and (each[3] == ICMP or each[4:6] == [result["source"][1], attempt.ports.first])
            for each in self.packets
        )


def _judge(attempt: Attempt, result: Mapping[str, Any], seen: _Seen) -> None:
    attempt.passed, attempt.detail = result["passed"], result["detail"]
    if attempt.passed is not False:
        return
    if seen.heard:
        # A service that has the port need not answer us.
        attempt.passed, attempt.detail = True, "arrived; the host's own service has the port"
    elif seen.watched and attempt.source.zone != GATEWAY:
        if seen.arrived(attempt, result):
            attempt.detail = "arrived at the firewall and got no answer"
        else:
            attempt.passed, attempt.detail = None, "not tried: it never arrived at the firewall"


def _record(attempt: Attempt) -> dict[str, Any]:
    return {
        "source_zone": attempt.source.zone,
        "source": attempt.source.name,
        "destination_zone": attempt.destination.zone,
        "destination": attempt.destination.name,
        "service": attempt.service,
        "protocol": attempt.ports.protocol,
        "port": attempt.ports.first,
        "expected": attempt.expected,
        "passed": attempt.passed,
        "control": attempt.flow.control if attempt.flow else None,
        "detail": attempt.detail,
    }


def _not_tried(matrix: Matrix, hosts: Sequence[Host], samples: Sequence[Ports]) -> list[dict[str, Any]]:
    """Pairs of zones that no host stands for, one line for each service."""
    there = {host.zone for host in hosts}
    found = []
    for source, destination in matrix.pairs():
        empty = [zone for zone in (source, destination) if zone not in there]
        if not empty or any(zone in matrix.zones and matrix.zones[zone].dialled for zone in empty):
            continue
        for service, ports in services_tried(matrix, samples):
            flows = [
                flow
                for flow in matrix.between(source, destination)
                if any(
                    each.protocol == ports.protocol and each.first <= ports.first <= each.last for each in flow.ports
                )
            ]
            found.append(
                {
                    "source_zone": source,
                    "source": None,
                    "destination_zone": destination,
                    "destination": None,
                    "service": service,
                    "protocol": ports.protocol,
                    "port": ports.first,
                    "expected": bool(flows) and not flows[0].refused,
                    "passed": None,
                    "control": flows[0].control if flows else None,
                    "detail": f"not tried: no host of the site stands in {' or '.join(empty)}",
                }
            )
    return found
