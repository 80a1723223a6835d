"""Observations of backups: empty when in order, what offends when not, and nothing when it was not read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_backup import BACKUP_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact

from tests.unit.policy import samples_backup as samples

Change = Callable[[dict[str, Any]], Any]
FIGURES = {
    "oldest_copy": 7.5,
    "longest_lag": 0,
    "places_of_shares": 2,
    "largest_growth": 1.5,
    "oldest_reading_back": 3.2,
}


def observed(name: str, change: Change = lambda backup: None) -> Any:
    facts = samples.facts()
    change(facts["backup"])
    return BACKUP_OBSERVERS[name](Facts(facts, "", set()))


@pytest.mark.parametrize("name", sorted(set(BACKUP_OBSERVERS) - set(FIGURES)))
def test_a_host_that_is_saved_offends_in_nothing(name: str) -> None:
    assert observed(name) == []


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_figures_are_what_was_measured(name: str) -> None:
    assert observed(name) == pytest.approx(FIGURES[name])


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("schedule_gaps", lambda b: b["schedule"].update(active=False), "no timer"),
        ("schedule_gaps", lambda b: b["schedule"].update(enabled=False), "after a restart"),
        ("schedule_gaps", lambda b: b["schedule"].update(persistent=False), "made up for"),
        ("schedule_gaps", lambda b: b["schedule"].update(bounded=False), "for ever"),
        ("schedule_gaps", lambda b: b["schedule"].update(last_run="timeout"), "failed"),
        ("sets_without_copy", lambda b: b["sets"][0].update(age_hours=None), "shares: no copy in offsite"),
        ("sets_without_copy", lambda b: b["sets"][1].update(files=0), "the copy in onsite holds nothing"),
        ("sets_without_copy", lambda b: b["repositories"][0]["future"].append("shares"), "dated in the future"),
        ("shares_left_out", lambda b: b["shares"][0]["missing"].append("*"), "share atelier: nothing of it"),
        ("shares_left_out", lambda b: b["shares"][1]["missing"].append("plans"), "missing in onsite: 1 at least"),
        ("readable_objects", lambda b: b["repositories"][0]["readable"].append("offsite: config"), "offsite: config"),
        ("directory_copy_gaps", lambda b: b["directory"][0]["lacks"].append("private/sam.ldb"), "private/sam.ldb"),
        ("directory_copy_gaps", lambda b: b["directory"][0]["lacks"].append("*"), "no copy of the directory in"),
        ("open_backup_keys", lambda b: b["secrets"]["open"].append("/etc/x 0644"), "0644"),
        ("administration_keys", lambda b: b["secrets"]["strangers"].append("/etc/x.prune"), "/etc/x.prune"),
        ("administration_keys", lambda b: b["repositories"][1].update(own_key="prune@nas1"), "prune@nas1"),
        ("backup_alerts", lambda b: b["alerts"].append("the disk is full"), "the disk is full"),
    ],
)
def test_what_is_out_of_order_is_named(name: str, change: Change, said: str) -> None:
    (line,) = observed(name, change)
    assert said in line


def test_a_last_run_of_which_nothing_is_known_did_not_succeed() -> None:
    with pytest.raises(MissingFact, match="last_run"):
        observed("schedule_gaps", lambda b: b["schedule"].update(last_run=""))


def test_a_copy_that_is_missing_has_no_age() -> None:
    assert observed("oldest_copy", lambda b: b["sets"][3].update(age_hours=None)) is None
    assert observed("oldest_reading_back", lambda b: b["repositories"][0].update(check_days=None)) is None


def test_the_lag_is_that_of_the_copy_off_site() -> None:
    assert observed("longest_lag", lambda b: b["sets"][0].update(age_hours=30.5)) == 23
    assert observed("longest_lag", lambda b: b["sets"][0].update(age_hours=None)) is None


def test_two_names_of_one_repository_are_one_place() -> None:
    assert observed("places_of_shares", lambda b: b["repositories"][1].update(id="a10e4134")) == 1


def test_without_a_copy_off_site_no_place_counts() -> None:
    assert observed("places_of_shares", lambda b: b["sets"][0].update(age_hours=None)) == 0


@pytest.mark.parametrize("name", sorted(BACKUP_OBSERVERS))
def test_what_was_not_read_is_no_answer(name: str) -> None:
    with pytest.raises(MissingFact):
        BACKUP_OBSERVERS[name](Facts({}, "", set()))
