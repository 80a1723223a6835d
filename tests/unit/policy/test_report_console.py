"""The summary in a terminal."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.policy.report import console, drift
from ansible.module_utils.policy.report.summary import summarise

from tests.unit.policy.samples.report import RULES, RUN, previous, record, verdicts
from tests.unit.policy.samples.report_extras import ATTESTATIONS


def _render(records: list[dict[str, Any]], color: bool = False, **other: Any) -> str:
    found = drift.compare(other.pop("before", None), records)
    return console.render(
        summarise(records, other.pop("run", RUN)), records, found, {"html": "r/report.html"}, color, **other
    )


def _healthy() -> dict[str, Any]:
    return {**RUN, "hosts": [host for host in RUN["hosts"] if host["measured"]]}


def test_each_failure_is_one_line_with_host_expected_and_observed() -> None:
    assert (
        "  medium    password_max_age on dc1: expected at most 90 days, observed 180 days"
        in _render(verdicts()).splitlines()
    )


def test_the_gravest_failures_come_first() -> None:
    lines = _render(verdicts()).splitlines()
    shown = [line.split()[0] for line in lines if ": expected " in line]
    assert shown == ["critical", "critical", "high", "medium", "medium", "low"]


def test_hosts_that_fail_alike_share_a_line() -> None:
    records = [record(RULES[9], f"pc{number}", verdict="fail", observed=30) for number in range(30)]
    lines = [line for line in _render(records).splitlines() if ": expected " in line]
    assert lines == [
        "  medium    screen_lock_delay on pc0, pc1, pc2 and 27 more: expected at most 10 minutes, observed 30 minutes"
    ]


def test_the_last_lines_say_what_to_do_and_where_the_report_is() -> None:
    assert _render(verdicts()).splitlines()[-3:] == [
        "Coverage: 3 of 4 machines measured",
        "Next: correct 6 failed rules, the 2 critical first, then audit again.",
        "Report: r/report.html",
    ]


def test_what_was_not_measured_is_told_with_its_reason() -> None:
    said = _render(verdicts())
    assert "  poste-atelier: unreachable: connection timed out" in said
    assert "  vpn_two_factors on dc1: The test account does not exist yet." in said


def test_nothing_is_called_done_while_something_was_not_measured() -> None:
    said = _render([record(RULES[0], "dc1", verdict="not_evaluated")], run=_healthy())
    assert "Next: find out why some rules could not be measured" in said


def test_nothing_is_called_done_while_an_attestation_is_refused_or_awaited() -> None:
    green = [record(RULES[0], "dc1")]
    assert "1 refused attestation(s)" in _render(green, run=_healthy(), attestations=ATTESTATIONS)
    assert "ask the client for 1 attestation(s)" in _render(green, run=_healthy(), attestations=ATTESTATIONS[2:])
    assert "Next: nothing to correct." in _render(green, run=_healthy(), attestations=ATTESTATIONS[:1])


def test_drift_names_the_controls() -> None:
    assert "Newly not met: leavers_disabled, clock_offset" in _render(verdicts(), before=previous())


def test_without_colour_no_escape_sequence_is_written() -> None:
    assert "\x1b" not in _render(verdicts())
    assert "\x1b[31m" in _render(verdicts(), color=True)


def test_colour_changes_no_word() -> None:
    plain = _render(verdicts(), color=True)
    for code in ("31", "33", "34", "32", "2", "1", "0"):
        plain = plain.replace(f"\x1b[{code}m", "")
    assert plain == _render(verdicts())


def test_an_observed_value_cannot_drive_the_terminal() -> None:
    said = _render([record(RULES[0], "dc1", verdict="fail", observed="\x1b[2J\r\nall good\u202e")])
    assert "\x1b" not in said
    assert "\nall good" not in said
    assert "\u202e" not in said
