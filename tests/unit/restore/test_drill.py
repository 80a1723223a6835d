"""The drill proves what came back, says what came back otherwise, and takes nothing that changed for either."""

from __future__ import annotations

import json
import os
import random
import time
from pathlib import Path

import pytest

from tests.unit.restore.programs import Folder

# isort: split
from restoredrill.compare import compare
from restoredrill.directory import judge_objects, parse_objects
from restoredrill.drill import blank, drill_set, due, extrapolate, old_rehearsal, remember, summary, wrongs
from restoredrill.restic import DrillError, Node, Restic, Snapshot, escaped, nanoseconds
from restoredrill.sample import choose
from restoredrill.settings import Settings, SettingsError, read_settings

DRAW = random.Random(1)  # noqa: S311  # the same in every run
SETTINGS = Settings(4.0, 14, 365, 200, 1024**3, 1024, 10, ())


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    live = tmp_path / "live"
    (live / "sub").mkdir(parents=True)
    for number in range(20):
        (live / f"file {number} [x]*").write_bytes(os.urandom(100))
        (live / "sub" / f"{number}").write_bytes(os.urandom(10))
    (live / "link").symlink_to("sub")
    return Folder(live, tmp_path / "kept", time.time())


def drilled(folder: Folder, tmp_path: Path, settings: Settings = SETTINGS) -> dict[str, object]:
    return drill_set(folder, "fs1", "shares", settings, str(tmp_path / "state"), draw=DRAW)


def test_a_set_that_comes_back_as_it_was_is_proven_and_nothing_is_left(folder: Folder, tmp_path: Path) -> None:
    result = drilled(folder, tmp_path)
    assert (result["ok"], result["proven_files"], result["whole"], result["error"]) == (True, 40, True, "")
    assert os.listdir(tmp_path / "state") == []


def test_bytes_that_came_back_otherwise_are_a_difference(folder: Folder, tmp_path: Path) -> None:
    (folder.copy / "sub" / "3").write_bytes(b"other byte")
    result = drilled(folder, tmp_path)
    assert result["ok"] is False
    assert result["differences"] == [f"{folder.live}/sub/3: bytes"]


def test_a_mode_and_an_attribute_that_came_back_otherwise_are_differences(folder: Folder, tmp_path: Path) -> None:
    (folder.copy / "sub" / "3").chmod(0o777)
    os.setxattr(folder.copy / "sub" / "4", "user.NTACL", b"list")
    said = " ".join(drilled(folder, tmp_path)["differences"])  # type: ignore[arg-type]
    assert "mode 0777 instead of" in said
    assert "user.NTACL" in said


def test_a_file_that_changed_since_proves_nothing_and_is_no_difference(folder: Folder, tmp_path: Path) -> None:
    (folder.live / "sub" / "3").write_bytes(b"somebody wrote this since")
    (folder.live / "sub" / "4").unlink()
    result = drilled(folder, tmp_path)
    assert (result["ok"], result["proven_files"], result["gone"]) == (True, 38, 1)
    assert result["changed"] >= 1  # type: ignore[operator]


def test_when_all_has_changed_nothing_is_proven(folder: Folder, tmp_path: Path) -> None:
    for path in folder.live.rglob("*"):
        if path.is_file() and not path.is_symlink():
            path.write_bytes(b"new")
    result = drilled(folder, tmp_path)
    assert result["ok"] is False
    assert "changed since" in str(result["error"])


def test_what_was_not_restored_is_a_difference(folder: Folder, tmp_path: Path) -> None:
    (folder.copy / "sub" / "3").unlink()
    assert drilled(folder, tmp_path)["differences"] == [f"{folder.live}/sub/3: not restored"]


def test_a_sample_is_drawn_of_what_is_too_large(folder: Folder, tmp_path: Path) -> None:
    small = Settings(4.0, 14, 365, 5, 600, 1024, 10, ())
    result = drilled(folder, tmp_path, small)
    assert result["whole"] is False
    assert 0 < result["bytes"] <= 600  # type: ignore[operator]
    assert result["folder"] == f"{folder.live}/sub"
    assert result["extrapolated_seconds"] >= result["seconds"]  # type: ignore[operator]


def test_no_room_is_seen_before_anything_is_restored(folder: Folder, tmp_path: Path) -> None:
    result = drilled(folder, tmp_path, Settings(4.0, 14, 365, 5, 600, 10**18, 10, ()))
    assert "are free" in str(result["error"])
    assert folder.restored == []


def test_snapshots_of_the_future_are_not_the_newest(folder: Folder, tmp_path: Path) -> None:
    folder.kept = [Snapshot("good", time.time() - 60), Snapshot("trick", time.time() + 10**6)]
    assert drilled(folder, tmp_path)["snapshot"] == "good"


def test_no_backup_at_all_is_an_error(folder: Folder, tmp_path: Path) -> None:
    folder.kept = []
    assert drilled(folder, tmp_path)["error"] == "offsite: no backup of shares is there"


