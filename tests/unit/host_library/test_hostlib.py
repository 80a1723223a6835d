"""A state is never half written, an alert is told once a day and when it is over, wrong settings are refused in words."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.host_library.programs import LIBRARY

import hostlib  # isort: skip

DAY = 24 * 3600


class Told(list[tuple[int, str]]):
    """Whom alerts are told."""

    def __call__(self, level: int, what: str) -> None:
        self.append((level, what))

    def new(self) -> list[tuple[int, str]]:
        said = list(self)
        self.clear()
        return said


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    now = {"is": time.time()}
    monkeypatch.setattr(hostlib.time, "time", lambda: now["is"])
    return now


def test_what_is_written_down_is_found_again(tmp_path: Path) -> None:
    with hostlib.changed_state(str(tmp_path)) as state:
        state["count"] = 1
    with hostlib.changed_state(str(tmp_path)) as state:
        state["count"] += 1
    assert hostlib.read_state(str(tmp_path)) == {"count": 2}


def test_each_name_has_a_file_of_its_own(tmp_path: Path) -> None:
    with hostlib.changed_state(str(tmp_path), "last", 0o600) as state:
        state["ok"] = True
    assert json.loads((tmp_path / "last.json").read_text(encoding="utf-8")) == {"ok": True}
    assert stat.S_IMODE((tmp_path / "last.json").stat().st_mode) == 0o600
    assert hostlib.read_state(str(tmp_path)) == {}


@pytest.mark.parametrize("moment", ["fsync", "replace"])
def test_a_power_cut_leaves_the_former_state(tmp_path: Path, moment: str) -> None:
    hostlib.write_state(str(tmp_path), {"count": 1})
    dies = (
        f"import os, sys; sys.path.insert(0, {LIBRARY!r}); import hostlib; os.{moment} = lambda *_: os._exit(9);"
        f"hostlib.write_state({str(tmp_path)!r}, {{'count': 2, 'more': 'x' * 9999}})"
    )
    assert subprocess.run([sys.executable, "-IBc", dies], check=False, timeout=60).returncode == 9
    assert hostlib.read_state(str(tmp_path)) == {"count": 1}
    hostlib.write_state(str(tmp_path), {"count": 3})
    assert hostlib.read_state(str(tmp_path)) == {"count": 3}
    assert os.listdir(tmp_path) == ["state.json"]


def test_a_full_disk_leaves_the_former_state_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    hostlib.write_state(str(tmp_path), {"count": 1})
    monkeypatch.setattr(hostlib.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"), hostlib.changed_state(str(tmp_path)) as state:
        state["count"] = 2
    assert hostlib.read_state(str(tmp_path)) == {"count": 1}
    assert sorted(os.listdir(tmp_path)) == ["state.json", "state.lock"]


@pytest.mark.parametrize("broken", ["", "{", "[1]", "null", '"text"'])
def test_a_broken_state_is_none_and_is_written_anew(tmp_path: Path, broken: str) -> None:
    (tmp_path / "state.json").write_text(broken, encoding="utf-8")
    with hostlib.changed_state(str(tmp_path)) as state:
        assert state == {}
        state["count"] = 1
    assert hostlib.read_state(str(tmp_path)) == {"count": 1}


def test_what_fails_half_way_changes_nothing(tmp_path: Path) -> None:
    hostlib.write_state(str(tmp_path), {"count": 1})
    with pytest.raises(KeyError), hostlib.changed_state(str(tmp_path)) as state:
        state["count"] = state["nothing"]
    assert hostlib.read_state(str(tmp_path)) == {"count": 1}


def test_two_programs_wait_for_each_other(tmp_path: Path) -> None:
    def count() -> None:
        for _ in range(20):
            with hostlib.changed_state(str(tmp_path)) as state:
                before = state.get("count", 0)
                time.sleep(0.001)
                state["count"] = before + 1

    threads = [threading.Thread(target=count) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert hostlib.read_state(str(tmp_path)) == {"count": 60}


def test_an_alert_is_told_once_each_day_once_when_over_and_again_after_its_cure(
    told: Told, clock: dict[str, float]
) -> None:
    state: dict[str, Any] = {}
    hostlib.settle(state, "disks", ["sda failed"], told)
    began = state["alerts"][0]["since"]
    assert told.new() == [(hostlib.ALERT, "sda failed")]
    clock["is"] += DAY - 1
    hostlib.settle(state, "disks", ["sda failed"], told)
    assert told.new() == []
    clock["is"] += 1
    hostlib.settle(state, "disks", ["sda failed"], told)
    assert told.new() == [(hostlib.ALERT, "sda failed")]
    assert state["alerts"] == [{"part": "disks", "what": "sda failed", "since": began, "told_at": int(clock["is"])}]
    hostlib.settle(state, "disks", [], told)
    assert told.new() == [(hostlib.NOTICE, "over: sda failed")]
    hostlib.settle(state, "disks", [], told)
    assert told.new() == []
    hostlib.settle(state, "disks", ["sda failed"], told)
    assert told.new() == [(hostlib.ALERT, "sda failed")]


def test_a_clock_that_went_back_silences_no_alert(told: Told, clock: dict[str, float]) -> None:
    state: dict[str, Any] = {}
    hostlib.settle(state, "disks", ["sda failed"], told)
    clock["is"] -= 400 * DAY
    told.clear()
    hostlib.settle(state, "disks", ["sda failed"], told)
    hostlib.settle(state, "disks", ["sda failed"], told)
    assert told == [(hostlib.ALERT, "sda failed")]


def test_one_part_leaves_the_alerts_of_the_others_alone(told: Told) -> None:
    state: dict[str, Any] = {}
    hostlib.settle(state, "disks", ["sda failed"], told)
    hostlib.settle(state, "room", ["full"], told)
    told.clear()
    hostlib.settle(state, "room", [], told)
    assert [each["what"] for each in state["alerts"]] == ["sda failed"]
    assert told == [(hostlib.NOTICE, "over: full")]


def test_a_sentence_whose_gist_stays_is_the_same_alert(told: Told) -> None:
    state: dict[str, Any] = {}
    for said in ("late by 1 h", "late by 2 h"):
        hostlib.settle_parts(state, ["age"], [("age", said)], told, lambda what: what[:7])
    assert told == [(hostlib.ALERT, "late by 1 h")]
    assert state["alerts"][0]["what"] == "late by 2 h"


@pytest.mark.parametrize(("stream", "mark"), [(None, ""), ("8:1", "<1>")])
def test_the_journal_sees_how_grave_it_is(
    stream: str | None, mark: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    if stream:
        monkeypatch.setenv("JOURNAL_STREAM", stream)
    hostlib.teller("antivirus", [])(hostlib.ALERT, "nothing is found")
    assert capsys.readouterr().err == f"{mark}antivirus: nothing is found\n"


def test_the_command_of_the_site_is_given_the_sentence(tmp_path: Path) -> None:
    assert hostlib.send(["/bin/sh", "-c", f"cat > {tmp_path}/told"], "sda failed") == ""
    assert (tmp_path / "told").read_text(encoding="utf-8") == "sda failed\n"


def test_a_name_that_is_no_text_is_told_too(tmp_path: Path) -> None:
    assert hostlib.send(["/bin/sh", "-c", f"cat > {tmp_path}/told"], "set aside: caf\udce9.exe") == ""
    assert (tmp_path / "told").read_text(encoding="ascii") == "set aside: caf\\udce9.exe\n"


@pytest.mark.parametrize(
    ("command", "why"), [(["/bin/false"], "non-zero exit status 1"), (["/nowhere"], "No such file")]
)
def test_a_command_that_fails_is_told_with_its_reason(
    command: list[str], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    hostlib.teller("antivirus", command)(hostlib.ALERT, "nothing is found")
    said = capsys.readouterr().err
    assert "antivirus: the alert was not sent: " in said
    assert why in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "No such file"),
        ("{", "Expecting property name"),
        ('{"other": 1}', r"KeyError\('count'\) is missing or wrong"),
        ('{"count": "many"}', "invalid literal"),
        ("[]", "is missing or wrong"),
    ],
)
def test_settings_that_cannot_be_used_are_refused_with_their_file(
    tmp_path: Path, content: str | None, said: str
) -> None:
    file = tmp_path / "settings.json"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(hostlib.SettingsError, match=rf"settings\.json: .*{said}.*; run the playbook that writes it"):
        hostlib.settings_from(str(file), lambda given: int(given["count"]))


def test_settings_are_made_into_what_the_program_wants(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text('{"count": "3"}', encoding="utf-8")
    assert hostlib.settings_from(str(tmp_path / "settings.json"), lambda given: int(given["count"])) == 3
