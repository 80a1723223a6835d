"""Counting a run: everything once, coverage apart from the score."""

from __future__ import annotations

import pytest
from ansible.module_utils.policy.report.summary import VERDICTS, VerdictError, history_entry, summarise

from tests.unit.policy.samples.report import RULES, RUN, record, verdicts


def test_every_measurement_is_counted_once() -> None:
    records = verdicts()
    counted = summarise(records, RUN)
    assert set(counted.counts) == set(VERDICTS)
    assert sum(counted.counts.values()) == len(records)
    assert all(counted.counts[verdict] for verdict in VERDICTS)


def test_every_rule_is_counted_once_overall_by_topic_and_by_severity() -> None:
    counted = summarise(verdicts(), RUN)
    for groups in (counted.topics, counted.severities):
        for verdict in VERDICTS:
            assert sum(group[verdict] for group in groups.values()) == counted.rules[verdict]
    assert sum(counted.rules.values()) == len(RULES)


def test_a_rule_takes_the_worst_of_its_hosts() -> None:
    records = [record(RULES[9], "poste-accueil"), record(RULES[9], "serveur-fichiers", verdict="fail")]
    assert summarise(records, RUN).rules["fail"] == 1


def test_a_rule_not_measured_on_a_host_that_answers_is_not_green() -> None:
    records = [record(RULES[9], "poste-accueil"), record(RULES[9], "serveur-fichiers", verdict="not_evaluated")]
    assert summarise(records, RUN).rules["not_evaluated"] == 1


def test_a_silent_host_lowers_the_coverage_and_not_the_score() -> None:
    records = [record(RULES[9], "poste-accueil"), record(RULES[9], "poste-atelier", verdict="not_evaluated")]
    counted = summarise(records, RUN)
    assert counted.rules["pass"] == 1
    assert (counted.coverage.measured, counted.coverage.total) == (3, 4)
    assert counted.coverage.missing == (("poste-atelier", "unreachable: connection timed out"),)


def test_a_rule_that_only_silent_hosts_could_show_is_not_measured() -> None:
    records = [record(RULES[9], "poste-atelier", verdict="not_evaluated")]
    assert summarise(records, RUN).rules["not_evaluated"] == 1


def test_a_rule_that_does_not_apply_to_the_hosts_that_answer_waits_for_the_silent_one() -> None:
    records = [
        record(RULES[9], "poste-accueil", verdict="not_applicable"),
        record(RULES[9], "poste-atelier", verdict="not_evaluated"),
    ]
    assert summarise(records, RUN).rules["not_evaluated"] == 1


def test_coverage_tells_workstations_from_servers_by_the_groups_of_the_inventory() -> None:
    assert summarise(verdicts(), RUN).coverage.kinds == {"server": (2, 2), "workstation": (1, 2)}


@pytest.mark.parametrize(
    ("other", "said"),
    [({"verdict": "green"}, "unknown verdict 'green'"), ({"severity": "grave"}, "unknown severity 'grave'")],
)
def test_a_record_that_would_be_counted_nowhere_is_refused_by_name(other: dict[str, str], said: str) -> None:
    with pytest.raises(VerdictError, match=rf"verdict 1 \(password_min_length on dc1\): {said}"):
        summarise([record(RULES[0], "dc1", **other)], RUN)


def test_a_control_judged_twice_on_a_host_is_refused() -> None:
    with pytest.raises(VerdictError, match="judged twice"):
        summarise([record(RULES[0], "dc1"), record(RULES[0], "dc1")], RUN)


def test_the_history_keeps_rules_and_measurements_apart() -> None:
    entry = history_entry(summarise(verdicts(), RUN))
    assert entry["finished_at"] == RUN["finished_at"]
    assert sum(entry["rules"].values()) == len(RULES)
    assert sum(entry["counts"].values()) == len(verdicts())


def test_a_run_without_an_end_is_dated_by_its_start() -> None:
    run = {key: content for key, content in RUN.items() if key != "finished_at"}
    assert history_entry(summarise(verdicts(), run))["finished_at"] == RUN["started_at"]
