"""Sections that tell a few facts each: read what may be missing, and say it as kept, not kept or not measured."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.policy.phrases import worded
from ansible.module_utils.policy.report.readings import Evidence, reading
from ansible.module_utils.policy.report.values import NO_BREAK, long_date, number, typography

#: From best to worst, as far as a section's own icon goes.
_ORDER = ("pass", "not_evaluated", "fail")


@dataclass(frozen=True)
class Told:
    """One fact in words, with the verdict that its icon shows; text beyond the words of the page is its detail."""

    verdict: str
    text: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True)
class Try:
    """One attempt in words: whether it ended as wanted (None: it did not take place), and how."""

    good: bool | None
    what: str
    who: str
    expected: str
    answer: str

    @property
    def verdict(self) -> str:
        return {True: "pass", False: "fail", None: "not_evaluated"}[self.good]


@dataclass(frozen=True)
class Missing:
    """A section whose facts were to be collected, and were not."""

    reason: str


@dataclass(frozen=True)
class Source:
    """Facts of one collector; a key that is not there is None, whatever should have been above it."""

    host: str
    collected_at: str
    facts: Any
    failure: str = ""

    def get(self, path: str) -> Any:
        found = self.facts
        for step in path.split("."):
            found = found.get(step) if isinstance(found, Mapping) else None
        return found

    def mapping(self, path: str) -> Mapping[str, Any]:
        found = self.get(path)
        return found if isinstance(found, Mapping) else {}

    def rows(self, path: str) -> list[Mapping[str, Any]]:
        """A list of mappings; whatever else stands in it is left out."""
        found = self.get(path)
        return [each for each in found if isinstance(each, Mapping)] if isinstance(found, list | tuple) else []

    def names(self, path: str) -> list[str]:
        """A list of plain words; None and other shapes are an empty one."""
        found = self.get(path)
        return [str(each) for each in found] if isinstance(found, list | tuple) else []

    def flag(self, path: str) -> bool | None:
        found = self.get(path)
        return found if isinstance(found, bool) else None

    def amount(self, path: str) -> int | float | None:
        found = self.get(path)
        return found if isinstance(found, int | float) and not isinstance(found, bool) else None


def source(evidence: Evidence, key: str) -> Source | None:
    """What a collector said; None when the run did not ask it."""
    found = reading(evidence, key)
    return Source(found.host, found.collected_at, found.facts, found.failure) if found else None


def sources(evidence: Evidence, key: str) -> list[Source]:
    """What a collector said on every host that it was asked on; failures last."""
    found = [
        Source(host, str(each.get("collected_at") or ""), each["facts"][key])
        for host, each in sorted(evidence.items())
        if isinstance(each.get("facts", {}).get(key), Mapping)
    ]
    failed = [
        Source(host, str(each.get("collected_at") or ""), None, str(each["failures"][key]))
        for host, each in sorted(evidence.items())
        if key in each.get("failures", {})
    ]
    return [*found, *failed]


class Teller:
    """Collects what a section says, in the words of one language."""

    def __init__(self, words: Mapping[str, str], language: str) -> None:
        self.words, self.language = words, language
        self.told: list[Told] = []

    def say(self, key: str, **given: Any) -> str:
        """One sentence of the section."""
        shown = {name: self.shown(each) for name, each in given.items()}
        return typography(self.words[key].format(**shown), self.language)

    def shown(self, content: Any) -> str:
        if isinstance(content, bool) or content is None:
            return "–"
        if isinstance(content, int | float):
            return number(round(content, 1) if isinstance(content, float) else content, self.language)
        if isinstance(content, list | tuple):
            return ", ".join(map(str, content)) or "–"
        return str(content)

    def add(self, good: bool | None, key: str, details: Sequence[str] = (), **given: Any) -> None:
        """Say a fact by the sentence key_good, key_bad, or key_unread where it was not measured.

        Details are lines that hosts worded, or names.
        """
        state = {True: "good", False: "bad", None: "unread"}[good]
        verdict = {True: "pass", False: "fail", None: "not_evaluated"}[good]
        self.told.append(Told(verdict, self.say(f"{key}_{state}", **given), self.details(details)))

    def details(self, lines: Iterable[str]) -> tuple[str, ...]:
        """Lines that hosts worded, in the language of the page."""
        return tuple(typography(worded(each, self.language), self.language) for each in lines)

    def none_of(self, offenders: list[str] | None, key: str, **given: Any) -> None:
        """Say that a list of offenders is empty, or name them; None was not measured."""
        good = None if offenders is None else not offenders
        self.add(good, key, details=offenders or (), n=len(offenders or ()), **given)

    def verdict(self) -> str:
        return worst(each.verdict for each in self.told)


def worst(verdicts: Any) -> str:
    """The worst of some verdicts; nothing at all was not measured."""
    return max(verdicts, key=lambda each: _ORDER.index(each) if each in _ORDER else 1, default="not_evaluated")


def counted(tries: Sequence[Try], teller: Teller) -> str:
    """One sentence for all attempts: how many, and how many did not end as wanted."""
    tried = [each for each in tries if each.good is not None]
    if not tried:
        return teller.say("tried_not")
    wrong = sum(not each.good for each in tried)
    return teller.say("tried_wrong" if wrong else "tried", n=len(tried), wrong=wrong)


def when(key: str, words: Mapping[str, str], found: Source, language: str, zone: str | None) -> str:
    """When and where something was tried or read."""
    if not found.collected_at:
        return ""
    said = words[key].format(host=found.host, date=long_date(found.collected_at, language, zone))
    return typography(said, language)


def seconds(amount: float, language: str) -> str:
    """A duration of seconds as people say it."""
    rest = round(amount)
    if rest < 120:
        return f"{number(round(amount, 1), language)}{NO_BREAK}s"
    if rest < 2 * 3600:
        return f"{rest // 60}{NO_BREAK}min"
    if rest < 2 * 86400:
        return f"{rest // 3600}{NO_BREAK}h"
    return f"{number(rest // 86400, language)}{NO_BREAK}" + ("jours" if language == "fr" else "days")
