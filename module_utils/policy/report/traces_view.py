"""Logs in the report: what is kept and for how long, who reads it, whether it reaches the log server, and the law's order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.policy.report.readings import Evidence
from ansible.module_utils.policy.report.tellings import (
    Missing,
    Source,
    Teller,
    Told,
    seconds,
    source,
    sources,
    when,
    worst,
)
from ansible.module_utils.policy.report.traces_texts import TRACES
from ansible.module_utils.policy.report.values import day, number, typography

#: Fields that say which page was read, not only which site.
_TOO_MUCH = ("full_address", "page")
_ARTICLE = re.compile(r"Code du travail ([LR]\d+(?:-\d+)*)")


@dataclass(frozen=True)
class Log:
    verdict: str
    title: str
    where: str
    retention: str
    oldest: str
    rights: str


@dataclass(frozen=True)
class Traces:
    verdict: str
    summary: str
    when: str
    override: str
    gate: tuple[tuple[str, str], ...]
    facts: tuple[Told, ...]
    notes: tuple[str, ...]
    logs: tuple[Log, ...]


def traces(evidence: Evidence, language: str, zone: str | None = None) -> Traces | Missing | None:
    """What the section shows; None for a run that asked nobody about logs."""
    asked = sources(evidence, "logs")
    if not asked:
        return None
    words = TRACES[language]
    hosts = [each for each in asked if each.facts]
    if not hosts:
        return Missing(typography(asked[0].failure or words["unread"], language))
    tell = Teller(words, language)
    begun = [each for each in hosts if each.mapping("monitoring")]
    held = [each for each in hosts if each.rows("files")]
    trail = source(evidence, "log_trail") or Source("", "", None)
    _gate(begun, tell)
    _web_lines(source(evidence, "web_proxy"), tell)
    _kept(held, tell)
    _apart(hosts, trail, tell)
    _reading(trail, tell)
    _clock(hosts, tell)
    logs = tuple(log for each in held for log in _logs(each, tell))
    verdict = worst([tell.verdict(), *(each.verdict for each in logs)])
    return Traces(
        verdict=verdict,
        summary=words[{"pass": "good", "fail": "bad"}.get(verdict, "partial")],
        when=when("read_on", words, _named(hosts), language, zone),
        override=_override(begun, tell),
        gate=tuple(_dates(begun, tell)),
        facts=tuple(tell.told),
        notes=(words["pseudonyms"],),
        logs=logs,
    )


def _named(hosts: Sequence[Source]) -> Source:
    """All hosts as one, read when the last of them was."""
    return Source(", ".join(each.host for each in hosts), max(each.collected_at for each in hosts), None)


def _every(hosts: Iterable[Source], judged: Any) -> bool | None:
    """True when it holds on every host, False when it fails on one, None when one was not read."""
    found = [judged(each) for each in hosts]
    if False in found:
        return False
    return None if not found or None in found else True


def _gate(begun: Sequence[Source], tell: Teller) -> None:
    """Consultation before notice before the first line."""
    good: bool | None = None
    for each in begun:
        dates = [each.get(f"monitoring.{name}") for name in ("consulted_on", "informed_on", "since")]
        ordered = all(dates) and str(dates[0]) < str(dates[1]) < str(dates[2])
        good = ordered and not each.get("monitoring.override") and good is not False
    tell.add(good, "gate")


def _override(begun: Sequence[Source], tell: Teller) -> str:
    """Who took it upon themselves to begin without the documents, why and until when."""
    for each in begun:
        taken = each.mapping("monitoring.override")
        if taken:
            articles = dict.fromkeys(_ARTICLE.findall(" ".join(each.names("monitoring.obstacles"))))
            return tell.say(
                "override_text",
                who=taken.get("by") or tell.words["override_nobody"],
                reason=str(taken.get("reason") or "–").rstrip(" ."),
                until=day(taken.get("until"), tell.language),
                articles=", ".join(articles) or "–",
            )
    return ""


def _dates(begun: Sequence[Source], tell: Teller) -> Iterable[tuple[str, str]]:
    if not begun:
        return
    for title, key in (("consultation", "consulted_on"), ("notice", "informed_on"), ("activation", "since")):
        found = begun[0].get(f"monitoring.{key}")
        yield tell.words[f"gate_{title}"], day(found, tell.language) if found else tell.words["no_date"]


def _web_lines(found: Source | None, tell: Teller) -> None:
    """What the lines about browsing say, as the filter itself holds it, and what of a trial was found in them."""
    if found is None:
        return
    said = found.get("settings.log_fields")
    fields = said.split() if isinstance(said, str) else []
    more = [each for each in fields if each in _TOO_MUCH or not each.replace("_", "").isalpha()]
    names = [tell.words.get(f"field_{each}", each) for each in fields]
    tell.add(None if not fields else not more and found.get("settings.log_headers") is not True, "fields", fields=names)
    contents = found.get("trail.contents")
    tell.add(None if not isinstance(contents, list) else not contents, "content")


def _kept(held: Sequence[Source], tell: Teller) -> None:
    """Closed, turned, packed, destroyed in time."""

    def closed(each: Source) -> bool | None:
        opened = each.get("readable_by_nobody")
        files = each.rows("files")
        if opened is None:
            return None
        return not opened and all(file.get("closed") is not False and not file.get("open_files") for file in files)

    def turned(each: Source) -> bool | None:
        left, timer = each.get("rotation.not_turned"), each.flag("rotation.timer")
        if left is None or timer is None:
            return None
        return timer and not left and not any(file.get("unpacked") for file in each.rows("files"))

    tell.add(_every(held, closed), "closed")
    tell.add(_every(held, turned), "turned")
    ages = [age for each in held if (age := each.amount("destruction.longest_kept_days")) is not None]
    tell.add(_every(held, _destroyed), "destroyed", n=int(max(ages, default=0)))
    readers = {name for each in held for name in each.names("group_readers")}
    asked = [each for each in held if each.get("group_readers") is not None]
    tell.add(not readers if held and len(asked) == len(held) else None, "readers", n=len(readers))
    raised = [text for each in held for text in each.names("alerts")]
    asked = [each for each in held if each.get("alerts") is not None]
    tell.add(not raised if held and len(asked) == len(held) else None, "alerts", details=raised, n=len(raised))


def _destroyed(each: Source) -> bool | None:
    """Whether files past their time went, and no other."""
    tried = each.mapping("destruction")
    if not tried or "longest_kept_days" not in tried:
        return None
    names = ("forgotten_destroyed", "old_lines_destroyed", "every_day")
    good = all(tried.get(name) is True for name in names)
    return tried["longest_kept_days"] is not None and good and not tried.get("gaps")


def _apart(hosts: Sequence[Source], trail: Source, tell: Teller) -> None:
    """Lines reach the log server in time, and nothing else can be done there."""
    arrived = [each["seconds"] for each in trail.rows("arrivals") if isinstance(each.get("seconds"), int | float)]
    missing = trail.names("missing")
    known = trail.get("arrivals") is not None
    slowest = seconds(max(arrived), tell.language) if arrived else "–"
    tell.add(bool(arrived) and not missing if known else None, "delay", details=missing, age=slowest)
    tried = [each for each in hosts if each.mapping("intrusion")]
    entered = any(each.get("intrusion.logged_on") or each.get("intrusion.open_ports") for each in tried)
    foreign = bool(trail.names("strangers") or trail.names("misfiled"))
    tell.add(not entered and not foreign if tried and known else None, "apart")


def _reading(trail: Source, tell: Teller) -> None:
    """Reading leaves a trace, and only who may read can."""
    found = trail.mapping("reading")
    kept = [found.get(name) for name in ("written_down", "journal_whole", "journal_closed")]
    beside = [found.get(name) for name in ("without_reason", "by_nobody", "by_nobody_with_sudo")]
    tell.add(None if not found or None in kept else all(kept) and not any(beside), "access")
    last = trail.mapping("last_search")
    if last.get("when"):
        who = tell.words["somebody"] if not last.get("who") else str(last["who"])
        text = tell.say("last_access", when=day(last["when"], tell.language), who=who)
        tell.told.append(Told("pass", text))


def _clock(hosts: Sequence[Source], tell: Teller) -> None:
    offsets = [abs(found) for each in hosts if (found := each.amount("clock.offset_seconds")) is not None]
    tell.add(
        _every(hosts, lambda each: each.flag("clock.synchronised")),
        "clock",
        n=number(round(max(offsets, default=0.0), 3), tell.language),
    )


def _logs(each: Source, tell: Teller) -> Iterable[Log]:
    """One line of the table for each log of a host."""
    longest = each.get("destruction.longest_kept_days")
    tried = "longest_kept_days" in each.mapping("destruction")
    kept = tell.say("days", n=longest) if longest else tell.words["endless" if tried else "unmeasured"]
    for file in each.rows("files"):
        name = str(file.get("name") or file.get("path") or "–")
        present, closed = file.get("present") is not False, file.get("closed")
        mode = str(file.get("mode") or "–")
        oldest = day(file.get("oldest_day"), tell.language) if file.get("oldest_day") else "–"
        yield Log(
            verdict="fail" if not present or closed is False else "pass" if closed else "not_evaluated",
            title=tell.words.get(f"log_{name}", name.replace("_", " ")),
            where=each.host,
            retention=kept if present else tell.words["absent"],
            oldest=oldest,
            rights=tell.say("closed_rights" if closed else "open_rights", mode=mode)
            if present and closed is not None
            else "–",
        )
