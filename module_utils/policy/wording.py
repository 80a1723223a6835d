"""Words of a verdict, in French for the client and in English for the engineer."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.policy.model import Control
from ansible.module_utils.policy.phrases import said, worded
from ansible.module_utils.policy.report.texts import UNITS

_OPERATORS = {
    "fr": {
        "at_least": "au moins {}",
        "at_most": "au plus {}",
        "equals": "{}",
        "within": "rien d'autre que {}",
        "includes": "au moins {}",
        "excludes": "aucun de {}",
    },
    "en": {
        "at_least": "at least {}",
        "at_most": "at most {}",
        "equals": "{}",
        "within": "nothing but {}",
        "includes": "at least {}",
        "excludes": "none of {}",
    },
}
_EXPECT = {
    "fr": {
        "True": "oui",
        "False": "non",
        "empty": "aucun écart",
        "each_true": "oui, à chaque essai",
        "each_false": "refusé à chaque essai",
    },
    "en": {
        "True": "yes",
        "False": "no",
        "empty": "no deviation",
        "each_true": "yes, every time",
        "each_false": "refused every time",
    },
}
_REASONS = {
    "fr": {
        "measured": "",
        "no_evidence": "La machine n'a pas été relevée.",
        "missing_fact": "Non relevé : {}",
        "left_out": "Laissé de côté : {}.",
        "no_host": "Le site n'a pas de machine de cette sorte ({}).",
    },
    "en": {
        "measured": "",
        "no_evidence": "The host was not read.",
        "missing_fact": "Not read: {}",
        "left_out": "Left out: {}.",
        "no_host": "The site has no host of this kind ({}).",
    },
}
_PROOFS = {
    "fr": {
        "configuration": "Lu sur le système en service",
        "probe": "Essayé pour de bon sur le système en service",
        "computed": "Calculé à partir de ce qui a été relevé",
        "evidence": "Pièce justificative",
    },
    "en": {
        "configuration": "Read from the running system",
        "probe": "Really tried on the running system",
        "computed": "Worked out from what was read",
        "evidence": "Document",
    },
}
_SHOWN_AT_MOST = 12


def expected_text(control: Control, language: str) -> str:
    """What is demanded, as a person says it."""
    if not control.operator:
        return _EXPECT[language][str(control.definition["expect"])]
    value = control.expected
    shown = (
        ", ".join(map(str, value))
        if isinstance(value, list)
        else _counted(value, control.definition.get("unit"), language)
    )
    return _OPERATORS[language][control.operator].format(shown)


def observed_text(control: Control, observed: Any, language: str) -> str:
    """What was observed, as a person says it."""
    french = language == "fr"
    expect = control.definition.get("expect")
    if observed is None:
        return "sans limite" if french else "no limit"
    if expect in ("each_true", "each_false"):
        accepted = sum(1 for item in observed if item)
        total = len(observed)
        many = "s" if accepted > 1 else ""
        return (
            f"{accepted} essai{many} accepté{many} sur {total}"
            if french
            else f"{accepted} of {total} attempts accepted"
        )
    if isinstance(observed, bool):
        return _EXPECT[language][str(observed)]
    if isinstance(observed, list):
        if not observed:
            return (
                ("aucun écart" if french else "no deviation")
                if expect == "empty"
                else ("rien" if french else "nothing")
            )
        shown = ", ".join(said(each, language) for each in observed[:_SHOWN_AT_MOST])
        more = len(observed) - _SHOWN_AT_MOST
        return shown + ((f" et {more} autres" if french else f" and {more} more") if more > 0 else "")
    return _counted(observed, control.definition.get("unit"), language)


def _counted(value: Any, unit: str | None, language: str) -> str:
    if isinstance(value, float):
        value = round(value, 3)
    if not unit or isinstance(value, str):
        return str(value)
    if language == "en":
        return f"{value} {unit}"
    one, many = UNITS["fr"].get(unit, (unit, unit))
    return f"{str(value).replace('.', ',')} {one if abs(value) < 2 else many}"


def reason_text(why: str, detail: str, language: str) -> str:
    """Why a verdict could not be given."""
    return _REASONS[language][why].format(worded(detail, language) if why == "missing_fact" else detail)


def proof_text(control: Control, language: str) -> str:
    """How it was measured."""
    return _PROOFS[language][control.definition["measured_by"]]
