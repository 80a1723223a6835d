"""Whether people's use may be filtered and logged: the works council was consulted, then each person was informed, and
only then it begins (Code du travail L2312-38, L1222-4). Pure: dates in, an answer out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

CONSULTATION = "works_council_consultation"
NOTICE = "individual_notice"
ARTICLES = {CONSULTATION: "Code du travail L2312-38", NOTICE: "Code du travail L1222-4"}
_WHAT = {CONSULTATION: "the works council's consultation", NOTICE: "each employee's individual information"}
_OVERRIDE = ("by", "reason", "until")


@dataclass(frozen=True)
class Gate:
    """The answer: what stands in the way, and who takes it upon themselves all the same."""

    obstacles: tuple[str, ...]
    consulted_on: str | None
    informed_on: str | None
    override: dict[str, str] | None

    @property
    def open(self) -> bool:
        """Whether it may begin."""
        return not self.obstacles or self.override is not None


class OverrideError(Exception):
    """The override cannot be used; the message says why."""


def gate(
    attestations: Mapping[str, Any], override: Mapping[str, Any] | None, starts_on: date, today: date, source: str
) -> Gate:
    """Whether filtering and logging may begin, or go on.

    :param attestations: the client's, by name; those that nobody has written down count as unsigned.
    :param starts_on: the day it begins: today, or the day it began.
    :param source: where the attestations are written, for who must correct them.
    :raises OverrideError: the override is incomplete or has ended.
    """
    consulted = _signed(attestations, CONSULTATION, source)
    informed = _signed(attestations, NOTICE, source)
    obstacles = [
        each
        for each in (
            _obstacle(CONSULTATION, consulted, starts_on, source),
            _obstacle(NOTICE, informed, starts_on, source),
        )
        if each
    ]
    if consulted and informed and not consulted < informed:
        obstacles.append(
            f"{source}: {NOTICE} is dated {informed}, not after {CONSULTATION} of {consulted}; people are informed once the "
            f"works council was consulted ({ARTICLES[CONSULTATION]}), so inform them anew"
        )
    return Gate(
        tuple(obstacles),
        consulted.isoformat() if consulted else None,
        informed.isoformat() if informed else None,
        _override(override, today) if override else None,
    )


def _signed(attestations: Mapping[str, Any], name: str, source: str) -> date | None:
    """The day an attestation was signed; a signature that has ended is none."""
    entry = attestations.get(name) or {}
    text = entry.get("signed_on")
    try:
        return date.fromisoformat(str(text)) if text else None
    except ValueError as error:
        raise OverrideError(
            f"{source}: {name}: signed_on is {text!r}, which is no day; write it as 2026-11-21"
        ) from error


def _obstacle(name: str, signed: date | None, starts_on: date, source: str) -> str | None:
    what, article = _WHAT[name], ARTICLES[name]
    if signed is None:
        return (
            f"{source}: {name} has no signed_on: {what} comes before filtering and logging ({article}); "
            "have it signed and date it"
        )
    if not signed < starts_on:
        return (
            f"{source}: {name} is dated {signed}, and filtering and logging begin on {starts_on}: {what} comes before "
            f"({article}); begin after that day"
        )
    return None


def _override(override: Mapping[str, Any], today: date) -> dict[str, str]:
    missing = [name for name in _OVERRIDE if not str(override.get(name) or "").strip()]
    if missing or set(override) - set(_OVERRIDE):
        raise OverrideError(
            f"the override must have {', '.join(_OVERRIDE)} and nothing else; {', '.join(missing) or 'more'} is wrong"
        )
    try:
        until = date.fromisoformat(str(override["until"]))
    except ValueError as error:
        raise OverrideError(
            f"the override's until is {override['until']!r}, which is no day; write it as 2026-11-21"
        ) from error
    if until < today:
        raise OverrideError(
            f"the override by {override['by']} ended on {until}; have the attestations signed, or take it anew by name"
        )
    return {name: str(override[name]).strip() for name in _OVERRIDE}
