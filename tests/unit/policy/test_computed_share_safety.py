"""What is worked out about the brakes of the shares: what was not tried is never green."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.policy.computed import OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact

from tests.unit.policy import samples_share_safety as samples


def observed(name: str, change: dict[str, Any], part: str | None = "trial") -> Any:
    facts = samples.facts()
    place = facts["share_safety"]
    for step in part.split(".") if part else ():
        place = place[step]
    place.update(change)
    return OBSERVERS[name](Facts(facts, "", set()))


@pytest.mark.parametrize(
    ("name", "change", "part", "expected"),
    [
        ("suspicious_names_let_in", {"names_taken": ["*.locky"]}, "trial", ["name taken: *.locky"]),
        ("suspicious_names_let_in", {"name_by_renaming_taken": True}, "trial", None),
        ("suspicious_names_let_in", {"normal_names_refused": ["a.txt"]}, "trial", ["ordinary name refused: a.txt"]),
        ("mass_changes_unnoticed", {"change_alarm": None}, "trial", ["150 deletions in a row raised no alarm"]),
        ("mass_changes_unnoticed", {"false_alarms": ["a.txt"]}, "trial", ["ordinary work raised an alarm: a.txt"]),
        ("mass_changes_unnoticed", {"share_watch": False}, "services", ["the watch of the shares is not running"]),
        ("people_without_quota", {"wrong": ["ann"]}, "quotas", ["ann: another quota than asked for"]),
        ("people_without_quota", {"state": "none"}, "quotas", ["the file system has no quotas"]),
        ("writes_beyond_quota", {"person_refused": False}, "quotas.trial", ["durandpau wrote beyond their quota"]),
        ("writes_beyond_quota", {"share_within_taken": False}, "quotas.trial", None),
        ("writes_beyond_quota", {"state": "none"}, "quotas", ["the file system has no quotas"]),
    ],
)
def test_what_is_wrong_is_said(name: str, change: dict[str, Any], part: str, expected: list[str] | None) -> None:
    assert OBSERVERS[name](Facts(samples.facts(), "", set())) == []
    found = observed(name, change, part)
    assert found if expected is None else found == expected


def test_an_alarm_that_was_not_raised_has_no_delay() -> None:
    assert observed("slowest_alarm", {}) == 0.02
    assert observed("slowest_alarm", {"name_alarm": None}) is None


def test_a_full_disk_and_a_higher_threshold_both_count() -> None:
    assert observed("fullest_share", {"fail_percent": 99}, None) == 99
    assert observed("fullest_share", {"room": [{"path": "/a", "blocks_percent": 5, "inodes_percent": 97}]}, None) == 97
    assert observed("room_warning", {"share_room": False}, "services") is None


@pytest.mark.parametrize("change", [{"names_tried": 0}, {"names_untried": ["*.x"]}])
def test_a_name_that_was_not_tried_is_no_refusal(change: dict[str, Any]) -> None:
    with pytest.raises(MissingFact):
        observed("suspicious_names_let_in", change)
