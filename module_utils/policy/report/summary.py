"""Count the verdicts of a run. A rule has one verdict; coverage is told apart and never improves the score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Verdict = Mapping[str, Any]
Run = Mapping[str, Any]

# Worst first.
VERDICTS = ("fail", "not_evaluated", "waived", "pass", "not_applicable")
SEVERITIES = ("critical", "high", "medium", "low", "info")
MEASURED = frozenset({"pass", "fail", "waived"})


class VerdictError(ValueError):
    """A verdict record that cannot be reported."""


@dataclass(frozen=True)
class Coverage:
    """How many hosts answered, by kind of host."""

    measured: int
    total: int
    missing: tuple[tuple[str, str], ...]
    kinds: Mapping[str, tuple[int, int]]

    @property
    def complete(self) -> bool:
        return self.measured == self.total


@dataclass(frozen=True)
class Summary:
    """`counts` counts every measurement once (control and host); `rules` counts every control once."""

    counts: Mapping[str, int]
    rules: Mapping[str, int]
    rule_verdicts: Mapping[str, str]
    topics: Mapping[str, Mapping[str, int]]
    severities: Mapping[str, Mapping[str, int]]
    coverage: Coverage
    run: Run

    @property
    def measured_rules(self) -> int:
        return sum(self.rules[verdict] for verdict in MEASURED)

    @property
    def critical(self) -> int:
        return self.severities["critical"]["fail"]


def worst(verdicts: Iterable[str]) -> str:
    """Return the verdict that decides for the others."""
    return min(verdicts, key=VERDICTS.index)


def check(verdicts: Sequence[Verdict]) -> None:
    """Refuse a record that would be counted nowhere, or twice."""
    seen: set[tuple[str, str]] = set()
    for number, record in enumerate(verdicts, 1):
        key = (str(record.get("control")), str(record.get("host")))
        where = f"verdict {number} ({key[0]} on {key[1]})"
        if record.get("verdict") not in VERDICTS:
            raise VerdictError(f"{where}: unknown verdict {record.get('verdict')!r}; one of {', '.join(VERDICTS)}")
        if record.get("severity") not in SEVERITIES:
            raise VerdictError(f"{where}: unknown severity {record.get('severity')!r}; one of {', '.join(SEVERITIES)}")
        if key in seen:
            raise VerdictError(f"{where}: judged twice in the same run; keep one verdict per control and host")
        seen.add(key)


def finished(run: Run) -> str:
    """Return when the run ended, or at least when it began."""
    return run.get("finished_at") or run["started_at"]


def kind_of(host: str, run: Run) -> str:
    """Tell a workstation from another machine by the groups of the inventory, when the run kept them."""
    groups = run.get("groups_of", {}).get(host)
    if groups is None:
        return "machine"
    return "workstation" if "workstations" in groups else "server"


def measure_coverage(run: Run) -> Coverage:
    hosts = run.get("hosts", [])
    kinds: dict[str, tuple[int, int]] = {}
    for host in hosts:
        kind = kind_of(host["name"], run)
        measured, total = kinds.get(kind, (0, 0))
        kinds[kind] = (measured + bool(host["measured"]), total + 1)
    return Coverage(
        measured=sum(1 for host in hosts if host["measured"]),
        total=len(hosts),
        missing=tuple((host["name"], host.get("reason") or "") for host in hosts if not host["measured"]),
        kinds=kinds,
    )


def judge_rules(verdicts: Sequence[Verdict], absent: frozenset[str]) -> dict[str, str]:
    """One verdict per control: the worst of its hosts.

    A host that did not answer at all is a matter of coverage, told apart: it decides only when nobody else can.
    """
    present: dict[str, list[str]] = {}
    everywhere: dict[str, list[str]] = {}
    for record in verdicts:
        everywhere.setdefault(record["control"], []).append(record["verdict"])
        if record["host"] not in absent:
            present.setdefault(record["control"], []).append(record["verdict"])
    return {
        control: worst(
            found if (found := present.get(control, [])) and worst(found) != "not_applicable" else everywhere[control]
        )
        for control in everywhere
    }


def _tally(verdicts: Iterable[str]) -> dict[str, int]:
    counted = Counter(verdicts)
    return {verdict: counted[verdict] for verdict in VERDICTS}


def summarise(verdicts: Sequence[Verdict], run: Run) -> Summary:
    """Count a run: overall by measurement and by rule; topics and severities by rule."""
    check(verdicts)
    coverage = measure_coverage(run)
    rules = judge_rules(verdicts, frozenset(name for name, _ in coverage.missing))
    first = {record["control"]: record for record in reversed(verdicts)}
    topics = dict.fromkeys(record["topic"] for record in verdicts)
    return Summary(
        counts=_tally(record["verdict"] for record in verdicts),
        rules=_tally(rules.values()),
        rule_verdicts=rules,
        topics={t: _tally(rules[c] for c, record in first.items() if record["topic"] == t) for t in topics},
        severities={s: _tally(rules[c] for c, record in first.items() if record["severity"] == s) for s in SEVERITIES},
        coverage=coverage,
        run=run,
    )


def history_entry(summary: Summary) -> dict[str, Any]:
    """What is kept of a run to plot it next time."""
    when = finished(summary.run)
    name = summary.run.get("run", when)
    return {"run": name, "finished_at": when, "counts": dict(summary.counts), "rules": dict(summary.rules)}
