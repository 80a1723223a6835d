"""Attestations that several people sign, each for a part of the subject: the reviews of the rights on each share.

The parts come from the site (its table of shares), the signatures from attestations.yml. A part without a signature is
not evaluated, one whose signature has ended or comes from somebody who does not answer for it has failed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

#: From best to worst.
_ORDER = ("pass", "not_evaluated", "fail")


@dataclass(frozen=True)
class Part:
    """What one person has to sign for; signer is None when nobody who works here answers for it."""

    id: str
    title: str
    signer: str | None
    signer_name: str = ""


def judge_parts(
    entry: Mapping[str, Any],
    parts: Sequence[Part] | None,
    today: date,
    ends_on: Callable[[Mapping[str, Any]], date | None],
) -> dict[str, Any]:
    """Verdict, reasons, dates and the signatures one by one."""
    if not parts:
        return {
            "verdict": "not_evaluated",
            "reason": "La liste de ce qui est à signer n'a pas été relevée.",
            "reason_en": "The list of what has to be signed was not read.",
            "until": None,
            "signed_on": None,
            "signatures": [],
        }
    signatures = [_signature(entry, part, today, ends_on) for part in parts]
    worst = max((each["verdict"] for each in signatures), key=_ORDER.index)
    ends = [each["until"] for each in signatures if each["until"]]
    dates = [each["signed_on"] for each in signatures if each["signed_on"]]
    return {
        "verdict": worst,
        "reason": "" if worst == "pass" else _counted(signatures, "fr"),
        "reason_en": "" if worst == "pass" else _counted(signatures, "en"),
        "until": min(ends, default=None),
        "signed_on": min(dates, default=None),
        "signatures": signatures,
    }


def _signature(
    entry: Mapping[str, Any], part: Part, today: date, ends_on: Callable[[Mapping[str, Any]], date | None]
) -> dict[str, Any]:
    given = (entry.get("signatures") or {}).get(part.id)
    signed = {**given, "until": given.get("until"), "every_months": entry["every_months"]} if given else None
    until = ends_on(signed) if signed else None
    verdict, reason, reason_en = _state(part, signed, until, today)
    return {
        "id": part.id,
        "title": part.title,
        "signer": part.signer,
        "signer_name": part.signer_name,
        "signed_on": given["signed_on"] if given else None,
        "evidence": given["evidence"] if given else None,
        "until": until.isoformat() if until else None,
        "verdict": verdict,
        "reason": reason,
        "reason_en": reason_en,
    }


def _state(part: Part, signed: Mapping[str, Any] | None, until: date | None, today: date) -> tuple[str, str, str]:
    if part.signer is None:
        return "fail", "Personne en poste n'en répond.", "Nobody who works here answers for it."
    if signed is None:
        return "not_evaluated", "Non signée.", "Not signed."
    if date.fromisoformat(signed["signed_on"]) > today:
        return "fail", "Datée dans l'avenir.", "Dated in the future."
    if signed["signed_by"] != part.signer:
        return (
            "fail",
            f"Signée par {signed['signed_by']}, qui n'en répond pas.",
            f"Signed by {signed['signed_by']}, who does not answer for it.",
        )
    if until and until < today:
        return "fail", f"Plus valable depuis le {until}.", f"Expired on {until}."
    return "pass", "", ""


def _counted(signatures: Sequence[Mapping[str, Any]], language: str) -> str:
    valid = sum(each["verdict"] == "pass" for each in signatures)
    if language == "fr":
        return f"{valid} signature{'s' if valid > 1 else ''} valable{'s' if valid > 1 else ''} sur {len(signatures)}."
    return f"{valid} of {len(signatures)} signatures valid."
