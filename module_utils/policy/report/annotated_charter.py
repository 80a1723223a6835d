"""The annotated charter: each clause in order, kept or not, where, with its proof and the documents that go with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.policy.report import frame, readings, rules_view, summary, values
from ansible.module_utils.policy.report.charter_texts import CHARTER
from ansible.module_utils.policy.report.page_texts import PAGE
from ansible.module_utils.policy.report.readings import Evidence, collected
from ansible.module_utils.policy.report.rules_view import Rule

Judged = Mapping[str, Any]
_PLANNED = re.compile(r"planned with the (\w+) controls")


@dataclass(frozen=True)
class Waiver:
    reason: str
    owner: str
    approver: str
    until: str
    accepted: str


@dataclass(frozen=True)
class Statement:
    """One thing that a clause demands, with what was found and how."""

    rule: Rule
    says: str
    proof: str
    read_on: str
    waivers: tuple[Waiver, ...]
    documents: tuple[Judged, ...]


@dataclass(frozen=True)
class Clause:
    id: str
    title: str
    statements: tuple[Statement, ...]
    counts: Mapping[str, int]
    awaited: int
    verdict: str


@dataclass(frozen=True)
class Paper:
    """An attestation that no control goes with, and the places of the documents that ask for it."""

    judged: Judged
    asked_by: tuple[str, ...]


@dataclass(frozen=True)
class Carried:
    """How many rules of one document are measured, attested, still to come, or demand nothing of the site."""

    document: str
    total: int
    measured: int
    attested: int
    to_come: int
    nothing: int


@dataclass(frozen=True)
class Proofs:
    """What stands behind the verdicts: the evidence by host, the register of rules, the judged attestations."""

    evidence: Evidence
    register: Mapping[str, Any]
    attestations: Sequence[Judged]


def clauses(
    verdicts: Sequence[summary.Verdict], counted: summary.Summary, proofs: Proofs, language: str
) -> list[Clause]:
    """Clauses in the order of their numbers, each with its statements in the order in which they were judged."""
    by_control: dict[str, list[summary.Verdict]] = {}
    for record in verdicts:
        by_control.setdefault(record["control"], []).append(record)
    beside = _beside(proofs)
    zone = counted.run.get("timezone")
    gathered: dict[str, list[Statement]] = {}
    for rules in rules_view.gather(verdicts, counted, language).values():
        for rule in rules:
            control = rule.record["control"]
            records = by_control[control]
            stamps = [collected(proofs.evidence, record["host"]) for record in records]
            statement = Statement(
                rule=rule,
                says=values.typography(rule.record.get("says") or "", "fr"),
                proof=values.said_in(rule.record, "proof", language),
                read_on=_read_on(stamps, language, zone),
                waivers=_waivers(records, language),
                documents=tuple(beside.get(control, ())),
            )
            gathered.setdefault(str(rule.record["clause"]), []).append(statement)
    return [
        _clause(place, title, gathered[title]) for place, title in enumerate(sorted(gathered, key=_in_order), start=1)
    ]


def _in_order(title: str) -> tuple[Any, ...]:
    """The preamble, then paragraphs and articles by their number; what other documents number otherwise comes after."""
    if re.match("pr[ée]ambule|preamble", title, re.IGNORECASE):
        return (-1, (), title)
    found = re.match(r"(§|art\w*\.?|clause)?\s*(\d+(?:\.\d+)*)", title, re.IGNORECASE)
    if not found:
        return (1, (), title)
    return (0, tuple(map(int, found[2].split("."))), title)


def _clause(place: int, title: str, statements: Sequence[Statement]) -> Clause:
    found = [each.rule.verdict for each in statements]
    documents = {each["id"]: each["verdict"] for statement in statements for each in statement.documents}
    return Clause(
        id=f"k-{place}",
        title=values.typography(title, "fr"),
        statements=tuple(statements),
        counts={verdict: found.count(verdict) for verdict in summary.VERDICTS},
        awaited=sum(verdict != "pass" for verdict in documents.values()),
        verdict=summary.worst([*found, *documents.values()]),
    )


def _read_on(stamps: Iterable[str], language: str, zone: str | None) -> str:
    """When the hosts were read; the first and the last when they were not read in the same minute."""
    known = sorted(filter(None, stamps))
    said = list(dict.fromkeys(values.long_date(stamp, language, zone) for stamp in known[:1] + known[-1:]))
    return CHARTER[language]["between"].format(first=said[0], last=said[1]) if len(said) > 1 else "".join(said)


def _waivers(records: Iterable[summary.Verdict], language: str) -> tuple[Waiver, ...]:
    """Each waiver once, whatever the number of its hosts."""
    found = {
        (str(waiver.get("reason")), str(waiver.get("until"))): _waiver(waiver, record, language)
        for record in records
        if (waiver := record.get("waiver"))
    }
    return tuple(found.values())


def _waiver(waiver: Mapping[str, Any], record: summary.Verdict, language: str) -> Waiver:
    return Waiver(
        values.typography(waiver.get("reason") or "", "fr"),
        str(waiver.get("owner") or ""),
        str(waiver.get("approver") or ""),
        values.day(waiver.get("until"), language),
        values.accepted_text(waiver, record.get("unit"), language),
    )


def _beside(proofs: Proofs) -> dict[str, list[Judged]]:
    """control -> the attestations that answer for the same rules of the documents."""
    judged = {each["id"]: each for each in proofs.attestations}
    found: dict[str, dict[str, Judged]] = {}
    for rule in proofs.register.values():
        for control in rule.get("carried_by", ()):
            for name in rule.get("attested_by", ()):
                if name in judged:
                    found.setdefault(control, {})[name] = judged[name]
    return {control: list(each.values()) for control, each in found.items()}


def papers(proofs: Proofs, shown: Iterable[Clause], run: summary.Run, language: str) -> list[Paper]:
    """Attestations that stand beside no statement."""
    told = {each["id"] for clause in shown for statement in clause.statements for each in statement.documents}
    asked: dict[str, dict[str, None]] = {}
    for rule in proofs.register.values():
        for name in rule.get("attested_by", ()):
            place = f"{rules_view.documents_title(rule['document'], run, language)}, {rule['section']}"
            asked.setdefault(name, {})[values.typography(place, "fr")] = None
    return [Paper(each, tuple(asked.get(each["id"], ()))) for each in proofs.attestations if each["id"] not in told]


def carried(register: Mapping[str, Any], run: summary.Run, language: str) -> list[Carried]:
    """The rules of the documents, counted: nothing that was asked is left unsaid."""
    by_document: dict[str, list[Mapping[str, Any]]] = {}
    for rule in register.values():
        by_document.setdefault(rule["document"], []).append(rule)
    return [
        Carried(
            rules_view.documents_title(name, run, language),
            len(rules),
            sum(bool(rule.get("carried_by")) for rule in rules),
            sum(bool(rule.get("attested_by")) and not rule.get("carried_by") for rule in rules),
            sum(bool(_PLANNED.fullmatch(rule.get("not_carried", ""))) for rule in rules),
            sum("not_carried" in rule and not _PLANNED.fullmatch(rule["not_carried"]) for rule in rules),
        )
        for name, rules in by_document.items()
    ]


def render(
    verdicts: Sequence[summary.Verdict], run: summary.Run, proofs: Proofs | None = None, language: str = "fr"
) -> str:
    """Write the page."""
    proofs = proofs or Proofs({}, {}, ())
    verdicts = [values.as_told(record) for record in verdicts]
    counted = summary.summarise(verdicts, run)
    shown = clauses(verdicts, counted, proofs, language)
    return frame.render(
        "annotated.html.j2",
        **frame.words(language),
        t={**frame.spoken(CHARTER, language), "simulated": frame.spoken(PAGE, language)["simulated"]},
        run=run,
        simulated=readings.simulated(proofs.evidence),
        charter=values.typography(run.get("charter") or CHARTER[language]["charter"], "fr"),
        client_name=values.typography(run["client_name"], "fr"),
        paper_name=frame.style_text(values.typography(run["client_name"], "fr")),
        finished=values.long_date(summary.finished(run), language, run.get("timezone")),
        summary=counted,
        clauses=shown,
        papers=papers(proofs, shown, run, language),
        carried=carried(proofs.register, run, language),
    )
