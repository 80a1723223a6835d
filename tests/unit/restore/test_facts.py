"""What the audit reads of restores: the age of the last proof, and nothing where there was none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.linux.restore_state import restore_facts

NOW = 1795300000.0
LAST: dict[str, Any] = {
    "at": NOW - 86400,
    "ok": True,
    "extrapolated_seconds": 7200,
    "differences": [],
    "sets": [{"set": "shares", "repository": "offsite", "ok": True}],
}


def facts(tmp_path: Path, last: dict[str, Any] | None = None, runs: list[dict[str, Any]] | None = None) -> Any:
    settings = tmp_path / "settings.json"
    settings.write_text(
        json.dumps({"sets": [{"name": "shares"}], "repositories": [{"name": "offsite"}, {"name": "onsite"}]}),
        encoding="utf-8",
    )
    found = LAST if last is None else last
    (tmp_path / "last.json").write_text(json.dumps(found), encoding="utf-8")
    lines = [found] if runs is None else runs
    (tmp_path / "history.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in lines), encoding="utf-8")
    return restore_facts(str(tmp_path), str(settings), NOW)


def test_the_proof_of_yesterday_is_a_day_old(tmp_path: Path) -> None:
    found, failures = facts(tmp_path)
    assert (found["proven_days"], found["extrapolated_hours"]) == (1.0, 2.0)
    assert found["unproven"] == ["shares (onsite)"]
    assert set(failures) == {"restore_drill.rehearsal"}


def test_a_drill_that_failed_leaves_the_proof_before_it(tmp_path: Path) -> None:
    failed = {**LAST, "at": NOW - 3600, "ok": False, "extrapolated_seconds": None}
    found, failures = facts(tmp_path, failed, [{"at": NOW - 5 * 86400, "ok": True}, failed])
    assert found["proven_days"] == 5.0
    assert "not known" in failures["restore_drill.extrapolated_hours"]


@pytest.mark.parametrize("runs", [[], [{"at": NOW - 1, "ok": True}], [{"at": LAST["at"], "ok": False}]])
def test_a_history_that_does_not_hold_proves_nothing(tmp_path: Path, runs: list[dict[str, Any]]) -> None:
    found, _ = facts(tmp_path, None, runs)
    assert "proven_days" not in found


def test_a_proof_of_the_future_is_none(tmp_path: Path) -> None:
    found, failures = facts(tmp_path, {**LAST, "at": NOW + 86400})
    assert "proven_days" not in found
    assert "future" in failures["restore_drill.proven_days"]


def test_no_drill_is_no_answer(tmp_path: Path) -> None:
    found, failures = restore_facts(str(tmp_path / "none"), str(tmp_path / "none.json"), NOW)
    assert set(found) <= {"weekly"}
    assert failures["restore_drill.last"] == "no restore was ever tried"


def test_the_rehearsal_is_read(tmp_path: Path) -> None:
    told = {"at": NOW - 86400, "ok": True, "seconds": 3600, "lost_hours": 0.5, "differences": []}
    (tmp_path / "rehearsal.json").write_text(json.dumps(told), encoding="utf-8")
    found, _ = facts(tmp_path)
    assert (found["rehearsal"]["hours"], found["rehearsal"]["age_days"]) == (1.0, 1.0)
