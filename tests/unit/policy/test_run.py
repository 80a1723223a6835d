"""A run on disk, without any host: judged, reported, judged again, compared with the run before it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from ansible.module_utils.policy.evidence import EvidenceError
from ansible.module_utils.policy.report import drift
from ansible.module_utils.policy.run import Outcome, judge_run, latest_run, load_outcome

from tests.conftest import ROOT
from tests.unit.policy import samples_evidence as samples

TODAY = date(2026, 11, 21)
WRITTEN = (
    "access.json",
    "attestations.json",
    "charte-annotee.html",
    "junit.xml",
    "report.html",
    "run.json",
    "verdicts.jsonl",
)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return samples.write_run(tmp_path / "site" / "2026-11-21T030000Z")


def weaker() -> dict[str, dict[str, Any]]:
    """Evidence of the same site once its passwords may be short."""
    evidence = samples.evidence()
    evidence["dc1"]["facts"]["password_policy"]["domain"]["min_length"] = 8
    return evidence


def verdict_of(outcome: Outcome, control: str) -> str:
    (found,) = (each["verdict"] for each in outcome.verdicts if each["control"] == control)
    return str(found)


def test_a_judged_run_has_its_reports_beside_its_evidence(directory: Path) -> None:
    outcome = judge_run(ROOT, directory, TODAY)
    assert sorted(file.name for file in directory.iterdir() if file.is_file()) == sorted(WRITTEN)
    assert {file.stat().st_mode & 0o777 for file in directory.iterdir() if file.is_file()} == {0o600}
    lines = (directory / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line) for line in lines] == outcome.verdicts
    assert {each["host"] for each in outcome.verdicts} == {"dc1", "fs1", "gw1", "log1", "pc1", "ws1"}
    page = (directory / "report.html").read_text(encoding="utf-8")
    assert "AutoConcept" in page
    assert '<html lang="fr"' in page
    cases = ElementTree.parse(directory / "junit.xml").getroot().findall(".//testcase")  # noqa: S314  (our own file)
    assert len(cases) == len(outcome.verdicts)


def test_judging_twice_writes_the_same_bytes(directory: Path) -> None:
    judge_run(ROOT, directory, TODAY)
    before = {name: (directory / name).read_bytes() for name in WRITTEN}
    judge_run(ROOT, directory, TODAY)
    assert {name: (directory / name).read_bytes() for name in WRITTEN} == before


def test_what_was_judged_is_loaded_as_it_was(directory: Path) -> None:
    judged = judge_run(ROOT, directory, TODAY)
    assert load_outcome(directory) == judged


def test_a_run_that_was_not_judged_is_not_loaded(directory: Path) -> None:
    with pytest.raises(EvidenceError, match="was not judged; run: bin/garant judge site"):
        load_outcome(directory)


def test_the_report_speaks_the_language_asked_for(directory: Path) -> None:
    judge_run(ROOT, directory, TODAY, "en")
    assert '<html lang="en"' in (directory / "report.html").read_text(encoding="utf-8")


def test_a_host_that_was_not_read_is_told_with_the_run(tmp_path: Path) -> None:
    evidence = samples.evidence()
    del evidence["ws1"]
    outcome = judge_run(ROOT, samples.write_run(tmp_path / "run", evidence), TODAY)
    assert outcome.run["hosts"] == [
        {"name": "dc1", "measured": True, "reason": ""},
        {"name": "fs1", "measured": True, "reason": ""},
        {"name": "gw1", "measured": True, "reason": ""},
        {"name": "log1", "measured": True, "reason": ""},
        {"name": "pc1", "measured": True, "reason": ""},
        {"name": "ws1", "measured": False, "reason": "no evidence"},
    ]
    assert outcome.exit_code == 2


def test_evidence_that_was_changed_is_not_judged_and_the_reports_stay(directory: Path) -> None:
    judge_run(ROOT, directory, TODAY)
    before = {name: (directory / name).read_bytes() for name in WRITTEN}
    file = directory / "evidence" / "dc1.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"min_length": 12', '"min_length": 20'), encoding="utf-8")
    with pytest.raises(EvidenceError, match=r"dc1\.json: was changed after it was collected"):
        judge_run(ROOT, directory, TODAY)
    assert {name: (directory / name).read_bytes() for name in WRITTEN} == before


def test_another_policy_gives_the_same_evidence_another_verdict(directory: Path) -> None:
    ours = judge_run(ROOT, directory, TODAY)
    theirs = judge_run(ROOT, samples.write_run(directory.parent.parent / "other" / "run", client="clairbois"), TODAY)
    assert verdict_of(ours, "password_min_length") == "pass"
    assert verdict_of(theirs, "password_min_length") == "fail"
    assert ours.run["policy_digest"] != theirs.run["policy_digest"]


def test_the_first_run_of_a_site_is_compared_with_nothing(directory: Path) -> None:
    outcome = judge_run(ROOT, directory, TODAY)
    assert outcome.previous is None
    assert drift.compare(outcome.previous, outcome.verdicts).first_run


def test_a_later_run_tells_what_changed_since_the_one_before(directory: Path) -> None:
    first = judge_run(ROOT, directory, TODAY)
    second = judge_run(ROOT, samples.write_run(directory.parent / "2026-11-22T030000Z", weaker()), TODAY)
    assert second.previous == first.verdicts
    changed = drift.compare(second.previous, second.verdicts)
    assert [change.control for change in changed.newly_failed] == ["password_min_length"]
    assert not changed.fixed
    assert "Since the previous run" in second.summary()
    third = judge_run(ROOT, samples.write_run(directory.parent / "2026-11-23T030000Z"), TODAY)
    assert third.previous == second.verdicts
    assert [change.control for change in drift.compare(third.previous, third.verdicts).fixed] == ["password_min_length"]


def test_an_earlier_run_judged_again_is_not_compared_with_a_later_one(directory: Path) -> None:
    judge_run(ROOT, samples.write_run(directory.parent / "2026-11-22T030000Z", weaker()), TODAY)
    assert judge_run(ROOT, directory, TODAY).previous is None


def test_the_latest_run_of_a_site_is_found_and_its_absence_told(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="no run yet; run: bin/garant audit site"):
        latest_run(tmp_path, "site")
    runs = tmp_path / "var" / "runs" / "site"
    for name in ("2026-11-22T030000Z", "2026-11-21T030000Z"):
        samples.write_run(runs / name)
    assert latest_run(tmp_path, "site") == runs / "2026-11-22T030000Z"
