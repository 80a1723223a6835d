"""The watch raises an alert while there is still time, and only then."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.unit.logs.programs import program

watch = program("log_retention", "log-watch")
NOW = 1_795_255_963.0


def configuration(folder: Path, **other: Any) -> dict[str, Any]:
    return {"free_percent": 0, "daily_megabytes": 1, "logs": [{"path": f"{folder}/access.log"}], **other}


def raised(folder: Path, server: dict[str, Any] | None = None, **other: Any) -> list[str]:
    return [each["text"] for each in watch.alerts(configuration(folder, **other), server, NOW)]


def put(file: Path, size: int, age: float = 0) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"x" * size)
    os.utime(file, (NOW - age, NOW - age))


def test_nothing_is_raised_when_all_is_well(tmp_path: Path) -> None:
    put(tmp_path / "access.log", 100)
    put(tmp_path / "access.log-20261120-000000", 100, age=86400)
    assert raised(tmp_path) == []


def test_too_little_room_is_raised(tmp_path: Path) -> None:
    assert any("of the disk is left" in each for each in raised(tmp_path, free_percent=101))


def test_a_folder_that_is_not_there_is_raised(tmp_path: Path) -> None:
    assert raised(tmp_path / "none") == [f"{tmp_path}/none is not there"]


def test_a_flood_is_raised(tmp_path: Path) -> None:
    put(tmp_path / "access.log", 1024 * 1024 + 1)
    assert any("since its last turn" in each for each in raised(tmp_path))


def test_a_turn_that_did_not_happen_is_raised(tmp_path: Path) -> None:
    put(tmp_path / "access.log", 100)
    put(tmp_path / "access.log-20261115-000000", 100, age=5 * 86400)
    assert any("not been turned for 5 days" in each for each in raised(tmp_path))


def test_a_host_that_fell_silent_is_raised(tmp_path: Path) -> None:
    server = {"folder": str(tmp_path), "senders": ["fs1", "gw1"], "silent_minutes": 60, "since": NOW - 600}
    put(tmp_path / "gw1" / "system.log", 10, age=60)
    put(tmp_path / "fs1" / "system.log", 10, age=7200)
    assert raised(tmp_path, server) == ["fs1 has sent nothing for 60 minutes"]


def test_a_host_that_is_new_is_given_time(tmp_path: Path) -> None:
    server = {"folder": str(tmp_path), "senders": ["ws1"], "silent_minutes": 60}
    assert raised(tmp_path, {**server, "since": NOW - 600}) == []
    assert raised(tmp_path, {**server, "since": NOW - 7200}) == ["ws1 has sent nothing for 60 minutes"]


def test_an_alert_is_told_when_it_begins_and_kept_while_it_lasts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(watch.syslog, "syslog", lambda _, text: told.append(text))
    monkeypatch.setattr(watch, "CONFIGURATION", str(tmp_path / "kept.json"))
    monkeypatch.setattr(watch, "SERVER", str(tmp_path / "none.json"))
    monkeypatch.setattr(watch, "STATE", str(tmp_path / "alerts.json"))
    (tmp_path / "kept.json").write_text(json.dumps(configuration(tmp_path, free_percent=101)))
    assert (watch.main(), watch.main()) == (0, 0)
    assert len(told) == 1
    assert len(json.loads((tmp_path / "alerts.json").read_text())) == 1
    (tmp_path / "kept.json").write_text(json.dumps(configuration(tmp_path)))
    watch.main()
    assert json.loads((tmp_path / "alerts.json").read_text()) == []


def test_a_watch_without_settings_raises_that(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch.syslog, "syslog", lambda *_: None)
    monkeypatch.setattr(watch, "CONFIGURATION", str(tmp_path / "none.json"))
    monkeypatch.setattr(watch, "STATE", str(tmp_path / "alerts.json"))
    watch.main()
    assert "cannot be read" in (tmp_path / "alerts.json").read_text()
