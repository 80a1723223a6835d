"""What changed since the previous run, as a reader sees it: one line per rule and change, hosts gathered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ansible.module_utils.policy.report.drift import KINDS, Change, Drift, by_control
from ansible.module_utils.policy.report.page_texts import PAGE
from ansible.module_utils.policy.report.rules_view import DISTINCT, HostNames, Hosts, title_of
from ansible.module_utils.policy.report.summary import Summary, Verdict
from ansible.module_utils.policy.report.values import count, observed_text

GATHERED = 5  # changes of one kind on one host told in one line rather than one by one

State = tuple[str, str]  # a verdict ('' when absent) and a value


@dataclass(frozen=True)
class ChangeLine:
    title: str
    hosts: Hosts
    before: State
    after: State


def changes(drift: Drift, summary: Summary, language: str) -> list[tuple[str, list[ChangeLine]]]:
    """Each kind of change with its lines, in the order in which a reader wants them."""
    names = HostNames(summary.run, language)
    told = [(kind, _change_lines(getattr(drift, kind), names, language)) for kind in KINDS]
    for kind in ("host_vanished", "new_host"):
        if hosts := getattr(drift, kind):
            told.append((kind, [ChangeLine(", ".join(hosts), Hosts(""), ("", ""), ("", ""))]))
    return [(kind, lines) for kind, lines in told if lines]


def _change_lines(found: Sequence[Change], names: HostNames, language: str) -> list[ChangeLine]:
    per_host: dict[str, list[Change]] = {}
    for change in found:
        per_host.setdefault(change.host, []).append(change)
    alike = {host: line for host, own in per_host.items() if (line := _whole_host(host, own, language))}
    lines = list(alike.values())
    for own in by_control([change for change in found if change.host not in alike]).values():
        lines.extend(_rule_lines(own, names, language))
    return lines


def _whole_host(host: str, own: Sequence[Change], language: str) -> ChangeLine | None:
    """One line for a host that fell silent, or that answers again, instead of one per rule."""
    before = {change.before["verdict"] if change.before else "" for change in own}
    after = {change.after["verdict"] if change.after else "" for change in own}
    if len(own) <= GATHERED or "fail" in after or {"not_evaluated"} not in (before, after):
        return None
    was, now = (side.pop() if len(side) == 1 else "" for side in (before, after))
    return ChangeLine(count(len(own), "rule", language), Hosts(host), (was, ""), (now, ""))


def _rule_lines(own: Sequence[Change], names: HostNames, language: str) -> list[ChangeLine]:
    title = title_of(own[0].record, language)
    by_state: dict[tuple[State, State], list[str]] = {}
    for change in own:
        key = (_state(change.before, language), _state(change.after, language))
        by_state.setdefault(key, []).append(change.host)
    if len(by_state) > DISTINCT:
        many = (own[0].record["verdict"], count(len(by_state), "value", language))
        return [ChangeLine(title, names.say(change.host for change in own), ("", ""), many)]
    return [ChangeLine(title, names.say(hosts), before, after) for (before, after), hosts in by_state.items()]


def _state(record: Verdict | None, language: str) -> tuple[str, str]:
    if record is None:
        return ("", PAGE[language]["absent"])
    return (record["verdict"], observed_text(record, language) if record["verdict"] != "not_applicable" else "")