def test_the_whole_is_as_many_times_the_sample_as_files_or_bytes_say() -> None:
    node = Node("/a", "file", 10, 0, 0)
    choice = choose([node, Node("/b", "file", 10**9, 0, 0)], 1, 100, DRAW)
    assert extrapolate(3.0, 1.0, choice, 4, 10) == 1.0 + 2.0 * 4
    assert extrapolate(3.0, 1.0, choice, 1, 1000) == 1.0 + 2.0 * 100


def test_an_alert_names_the_set_and_a_promise_that_does_not_hold() -> None:
    good = {**blank("offsite", "shares"), "ok": True, "extrapolated_seconds": 10**6, "whole_bytes": 5}
    bad = {**blank("onsite", "shares", "not reached"), "whole_bytes": 0}
    told = wrongs(summary([good, bad], SETTINGS))
    assert any("shares from onsite: not restored: not reached" in line for line in told)
    assert any("promised are 4.0 h" in line for line in told)


def test_a_proof_is_due_when_there_is_none_it_failed_is_old_or_of_the_future() -> None:
    now = 10**9
    good = {"ok": True, "at": now - 86400, "sets": [], "extrapolated_seconds": 1, "promise_seconds": 2}
    assert not due(good, SETTINGS, now)
    for wrong in ({}, {**good, "ok": False}, {**good, "at": now - 8 * 86400}, {**good, "at": now + 999}):
        assert due(wrong, SETTINGS, now)
    assert due({**good, "extrapolated_seconds": 3}, SETTINGS, now)


def test_the_history_keeps_every_result(tmp_path: Path) -> None:
    for number in range(3):
        remember(str(tmp_path), {"at": number, "ok": True, "alerts": ["x"]})
    lines = [json.loads(line) for line in (tmp_path / "history.jsonl").read_text(encoding="utf-8").splitlines()]
    assert lines == [{"at": number, "ok": True} for number in range(3)]


def test_an_old_rehearsal_is_told(tmp_path: Path) -> None:
    assert old_rehearsal(str(tmp_path), SETTINGS, 10**9) == []
    (tmp_path / "rehearsal.json").write_text('{"at": 1}', encoding="utf-8")
    assert "rehearse again" in old_rehearsal(str(tmp_path), SETTINGS, 10**9)[0]


def test_a_time_of_restic_is_read_to_the_nanosecond() -> None:
    assert nanoseconds("2026-11-21T14:13:12.933923234+01:00") == 1795266792933923234
    assert nanoseconds("2026-11-21T14:13:12Z") == 1795270392000000000


def test_a_path_is_no_pattern() -> None:
    assert escaped("/a [b]*?$c\\") == "/a \\[b]\\*\\?$$c\\\\"


def test_a_staged_copy_is_proven_by_the_digests_of_the_snapshot(tmp_path: Path) -> None:
    name = "/var/lib/nas-backup/staging/no-such-file"
    Path(f"{tmp_path}{name}").parent.mkdir(parents=True)
    Path(f"{tmp_path}{name}").write_bytes(b"x")
    assert compare([Node(name, "file", 1, 0, 0)], str(tmp_path)).proven == 1


LIVE = """# record 1
dn: CN=Lea,DC=site,DC=lan
objectClass: user
objectGUID: a
objectSid: S-1-5-21-1-2-3-1104
sAMAccountName: lea
whenCreated: 20261120000000.0Z
"""


def test_a_person_who_is_missing_from_the_backup_is_named() -> None:
    live = parse_objects(LIVE)
    counts, wrong = judge_objects(live, live, 4 * 10**9)
    assert (wrong, counts["people"]) == ([], 1)
    assert "CN=Lea,DC=site,DC=lan: not in the backup" in judge_objects({}, live, 4 * 10**9)[1]
    other = {"a": {**live["a"], "objectSid": "S-1-5-21-9-9-9-1104"}}
    assert judge_objects(other, live, 4 * 10**9)[1] == ["CN=Lea,DC=site,DC=lan: another identifier in the backup"]


def test_somebody_who_came_after_the_backup_is_not_missed() -> None:
    live = parse_objects(LIVE)
    saved = {"b": {**live["a"], "objectGUID": "b"}}
    assert judge_objects(saved, live, 1.0)[1] == []


def test_settings_that_are_wrong_are_told_by_their_key(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(SettingsError, match="promise_hours is missing"):
        read_settings(str(file))


def test_restic_that_fails_is_told_in_its_words(tmp_path: Path) -> None:
    program = tmp_path / "restic"
    program.write_text('#!/bin/sh\necho \'{"message":"Fatal: wrong password"}\' >&2\nexit 12\n', encoding="utf-8")
    program.chmod(0o755)
    with pytest.raises(DrillError, match=r"offsite: Fatal: wrong password$"):
        Restic("offsite", {"PATH": f"{tmp_path}:/bin:/usr/bin"}, 10).snapshots("fs1", "shares")
