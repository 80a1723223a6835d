"""Observations of names and clocks: empty when healthy, what offends when not, and nothing when it was not tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_dns import DNS_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact

from tests.unit.policy import samples_dns as samples

Change = Callable[[dict[str, Any]], Any]
NUMBERS = ("slowest_name_answer", "clock_deviation")


def observed(name: str, change: Change = lambda facts: None) -> Any:
    facts = samples.facts()
    change(facts)
    return DNS_OBSERVERS[name](Facts(facts, "", set()))


def answer(facts: dict[str, Any], kind: str) -> dict[str, Any]:
    return next(each for each in facts["name_resolution"]["answers"] if each["kind"] == kind)


def attempt(facts: dict[str, Any], vantage: str, **which: Any) -> dict[str, Any]:
    return next(each for each in facts[vantage]["attempts"] if which.items() <= each.items())


@pytest.mark.parametrize("name", [name for name in DNS_OBSERVERS if name not in NUMBERS])
def test_a_healthy_site_offends_in_nothing(name: str) -> None:
    assert observed(name) == []


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("domain_names_unresolved", lambda f: answer(f, "own").update(values=["10.0.2.99"]), "10.0.2.99"),
        ("domain_names_unresolved", lambda f: answer(f, "own").update(values=[], status="NXDOMAIN"), "NXDOMAIN"),
        ("outside_names_unresolved", lambda f: answer(f, "outside").update(values=[], status=None), "answered"),
        ("outside_names_unresolved", lambda f: answer(f, "outside").update(values=[]), "NOERROR"),
        ("proxy_names_astray", lambda f: answer(f, "proxy").update(values=["192.0.2.9"]), "wpad.site.lan"),
        (
            "encrypted_resolver_names_answered",
            lambda f: answer(f, "encrypted").update(values=["192.0.2.7"]),
            "resolver",
        ),
        ("encrypted_resolver_signals_answered", lambda f: answer(f, "signal").update(values=["192.0.2.7"]), "signal"),
        (
            "foreign_resolvers_reached",
            lambda f: attempt(f, "name_resolution", way="tls").update(reached=True),
            "name: 192.0.2.53 tls 853",
        ),
        (
            "foreign_resolvers_reached",
            lambda f: attempt(f, "guest_resolution", way="udp", kind="foreign").update(reached=True),
            "guest: 192.0.2.53",
        ),
        (
            "strangers_answered",
            lambda f: attempt(f, "guest_resolution", kind="resolver").update(status="NOERROR"),
            "guest: 10.0.2.254",
        ),
        ("resolver_clients_beyond", lambda f: f["dns_resolver"]["undeclared_clients"].append("0.0.0.0/0"), "0.0.0.0/0"),
        ("resolver_traces", lambda f: f["dns_resolver"]["traces"].append("log-queries: yes"), "log-queries"),
        (
            "inside_addresses_let_in",
            lambda f: f["dns_resolver"]["private_networks"].remove("10.0.0.0/8"),
            "10.0.0.0/8",
        ),
    ],
)
def test_what_offends_is_said(name: str, change: Change, said: str) -> None:
    (line,) = observed(name, change)
    assert said in line


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("encrypted_resolver_names_answered", lambda f: answer(f, "encrypted").update(status=None)),
        ("domain_names_unresolved", lambda f: f["name_resolution"].update(answers=[])),
        ("foreign_resolvers_reached", lambda f: attempt(f, "name_resolution", way="udp").update(reached=None)),
        ("foreign_resolvers_reached", lambda f: f["guest_resolution"].update(attempts=[])),
        ("strangers_answered", lambda f: f.pop("guest_resolution")),
        ("slowest_name_answer", lambda f: f["name_resolution"].update(timed=[])),
        ("clock_deviation", lambda f: f["site_clocks"].update(here=[])),
        ("clock_deviation", lambda f: f["site_clocks"]["here"][0].update(server="10.0.2.11")),
        ("clock_deviation", lambda f: f["site_clocks"].update(hosts=[])),
        ("clock_deviation", lambda f: f["site_clocks"]["hosts"][1].update(tracking=None)),
        ("clock_deviation", lambda f: f["site_clocks"]["hosts"][1].update(against=[])),
    ],
)
def test_what_was_not_tried_is_not_known(name: str, change: Change) -> None:
    with pytest.raises(MissingFact):
        observed(name, change)


def test_a_refusal_means_nothing_while_no_name_of_the_world_is_answered() -> None:
    def cut(facts: dict[str, Any]) -> None:
        for each in facts["name_resolution"]["answers"]:
            if each["kind"] == "outside":
                each.update(values=[])

    with pytest.raises(MissingFact, match="no refusal means anything"):
        observed("encrypted_resolver_names_answered", cut)


def test_an_empty_answer_hides_a_name_as_well_as_none_at_all() -> None:
    assert (
        observed("encrypted_resolver_names_answered", lambda f: answer(f, "encrypted").update(status="NOERROR")) == []
    )


def test_a_wider_network_holds_the_narrower_ones() -> None:
    assert observed("inside_addresses_let_in", lambda f: f["dns_resolver"].update(private_networks=["::/0"])) == [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"
    ]  # fmt: skip


def test_the_slowest_timed_name_decides() -> None:
    assert observed("slowest_name_answer") == 0.12
    assert observed("slowest_name_answer", lambda f: answer(f, "own").update(seconds=6.0)) == 6.0
    assert observed("slowest_name_answer", lambda f: answer(f, "encrypted").update(seconds=6.0)) == 0.12


def clock(facts: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = facts["site_clocks"]["hosts"][1]
    return found


def test_the_farthest_of_all_clocks_decides() -> None:
    assert observed("clock_deviation") == 0.007
    assert observed("clock_deviation", lambda f: clock(f)["tracking"].update(offset_seconds=-2.5)) == 2.5
    assert observed("clock_deviation", lambda f: clock(f)["against"][0].update(ahead_seconds=1.5)) == 1.504
    assert observed("clock_deviation", lambda f: clock(f)["tracking"].update(synchronised=False)) is None
