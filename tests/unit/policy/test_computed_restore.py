"""Observations of restores: empty when everything came back, what did not when not, and nothing when it was not tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_restore import RESTORE_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import said

from tests.unit.policy import samples_restore

Change = Callable[[dict[str, Any]], Any]


def facts() -> dict[str, Any]:
    return {
        **samples_restore.facts(),
        "share_access": {"recycle": [{"share": "commun", "found": True, "restored": True}]},
    }


def observed(name: str, change: Change = lambda facts: None) -> Any:
    given = facts()
    change(given)
    return RESTORE_OBSERVERS[name](Facts(given, "", set()))


@pytest.mark.parametrize("name", ["restores_that_failed", "deleted_files_that_stay_lost"])
def test_restores_that_proved_everything_offend_in_nothing(name: str) -> None:
    assert observed(name) == []


def test_the_age_of_the_rehearsal_is_what_was_read() -> None:
    assert observed("age_of_rehearsal") == 12.0


def test_a_rehearsal_that_failed_proves_nothing() -> None:
    assert observed("age_of_rehearsal", lambda f: f["restore_drill"]["rehearsal"].update(ok=False)) is None


@pytest.mark.parametrize(
    ("name", "change", "line"),
    [
        ("restores_that_failed", lambda f: f["restore_drill"].update(weekly=False), "chaque semaine"),
        ("restores_that_failed", lambda f: f["restore_drill"]["unproven"].append("shares (offsite)"), "rien prouvé"),
        ("restores_that_failed", lambda f: f["restore_drill"]["last"]["differences"].append("/srv/x"), "/srv/x"),
        (
            "deleted_files_that_stay_lost",
            lambda f: f["share_access"]["recycle"][0].update(restored=False),
            "commun : un fichier supprimé",
        ),
        (
            "deleted_files_that_stay_lost",
            lambda f: f["restore_drill"]["last"]["sets"][0].update(ok=False),
            "shares (offsite)",
        ),
    ],
)
def test_what_did_not_come_back_is_named_in_french(name: str, change: Change, line: str) -> None:
    (found,) = observed(name, change)
    assert line in said(found, "fr")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("restores_that_failed", lambda f: f["restore_drill"].pop("last")),
        ("restores_that_failed", lambda f: f["restore_drill"].pop("unproven")),
        ("deleted_files_that_stay_lost", lambda f: f["share_access"]["recycle"].clear()),
        ("deleted_files_that_stay_lost", lambda f: f["restore_drill"]["last"]["sets"].clear()),
        ("age_of_rehearsal", lambda f: f["restore_drill"].pop("rehearsal")),
    ],
)
def test_what_was_not_tried_is_no_answer(name: str, change: Change) -> None:
    with pytest.raises(MissingFact):
        observed(name, change)
