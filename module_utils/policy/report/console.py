"""The summary of a run for the engineer's terminal: what failed, where, and what to do next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.module_utils.policy.report.drift import KINDS, Drift, by_control
from ansible.module_utils.policy.report.page_texts import DRIFT
from ansible.module_utils.policy.report.rules_view import topic_title
from ansible.module_utils.policy.report.summary import SEVERITIES, Summary, Verdict, finished
from ansible.module_utils.policy.report.values import count, expected_text, observed_text

_COLORS = {"fail": "31", "not_evaluated": "33", "waived": "34", "pass": "32", "quiet": "2", "bold": "1"}
_COLUMNS = (("pass", "passed"), ("fail", "failed"), ("waived", "waived"), ("not_evaluated", "not measured"))
_NAMED = 4
_SHOWN_CHANGES = 5


class _Paint:
    """Colours, or nothing at all: every line reads the same without them."""

    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, said: str, name: str) -> str:
        return f"\x1b[{_COLORS[name]}m{said}\x1b[0m" if self._color else said


def _clean(said: object) -> str:
    """One line without control characters: an observed value must not drive the terminal."""
    return "".join(letter if letter.isprintable() else " " for letter in str(said))


def _names(hosts: Sequence[str]) -> str:
    return (
        ", ".join(hosts)
        if len(hosts) <= _NAMED
        else f"{', '.join(hosts[: _NAMED - 1])} and {len(hosts) - _NAMED + 1} more"
    )


def render(
    summary: Summary,
    verdicts: Sequence[Verdict],
    drift: Drift,
    paths: Mapping[str, Any],
    color: bool,
    *,
    attestations: Sequence[Mapping[str, Any]] = (),
) -> str:
    """Write the summary; `paths` names the files of the run, the report under "html"."""
    paint = _Paint(color)
    run = summary.run
    blocks = [
        [paint(f"{_clean(run['client_name'])}, site {_clean(run['site'])}, audit of {finished(run)}", "bold")],
        _topics(summary, paint),
        _failures(verdicts, paint),
        _unmeasured(summary, verdicts, paint),
        _drift(drift),
        _attestations(attestations),
        _end(summary, paths, paint, attestations),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _topics(summary: Summary, paint: _Paint) -> list[str]:
    titles = {topic: _clean(topic_title(topic, summary.run, "en")) for topic in summary.topics}
    width = max([len("Rules by topic"), *(len(title) for title in titles.values())])
    head = "".join(f"{word:>{len(word) + 3}}" for _, word in _COLUMNS)
    lines = [paint(f"{'Rules by topic':<{width}}{head}", "quiet")]
    totals = {verdict: summary.rules[verdict] for verdict, _ in _COLUMNS}
    for title, counts in [*((titles[topic], counts) for topic, counts in summary.topics.items()), ("All", totals)]:
        cells = ""
        for verdict, word in _COLUMNS:
            cell = f"{counts[verdict] or '.':>{len(word) + 3}}"
            cells += paint(cell, verdict) if counts[verdict] and verdict != "pass" else cell
        lines.append(f"{title:<{width}}{cells}")
    return lines


def _grouped(verdicts: Sequence[Verdict], verdict: str) -> dict[tuple[str, str, str], list[Verdict]]:
    found: dict[tuple[str, str, str], list[Verdict]] = {}
    for record in verdicts:
        if record["verdict"] == verdict:
            key = (record["control"], expected_text(record, "en"), observed_text(record, "en"))
            found.setdefault(key, []).append(record)
    return found


def _failures(verdicts: Sequence[Verdict], paint: _Paint) -> list[str]:
    """One line per failure; hosts that fail alike share it."""
    lines = [paint("Failed", "bold")]
    groups = _grouped(verdicts, "fail")
    for (control, expected, observed), records in sorted(
        groups.items(), key=lambda g: SEVERITIES.index(g[1][0]["severity"])
    ):
        severity = paint(f"{records[0]['severity']:<8}", "fail")
        hosts = _clean(_names([record["host"] for record in records]))
        lines.append(f"  {severity}  {control} on {hosts}: expected {_clean(expected)}, observed {_clean(observed)}")
    return lines if groups else [paint("No measured rule failed.", "pass")]


def _unmeasured(summary: Summary, verdicts: Sequence[Verdict], paint: _Paint) -> list[str]:
    absent = dict(summary.coverage.missing)
    lines = [f"  {_clean(host)}: {_clean(why or 'no answer')}" for host, why in absent.items()]
    groups: dict[tuple[str, str], list[str]] = {}
    for record in verdicts:
        if record["verdict"] == "not_evaluated" and record["host"] not in absent:
            why = record.get("reason_en") or record.get("reason") or "unknown reason"
            groups.setdefault((record["control"], why), []).append(record["host"])
    lines += [f"  {control} on {_clean(_names(hosts))}: {_clean(why)}" for (control, why), hosts in groups.items()]
    return [paint("Not measured", "bold"), *lines] if lines else []


def _drift(drift: Drift) -> list[str]:
    if drift.first_run:
        return ["First run of this site: nothing to compare with."]
    if drift.empty:
        return ["Nothing has changed since the previous run."]
    lines = ["Since the previous run"]
    for kind in KINDS:
        if controls := list(by_control(getattr(drift, kind))):
            rest = f" and {len(controls) - _SHOWN_CHANGES} more" if len(controls) > _SHOWN_CHANGES else ""
            lines.append(f"  {DRIFT['en'][kind]}: {', '.join(controls[:_SHOWN_CHANGES])}{rest}")
    for kind in ("host_vanished", "new_host"):
        if hosts := getattr(drift, kind):
            lines.append(f"  {DRIFT['en'][kind]}: {_clean(_names(hosts))}")
    return lines


def _attestations(attestations: Sequence[Mapping[str, Any]]) -> list[str]:
    if not attestations:
        return []
    found = [each["verdict"] for each in attestations]
    return [
        f"Attestations: {found.count('pass')} valid, {found.count('fail')} refused, "
        f"{found.count('not_evaluated')} to be supplied"
    ]


def _end(
    summary: Summary, paths: Mapping[str, Any], paint: _Paint, attestations: Sequence[Mapping[str, Any]]
) -> list[str]:
    coverage, failed = summary.coverage, summary.rules["fail"]
    refused = sum(1 for each in attestations if each["verdict"] == "fail")
    awaited = sum(1 for each in attestations if each["verdict"] == "not_evaluated")
    if failed:
        urgent = f" the {summary.critical} critical first," if summary.critical else ""
        next_step = (f"correct {failed} failed {'rule' if failed == 1 else 'rules'},{urgent} then audit again", "fail")
    elif refused:
        next_step = (f"have {refused} refused attestation(s) renewed; the report says which and why", "fail")
    elif not coverage.complete or summary.rules["not_evaluated"]:
        next_step = ("find out why some rules could not be measured (above), then audit again", "not_evaluated")
    elif awaited:
        next_step = (f"ask the client for {awaited} attestation(s); the report says which", "not_evaluated")
    else:
        next_step = ("nothing to correct", "pass")
    machines = _clean(count(coverage.total, "machine", "en"))
    lines = [f"Coverage: {coverage.measured} of {machines} measured", paint(f"Next: {next_step[0]}.", next_step[1])]
    return [*lines, f"Report: {paths['html']}"] if "html" in paths else lines
