"""Attestations are dated, ordered and expire; an article takes the worst of what meets it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from ansible.module_utils.policy.attest import judge_attestations, judge_legal, worst
from ansible.module_utils.policy.model import load_policies

from tests.conftest import ROOT

TODAY = date(2026, 11, 21)


def entry(signed_on: str | None, until: str | None = None, after: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "title": {"fr": "Avis", "en": "Notice"},
        "demands": "Un avis.",
        "owner": "Direction",
        "every_months": None,
        "signed_on": signed_on,
        "until": until,
        "evidence": None,
        "after": list(after),
    }


def states(**attestations: dict[str, Any]) -> dict[str, str]:
    policies = replace(load_policies(ROOT, "clairbois"), attestations=attestations)
    return {each["id"]: each["verdict"] for each in judge_attestations(policies, TODAY)}


@pytest.mark.parametrize(
    ("signed_on", "until", "verdict"),
    [
        (None, None, "not_evaluated"),
        ("2026-11-01", None, "pass"),
        ("2026-11-01", "2026-11-20", "fail"),
        ("2026-11-01", "2026-11-21", "pass"),
        ("2026-11-22", None, "fail"),
    ],
)
def test_an_attestation_counts_while_it_is_signed_and_valid(
    signed_on: str | None, until: str | None, verdict: str
) -> None:
    assert states(notice=entry(signed_on, until)) == {"notice": verdict}


@pytest.mark.parametrize(
    ("signed_on", "months", "verdict"),
    [
        ("2026-05-21", 6, "pass"),
        ("2026-05-20", 6, "fail"),
        ("2025-11-21", 12, "pass"),
        ("2025-08-31", 18, "pass"),
        ("2020-01-01", None, "pass"),
    ],
)
def test_an_attestation_to_be_renewed_ends_with_its_period(signed_on: str, months: int | None, verdict: str) -> None:
    assert states(review={**entry(signed_on), "every_months": months})["review"] == verdict


@pytest.mark.parametrize(
    ("consultation", "verdict"),
    [("2026-10-01", "pass"), ("2026-11-01", "fail"), ("2026-11-10", "fail"), (None, "fail")],
)
def test_what_must_come_first_is_dated_before(consultation: str | None, verdict: str) -> None:
    found = states(consultation=entry(consultation), notice=entry("2026-11-01", after=("consultation",)))
    assert found["notice"] == verdict


def test_an_article_takes_the_worst_of_what_meets_it() -> None:
    policies = replace(
        load_policies(ROOT, "clairbois"),
        attestations={"notice": entry("2026-11-01")},
        legal={
            "article": {
                "text": {"fr": "T", "en": "T"},
                "reference": "R",
                "met_by": ["notice", "guest_account"],
                "rules": [],
            }
        },
    )
    verdicts = [
        {"control": "guest_account", "verdict": each, "title": "t", "title_en": "t"} for each in ("pass", "fail")
    ]
    assert judge_legal(policies, verdicts, judge_attestations(policies, TODAY))[0]["verdict"] == "fail"
    assert judge_legal(policies, [], judge_attestations(policies, TODAY))[0]["verdict"] == "not_evaluated"


def test_nothing_at_all_is_not_evaluated() -> None:
    assert worst([]) == "not_evaluated"
    assert worst(["pass", "not_evaluated"]) == "not_evaluated"
    assert worst(["not_evaluated", "fail"]) == "fail"
