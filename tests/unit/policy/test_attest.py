"""Attestations are dated, ordered and expire; an article takes the worst of what meets it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import jsonschema
import pytest
from ansible.module_utils.policy.attest import judge_attestations, judge_legal, worst
from ansible.module_utils.policy.attest_each import Part
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


PARTS = {"shares": [Part("plans", "Plans", "morellea", "Léa Morel"), Part("pay", "Paie", "durandpau")]}


def signature(day: str, by: str, until: str | None = None) -> dict[str, Any]:
    return {"signed_on": day, "signed_by": by, "evidence": "pieces/revue.pdf", **({"until": until} if until else {})}


def review(parts: Any = PARTS, **signatures: dict[str, Any]) -> dict[str, Any]:
    """The judgement of an attestation that several people sign every six months."""
    each = {**entry(None), "every_months": 6, "for_each": "shares", "signatures": signatures}
    policies = replace(load_policies(ROOT, "clairbois"), attestations={"review": each})
    (judged,) = judge_attestations(policies, TODAY, parts)
    return judged


def test_a_review_counts_when_everybody_has_signed() -> None:
    judged = review(plans=signature("2026-09-01", "morellea"), pay=signature("2026-11-01", "durandpau"))
    assert (judged["verdict"], judged["reason"]) == ("pass", "")
    assert (judged["signed_on"], judged["until"]) == ("2026-09-01", "2027-03-01")


@pytest.mark.parametrize(
    ("given", "verdict", "why"),
    [
        (None, "not_evaluated", "Non signée."),
        (signature("2026-05-20", "morellea"), "fail", "Plus valable depuis le 2026-11-20."),
        (signature("2026-11-01", "morellea", "2026-11-15"), "fail", "Plus valable depuis le 2026-11-15."),
        (signature("2026-11-01", "durandpau"), "fail", "Signée par durandpau, qui n'en répond pas."),
        (signature("2026-11-22", "morellea"), "fail", "Datée dans l'avenir."),
    ],
)
def test_a_review_is_as_good_as_its_worst_signature(given: dict[str, Any] | None, verdict: str, why: str) -> None:
    judged = review(pay=signature("2026-11-01", "durandpau"), **({"plans": given} if given else {}))
    assert (judged["verdict"], judged["reason"]) == (verdict, "1 signature valable sur 2.")
    assert {each["id"]: (each["verdict"], each["reason"]) for each in judged["signatures"]} == {
        "plans": (verdict, why),
        "pay": ("pass", ""),
    }


def test_a_share_that_nobody_answers_for_fails_the_review() -> None:
    parts = {"shares": [Part("plans", "Plans", None)]}
    assert review(parts, plans=signature("2026-11-01", "morellea"))["verdict"] == "fail"


@pytest.mark.parametrize("parts", [None, {}, {"shares": None}, {"shares": []}])
def test_a_review_of_a_list_that_was_not_read_is_not_evaluated(parts: Any) -> None:
    assert review(parts, plans=signature("2026-11-01", "morellea"))["verdict"] == "not_evaluated"


def test_a_signature_for_a_share_that_is_no_more_counts_for_nothing() -> None:
    assert review(gone=signature("2026-11-01", "morellea"))["verdict"] == "not_evaluated"


@pytest.mark.parametrize(
    "change",
    [
        {"signatures": {"plans": {"signed_on": "2026-11-01", "signed_by": "morellea"}}},
        {"signed_on": "2026-11-01", "evidence": "pieces/revue.pdf"},
        {"for_each": "people"},
    ],
)
def test_a_review_that_is_not_signed_part_by_part_is_refused(change: dict[str, Any]) -> None:
    schema = json.loads((ROOT / "policies" / "schema" / "attestations.schema.json").read_text(encoding="utf-8"))
    each = {**entry(None), "every_months": 6, "for_each": "shares", "signatures": {}}
    jsonschema.validate({"attestations": {"review": each}}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"attestations": {"review": {**each, **change}}}, schema)
