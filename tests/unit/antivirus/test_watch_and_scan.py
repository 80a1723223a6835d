"""An engine that is gone, blind or finds everything is told; what is found is set aside, and nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.antivirus.programs import COMMAND, Verdict, container, settings, written

from avhost import clamd as engine  # isort: skip
from avhost import eicar, media, quarantine, scan, watch  # isort: skip
from avhost.settings import Settings  # isort: skip


def test_an_engine_that_finds_the_test_file_alone_is_left_in_peace(clamd: str) -> None:
    assert engine.troubles(clamd) == []


@pytest.mark.parametrize("verdict", [lambda content: "OK"])
def test_an_engine_that_finds_nothing_is_told(clamd: str, verdict: Verdict) -> None:
    assert engine.troubles(clamd) == ["clamd does not find the test file"]


@pytest.mark.parametrize("verdict", [lambda content: "Everything FOUND"])
def test_an_engine_that_finds_everything_is_told(clamd: str, verdict: Verdict) -> None:
    assert "proves nothing" in engine.troubles(clamd)[0]


@pytest.mark.parametrize("verdict", [lambda content: "INSTREAM size limit exceeded. ERROR"])
def test_an_engine_that_cannot_search_is_told(clamd: str, verdict: Verdict) -> None:
    assert "size limit" in engine.troubles(clamd)[0]


def test_an_engine_that_is_gone_is_told_once_and_when_it_is_back(tmp_path: Path) -> None:
    command = [*COMMAND, "--settings", str(written(tmp_path / "settings.json"))]
    command += ["--folder", str(tmp_path), "--socket", str(tmp_path / "nothing"), "watch"]
    calm = {name: value for name, value in os.environ.items() if name != "JOURNAL_STREAM"}
    first = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=calm)
    again = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=calm)
    assert first.returncode == again.returncode == 1
    assert "clamd does not answer" in first.stderr
    assert "clamd does not answer" not in again.stderr
    state = json.loads((tmp_path / "state.json").read_text(encoding="utf-8"))
    assert "clamd does not answer" in [each["what"] for each in state["alerts"]]


@pytest.mark.parametrize(
    ("hours", "state", "said"),
    [
        (1, {}, []),
        (49, {}, ["the signatures are older than 48 hours"]),
        (1, {"scan": {"ok_at": 0}}, ["no search of everything for 8 days"]),
        (1, {"scan": {"ok_at": None}}, []),
        (1, {"scan": {"ok_at": None}, "first_watch": 0}, ["no search of everything for 8 days"]),
    ],
)
def test_what_is_too_old_is_told(
    tmp_path: Path, clamd: str, hours: int, state: dict[str, Any], said: list[str]
) -> None:
    container(tmp_path / "site.cud", 3, int(time.time()) - hours * 3600)
    (tmp_path / "quarantine").mkdir()
    assert watch.watch(Settings(**settings(tmp_path)), state, clamd, str(tmp_path))["wrong"] == said


def clamdscan(folder: Path, lines: str, code: int) -> list[str]:
    """A command that says what clamdscan would."""
    said = folder / "said"
    said.write_text(lines, encoding="utf-8", errors="surrogateescape")
    return ["/bin/sh", "-c", f"cat {said}; exit {code}"]


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    (tmp_path / "quarantine").mkdir(mode=0o700)
    return tmp_path / "quarantine"


def test_what_is_found_is_set_aside_with_where_it_was(tmp_path: Path, kept: Path, clamd: str) -> None:
    bad, good = tmp_path / "bad", tmp_path / "good"
    bad.write_bytes(eicar.eicar())
    good.write_bytes(b"good")
    lines = f"{good}: OK\n{bad}: Test.Eicar FOUND\n"
    found = scan.scan(Settings(**settings(tmp_path)), [str(tmp_path)], clamdscan(tmp_path, lines, 1), clamd)
    assert (found["files"], found["ok"]) == (2, True)
    assert found["found"] == [{"path": str(bad), "signature": "Test.Eicar"}]
    assert not bad.exists()
    assert good.exists()
    file, note = sorted(kept.iterdir())
    assert oct(file.stat().st_mode & 0o777) == oct(note.stat().st_mode & 0o777) == "0o600"
    assert json.loads(note.read_text(encoding="utf-8"))["path"] == str(bad)


def test_copies_of_one_file_are_all_set_aside_at_once(tmp_path: Path, kept: Path, clamd: str) -> None:
    for number in range(3):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "invoice.exe").write_bytes(eicar.eicar())
        quarantine.set_aside(str(tmp_path / str(number) / "invoice.exe"), str(kept), clamd)
    assert list(tmp_path.glob("*/invoice.exe")) == []
    assert len([file for file in kept.iterdir() if file.name.endswith("invoice.exe")]) == 3
    assert len(list(kept.glob("*.json"))) == 3


@pytest.mark.parametrize("name", ["\U0001f9a0" * 60 + ".exe", "\udce9" * 200])
def test_no_name_keeps_a_file_out_of_the_quarantine(tmp_path: Path, kept: Path, clamd: str, name: str) -> None:
    (tmp_path / name).write_bytes(eicar.eicar())
    assert quarantine.set_aside(str(tmp_path / name), str(kept), clamd)
    assert not (tmp_path / name).exists()


def test_a_file_that_a_forged_line_names_stays(tmp_path: Path, kept: Path, clamd: str) -> None:
    good = tmp_path / "accounts.xls"
    good.write_bytes(b"good")
    scan.scan(Settings(**settings(tmp_path)), [str(tmp_path)], clamdscan(tmp_path, f"{good}: X FOUND\n", 1), clamd)
    assert good.exists()
    assert list(kept.iterdir()) == []


def test_a_link_is_not_followed_into_the_quarantine(tmp_path: Path, kept: Path, clamd: str) -> None:
    (tmp_path / "target").write_bytes(eicar.eicar())
    (tmp_path / "link").symlink_to(tmp_path / "target")
    with pytest.raises(OSError, match="link"):
        quarantine.set_aside(str(tmp_path / "link"), str(kept), clamd)
    assert (tmp_path / "target").exists()


def test_a_search_by_an_engine_that_is_gone_is_none(tmp_path: Path, kept: Path) -> None:
    found = scan.scan(Settings(**settings(tmp_path)), [str(tmp_path)], clamdscan(tmp_path, "", 0), str(tmp_path / "x"))
    assert not found["ok"]


def test_a_search_that_ended_before_it_began_is_told(tmp_path: Path, kept: Path, clamd: str) -> None:
    found = scan.scan(Settings(**settings(tmp_path)), [str(tmp_path)], clamdscan(tmp_path, "", 2), clamd)
    assert found["wrong"] == ["clamdscan ended with 2 after 0 files"]


def test_only_what_was_plugged_in_is_searched() -> None:
    lines = [
        "36 35 98:0 / / rw - ext4 /dev/root rw",
        "40 36 8:1 / /media/paul/CLE\\040USB rw - vfat /dev/sdb1 rw",
        "41 36 8:1 / /mediatheque rw - ext4 /dev/sdc1 rw",
    ]
    assert media.mounted(lines, ["/media", "/run/media/"]) == {("40", "/media/paul/CLE USB")}


@pytest.mark.parametrize(
    "wrong",
    [
        {"quarantine": "here"},
        {"scan_paths": ["home"]},
        {"official": "yes"},
        {"site_signatures": ["nothing"]},
        {"unknown": 1},
    ],
)
def test_settings_that_cannot_be_used_are_refused_with_their_file(tmp_path: Path, wrong: dict[str, Any]) -> None:
    file = written(tmp_path / "settings.json", **wrong)
    done = subprocess.run(
        [*COMMAND, "--settings", str(file), "check-settings"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 2
    assert str(file) in done.stderr
