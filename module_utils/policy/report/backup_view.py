"""Backups and disks in the report: each set with its copies and its proof, the rules on both, and what a fire would cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.policy.report.backup_promise import promise, set_title, sets_named, time_back
from ansible.module_utils.policy.report.backup_readings import (
    OFFSITE,
    ONSITE,
    Copy,
    Readings,
    Saved,
    SavedSet,
    readings,
)
from ansible.module_utils.policy.report.backup_texts import BACKUPS
from ansible.module_utils.policy.report.readings import Evidence
from ansible.module_utils.policy.report.rules_view import title_of
from ansible.module_utils.policy.report.summary import Run, Verdict
from ansible.module_utils.policy.report.tellings import Source, Teller, Told, seconds, sources, when, worst
from ansible.module_utils.policy.report.values import NO_BREAK, day, number, observed_text, said_in, typography

#: Topics of the catalogue that speak of it, as they stand together on the page.
TOPICS = {
    "copies": ("backup", "backup_repository", "restore"),
    "disks": ("raid",),
    "brakes": ("share_safety", "antivirus"),
    "people": ("user_data",),
}
#: Older than this many intervals, a copy was due and did not come.
_MISSED = 2
_UNITS = {"fr": ("o", "ko", "Mo", "Go", "To"), "en": ("B", "kB", "MB", "GB", "TB")}
_STEP = 1000


@dataclass(frozen=True)
class Row:
    """One set of one host."""

    verdict: str
    title: str
    host: str
    newest: tuple[str, ...]
    size: str
    copies: str
    proof: str


@dataclass(frozen=True)
class Backups:
    """What the section shows."""

    verdict: str
    summary: str
    when: str
    promise: Told
    rows: tuple[Row, ...]
    facts: tuple[Told, ...]
    rules: tuple[tuple[str, tuple[Told, ...]], ...]
    alerts: tuple[str, ...]


def backups(evidence: Evidence, verdicts: Sequence[Verdict], run: Run, language: str) -> Backups | None:
    """What the section shows; None for a run of a site that saves nothing and whose charter does not ask for it."""
    found = readings(evidence, run.get("groups_of", {}))
    tell = Teller(BACKUPS[language], language)
    rules = tuple(
        (tell.words[f"rules_{name}"], tuple(_rules(verdicts, topics, tell))) for name, topics in TOPICS.items()
    )
    rules = tuple((title, told) for title, told in rules if told)
    if found is None and all(each.verdict == "not_applicable" for _, group in rules for each in group):
        return None
    found = found or Readings((), {})
    told = promise(found, tell) if found.hosts else Told("not_evaluated", _unread(found, tell))
    rows = tuple(_row(host, each, tell) for host in found.hosts for each in host.sets)
    _facts(found, tell)
    verdict = worst(
        [
            told.verdict,
            *(each.verdict for each in rows),
            *(each.verdict for each in tell.told),
            *(each.verdict for _, group in rules for each in group if each.verdict != "not_applicable"),
        ]
    )
    return Backups(
        verdict=verdict,
        summary=tell.words[{"pass": "good", "fail": "bad"}.get(verdict, "partial")],
        when=when("read_on", tell.words, _everybody(evidence), language, run.get("timezone")),
        promise=told,
        rows=rows,
        facts=tuple(tell.told),
        rules=rules,
        alerts=tuple(
            f"{host.host}{tell.words['colon']}{line}" for host in found.hosts for line in tell.details(host.alerts)
        ),
    )


def _unread(found: Readings, tell: Teller) -> str:
    why = tell.say("why_silent", names=sorted(found.silent)) if found.silent else tell.words["why_nobody"]
    return tell.say("promise_unknown", why=why)


def _everybody(evidence: Evidence) -> Source:
    asked = [each for each in sources(evidence, "backup") if each.facts]
    return Source(", ".join(each.host for each in asked), max((each.collected_at for each in asked), default=""), None)


def _row(host: Saved, saved: SavedSet, tell: Teller) -> Row:
    places = [place for place in (OFFSITE, ONSITE) if saved.newest(place)]
    sizes = [each for each in saved.copies if each.size is not None]
    return Row(
        verdict=_row_verdict(host, saved, places),
        title=set_title(saved, tell),
        host=saved.host,
        newest=tuple(_newest(each, tell) for each in saved.copies),
        size=_size(max(sizes, key=lambda each: each.size or 0), tell) if sizes else tell.words["unmeasured"],
        copies=", ".join(
            [*(tell.words[f"place_{place}"] for place in places), *([tell.words["keeper"]] if host.keeper else [])]
        )
        or tell.words["no_copy"],
        proof=_proof(saved, tell),
    )


def _row_verdict(host: Saved, saved: SavedSet, places: Sequence[str]) -> str:
    """All its copies, none overdue, and a proof that held."""
    ages = [copy.age_hours or 0 for place in places if (copy := saved.newest(place))]
    if not host.whole(saved) or (saved.proof and not saved.proof.ok):
        return "fail"
    if host.interval_hours is None or not saved.proof:
        return "not_evaluated"
    return "fail" if max(ages) > _MISSED * host.interval_hours else "pass"


def _newest(copy: Copy, tell: Teller) -> str:
    place = tell.words.get(f"place_{copy.place}") or copy.repository
    age = copy.age_hours
    said = tell.words["never"] if age is None else tell.say("age", age=seconds(age * 3600, tell.language))
    return typography(f"{place}{tell.words['colon']}{said}", tell.language)


def _size(copy: Copy, tell: Teller) -> str:
    said = size(copy.size or 0, tell.language)
    return said if copy.added is None else f"{said}, {tell.say('grew', added=size(copy.added, tell.language))}"


def size(amount: float, language: str) -> str:
    """A number of bytes as people say it."""
    units = iter(_UNITS[language])
    unit = next(units)
    while amount >= _STEP and unit != _UNITS[language][-1]:
        amount, unit = amount / _STEP, next(units)
    return f"{number(round(amount) if amount >= 10 or amount == int(amount) else round(amount, 1), language)}{NO_BREAK}{unit}"


def _proof(saved: SavedSet, tell: Teller) -> str:
    proof = saved.proof
    if proof is None:
        return tell.words["never"]
    date = day(proof.at.date(), tell.language)
    if not proof.ok:
        return tell.say("failed", date=date)
    if proof.seconds is None:
        return tell.say("proven_undated", date=date)
    return tell.say("proven", date=date, time=seconds(proof.seconds, tell.language))


def _facts(found: Readings, tell: Teller) -> None:
    """What holds for all sets together, and hosts of which nothing is known."""
    for name, reason in sorted(found.silent.items()):
        tell.add(None, "host", details=[reason] if reason else (), name=name)
    sets = found.sets
    bare = [each for host in found.hosts for each in host.sets if not host.whole(each)]
    tell.add(not bare if sets else None, "copies", details=sets_named(bare, tell))
    proofs = [each.proof for each in sets]
    wrong = [line for each in proofs if each and not each.ok for line in each.differences]
    failed = any(each and not each.ok for each in proofs)
    tell.add(False if failed else None if not proofs or None in proofs else True, "drill", details=wrong)
    _time(found.hosts, tell)
    for host in found.hosts:
        if host.rehearsal:
            last = host.rehearsal
            lasted = seconds(last.seconds, tell.language) if last.seconds is not None else tell.words["unmeasured"]
            tell.add(
                last.ok, "rehearsal", details=last.differences, date=day(last.at.date(), tell.language), time=lasted
            )
            return
    if found.hosts:
        tell.add(None, "rehearsal")


def _time(hosts: Sequence[Saved], tell: Teller) -> None:
    hours, _ = time_back(hosts)
    promised = min((host.promise_hours for host in hosts if host.promise_hours is not None), default=None)
    if hours is None or promised is None:
        tell.add(None, "time")
        return
    said = {"time": hours * 3600, "promise": promised * 3600}
    tell.add(hours <= promised, "time", **{name: seconds(amount, tell.language) for name, amount in said.items()})


def _rules(verdicts: Sequence[Verdict], topics: Sequence[str], tell: Teller) -> Iterable[Told]:
    """The rules of some topics, each once with its worst verdict, and the hosts that it fails on.

    Those without a host are said once for all, with the reason: the site has none of the kind, or a lab left it out.
    """
    gathered: dict[str, list[Verdict]] = {}
    for each in verdicts:
        if each["topic"] in topics and each["verdict"] != "not_applicable":
            gathered.setdefault(each["control"], []).append(each)
    aside = [each for each in verdicts if each["topic"] in topics and each["verdict"] == "not_applicable"]
    for reason in dict.fromkeys(said_in(each, "reason", tell.language) for each in aside):
        yield Told("not_applicable", reason or title_of(aside[0], tell.language))
    for records in gathered.values():
        verdict = worst(each["verdict"] for each in records)
        wrong = [each for each in records if each["verdict"] == verdict != "pass"]
        yield Told(verdict, title_of(records[0], tell.language), tuple(_why(each, tell) for each in wrong))


def _why(record: Mapping[str, Any], tell: Teller) -> str:
    failed = record["verdict"] == "fail"
    said = observed_text(record, tell.language) if failed else said_in(record, "reason", tell.language)
    return f"{record['host']}{tell.words['colon']}{said}"
