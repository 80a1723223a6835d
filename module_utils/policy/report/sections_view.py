"""What the report says beside the rules: waivers, decisions, promises, what was not measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ansible.module_utils.policy.compare import meets
from ansible.module_utils.policy.facts import MissingFact
from ansible.module_utils.policy.report import sentences
from ansible.module_utils.policy.report.page_texts import PAGE, silence
from ansible.module_utils.policy.report.rules_view import HostNames, Hosts, documents_title, title_of
from ansible.module_utils.policy.report.summary import SEVERITIES, Summary, Verdict, finished, worst
from ansible.module_utils.policy.report.values import (
    accepted_text,
    as_date,
    count,
    day,
    demanded,
    said_in,
    typography,
    worded,
)

SOON = 60  # days before an end date at which it wants a decision


@dataclass(frozen=True)
class Decision:
    subject: str
    why: str
    when: str
    anchor: str


@dataclass(frozen=True)
class Promise:
    title: str
    says: str
    clause: str
    rule: str
    demand: str
    set_aside: str
    verdict: str


@dataclass(frozen=True)
class WaiverLine:
    title: str
    hosts: Hosts
    accepted: str
    reason: str
    owner: str
    approver: str
    until: str
    remaining: str
    state: str  # holds, soon, refused, expired, unused, orphan
    why: str


def today_of(summary: Summary) -> date:
    found = as_date(summary.run.get("judged_on")) or as_date(finished(summary.run))
    if found is None:
        raise ValueError(f"run.json: {finished(summary.run)!r} is not a date; write ISO 8601")
    return found


def waivers(
    verdicts: Sequence[Verdict], idle: Iterable[Mapping[str, Any]], summary: Summary, language: str
) -> list[WaiverLine]:
    """Waivers in use, refused, and idle; the most pressing first."""
    names, today = HostNames(summary.run, language), today_of(summary)
    records = {record["control"]: record for record in verdicts}
    used: dict[tuple[str, ...], tuple[Verdict, list[str]]] = {}
    for record in verdicts:
        if waiver := record.get("waiver"):
            key = (record["control"], record["verdict"], str(waiver.get("until")), str(waiver.get("reason")))
            used.setdefault(key, (record, []))[1].append(record["host"])
    lines = []
    for record, hosts in used.values():
        state = "refused" if record["verdict"] == "fail" else ""
        lines.append(_waiver(record["waiver"], record, state, names.say(hosts), (today, language)))
    told = {key[0] for key in used}
    for waiver in idle:
        if not (waiver["control"] in told and waiver["state"] == "expired"):
            record = records.get(waiver["control"], {"title": waiver["control"], "verdict": ""})
            hosts_said = names.say(waiver.get("hosts", []))
            lines.append(_waiver(waiver, record, waiver["state"], hosts_said, (today, language)))
    pressing = ("refused", "expired", "soon", "orphan", "unused", "holds")
    return sorted(lines, key=lambda line: pressing.index(line.state))


def _waiver(
    waiver: Mapping[str, Any], record: Verdict, state: str, hosts: Hosts, reader: tuple[date, str]
) -> WaiverLine:
    """One line; a waiver that is neither refused nor idle holds, for long or not."""
    today, language = reader
    end = as_date(waiver.get("until"))
    left = (end - today).days if end else None
    state = state or ("soon" if left is not None and left <= SOON else "holds")
    refused = waiver.get("refused")
    return WaiverLine(
        title=title_of(record, language),
        hosts=hosts,
        accepted=accepted_text(waiver, record.get("unit"), language),
        reason=typography(waiver.get("reason") or "", "fr"),
        owner=waiver.get("owner") or "",
        approver=waiver.get("approver") or "",
        until=day(waiver.get("until"), language),
        remaining=sentences.remaining(left, language) if left is not None else "",
        state=state,
        why=worded(refused, language) if refused else PAGE[language].get(f"waiver_{state}", ""),
    )


def decisions(
    lines: Sequence[WaiverLine], attestations: Sequence[Mapping[str, Any]], today: date, language: str
) -> list[Decision]:
    """What a director decides: waivers that end, attestations that fail, end or are awaited."""
    words = PAGE[language]
    found = [
        Decision(line.title, line.why, f"{line.until} ({line.remaining})" if line.remaining else line.until, "waivers")
        for line in lines
        if line.state not in ("holds", "unused")
    ]
    awaited = [each for each in attestations if each["verdict"] == "not_evaluated"]
    for each in attestations:
        end = as_date(each.get("until"))
        if each["verdict"] == "fail":
            why = said_in(each, "reason", language) or words["attestation_fail"]
        elif each["verdict"] == "pass" and end and (end - today).days <= SOON:
            why = words["attestation_soon"]
        else:
            continue
        found.append(
            Decision(said_in(each, "title", language), why, day(each["until"], language) if end else "", "attestations")
        )
    if awaited:
        said = count(len(awaited), "attestation", language)
        found.append(Decision(words["awaited"].format(n=said), words["awaited_why"], "", "attestations"))
    return found


def promises(verdicts: Sequence[Verdict], summary: Summary, language: str) -> dict[str, list[Promise]]:
    """What each other document demands, with the verdict of the rule that carries it."""
    found: dict[str, list[Promise]] = {}
    by_control: dict[str, list[Verdict]] = {}
    for record in verdicts:
        by_control.setdefault(record["control"], []).append(record)
    for records in by_control.values():
        record = records[0]
        for demand in record.get("also_demanded") or ():
            value = demand.get("value")
            found.setdefault(documents_title(demand["document"], summary.run, language), []).append(
                Promise(
                    title=title_of(record, language),
                    says=typography(demand.get("says") or "", "fr"),
                    clause=typography(demand.get("clause") or "", "fr"),
                    rule=demand.get("rule") or "",
                    demand=demanded(demand.get("operator"), value, record.get("unit"), language)
                    if value is not None
                    else "",
                    set_aside=typography(demand.get("set_aside") or "", "fr"),
                    verdict=_kept(demand, records, summary.rule_verdicts[record["control"]]),
                )
            )
    return dict(sorted(found.items()))


def _kept(demand: Mapping[str, Any], records: Sequence[Verdict], verdict: str) -> str:
    """Return the rule's verdict, unless what breaks the charter still keeps this milder demand."""
    failed = [record for record in records if record["verdict"] == "fail"]
    operator, wanted = demand.get("operator"), demand.get("value")
    if verdict != "fail" or operator is None or wanted is None:
        return verdict
    try:
        milder = all(meets(operator, record.get("observed"), wanted) for record in failed)
    except (MissingFact, TypeError):
        return verdict
    others = [record["verdict"] for record in records if record["verdict"] != "fail"]
    return worst(["pass", *(each for each in others if each != "not_applicable")]) if milder else verdict


