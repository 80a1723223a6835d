"""A file comes back from where it was said, and nothing is overwritten unless it was said."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.unit.restore.programs import Folder

# isort: split
from restoredrill.files import Wish, bring_back, dated, repositories
from restoredrill.restic import DrillError, Snapshot


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    live = tmp_path / "live"
    (live / "sub").mkdir(parents=True)
    (live / "sub" / "letter").write_bytes(b"dear all")
    return Folder(live, tmp_path / "kept", time.time() - 60)


def wish(path: str, **other: object) -> Wish:
    return replace(Wish("shares", path, "", "", "", True, False), **other)  # type: ignore[arg-type]


def test_a_deleted_file_comes_back_in_its_place(folder: Folder) -> None:
    letter = folder.live / "sub" / "letter"
    letter.unlink()
    assert bring_back(folder, "fs1", wish(str(letter)))["files"] == 1
    assert letter.read_bytes() == b"dear all"


def test_a_file_that_is_there_is_not_overwritten_unless_it_is_said(folder: Folder) -> None:
    letter = folder.live / "sub" / "letter"
    letter.write_bytes(b"new words")
    with pytest.raises(DrillError, match="are there already"):
        bring_back(folder, "fs1", wish(str(letter)))
    assert letter.read_bytes() == b"new words"
    assert bring_back(folder, "fs1", wish(str(letter), overwrite=True))["overwritten"] == 1


def test_a_folder_is_restored_beside(folder: Folder, tmp_path: Path) -> None:
    beside = tmp_path / "beside"
    beside.mkdir()
    bring_back(folder, "fs1", wish(str(folder.live / "sub"), in_place=False, to=str(beside)))
    assert Path(f"{beside}{folder.live}/sub/letter").read_bytes() == b"dear all"


def test_a_path_that_is_not_there_names_its_like(folder: Folder) -> None:
    with pytest.raises(DrillError, match=r"the same name is at .*/sub/letter"):
        bring_back(folder, "fs1", wish("/elsewhere/letter"))


def test_the_state_of_a_day_is_its_last() -> None:
    states = [Snapshot("a", 1795200000.0), Snapshot("b", 1795260000.0), Snapshot("c", time.time() + 10**7)]
    assert dated(states[:2], "", "x").id == "b"
    assert dated(states, "2026-11-21T01:00", "x").id == "a"
    with pytest.raises(DrillError, match="is no date"):
        dated(states, "yesterday", "x")
    with pytest.raises(DrillError, match="the oldest backup"):
        dated(states, "2020-01-01", "x")


def test_a_repository_that_nobody_knows_is_refused_with_those_that_are() -> None:
    with pytest.raises(DrillError, match="there are offsite"):
        repositories({"repositories": [{"name": "offsite", "url": "https://127.0.0.1:1/"}]}, "nearby", 5)


def test_a_repository_that_does_not_answer_is_told() -> None:
    with pytest.raises(DrillError, match="not reached"):
        repositories({"repositories": [{"name": "offsite", "url": "https://127.0.0.1:1/"}]}, "", 5)
