"""What a keeper wrote down, as the audit reads it: a date that is still to come proves nothing."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

from ansible.module_utils.linux import backup_keeper as keeper


def runs(tmp_path: Path, at: float) -> dict[str, Any]:
    entry = {"ok": True, "ok_at": at, "error": "", "part": 1, "parts": 28}
    state = tmp_path / "state.json"
    state.write_text(json.dumps({"repositories": {"fs1": {"prune": entry, "check": entry}}}), encoding="utf-8")
    return keeper._runs(str(state))[0]


def test_a_run_of_an_hour_ago_counts(tmp_path: Path) -> None:
    found = runs(tmp_path, time.time() - 3600)
    assert (found["prune_hours"], found["check_ok"], found["check_days"]) == (1.0, True, 0.042)


def test_a_run_dated_in_the_future_counts_for_nothing(tmp_path: Path) -> None:
    found = runs(tmp_path, time.time() + 86400)
    assert (found["prune_hours"], found["check_ok"], found["check_days"]) == (None, False, None)


def test_an_arrival_of_the_future_does_not_hide_that_nothing_came(tmp_path: Path) -> None:
    snapshots = tmp_path / "fs1" / "snapshots"
    snapshots.mkdir(parents=True)
    (tmp_path / "fs1" / "keys").mkdir()
    for name, at in (("old", time.time() - 72 * 3600), ("ahead", time.time() + 86400)):
        (snapshots / name).touch()
        os.utime(snapshots / name, (at, at))
    found = keeper._repository({"folder": str(tmp_path), "quotas_gb": {"fs1": 1}}, "fs1")
    assert found["newest_hours"] == 72.0
    assert found["snapshots"] == 2
