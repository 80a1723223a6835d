"""The trial of the logs sees what a destroyer leaves, says what arrived, and leaves nothing behind."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.linux import log_state, log_trail, log_trial
from ansible.module_utils.linux.log_state import LogError

from tests.unit.logs.programs import program

TODAY = date(2026, 11, 21)
destroyer = program("log_retention", "log-destroy")


def destroying(path: Path, days: int) -> Callable[[], object]:
    limit = TODAY - timedelta(days=days)
    return lambda: list(destroyer.destroy(str(path), limit, TODAY, True))


def tried(path: Path, destroy: Callable[[], object]) -> dict[str, Any]:
    return log_trial.try_destruction(str(path), 365, destroy, TODAY)


@pytest.mark.parametrize("days", [30, 183, 364, 365, 366, 368])
def test_the_trial_measures_how_long_lines_are_really_kept(tmp_path: Path, days: int) -> None:
    path = tmp_path / "access.log"
    path.touch()
    assert tried(path, destroying(path, days)) == {
        "longest_kept_days": days,
        "gaps": [],
        "forgotten_destroyed": True,
        "old_lines_destroyed": True,
    }
    assert list(tmp_path.iterdir()) == [path]


def test_a_destroyer_that_does_nothing_is_seen(tmp_path: Path) -> None:
    found = tried(tmp_path / "access.log", lambda: None)
    assert (found["longest_kept_days"], found["forgotten_destroyed"], found["old_lines_destroyed"]) == (
        None,
        False,
        False,
    )
    assert list(tmp_path.iterdir()) == []


def test_a_destroyer_that_takes_young_lines_is_seen(tmp_path: Path) -> None:
    def careless() -> None:
        next(tmp_path.glob(f"access.log-{TODAY - timedelta(days=183):%Y%m%d}-*")).unlink()

    assert tried(tmp_path / "access.log", careless)["gaps"] == [183]


def test_a_destroyer_that_goes_by_names_alone_is_seen(tmp_path: Path) -> None:
    def by_name() -> None:
        for age in range(366, 2000):
            for file in tmp_path.glob(f"access.log-{TODAY - timedelta(days=age):%Y%m%d}-*"):
                file.unlink()

    found = tried(tmp_path / "access.log", by_name)
    assert (found["longest_kept_days"], found["forgotten_destroyed"]) == (365, False)


def test_the_trial_cleans_up_when_the_destroyer_fails(tmp_path: Path) -> None:
    def fails() -> None:
        raise LogError("no such unit")

    with pytest.raises(LogError, match="no such unit"):
        tried(tmp_path / "access.log", fails)
    assert list(tmp_path.iterdir()) == []


def test_a_frame_says_how_long_it_is() -> None:
    frame = log_trial.frame("dc1", "hello", 0.0)
    length, _, line = frame.partition(b" ")
    assert int(length) == len(line)
    assert line.startswith(b"<86>1 1970-01-01T00:00:00.000Z dc1 ")


def line(folder: str, text: str, received: str = "2026-11-21T10:00:01+00:00") -> dict[str, str]:
    return {"received": received, "written": received, "folder": folder, "what": "trial", "text": text}


def test_lines_of_the_trial_are_told_apart() -> None:
    lines = [
        line("gw1", "m1-gw1 own line"),
        line("gw1", "m1-gw1 forged name"),
        line("dc1", "m1-fs1 forged name"),
        line("unknown", "m1-ws1 stranger"),
        line("gw1", "m1-gw1 plain"),
    ]
    assert [each["host"] for each in log_trail.own_lines(lines, "m1")] == ["gw1"]
    assert log_trail.misfiled(lines, "m1") == ["fs1 wrote into the folder of dc1"]
    assert log_trail.strangers(lines) == ["plain", "stranger"]


@pytest.mark.parametrize(("end", "missing"), [("two", []), ("one", ["gw1: web"])])
def test_the_last_line_of_a_log_is_looked_for_without_being_shown(tmp_path: Path, end: str, missing: list[str]) -> None:
    (tmp_path / "gw1").mkdir()
    received = "2026-11-21T10:00:01+00:00 2026-11-21T10:00:00+00:00 gw1 web "
    (tmp_path / "gw1" / "web.log").write_text(
        f"{received}line one\n" + (f"{received}line two\n" if end == "two" else "")
    )
    (tmp_path / "access.log").write_text("line one\nline two\nhalf a li")
    sent = log_state.last_lines([{"name": "web", "path": str(tmp_path / "access.log")}])
    assert "line" not in str(sent)
    assert log_trail.absent(str(tmp_path), [{"host": "gw1", "last_lines": sent}]) == missing


def test_the_state_of_a_log_is_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "access.log"
    path.write_text("2026-11-21T08:00:00+0100 x\n")
    path.chmod(0o644)
    old = tmp_path / "access.log-20261110-000000"
    old.write_text("2026-11-10T08:00:00+0100 x\n")
    moment = 1_795_255_963.0
    os.utime(old, (moment - 5 * 86400, moment - 5 * 86400))
    tmp_path.chmod(0o750)
    (found,) = log_state.kept([{"name": "web", "path": str(path)}], moment)
    assert (found["mode"], found["closed"], found["oldest_day"]) == ("0644", False, "2026-11-10")
    assert found["unpacked"] == [str(old)]
    assert log_state.overdue([found], 9, TODAY) == [str(path)]
    assert log_state.overdue([found], 10, TODAY) == []


def test_a_log_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert log_state.kept([{"name": "web", "path": f"{tmp_path}/none"}], 0.0)[0]["present"] is False


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ('{"when": "2026-11-21T10:16:31+00:00", "who": "x"}', "2026-11-21"),
        ("1795255963.120 12 10.0.0.1", "2026-11-21"),
        ("no day at all", None),
    ],
)
def test_the_first_day_of_a_log_is_read_however_it_is_written(tmp_path: Path, text: str, day: str | None) -> None:
    (tmp_path / "x.log").write_text(f"{text}\n")
    assert log_state.first_day(str(tmp_path / "x.log")) == day
