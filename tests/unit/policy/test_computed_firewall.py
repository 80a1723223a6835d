"""Observations of the firewall: empty when healthy, what offends when not, and nothing when it was not tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_firewall import FIREWALL_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact

from tests.unit.policy import samples_firewall as samples

Change = Callable[[dict[str, Any]], Any]


def observed(name: str, change: Change = lambda facts: None) -> Any:
    facts = samples.facts()
    change(facts)
    return FIREWALL_OBSERVERS[name](Facts(facts, "", set()))


def attempts(facts: dict[str, Any], **which: Any) -> list[dict[str, Any]]:
    return [each for each in facts["flow_probe"]["attempts"] if which.items() <= each.items()]


@pytest.mark.parametrize("name", [name for name in FIREWALL_OBSERVERS if name != "fastest_refusal_log"])
def test_a_healthy_firewall_offends_in_nothing(name: str) -> None:
    assert observed(name) == []


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("undeclared_flows_that_passed", lambda f: attempts(f, source_zone="guest")[0].update(passed=True), "tcp/445"),
        ("declared_flows_that_did_not_pass", lambda f: attempts(f, expected=True)[0].update(passed=False), "files"),
        ("direct_web_that_passed", lambda f: attempts(f, control="direct_web")[0].update(passed=True), "tcp/443"),
        ("direct_messaging_that_passed", lambda f: attempts(f, port=5222)[0].update(passed=True), "tcp/5222"),
        ("direct_sharing_that_passed", lambda f: attempts(f, port=6881)[0].update(passed=True), "udp/6881"),
        ("direct_mail_that_passed", lambda f: attempts(f, port=25)[0].update(passed=True), "tcp/25"),
        (
            "guests_that_reached_the_site",
            lambda f: attempts(f, source_zone="guest")[0].update(passed=True),
            "guest to users",
        ),
        ("open_default_policies", lambda f: f["firewall"]["policies"].update(output="accept"), "output: accept"),
        (
            "ruleset_differences",
            lambda f: f["firewall"]["differences"].append(
                {"what": "a to b", "expected": "refused", "observed": "passes"}
            ),
            "a to b: passes, expected refused",
        ),
        ("openings_for_forged_addresses", lambda f: f["firewall"]["forged"][1].update(passes=True), "guest"),
        ("openings_for_forged_addresses", lambda f: f["firewall"].update(way_back=False), "way back"),
        (
            "other_protocol_let_through",
            lambda f: f["firewall"]["ipv6"].append("guest to users: IPv6"),
            "guest to users",
        ),
        ("other_protocol_let_through", lambda f: f["firewall"]["kernel"].update(forwards_ipv6=True), "kernel"),
        ("refusals_without_a_trace", lambda f: f["firewall"]["silent"].append("forward"), "forward"),
        ("refusals_without_a_trace", lambda f: f["firewall"].update(log_daemon=False), "nothing writes"),
        ("what_a_restart_would_change", lambda f: f["firewall"]["boot"].update(enabled=False), "at boot"),
        ("what_a_restart_would_change", lambda f: f["firewall"]["boot"].update(loads_the_same=False), "another"),
        ("what_a_restart_would_change", lambda f: f["firewall"].update(pending=True), "not confirmed"),
    ],
)
def test_what_offends_is_said(name: str, change: Change, said: str) -> None:
    (line,) = observed(name, change)
    assert said in line


def test_the_busiest_log_decides_and_one_without_a_limit_is_unlimited() -> None:
    more = {"chain": "forward", "per_second": 50.0}
    assert observed("fastest_refusal_log", lambda f: f["firewall"]["logs"].append(more)) == 50.0
    without = {"chain": "forward", "per_second": None}
    assert observed("fastest_refusal_log", lambda f: f["firewall"]["logs"].append(without)) is None


@pytest.mark.parametrize(
    "name", [name for name in FIREWALL_OBSERVERS if "passed" in name or "pass" in name or name.startswith("guests")]
)
def test_what_was_not_tried_is_never_an_answer(name: str) -> None:
    def untried(facts: dict[str, Any]) -> None:
        for each in facts["flow_probe"]["attempts"]:
            each["passed"] = None

    with pytest.raises(MissingFact):
        observed(name, untried)


def test_an_offence_is_told_though_other_attempts_were_not_made() -> None:
    def some(facts: dict[str, Any]) -> None:
        attempts(facts, port=443)[0]["passed"] = None
        attempts(facts, port=25)[0]["passed"] = True

    assert len(observed("undeclared_flows_that_passed", some)) == 1


def test_a_site_without_guests_has_none_that_reach_it() -> None:
    assert observed("guests_that_reached_the_site", lambda f: f["firewall"]["zones"].pop(1)) == []
