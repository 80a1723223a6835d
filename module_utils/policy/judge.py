"""Evidence and policies in, verdicts out. Pure: no host is asked, no file is read, the day is given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ansible.module_utils.policy.compare import behaves, meets
from ansible.module_utils.policy.computed import OBSERVERS
from ansible.module_utils.policy.facts import FactList, Facts, MissingFact, read_path
from ansible.module_utils.policy.model import Control, Policies
from ansible.module_utils.policy.waive import waive
from ansible.module_utils.policy.wording import expected_text, observed_text, proof_text, reason_text

Verdict = dict[str, Any]


def judge(
    policies: Policies, run: Mapping[str, Any], evidence: Mapping[str, Mapping[str, Any]], today: date
) -> list[Verdict]:
    """One verdict for each control and each host it applies to, waivers applied."""
    verdicts = [
        _judge_host(control, host, evidence.get(host))
        for control in policies.controls.values()
        for host in _hosts_of(control, run)
    ]
    verdicts += [
        _not_applicable(control, run) for control in policies.controls.values() if not list(_hosts_of(control, run))
    ]
    return waive(verdicts, policies, today)


def observe(control: Control, facts: Facts) -> Any:
    """What decides the control, read from the facts.

    :raises MissingFact: it was not collected.
    """
    if "compute" in control.definition:
        return OBSERVERS[control.definition["compute"]](facts)
    observed = read_path(facts, control.definition["fact"])
    return observed.plain() if isinstance(observed, FactList) else observed


def decide(control: Control, facts: Facts) -> tuple[bool, Any]:
    """Whether the control is respected, and what was observed.

    :raises MissingFact: it cannot be told.
    """
    observed = observe(control, facts)
    if control.operator:
        return meets(control.operator, observed, control.expected, control.definition.get("none_is")), observed
    return behaves(control.definition["expect"], observed), observed


def _hosts_of(control: Control, run: Mapping[str, Any]) -> Iterable[str]:
    return sorted(host for host, groups in run["groups_of"].items() if control.definition["applies_to"] in groups)


def _judge_host(control: Control, host: str, evidence: Mapping[str, Any] | None) -> Verdict:
    if evidence is None:
        return _record(control, host, None, verdict="not_evaluated", why="no_evidence", detail="")
    failures = evidence["failures"]
    try:
        respected, observed = decide(control, Facts(evidence["facts"], "", set()))
    except MissingFact as missing:
        path = str(missing)
        collector = path.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0]
        why = (
            failures.get(path)
            or failures.get(collector)
            or next((text for key, text in failures.items() if path.startswith(key)), "")
        )
        return _record(control, host, None, verdict="not_evaluated", why="missing_fact", detail=why or path)
    return _record(control, host, observed, verdict="pass" if respected else "fail", why="measured", detail="")


def _not_applicable(control: Control, run: Mapping[str, Any]) -> Verdict:
    """Not green: there is no host of the kind, or those that there are were left out, with a reason, when the run began."""
    kind = control.definition["applies_to"]
    reasons = {groups[kind] for groups in run.get("left_out", {}).values() if kind in groups}
    if reasons:
        why = " ; ".join(sorted(reasons))
        return _record(control, "-", None, verdict="not_applicable", why="left_out", detail=why)
    return _record(control, "-", None, verdict="not_applicable", why="no_host", detail=control.definition["applies_to"])


def _record(control: Control, host: str, observed: Any, *, verdict: str, why: str, detail: str) -> Verdict:
    definition = control.definition
    return {
        "control": control.id,
        "topic": control.topic,
        "title": control.title("fr"),
        "title_en": control.title("en"),
        "says": control.charter["says"],
        "clause": control.charter["clause"],
        "document": "charter",
        "rule": control.charter.get("rule"),
        "host": host,
        "expected": control.expected,
        "expected_text": expected_text(control, "fr"),
        "expected_text_en": expected_text(control, "en"),
        "observed": observed,
        "observed_text": observed_text(control, observed, "fr") if why == "measured" else None,
        "observed_text_en": observed_text(control, observed, "en") if why == "measured" else None,
        "unit": definition.get("unit"),
        "verdict": verdict,
        "severity": definition["severity"],
        "reason": reason_text(why, detail, "fr"),
        "reason_en": reason_text(why, detail, "en"),
        "proof": proof_text(control, "fr"),
        "proof_en": proof_text(control, "en"),
        "measured_by": definition["measured_by"],
        "also_demanded": [
            {
                "document": d.document,
                "clause": d.clause,
                "rule": d.rule,
                "says": d.says,
                "operator": d.operator,
                "value": d.value,
                "set_aside": d.set_aside,
            }
            for d in control.also_demanded
        ],
        "waiver": None,
    }
