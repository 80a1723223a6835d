"""Attestations (documents that somebody signs) and the legal checklist that rests on them and on controls."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ansible.module_utils.policy.attest_each import Part, judge_parts
from ansible.module_utils.policy.model import Policies

#: From best to worst: an article is as good as the worst of what meets it.
ORDER = ("not_applicable", "pass", "waived", "not_evaluated", "fail")


def judge_attestations(
    policies: Policies, today: date, parts: Mapping[str, Sequence[Part] | None] | None = None
) -> list[dict[str, Any]]:
    """One verdict for each attestation: signed, still valid, and dated after what must come before it.

    :param parts: for attestations signed part by part, what the parts are: the value of `for_each` to the site's list.
    """
    found = []
    for name, entry in policies.attestations.items():
        judged = _attestation(name, policies.attestations, today)
        if each := entry.get("for_each"):
            judged |= judge_parts(entry, (parts or {}).get(each), today, ends_on)
        found.append(judged)
    return found


def _attestation(name: str, attestations: Mapping[str, Any], today: date) -> dict[str, Any]:
    entry = attestations[name]
    verdict, reason, reason_en = _state(name, attestations, today)
    return {
        "id": name,
        "title": entry["title"]["fr"],
        "title_en": entry["title"]["en"],
        "demands": entry["demands"],
        "owner": entry["owner"],
        "signed_on": entry["signed_on"],
        "until": until.isoformat() if (until := ends_on(entry)) else None,
        "verdict": verdict,
        "reason": reason,
        "reason_en": reason_en,
    }


def _state(name: str, attestations: Mapping[str, Any], today: date) -> tuple[str, str, str]:
    entry = attestations[name]
    if not entry["signed_on"]:
        return "not_evaluated", "Pièce non fournie.", "Not supplied."
    signed = date.fromisoformat(entry["signed_on"])
    if signed > today:
        return "fail", "Datée dans l'avenir.", "Dated in the future."
    until = ends_on(entry)
    if until and until < today:
        return "fail", f"Plus valable depuis le {until}.", f"Expired on {until}."
    for earlier in entry.get("after", ()):
        before = attestations[earlier]["signed_on"]
        if not before:
            return "fail", f"Suppose d'abord : {attestations[earlier]['title']['fr']}.", f"Needs first: {earlier}."
        if date.fromisoformat(before) >= signed:
            return (
                "fail",
                f"Datée avant : {attestations[earlier]['title']['fr']}.",
                f"Dated before {earlier}, which must come first.",
            )
    return "pass", "", ""


def ends_on(entry: Mapping[str, Any]) -> date | None:
    """The last day on which an attestation counts: its end date, or its period after the signature; None for ever."""
    ends = [date.fromisoformat(entry["until"])] if entry["until"] else []
    if entry["signed_on"] and entry["every_months"]:
        signed = date.fromisoformat(entry["signed_on"])
        years, month = divmod(signed.month - 1 + entry["every_months"], 12)
        last = calendar.monthrange(signed.year + years, month + 1)[1]
        ends.append(date(signed.year + years, month + 1, min(signed.day, last)))
    return min(ends, default=None)


def judge_legal(
    policies: Policies, verdicts: list[dict[str, Any]], attestations: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """The legal checklist: each article takes the worst of what meets it."""
    by_control: dict[str, list[dict[str, Any]]] = {}
    for each in verdicts:
        by_control.setdefault(each["control"], []).append(each)
    by_attestation = {each["id"]: each for each in attestations}
    checklist = []
    for name, article in policies.legal.items():
        items = []
        for reference in article["met_by"]:
            if reference in by_attestation:
                items.append(
                    {
                        "id": reference,
                        "title": by_attestation[reference]["title"],
                        "title_en": by_attestation[reference]["title_en"],
                        "verdict": by_attestation[reference]["verdict"],
                    }
                )
            else:
                judged = by_control.get(reference, [])
                title = judged[0] if judged else {"title": reference, "title_en": reference}
                items.append(
                    {
                        "id": reference,
                        "title": title["title"],
                        "title_en": title["title_en"],
                        "verdict": worst([each["verdict"] for each in judged]),
                    }
                )
        checklist.append(
            {
                "id": name,
                "reference": article["reference"],
                "text": article["text"]["fr"],
                "text_en": article["text"]["en"],
                "items": items,
                "verdict": worst([each["verdict"] for each in items]),
            }
        )
    return checklist


def worst(verdicts: list[str]) -> str:
    """The worst of several verdicts; nothing at all is not evaluated."""
    return max(verdicts, key=ORDER.index) if verdicts else "not_evaluated"
