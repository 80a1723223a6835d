"""Observations about names and time that are worked out from several facts; see computed for how they are written."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say

#: Networks whose addresses mean a machine of the inside to whoever gets them in an answer ([RFC1918], [RFC3927],
#: [RFC4193]), with the host itself.
_INSIDE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "fe80::/10")
#: Vantages from which servers are tried that should not be reached.
_VANTAGES = ("name_resolution", "guest_resolution")


def _answers(facts: Facts, *kinds: str) -> list[Facts]:
    found = [each for each in facts["name_resolution"]["answers"].some() if each["kind"] in kinds]
    if not found:
        raise MissingFact(f"name_resolution.answers: nothing of kind {' or '.join(kinds)}")
    return found


def _said(answer: Facts) -> str:
    values = ", ".join(map(str, answer["values"].plain()))
    got = values or answer["status"] or answer["detail"]
    return say("answer", answer["name"], answer["type"], answer["server"], got)


def _wrong(answer: Facts) -> bool:
    """Nothing was answered, or something else than what is right."""
    values, expected = answer["values"].plain(), answer["expected"].plain()
    return answer["status"] != "NOERROR" or not values or bool(expected and sorted(values) != sorted(expected))


def domain_names_unresolved(facts: Facts) -> list[str]:
    """Names of the domain that are not answered, or wrongly."""
    return [_said(each) for each in _answers(facts, "own") if _wrong(each)]


def outside_names_unresolved(facts: Facts) -> list[str]:
    """Names of the world that are not answered."""
    return [_said(each) for each in _answers(facts, "outside") if _wrong(each)]


def proxy_names_astray(facts: Facts) -> list[str]:
    """Names by which the proxy is found that do not lead to the gateway."""
    return [_said(each) for each in _answers(facts, "proxy") if _wrong(each)]


def _answered(facts: Facts, kind: str) -> list[str]:
    """Names that should not exist and are answered. Nothing is known of them while no name of the world is."""
    found = _answers(facts, kind)
    answered = [_said(each) for each in found if each["values"].plain()]
    silent = [each for each in found if each["status"] is None]
    if silent and not answered:
        raise MissingFact(f"name_resolution.answers: {len(silent)} not answered, first {silent[0]['name']}")
    if not answered and all(_wrong(each) for each in _answers(facts, "outside")):
        raise MissingFact(
            "name_resolution.answers: no name of the world was answered, so that no refusal means anything"
        )
    return answered


def encrypted_resolver_names_answered(facts: Facts) -> list[str]:
    """Names of resolvers that questions could be taken to past ours."""
    return _answered(facts, "encrypted")


def encrypted_resolver_signals_answered(facts: Facts) -> list[str]:
    """Signals whose absence makes programs leave encrypted questions alone."""
    return _answered(facts, "signal")


def _attempts(facts: Facts, kind: str) -> list[tuple[str, Facts]]:
    """What was tried from every vantage; each must have tried something."""
    found = []
    for vantage in _VANTAGES:
        some = [each for each in facts[vantage]["attempts"].some() if each["kind"] == kind]
        if not some:
            raise MissingFact(f"{vantage}.attempts: nothing of kind {kind}")
        found += [(vantage.partition("_")[0], each) for each in some]
    return found


def _passed(attempts: list[tuple[str, Facts]], passed: Callable[[Facts], bool]) -> list[str]:
    found = [
        say(f"reached_from_{vantage}", *(each[name] for name in ("address", "way", "port", "detail")))
        for vantage, each in attempts
        if passed(each)
    ]
    missed = [each for _, each in attempts if each["reached"] is None]
    if missed and not found:
        raise MissingFact(f"{len(missed)} attempts not made, first {missed[0]['address']}: {missed[0]['detail']}")
    return found


def foreign_resolvers_reached(facts: Facts) -> list[str]:
    """Resolvers outside that a workstation or a guest reaches past ours."""
    return _passed(_attempts(facts, "foreign"), lambda each: bool(each["reached"]))


def strangers_answered(facts: Facts) -> list[str]:
    """Ways in which the site's resolver answers those it is not there for."""
    return _passed(_attempts(facts, "resolver"), lambda each: each["status"] in ("NOERROR", "NXDOMAIN"))


def slowest_name_answer(facts: Facts) -> Any:
    """How long the slowest of the timed questions took, in seconds; one without an answer took all the time it got."""
    timed = facts["name_resolution"]["timed"].some().plain()
    return max(each["seconds"] for each in _answers(facts, *timed))


def resolver_clients_beyond(facts: Facts) -> list[str]:
    """Networks that the resolver answers and nobody declared."""
    return [str(each) for each in facts["dns_resolver"]["undeclared_clients"].plain()]


def resolver_traces(facts: Facts) -> list[str]:
    """What makes the resolver write down what is looked up."""
    return [str(each) for each in facts["dns_resolver"]["traces"].plain()]


def inside_addresses_let_in(facts: Facts) -> list[str]:
    """Networks of the inside that an answer from outside may name."""
    held = [ipaddress.ip_network(str(each)) for each in facts["dns_resolver"]["private_networks"].plain()]
    wanted = [ipaddress.ip_network(each) for each in _INSIDE]
    return [str(net) for net in wanted if not any(net[0] in each and net[-1] in each for each in held)]


def clock_deviation(facts: Facts) -> Any:
    """How far any clock is from its source, from the controllers', and from that of the computer that audits, at most.

    In seconds; None when one follows no source.
    """
    here = {each["server"]: each["ahead_seconds"] for each in facts["site_clocks"]["here"].some()}
    found: list[float] = []
    followed = True
    for each in facts["site_clocks"]["hosts"].some():
        if each["tracking"] is None or each["against"] is None:
            raise MissingFact(f"site_clocks.hosts: {each['host']}: {each['problem']}")
        followed = followed and each["tracking"]["synchronised"]
        found.append(abs(each["tracking"]["offset_seconds"]))
        for other in each["against"].some():
            if other["server"] not in here:
                raise MissingFact(f"site_clocks.here: {other['server']}")
            found += [abs(other["ahead_seconds"]), abs(here[other["server"]] - other["ahead_seconds"])]
    return round(max(found), 3) if followed else None


#: By the name that the catalogue gives them.
DNS_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        domain_names_unresolved,
        outside_names_unresolved,
        proxy_names_astray,
        encrypted_resolver_names_answered,
        encrypted_resolver_signals_answered,
        foreign_resolvers_reached,
        strangers_answered,
        slowest_name_answer,
        resolver_clients_beyond,
        resolver_traces,
        inside_addresses_let_in,
        clock_deviation,
    )
}
