"""The firewall in the report: the flow matrix zone by zone, what was tried, and what opened by mistake."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.policy.phrases import say
from ansible.module_utils.policy.report.firewall_texts import FIREWALL
from ansible.module_utils.policy.report.readings import Evidence
from ansible.module_utils.policy.report.tellings import Missing, Source, Teller, Told, seconds, source, when, worst
from ansible.module_utils.policy.report.values import number, typography

GATEWAY = "gateway"
_KINDS = ("inside", "guest", "provider", "outside")
_SHOWN = 12  # attempts that are told one by one


@dataclass(frozen=True)
class Cell:
    """What may pass from one zone to another, and what came of trying: state is fail, pass, untried, elsewhere or self."""

    state: str
    services: tuple[str, ...] = ()
    passed: str = ""
    refused: str = ""
    wrong: str = ""


@dataclass(frozen=True)
class Row:
    title: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Passage:
    """One flow of the matrix in words."""

    source: str
    destination: str
    services: str
    why: str
    clause: str
    some_only: bool


@dataclass(frozen=True)
class Firewall:
    verdict: str
    summary: str
    when: str
    written: bool
    zones: tuple[str, ...]
    rows: tuple[Row, ...]
    passages: tuple[Passage, ...]
    named: tuple[Passage, ...]
    opened: tuple[str, ...]
    closed: tuple[str, ...]
    left_out: tuple[str, ...]
    state: tuple[Told, ...]


def firewall(
    evidence: Evidence, language: str, zone: str | None = None, register: Mapping[str, Any] | None = None
) -> Firewall | Missing | None:
    """What the section shows; None for a run that asked no firewall.

    :param register: rules of the client's documents, by id: a flow that cites one shows its section.
    """
    ruleset, probe = source(evidence, "firewall"), source(evidence, "flow_probe")
    if ruleset is None and probe is None:
        return None
    read = ruleset or Source(probe.host if probe else "", probe.collected_at if probe else "", None)
    tried = probe or Source(read.host, read.collected_at, None)
    attempts = [each for each in tried.rows("attempts") if each.get("source_zone") and each.get("destination_zone")]
    if not isinstance(read.facts, Mapping) and not attempts:
        reason = read.failure or tried.failure or FIREWALL[language]["unread"]
        return Missing(typography(reason, language))
    matrix = source(evidence, "flow_matrix") or Source("", "", None)
    page = _Page(read, matrix, attempts, language, register or {})
    state = page.state(tried)
    wrong = page.of("wrong")
    summary = page.summary(tried.amount("duration"))
    return Firewall(
        verdict=worst(
            [*(each.verdict for each in state), "fail" if wrong else "pass" if page.whole() else "not_evaluated"]
        ),
        summary=summary,
        when=when("read_on", page.words, read, language, zone),
        written=bool(matrix.rows("flows")),
        zones=tuple(page.zones.values()),
        rows=tuple(
            Row(title, tuple(page.cell(name, other) for other in page.zones)) for name, title in page.zones.items()
        ),
        passages=tuple(page.passages(refused=False)),
        named=tuple(page.passages(refused=True)),
        opened=page.attempts_said([each for each in wrong if each["passed"]]),
        closed=page.attempts_said([each for each in wrong if not each["passed"]]),
        left_out=page.attempts_said(page.of("untried"), with_reason=True),
        state=tuple(state),
    )


class _Page:
    """Everything that is worked out once and shown in several places."""

    def __init__(
        self,
        read: Source,
        matrix: Source,
        attempts: Sequence[Mapping[str, Any]],
        language: str,
        register: Mapping[str, Any],
    ) -> None:
        self.read, self.matrix, self.attempts = read, matrix, attempts
        self.language, self.words, self.register = language, FIREWALL[language], register
        self.zones = self._zones()

    def _zones(self) -> dict[str, str]:
        """Zones of the house first, the gateway last; a title where the matrix gives one."""
        titles = self.matrix.mapping("zones")
        names = [*titles, *(str(each.get("name")) for each in self.read.rows("zones") if each.get("name"))]
        for each in self.attempts:
            names += [str(each["source_zone"]), str(each["destination_zone"])]
        kinds = {str(each.get("name")): each.get("kind") for each in self.read.rows("zones")}
        kinds |= {name: each.get("kind") for name, each in titles.items() if isinstance(each, Mapping)}
        known = sorted(dict.fromkeys(names), key=lambda name: _place(kinds.get(name)))
        found = {name: self._title(name, titles.get(name)) for name in known if name != GATEWAY}
        return {**found, GATEWAY: self.words["gateway"]} if found else {}

    def _title(self, name: str, entry: Any) -> str:
        title = entry.get("title") if isinstance(entry, Mapping) else None
        return typography(str(title or name), "fr")

    def service(self, name: str) -> str:
        return self.words.get(f"service_{name}") or name.replace("_", " ")

    def flows(self, *, refused: bool) -> Iterable[Mapping[str, Any]]:
        return (each for each in self.matrix.rows("flows") if bool(each.get("refused")) is refused)

    def cell(self, start: str, end: str) -> Cell:
        """Services that are open, and what came of trying."""
        if start == end:
            return Cell("self")
        here = [each for each in self.attempts if (each["source_zone"], each["destination_zone"]) == (start, end)]
        tried = [each for each in here if isinstance(each.get("passed"), bool)]
        passed = sum(each["passed"] for each in tried)
        wrong = [str(each.get("service") or each.get("port")) for each in tried if _wrong(each)]
        services = dict.fromkeys(self._open(start, end))
        return Cell(
            "fail" if wrong else "pass" if tried else "elsewhere" if self._dialled(start, end) else "untried",
            tuple(services),
            self._counted("passed", passed),
            self._counted("refused", len(tried) - passed),
            ", ".join(dict.fromkeys(self.service(each) for each in wrong)),
        )

    def _dialled(self, *zones: str) -> bool:
        """Whether the machines of one of the zones come and go: remote access is tried with them there."""
        told = (self.matrix.mapping("zones").get(zone) for zone in zones)
        return any(bool(each.get("dialled")) for each in told if isinstance(each, Mapping))

    def _open(self, start: str, end: str) -> Iterable[str]:
        if self.matrix.rows("flows"):
            for flow in self.flows(refused=False):
                if (flow.get("from"), flow.get("to")) == (start, end):
                    yield from (self.service(str(each)) for each in flow.get("services") or ())
            return
        for flow in self.read.rows("flows"):
            if (flow.get("source_zone"), flow.get("destination_zone")) == (start, end):
                yield str(flow.get("service"))

    def _counted(self, key: str, amount: int) -> str:
        if not amount:
            return ""
        word = self.words[f"{key}_one"] if amount == 1 else self.words[key].format(n=number(amount, self.language))
        return typography(word, self.language)

    def passages(self, *, refused: bool) -> Iterable[Passage]:
        for flow in self.flows(refused=refused):
            start, end = (str(flow.get(name)) for name in ("from", "to"))
            yield Passage(
                source=self.zones.get(start, start),
                destination=self.zones.get(end, end),
                services=", ".join(self.service(str(each)) for each in flow.get("services") or ()),
                why=typography(flow.get("why") or "", "fr"),
                clause=self._clause(str(flow.get("rule") or "")),
                some_only=bool(flow.get("from_addresses") or flow.get("to_addresses")),
            )

    def _clause(self, rule: str) -> str:
        entry = self.register.get(rule)
        return typography(f"{entry['section']} ({rule})" if entry else rule, "fr")

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """Attempts that ended wrong, or did not take place."""
        if kind == "untried":
            return [each for each in self.attempts if not isinstance(each.get("passed"), bool)]
        return [each for each in self.attempts if _wrong(each)]

    def whole(self) -> bool:
        """Whether something was tried, and nothing left out."""
        return bool(self.attempts) and not self.of("untried")

    def attempts_said(self, chosen: Sequence[Mapping[str, Any]], *, with_reason: bool = False) -> tuple[str, ...]:
        said = dict.fromkeys(self._attempt(each, with_reason) for each in chosen)
        rest = len(said) - _SHOWN
        more = [typography(self.words["more"].format(n=number(rest, self.language)), self.language)] if rest > 0 else []
        return (*list(said)[:_SHOWN], *more)

    def _attempt(self, each: Mapping[str, Any], with_reason: bool) -> str:
        ends = {
            name: self.zones.get(str(each[f"{name}_zone"]), str(each[f"{name}_zone"]))
            for name in ("source", "destination")
        }
        if with_reason and not each.get("source"):
            return typography(f"{ends['source']} → {ends['destination']}", self.language)
        port = f"{each.get('protocol')}/{each.get('port')}"
        service = self.service(str(each.get("service") or "unnamed"))
        return typography(self.words["attempt"].format(**ends, service=service, port=port), self.language)

    def summary(self, duration: Any) -> str:
        words, tried = self.words, [each for each in self.attempts if isinstance(each.get("passed"), bool)]
        if not tried:
            return words["tried_not"]
        wrong = len(self.of("wrong"))
        key, kept = ("tried_wrong" if wrong else "tried"), sum(each["passed"] for each in tried)
        counted = {"n": len(tried), "wrong": wrong, "kept": kept, "shut": len(tried) - kept}
        said = {name: number(amount, self.language) for name, amount in counted.items()}
        lasted = seconds(duration, self.language) if isinstance(duration, int | float) else "–"
        return typography(words[key].format(**said, seconds=lasted), self.language)

    def state(self, tried: Source) -> list[Told]:
        """What the ruleset is, one sentence each."""
        read, tell = self.read, Teller(self.words, self.language)
        policies = read.mapping("policies")
        tell.add(all(each == "drop" for each in policies.values()) if policies else None, "default")
        differences = read.get("differences")
        tell.add(
            not differences if isinstance(differences, list) else None,
            "same",
            details=[say("list", each.get("what"), each.get("observed")) for each in read.rows("differences")[:_SHOWN]],
            n=len(differences or ()),
        )
        zones = [str(each.get("zone")) for each in read.rows("forged") if each.get("passes")]
        passing = [self.zones.get(each, each) for each in zones]
        tell.none_of(passing if read.rows("forged") else None, "forged")
        forwards, openings = read.flag("kernel.forwards_ipv6"), read.get("ipv6")
        tell.add(None if forwards is None or openings is None else not forwards and not openings, "other")
        silent, daemon = read.get("silent"), read.flag("log_daemon")
        tell.add(None if silent is None or daemon is None else daemon and not silent, "logged")
        enabled, same = read.flag("boot.enabled"), read.flag("boot.loads_the_same")
        tell.add(None if enabled is None or same is None else enabled and same and not read.get("pending"), "boot")
        if self.attempts:
            tell.add(tried.flag("watched"), "watched")
        return tell.told


def _place(kind: Any) -> int:
    """From the inside out."""
    return _KINDS.index(kind) if kind in _KINDS else len(_KINDS)


def _wrong(attempt: Mapping[str, Any]) -> bool:
    """Tried, and did not end as the matrix says."""
    return isinstance(attempt.get("passed"), bool) and attempt["passed"] is not bool(attempt.get("expected"))
