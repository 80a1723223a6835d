"""Pruning, checking and the watch, with a restic that says what it is told to."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.backup_repository.programs import Keeper, room

NOW = time.time()


def day(age: float) -> str:
    return (datetime.now(UTC) - timedelta(days=age)).isoformat()


@pytest.fixture
def keeper(tmp_path: Path) -> Keeper:
    made = Keeper(tmp_path)
    for age in (0.5, 1.5, 400):
        made.arrives(f"{int(age * 10):x}", day(age), NOW - age * 86400)
    return made


def test_what_is_too_old_is_let_go_and_it_is_written_down(keeper: Keeper) -> None:
    done = keeper.run("prune")
    assert done.returncode == 0, done.stderr
    calls = keeper.calls.read_text()
    assert "fs1 unlock" in calls
    assert "fs1 forget " + f"{4000:x}" in calls
    assert "fs1 prune" in calls
    entry = keeper.written()["repositories"]["fs1"]["prune"]
    assert (entry["ok"], entry["kept"], entry["removed"], entry["future"]) == (True, 2, 1, [])


def test_a_snapshot_of_the_future_is_an_alert_and_stays(keeper: Keeper) -> None:
    keeper.arrives("fff", day(-730), NOW)
    done = keeper.run("prune")
    assert done.returncode == 1
    assert "fff" not in keeper.calls.read_text()
    assert "dated in the future" in keeper.told.read_text()


def test_a_clock_that_leapt_stops_the_pruning_until_somebody_says_that_it_is_right(keeper: Keeper) -> None:
    keeper.run("prune")
    state = keeper.written()
    state["last_prune_clock"] = int(NOW - 40 * 86400)
    (keeper.state / "state.json").write_text(json.dumps(state))
    keeper.calls.write_text("")
    done = keeper.run("prune")
    assert "the clock has jumped" in done.stdout
    assert keeper.calls.read_text() == ""
    assert keeper.run("prune", "--believe-clock").returncode == 0


def test_a_wrong_key_or_a_full_disk_is_told_once_and_again_when_it_is_over(keeper: Keeper) -> None:
    fails = keeper.calls.parent / "fails_snapshots"
    fails.write_text("wrong password or no key found")
    assert keeper.run("prune").returncode == 1
    assert keeper.run("prune").returncode == 1
    assert keeper.told.read_text().count("wrong password") == 1
    assert keeper.written()["repositories"]["fs1"]["prune"]["ok"] is False
    fails.unlink()
    assert keeper.run("prune").returncode == 0
    assert "over: fs1: pruning failed" in keeper.told.read_text()
    assert keeper.written()["alerts"] == []


def test_the_data_are_read_part_by_part_and_a_damaged_part_again(keeper: Keeper) -> None:
    for _ in range(2):
        keeper.run("check")
    (keeper.calls.parent / "fails_check").write_text("pack is damaged")
    done = keeper.run("check")
    assert "damaged" in done.stdout
    (keeper.calls.parent / "fails_check").unlink()
    for _ in range(2):
        keeper.run("check")
    parts = [line.split("=")[1].split()[0] for line in keeper.calls.read_text().splitlines() if " check " in line]
    assert parts == ["1/3", "2/3", "3/3", "3/3", "1/3"]


def test_a_host_that_fills_its_part_adds_nothing_more_and_opens_again(keeper: Keeper) -> None:
    (keeper.folder / "fs1" / "data" / "00" / "0").write_bytes(b"x" * 5000)
    keeper.given["quotas_gb"]["fs1"] = 0.000001
    done = keeper.run("watch")
    assert "its part of the disk is full" in done.stdout
    assert room.is_closed(str(keeper.folder / "fs1"))
    keeper.given["quotas_gb"]["fs1"] = 1
    assert keeper.run("watch").returncode == 0
    assert not room.is_closed(str(keeper.folder / "fs1"))


def test_a_full_disk_takes_nothing_new_and_an_early_one_is_told(keeper: Keeper) -> None:
    keeper.given["free_percent"] = 101
    assert "fills up" in keeper.run("watch").stdout
    assert not room.is_closed(str(keeper.folder / "fs1"))
    keeper.given["reserve_percent"] = 101
    assert "the disk is full" in keeper.run("watch").stdout
    assert room.is_closed(str(keeper.folder / "fs1"))


def test_pruning_works_on_a_closed_repository_and_leaves_it_closed(keeper: Keeper) -> None:
    room.set_closed(str(keeper.folder / "fs1"), True)
    assert keeper.run("prune").returncode == 0
    assert room.is_closed(str(keeper.folder / "fs1"))


def test_a_host_that_sends_nothing_any_more_is_told(keeper: Keeper) -> None:
    keeper.run("watch")
    state = keeper.written()
    state["repositories"]["fs1"]["since"] = 0
    (keeper.state / "state.json").write_text(json.dumps(state))
    for file in (keeper.folder / "fs1" / "snapshots").iterdir():
        os.utime(file, (NOW - 40 * 3600, NOW - 40 * 3600))
    assert "nothing has arrived for 26 hours" in keeper.run("watch").stdout


def test_an_upload_that_was_cut_off_goes_after_some_days_and_nothing_else(keeper: Keeper) -> None:
    folder = keeper.folder / "fs1" / "data" / "00"
    for name, age in (("ab" * 32 + "-temp", 3), ("cd" * 32 + "-temp", 1), ("ef" * 32, 300)):
        (folder / name).write_text("x")
        os.utime(folder / name, (NOW - age * 86400, NOW - age * 86400))
    keeper.run("watch")
    assert sorted(file.name[:2] for file in folder.iterdir()) == ["cd", "ef"]


@pytest.mark.parametrize(
    ("key", "value"), [("retention", {}), ("quotas_gb", {}), ("check_parts", "many"), ("folder", None)]
)
def test_settings_that_are_wrong_are_refused_and_nothing_is_done(keeper: Keeper, key: str, value: object) -> None:
    if value is None:
        del keeper.given[key]
    else:
        keeper.given[key] = value
    done = keeper.run("prune")
    assert done.returncode == 2
    assert str(keeper.file) in done.stderr
    assert not keeper.calls.exists()