@dataclass(frozen=True)
class Unmeasured:
    silent: list[tuple[str, str, str]]  # hosts, reason, how many checks wait
    others: list[tuple[str, list[str], Hosts]]  # reason, titles of the rules, hosts


def unmeasured(verdicts: Sequence[Verdict], summary: Summary, language: str) -> Unmeasured:
    """What could not be read, and why: hosts that were silent, then rules on hosts that answered."""
    names = HostNames(summary.run, language)
    absent = dict(summary.coverage.missing)
    waiting: dict[str, list[Verdict]] = {}
    rest: dict[tuple[str, str], list[str]] = {}
    for record in verdicts:
        if record["verdict"] != "not_evaluated":
            continue
        if record["host"] in absent:
            waiting.setdefault(record["host"], []).append(record)
            continue
        reason = said_in(record, "reason", language) or PAGE[language]["no_reason"]
        rest.setdefault((reason, title_of(record, language)), []).append(record["host"])
    reasons: dict[tuple[str, int], list[str]] = {}
    for host, why in absent.items():
        reasons.setdefault((why, len(waiting.get(host, ()))), []).append(host)
    gathered: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for (reason, title), hosts in rest.items():
        gathered.setdefault((reason, tuple(names.sort(hosts))), []).append(title)
    return Unmeasured(
        silent=[
            (", ".join(hosts), silence(why, language), count(checks, "check", language))
            for (why, checks), hosts in reasons.items()
        ],
        others=[(reason, titles, names.say(hosts)) for (reason, hosts), titles in gathered.items()],
    )


def by_severity(topics: Mapping[str, Sequence[Any]]) -> list[tuple[str, list[Any]]]:
    """Rules that are not met, the gravest first."""
    failed = [rule for rules in topics.values() for rule in rules if rule.verdict == "fail"]
    return [
        (severity, chosen)
        for severity in SEVERITIES
        if (chosen := [rule for rule in failed if rule.record["severity"] == severity])
    ]
