"""The rules as a reader sees them: one entry per control, its hosts gathered by what was found on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible.module_utils.policy.report import texts
from ansible.module_utils.policy.report.page_texts import PAGE
from ansible.module_utils.policy.report.summary import VERDICTS, Run, Summary, Verdict, kind_of
from ansible.module_utils.policy.report.values import (
    count,
    expected_text,
    joined,
    number,
    observed_text,
    observed_value,
    said_in,
    typography,
    value,
)

NAMED = 4  # hosts named in a cell; more are counted, and named on demand
EXCEPTIONS = 3  # "all but" names at most so many
DISTINCT = 6  # different values of one verdict shown each on a row


@dataclass(frozen=True)
class Hosts:
    """A label, and the names that it does not say."""

    label: str
    names: str = ""


@dataclass(frozen=True)
class Row:
    """What was found on the hosts that have it in common."""

    verdict: str
    observed: str
    hosts: Hosts
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Rule:
    """One control on all its hosts."""

    record: Verdict
    title: str
    expected: str
    verdict: str
    rows: tuple[Row, ...]
    reasons: tuple[tuple[str, str], ...]
    raw: tuple[tuple[str, str], ...]

    def rows_of(self, verdict: str) -> list[Row]:
        return [row for row in self.rows if row.verdict == verdict]


class HostNames:
    """Names a set of hosts as briefly as a person would."""

    def __init__(self, run: Run, language: str) -> None:
        self._language = language
        names = [host["name"] for host in run.get("hosts", [])]
        self._order = {name: place for place, name in enumerate(names)}
        self._sets: list[tuple[str, frozenset[str]]] = [("machine", frozenset(names))]
        for kind in dict.fromkeys(kind_of(name, run) for name in names):
            self._sets.append((kind, frozenset(name for name in names if kind_of(name, run) == kind)))

    def sort(self, hosts: Iterable[str]) -> list[str]:
        return sorted(dict.fromkeys(hosts), key=lambda name: (self._order.get(name, len(self._order)), name))

    def say(self, hosts: Iterable[str]) -> Hosts:
        names = self.sort(hosts)
        if names == ["-"]:
            return Hosts("\u2013")
        if len(names) <= NAMED:
            return Hosts(", ".join(names))
        chosen = frozenset(names)
        words = PAGE[self._language]
        for kind, known in self._sets:
            missing = known - chosen
            if chosen <= known and len(missing) <= EXCEPTIONS:
                everybody = words["all_of"].format(n=count(len(known), kind, self._language))
                if not missing:
                    return Hosts(everybody)
                return Hosts(words["all_but"].format(all=everybody, names=", ".join(self.sort(missing))))
        return Hosts(count(len(names), "machine", self._language), ", ".join(names))


def title_of(record: Verdict, language: str) -> str:
    return said_in(record, "title", language)


def topic_title(topic: str, run: Run, language: str) -> str:
    """The topic's name: the run's, else ours, else its id made readable."""
    given = run.get("topics", {}).get(topic, {}).get(language)
    known = given or texts.TOPICS[language].get(topic)
    return typography(known or topic.replace("_", " ").capitalize(), language)


def documents_title(document: str, run: Run, language: str) -> str:
    given = run.get("documents", {}).get(document) or texts.DOCUMENTS[language].get(document, document)
    return typography(given, language)


def gather(verdicts: Sequence[Verdict], summary: Summary, language: str) -> dict[str, list[Rule]]:
    """Rules by topic, both in the order in which they were judged."""
    names = HostNames(summary.run, language)
    by_control: dict[str, list[Verdict]] = {}
    for record in verdicts:
        by_control.setdefault(record["control"], []).append(record)
    topics: dict[str, list[Rule]] = {}
    for control, records in by_control.items():
        rule = _rule(records, summary.rule_verdicts[control], names, language)
        topics.setdefault(records[0]["topic"], []).append(rule)
    return topics


def _rule(records: Sequence[Verdict], verdict: str, names: HostNames, language: str) -> Rule:
    first = records[0]
    rows: list[Row] = []
    for one in VERDICTS:
        rows.extend(_rows(one, [record for record in records if record["verdict"] == one], names, language))
    several = len(records) > 1
    reasons: dict[str, list[str]] = {}
    raw: dict[str, list[str]] = {}
    for record in records:
        if reason := said_in(record, "reason", language):
            reasons.setdefault(reason, []).append(record["host"])
        if _hides(record, language):
            raw.setdefault(observed_value(record["observed"], None, language, shown=10_000), []).append(record["host"])
    return Rule(
        record=first,
        title=title_of(first, language),
        expected=expected_text(first, language),
        verdict=verdict,
        rows=tuple(rows),
        reasons=_on_hosts(reasons, names, several, language),
        raw=_on_hosts(raw, names, several, language),
    )


def _hides(record: Verdict, language: str) -> bool:
    """Is the observed value a long one, of which the sentence shows but a part?"""
    observed = record.get("observed")
    if record["verdict"] == "pass" or not isinstance(observed, Mapping | list):
        return False
    return observed_value(observed, None, language, shown=10_000) != observed_text(record, language)


def _on_hosts(
    found: Mapping[str, list[str]], names: HostNames, several: bool, language: str
) -> tuple[tuple[str, str], ...]:
    return tuple((text, joined(names.sort(hosts), language, 100) if several else "") for text, hosts in found.items())


def _rows(verdict: str, records: Sequence[Verdict], names: HostNames, language: str) -> list[Row]:
    """One row per value found; many different values share one row, which names them on demand."""
    found: dict[str, list[str]] = {}
    for record in records:
        found.setdefault(observed_text(record, language), []).append(record["host"])
    if len(found) <= DISTINCT:
        return [Row(verdict, text, names.say(hosts)) for text, hosts in found.items()]
    everywhere = [record["host"] for record in records]
    values = tuple((text, ", ".join(names.sort(hosts))) for text, hosts in found.items())
    return [Row(verdict, _range(records, len(found), language), Hosts(names.say(everywhere).label), values)]


def _range(records: Sequence[Verdict], distinct: int, language: str) -> str:
    observed = [record.get("observed") for record in records]
    numbers = [item for item in observed if isinstance(item, int | float) and not isinstance(item, bool)]
    if not numbers or len(numbers) != len(observed):
        return count(distinct, "value", language)
    low, high = number(min(numbers), language), value(max(numbers), records[0].get("unit"), language)
    return texts.WORDS[language]["from_to"].format(low=low, high=high)
