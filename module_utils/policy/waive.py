"""Waivers: what the client accepts for a time. A waived control stays watched.

A value worse than the accepted one is a fail; so is one whose waiver has ended, or whose compensating control is not
green. Waivers that serve nothing are reported: unused (the control passes), orphan (no such control or host), expired.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from ansible.module_utils.policy.compare import meets
from ansible.module_utils.policy.evidence import EvidenceError
from ansible.module_utils.policy.facts import MissingFact
from ansible.module_utils.policy.loader import unfit
from ansible.module_utils.policy.model import Policies

Verdict = dict[str, Any]


def with_lab_waivers(policies: Policies, run: Mapping[str, Any], schema_file: Path) -> Policies:
    """The policies with what a lab accepts for itself, which its inventory says and its run kept.

    :raises EvidenceError: the run is of a site's own machines, whose waivers the client's policies hold, or they are wrong.
    """
    own = run.get("waivers") or []
    if own and run.get("mode") != "lab":
        raise EvidenceError(
            "run.json: waivers of its own, and it is no lab; what a client accepts stands in its policies"
        )
    problems = [said for _, said in unfit({"waivers": own}, schema_file)]
    if problems:
        raise EvidenceError(f"run.json: {'; '.join(problems)}; correct audit_waivers in the inventory and audit again")
    return replace(policies, waivers=(*policies.waivers, *own))


def waive(verdicts: list[Verdict], policies: Policies, today: date) -> list[Verdict]:
    """The verdicts with those waivers applied that still hold today."""
    green = {(each["control"], each["host"]) for each in verdicts if each["verdict"] == "pass"}
    return [_waived(each, policies, green, today) for each in verdicts]


def _waived(verdict: Verdict, policies: Policies, green: set[tuple[str, str]], today: date) -> Verdict:
    if verdict["verdict"] != "fail":
        return verdict
    for waiver in policies.waivers:
        if waiver["control"] != verdict["control"] or verdict["host"] not in waiver["hosts"]:
            continue
        obstacle = _obstacle(waiver, verdict, policies, green, today)
        shown = {**waiver, "refused": obstacle}
        if obstacle is None:
            return {
                **verdict,
                "verdict": "waived",
                "waiver": shown,
                "reason": waiver["reason"],
                "reason_en": waiver["reason"],
            }
        return {
            **verdict,
            "waiver": shown,
            "reason": f"La dérogation ne tient plus : {obstacle['fr']}.",
            "reason_en": f"The waiver does not hold: {obstacle['en']}.",
        }
    return verdict


def _obstacle(
    waiver: Mapping[str, Any], verdict: Verdict, policies: Policies, green: set[tuple[str, str]], today: date
) -> dict[str, str] | None:
    if date.fromisoformat(waiver["until"]) < today:
        return {"fr": f"elle a pris fin le {waiver['until']}", "en": f"it ended on {waiver['until']}"}
    ((operator, accepted),) = waiver["accepted"].items()
    control = policies.controls[verdict["control"]]
    try:
        tolerated = meets(operator, verdict["observed"], accepted, control.definition.get("none_is"))
    except MissingFact:
        tolerated = False
    if not tolerated:
        return {"fr": "l'écart dépasse ce qui a été accepté", "en": "the deviation is beyond what was accepted"}
    compensation = waiver.get("compensated_by")
    if compensation and (compensation, verdict["host"]) not in green:
        return {
            "fr": f"la mesure compensatoire {compensation} n'est pas respectée",
            "en": f"the compensating control {compensation} is not green",
        }
    return None


def idle_waivers(verdicts: list[Verdict], policies: Policies, today: date) -> list[dict[str, Any]]:
    """Waivers that serve nothing: orphan, expired or unused, with the word for it."""
    judged = {(each["control"], each["host"]): each["verdict"] for each in verdicts}
    found = []
    for waiver in policies.waivers:
        verdict_of = [judged.get((waiver["control"], host)) for host in waiver["hosts"]]
        if waiver["control"] not in policies.controls or not any(verdict_of):
            found.append({**waiver, "state": "orphan"})
        elif date.fromisoformat(waiver["until"]) < today:
            found.append({**waiver, "state": "expired"})
        elif all(each == "pass" for each in verdict_of if each):
            found.append({**waiver, "state": "unused"})
    return found
