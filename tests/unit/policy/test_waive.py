"""A waiver is accepted for a time, within a bound, and stays watched."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from ansible.module_utils.policy.evidence import EvidenceError
from ansible.module_utils.policy.judge import judge
from ansible.module_utils.policy.model import Policies, load_policies
from ansible.module_utils.policy.waive import idle_waivers, with_lab_waivers

from tests.conftest import ROOT
from tests.unit.policy import samples_evidence as samples

TODAY = date(2026, 11, 21)
SCHEMA = ROOT / "policies" / "schema" / "waivers.schema.json"
WAIVER: dict[str, Any] = {
    "control": "password_max_age",
    "hosts": ["dc1"],
    "accepted": {"at_most": 180},
    "reason": "Migration en cours.",
    "owner": "Prestataire",
    "approver": "Direction",
    "until": "2026-12-31",
}


def judged(max_age: Any, **waiver: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    policies: Policies = replace(load_policies(ROOT, "autoconcept"), waivers=({**WAIVER, **waiver},))
    evidence = samples.evidence()
    evidence["dc1"]["facts"]["password_policy"]["domain"]["max_age_days"] = max_age
    verdicts = judge(policies, samples.run(), evidence, TODAY)
    return next(each for each in verdicts if each["control"] == "password_max_age"), idle_waivers(
        verdicts, policies, TODAY
    )


def test_a_deviation_within_what_was_accepted_is_waived() -> None:
    verdict, idle = judged(120)
    assert (verdict["verdict"], verdict["waiver"]["approver"], idle) == ("waived", "Direction", [])


@pytest.mark.parametrize(
    ("max_age", "waiver", "said"),
    [
        (200, {}, "dépasse"),
        (None, {}, "dépasse"),
        (120, {"until": "2026-11-20"}, "pris fin"),
        (120, {"compensated_by": "directory_logon"}, "compensatoire"),
    ],
)
def test_a_waiver_that_does_not_hold_is_a_failure_with_its_reason(
    max_age: Any, waiver: dict[str, Any], said: str
) -> None:
    verdict, _ = judged(max_age, **waiver)
    assert verdict["verdict"] == "fail"
    assert said in verdict["reason"]


def test_a_waiver_with_a_green_compensating_control_holds() -> None:
    assert judged(120, compensated_by="password_history")[0]["verdict"] == "waived"


def test_a_waiver_of_another_host_does_not_count() -> None:
    assert judged(120, hosts=["dc2"])[0]["verdict"] == "fail"


@pytest.mark.parametrize(
    ("max_age", "waiver", "state"),
    [
        (90, {}, "unused"),
        (120, {"hosts": ["dc9"]}, "orphan"),
        (120, {"until": "2026-01-01"}, "expired"),
        (90, {"control": "no_such"}, "orphan"),
    ],
)
def test_a_waiver_that_serves_nothing_is_reported(max_age: int, waiver: dict[str, Any], state: str) -> None:
    assert [each["state"] for each in judged(max_age, **waiver)[1]] == [state]


def in_force(**run: Any) -> tuple[Any, ...]:
    """The waivers of the client and of the run together."""
    policies = replace(load_policies(ROOT, "autoconcept"), waivers=())
    return with_lab_waivers(policies, {**samples.run(), **run}, SCHEMA).waivers


def test_a_lab_accepts_for_itself_what_its_run_says() -> None:
    assert in_force(mode="lab", waivers=[WAIVER]) == (WAIVER,)
    assert in_force(mode="lab") == in_force() == ()


def test_the_run_of_a_site_brings_no_waiver_of_its_own() -> None:
    with pytest.raises(EvidenceError, match=r"it is no lab; .* policies"):
        in_force(mode="audit", waivers=[WAIVER])


@pytest.mark.parametrize("wrong", [{"accepted": {}}, {"accepted": {"at_worst": 3}}, {"until": "demain"}, {"hosts": []}])
def test_a_waiver_of_a_lab_that_is_wrong_is_refused_with_the_variable_to_correct(wrong: dict[str, Any]) -> None:
    with pytest.raises(EvidenceError, match=rf"waivers\.0\.{next(iter(wrong))}.*audit_waivers"):
        in_force(mode="lab", waivers=[{**WAIVER, **wrong}])


@pytest.mark.parametrize("client", sorted(file.parent.name for file in (ROOT / "policies").glob("*/waivers.yml")))
def test_no_client_accepts_what_only_a_lab_needs(client: str) -> None:
    said = [f"{each['reason']} {each['accepted']}" for each in load_policies(ROOT, client).waivers]
    assert [each for each in said if "laborat" in each.lower()] == []
