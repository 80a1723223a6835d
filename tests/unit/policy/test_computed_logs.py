"""Observations of the logs: empty when in order, what offends when not, and nothing when it was not tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_logs import LOG_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact

from tests.unit.policy import samples_logs as samples

Change = Callable[[dict[str, Any]], Any]
FIGURES = {"longest_kept_line": 365, "shortest_kept_line": 365, "slowest_delivery": 0.4 / 60, "worst_log_clock": 0.002}
ON_THE_GATEWAY = {"monitoring_without_notice"}


def observed(name: str, change: Change = lambda facts: None) -> Any:
    facts = samples.gateway() if name in ON_THE_GATEWAY else samples.server()
    change(facts)
    return LOG_OBSERVERS[name](Facts(facts, "", set()))


def trial(facts: dict[str, Any]) -> dict[str, Any]:
    return facts["log_trials"]["hosts"][0]  # type: ignore[no-any-return]


def log(facts: dict[str, Any]) -> dict[str, Any]:
    return facts["logs"]["files"][0]  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", sorted(set(LOG_OBSERVERS) - set(FIGURES)))
def test_logs_in_order_offend_in_nothing(name: str) -> None:
    assert observed(name) == []


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_figures_are_what_was_measured(name: str) -> None:
    assert observed(name) == pytest.approx(FIGURES[name])


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("old_lines_that_stay", lambda f: f["logs"]["destruction"].update(forgotten_destroyed=False), "without a date"),
        ("old_lines_that_stay", lambda f: f["logs"]["destruction"].update(old_lines_destroyed=False), "young ones"),
        ("old_lines_that_stay", lambda f: f["logs"]["destruction"].update(every_day=False), "every day"),
        ("old_lines_that_stay", lambda f: f["logs"]["overdue"].append("/var/log/x"), "/var/log/x: too old"),
        ("logs_not_turned", lambda f: f["logs"]["rotation"].update(timer=False), "nothing turns"),
        ("logs_not_turned", lambda f: f["logs"]["rotation"]["not_turned"].append("/var/log/x"), "not turned"),
        ("logs_not_turned", lambda f: f["logs"]["rotation"]["duplicates"].append("/var/log/x"), "turned twice"),
        ("logs_not_turned", lambda f: log(f)["unpacked"].append("/var/log/x-1"), "not packed"),
        ("logs_that_open", lambda f: log(f).update(closed=False, mode="0644"), "0644 proxy:adm"),
        ("logs_that_open", lambda f: log(f).update(present=False), "not there"),
        ("logs_that_open", lambda f: log(f)["open_files"].append("/var/log/x-1"), "open to others"),
        ("logs_that_open", lambda f: f["logs"]["readable_by_nobody"].append("/var/log/x"), "without any right"),
        ("logs_that_open", lambda f: f["logs"]["group_readers"].append("somebody"), "reads through a group"),
        ("log_alerts", lambda f: f["logs"]["alerts"].append("3 % of the disk is left"), "3 %"),
        ("logs_that_did_not_arrive", lambda f: f["log_trail"]["missing"].append("gw1: web"), "gw1: web"),
        ("what_senders_can_do", lambda f: f["log_trail"]["strangers"].append("plain"), "plain"),
        ("what_senders_can_do", lambda f: f["log_trail"]["misfiled"].append("gw1 wrote into dc1"), "dc1"),
        ("what_senders_can_do", lambda f: trial(f)["intrusion"].update(answer=12), "was given lines"),
        ("what_senders_can_do", lambda f: trial(f)["intrusion"]["logged_on"].append("/k"), "logs on with /k"),
        ("what_senders_can_do", lambda f: trial(f)["intrusion"]["open_ports"].append(445), "port 445"),
        ("unwritten_readings", lambda f: f["log_trail"]["reading"].update(written_down=False), "not written down"),
        ("unwritten_readings", lambda f: f["log_trail"]["reading"].update(journal_whole=False), "was changed"),
        ("unwritten_readings", lambda f: f["log_trail"]["reading"].update(journal_closed=False), "open to others"),
        ("unwritten_readings", lambda f: f["log_trail"]["reading"].update(without_reason=True), "without a reason"),
        ("unwritten_readings", lambda f: f["log_trail"]["reading"].update(by_nobody_with_sudo=True), "any right"),
        ("unwritten_readings", lambda f: f["log_trail"]["reading"]["undeclared"].append("paul"), "paul"),
        (
            "monitoring_without_notice",
            lambda f: f["logs"]["monitoring"].update(obstacles=["late"], override={"by": "Lea", "reason": "trial"}),
            "Lea: trial",
        ),
        ("monitoring_without_notice", lambda f: f["logs"]["monitoring"].update(obstacles=["late"]), "late"),
        ("monitoring_without_notice", lambda f: log(f).update(oldest_day="2026-11-01"), "begun on 2026-11-20"),
    ],
)
def test_what_offends_is_named(name: str, change: Change, said: str) -> None:
    assert [each for each in observed(name, change) if said in each]


def test_a_gap_in_what_is_kept_shortens_it() -> None:
    assert observed("shortest_kept_line", lambda f: f["logs"]["destruction"].update(gaps=[183, 184])) == 182


def test_a_destroyer_that_destroys_nothing_keeps_without_end() -> None:
    assert observed("longest_kept_line", lambda f: f["logs"]["destruction"].update(longest_kept_days=None)) is None


def test_a_line_that_did_not_arrive_took_without_end() -> None:
    assert observed("slowest_delivery", lambda f: f["log_trail"]["missing"].append("gw1")) is None


def test_a_clock_that_follows_nothing_is_off_without_end() -> None:
    assert observed("worst_log_clock", lambda f: trial(f).update(clock={"synchronised": False})) is None


@pytest.mark.parametrize(
    "name", ["logs_that_did_not_arrive", "slowest_delivery", "what_senders_can_do", "worst_log_clock"]
)
def test_a_host_that_was_not_read_leaves_the_rest_unsure(name: str) -> None:
    with pytest.raises(MissingFact, match="gw1 not read"):
        observed(name, lambda f: trial(f).update(read=False))
