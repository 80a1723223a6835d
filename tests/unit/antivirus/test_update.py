"""A file of signatures that is empty, cut, shrunken, older or something else does not take the place of a better one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.antivirus.programs import container, settings

from avhost import signatures, update  # isort: skip
from avhost.settings import Settings  # isort: skip

NOW = int(time.time())
Source = Callable[[Path], object]


@pytest.fixture
def folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """What was fetched, and what is in force; files stay with whoever runs the tests."""
    monkeypatch.setattr(update.os, "chown", lambda *_: None)
    staging, live = tmp_path / "staging", tmp_path / "live"
    staging.mkdir()
    live.mkdir()
    container(live / "site.cud", 100, NOW - 3600)
    return staging, live


def publish(folders: tuple[Path, Path], **other: Any) -> tuple[list[str], list[str]]:
    staging, live = folders
    return update.publish(Settings(**settings(staging, **other)), str(staging), str(live))


def test_better_signatures_are_put_in_force(folders: tuple[Path, Path]) -> None:
    container(folders[0] / "site.cud", 120, NOW)
    assert publish(folders) == (["site.cud"], [])
    assert signatures.read_database(str(folders[1] / "site.cud")).signatures == 120
    assert publish(folders) == ([], []), "what is in force is not put in force again"


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (lambda file: container(file, 0, NOW), "holds no signature"),
        (lambda file: container(file, 10, NOW), "10 signatures, 100 before"),
        (lambda file: container(file, 120, NOW - 7200), "older than what is in force"),
        (lambda file: container(file, 120, NOW + 3 * 86400), "its date is to come"),
        (lambda file: container(file, 120, NOW, name="html"), "no container"),
        (lambda file: file.write_bytes(b""), "no container"),
        (lambda file: file.write_bytes(b"ClamAV-VDB:x:y".ljust(512)), "header cannot be read"),
    ],
)
def test_worse_signatures_leave_the_former_ones_in_force(folders: tuple[Path, Path], source: Source, said: str) -> None:
    source(folders[0] / "site.cud")
    before = (folders[1] / "site.cud").read_bytes()
    taken, refused = publish(folders)
    assert taken == []
    assert len(refused) == 1
    assert said in refused[0]
    assert (folders[1] / "site.cud").read_bytes() == before


def test_an_increment_takes_the_place_of_the_file_it_was_made_from(folders: tuple[Path, Path]) -> None:
    container(folders[1] / "daily.cvd", 100, NOW - 3600)
    container(folders[0] / "daily.cld", 101, NOW)
    assert publish(folders)[0] == ["daily.cld"]
    assert not (folders[1] / "daily.cvd").exists()


def test_the_sites_own_signatures_are_not_the_sources_to_change(folders: tuple[Path, Path]) -> None:
    (folders[0] / "site.ndb").write_text("x:0:*:00\n")
    assert publish(folders) == ([], [])


def test_an_update_without_a_source_says_so(tmp_path: Path) -> None:
    assert update.fetch(Settings(**settings(tmp_path, private_urls=[]))) == ["no source of signatures is given"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("echo 'ERROR: no route'; echo 'ERROR: Update failed.'; exit 5", "signatures were not fetched: no route"),
        ("exit 3", "signatures were not fetched: freshclam ended with 3"),
    ],
)
def test_a_source_that_gives_nothing_is_told_with_its_reason(tmp_path: Path, words: str, said: str) -> None:
    assert update.fetch(Settings(**settings(tmp_path)), ("/bin/sh", "-c", words)) == [said]


def test_the_age_is_that_of_the_header_and_not_of_the_file(tmp_path: Path) -> None:
    container(tmp_path / "daily.cvd", 5, NOW - 50 * 3600)
    container(tmp_path / "site.cud", 5, NOW - 3600)
    found = signatures.databases(str(tmp_path))
    assert signatures.age_hours(found, official=True, now=NOW) == 50
    assert signatures.age_hours(found, official=False, now=NOW) == 1


def test_an_age_that_is_not_known_is_none(tmp_path: Path) -> None:
    (tmp_path / "site.ndb").write_text("x:0:*:00\n")
    found = signatures.databases(str(tmp_path))
    assert [each.signatures for each in found] == [1]
    assert signatures.age_hours(found, official=False) is None
    container(tmp_path / "site.cud", 5, NOW + 30 * 86400)
    assert signatures.age_hours(signatures.databases(str(tmp_path)), official=False) is None


def test_a_disk_that_is_full_is_told(folders: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError("No space left on device")

    container(folders[0] / "site.cud", 100, NOW)
    monkeypatch.setattr(update, "fetch", lambda _: [])
    monkeypatch.setattr(update, "_install", full)
    done = update.update(Settings(**settings(folders[0])), str(folders[0]), str(folders[1]))
    assert done["wrong"] == ["signatures were not put in force: No space left on device"]
    assert done["ok_at"] is None
