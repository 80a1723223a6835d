"""Drift: nothing that gets worse, or stops being measured, goes unsaid."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.policy.report.drift import KINDS, compare

from tests.unit.policy.samples.report import RULES, previous, record, verdicts


def _one(verdict: str, **other: Any) -> list[dict[str, Any]]:
    return [record(RULES[1], "dc1", verdict=verdict, **other)]


@pytest.mark.parametrize(
    ("was", "now", "kind"),
    [
        ("pass", "fail", "newly_failed"),
        ("waived", "fail", "newly_failed"),
        ("not_evaluated", "fail", "newly_failed"),
        ("not_applicable", "fail", "newly_failed"),
        ("fail", "pass", "fixed"),
        ("not_evaluated", "pass", "recovered"),
        ("pass", "not_evaluated", "lost"),
        ("fail", "not_evaluated", "lost"),
        ("waived", "not_evaluated", "lost"),
        ("fail", "waived", "excused"),
        ("pass", "waived", "excused"),
        ("fail", "not_applicable", "excused"),
    ],
)
def test_each_move_from_one_verdict_to_another_has_its_name(was: str, now: str, kind: str) -> None:
    drift = compare(_one(was), _one(now))
    assert {each: len(getattr(drift, each)) for each in KINDS} == {each: int(each == kind) for each in KINDS}


@pytest.mark.parametrize(("was", "now"), [("not_applicable", "pass"), ("not_applicable", "not_evaluated")])
def test_a_rule_that_begins_to_apply_is_no_drift(was: str, now: str) -> None:
    assert compare(_one(was), _one(now)).empty


def test_another_value_with_the_same_verdict_has_moved() -> None:
    drift = compare(_one("fail", observed=100), _one("fail", observed=180))
    (change,) = drift.value_moved
    assert change.before is not None
    assert change.after is not None
    assert (change.before["observed"], change.after["observed"]) == (100, 180)


def test_the_same_run_twice_shows_no_drift() -> None:
    assert compare(verdicts(), verdicts()).empty


def test_the_first_run_compares_with_nothing() -> None:
    drift = compare(None, verdicts())
    assert drift.first_run
    assert drift.empty


def test_a_host_that_vanished_is_told_once_and_not_as_lost_measurements() -> None:
    before = [record(row, host) for row in RULES[:5] for host in ("dc1", "dc2")]
    drift = compare(before, [each for each in before if each["host"] == "dc1"])
    assert drift.host_vanished == ["dc2"]
    assert drift.lost == []


def test_a_rule_that_left_one_host_is_lost_there() -> None:
    before = [record(row, "dc1") for row in RULES[:2]] + [record(RULES[0], "dc2")]
    after = [record(RULES[0], "dc1"), record(RULES[0], "dc2"), record(RULES[1], "dc2")]
    assert [(change.control, change.host) for change in compare(before, after).lost] == [("password_max_age", "dc1")]


def test_a_new_control_is_told_as_new_even_when_it_fails() -> None:
    drift = compare([record(RULES[0], "dc1")], [record(RULES[0], "dc1"), record(RULES[1], "dc1", verdict="fail")])
    assert [change.control for change in drift.new_control] == ["password_max_age"]
    assert drift.newly_failed == []


def test_a_control_that_is_no_longer_judged_is_told() -> None:
    drift = compare([record(row, "dc1") for row in RULES[:2]], [record(RULES[0], "dc1")])
    assert [change.control for change in drift.removed_control] == ["password_max_age"]


def test_a_known_control_that_fails_on_a_new_host_is_newly_failed() -> None:
    before = [record(RULES[0], "dc1")]
    drift = compare(before, [*before, record(RULES[0], "dc2", verdict="fail")])
    assert [change.host for change in drift.newly_failed] == ["dc2"]
    assert drift.new_host == ["dc2"]


def test_the_sample_shows_its_drift() -> None:
    drift = compare(previous(), verdicts())
    assert [change.control for change in drift.newly_failed] == ["leavers_disabled", "clock_offset"]
    assert [change.control for change in drift.fixed] == ["backup_age"]
    assert [change.control for change in drift.excused] == ["filter_log_retention"]
    assert [change.control for change in drift.value_moved] == ["missing_security_updates"]
    assert {change.host for change in drift.lost} == {"poste-atelier"}
    assert drift.host_vanished == ["poste-vendeur"]
