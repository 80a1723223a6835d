"""A search is written down before it is answered, and the journal shows when it was changed."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.logs.programs import program

search = program("log_server", "log-search")
WHY = "ticket 4711, poste en panne"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "settings.json").write_text(json.dumps({"folder": str(tmp_path)}))
    monkeypatch.setattr(search, "CONFIGURATION", str(tmp_path / "settings.json"))
    monkeypatch.setattr(search.syslog, "syslog", lambda *_: None)
    (tmp_path / "access").mkdir()
    (tmp_path / "gw1").mkdir()
    (tmp_path / "gw1" / "web.log").write_text(line("2026-11-21T08:00:00+00:00", "young"))
    with gzip.open(tmp_path / "gw1" / "web.log-20261120-000000.gz", "wt") as old:
        old.write(line("2026-11-19T08:00:00+00:00", "old"))
    return tmp_path


def line(when: str, text: str) -> str:
    return f"{when} {when} gw1 web {text}\n"


def ask(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["log-search", *words])
    return int(search.main())


def journal(folder: Path) -> list[dict[str, Any]]:
    file = folder / "access" / "searches.log"
    return [json.loads(each) for each in file.read_text().splitlines()] if file.exists() else []


def test_a_search_is_answered_and_written_down(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert ask(monkeypatch, "--why", WHY, "--host", "gw1", "old") == 0
    entry = journal(folder)[0]
    assert entry["why"] == WHY
    assert entry["question"] == {"host": "gw1", "limit": 1000, "text": "old"}
    assert {"when", "who", "previous"} <= set(entry)


@pytest.mark.parametrize("words", [[], ["--why", ""], ["--why", "  court  "], ["--why", WHY, "--host", "../etc"]])
def test_without_a_reason_or_out_of_its_folder_nothing_is_answered(
    folder: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    with pytest.raises(SystemExit):
        ask(monkeypatch, *words, "old")
    assert journal(folder) == []


def test_nothing_is_answered_when_it_cannot_be_written_down(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "access").rmdir()
    assert ask(monkeypatch, "--why", WHY, "young") == 1
    assert "young" not in capsys.readouterr().out


def given(**other: Any) -> Any:
    return type("Given", (), {"host": None, "stream": None, "begins": "", "ends": "", "text": "", **other})


@pytest.mark.parametrize(
    ("asked", "answers"),
    [
        ({}, 2),
        ({"text": "OLD"}, 1),
        ({"begins": "2026-11-20"}, 1),
        ({"ends": "2026-11-19"}, 1),
        ({"begins": "2026-11-19", "ends": "2026-11-21"}, 2),
        ({"stream": "vpn"}, 0),
        ({"host": "fs1"}, 0),
    ],
)
def test_lines_are_found_by_host_log_day_and_text(folder: Path, asked: dict[str, str], answers: int) -> None:
    assert len(list(search.found(str(folder), given(**asked)))) == answers


def test_the_journal_is_whole_across_its_turns(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(monkeypatch, "--why", WHY, "one")
    file = folder / "access" / "searches.log"
    file.rename(f"{file}-20261121-000000")
    ask(monkeypatch, "--why", WHY, "two")
    ask(monkeypatch, "--why", WHY, "three")
    assert ask(monkeypatch, "--why", WHY, "--verify") == 0


@pytest.mark.parametrize("change", [lambda rows: rows[:1] + rows[2:], lambda rows: [*rows[:1], rows[1] + " ", rows[2]]])
def test_a_line_taken_out_or_changed_is_seen(folder: Path, monkeypatch: pytest.MonkeyPatch, change: Any) -> None:
    for text in ("one", "two", "three"):
        ask(monkeypatch, "--why", WHY, text)
    file = folder / "access" / "searches.log"
    file.write_text("\n".join(change(file.read_text().splitlines())) + "\n")
    assert ask(monkeypatch, "--why", WHY, "--verify") == 1
