"""What is done before a set is read is whole or the set fails; what was written for it is gone afterwards."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from tests.unit.backup.programs import part

before = part("before")
Set = part("settings").Set
LOG = 'echo "$0 $*" >> "$LOG"\n'


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Commands that a test makes up; what was called with which arguments is in the log."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("LOG", str(tmp_path / "log"))

    def make(name: str, script: str) -> None:
        (folder / name).write_text(f"#!/bin/sh\n{LOG}{script}\n", encoding="utf-8")
        (folder / name).chmod(0o755)

    return make


def called(tmp_path: Path) -> list[str]:
    lines = (tmp_path / "log").read_text(encoding="utf-8").splitlines()
    return [line.replace(f"{tmp_path}/bin/", "") for line in lines]


def a_set(before_it: str, /, *paths: str, **options: Any) -> Any:
    return Set("it", tuple(paths), (), before_it, options)


def test_a_path_that_is_not_there_fails_the_set(tmp_path: Path) -> None:
    with (
        pytest.raises(before.BeforeError, match="/nowhere: not there"),
        before.prepared(a_set("none", "/nowhere"), str(tmp_path)),
    ):
        pass


def test_a_path_that_may_be_missing_is_left_out(tmp_path: Path) -> None:
    wanted = a_set("none", str(tmp_path), "/nowhere", may_be_missing=["/nowhere"])
    with before.prepared(wanted, str(tmp_path)) as ready:
        assert ready.paths == (str(tmp_path),)


@pytest.mark.parametrize("kind", ["mariadb", "postgresql"])
def test_databases_are_dumped_into_a_closed_folder_that_goes_away(tmp_path: Path, tools: Any, kind: str) -> None:
    tools("mariadb-dump", "echo 'CREATE TABLE x;'; echo '-- Dump completed on 2026'")
    tools("runuser", "echo PGDMP")
    tools("pg_restore", "exit 0")
    with before.prepared(a_set("database_dump", kind=kind, databases=["sales"]), str(tmp_path)) as ready:
        (staging,) = ready.paths
        assert len(os.listdir(staging)) == 1
        assert os.stat(os.path.dirname(staging)).st_mode & 0o077 == 0
    assert not os.path.exists(staging)
    assert "sales" in called(tmp_path)[0]


@pytest.mark.parametrize(
    ("kind", "fake", "said"),
    [
        ("mariadb", ("mariadb-dump", "echo 'Access denied' >&2; exit 2"), "Access denied"),
        ("mariadb", ("mariadb-dump", "echo 'CREATE TABLE x;'"), "the dump of sales is not whole"),
        ("postgresql", ("runuser", "echo 'no such database' >&2; exit 1"), "no such database"),
        ("oracle", ("true", ""), "kind oracle are not known"),
    ],
)
def test_a_dump_that_fails_or_ends_half_way_fails_the_set(
    tmp_path: Path, tools: Any, kind: str, fake: tuple[str, str], said: str
) -> None:
    tools(*fake)
    with (
        pytest.raises(before.BeforeError, match=said),
        before.prepared(a_set("database_dump", kind=kind, databases=["sales"]), str(tmp_path)),
    ):
        pass
    assert not (tmp_path / "staging" / "it").exists()


def test_an_archive_of_the_domain_that_lacks_a_part_fails_the_set(tmp_path: Path, tools: Any) -> None:
    tools("samba-tool", 'd="${4#--targetdir=}"; cd "$d"; echo x > backup.txt; tar cf a.tar.bz2 backup.txt')
    with (
        pytest.raises(before.BeforeError, match=r"lacks private/sam\.ldb"),
        before.prepared(a_set("samba_domain"), str(tmp_path)),
    ):
        pass


def test_an_archive_of_the_domain_has_the_same_name_every_day(tmp_path: Path, tools: Any) -> None:
    parts = "backup.txt private/sam.ldb private/secrets.ldb sysvol.tar.gz"
    tools(
        "samba-tool",
        f'd="${{4#--targetdir=}}"; cd "$d"; mkdir private; touch {parts}; tar cf b-2026.tar.bz2 {parts}; rm -r {parts} private',
    )
    with before.prepared(a_set("samba_domain"), str(tmp_path)) as ready:
        assert ready.paths == (f"{tmp_path}/staging/it/samba-backup.tar.bz2",)


def test_open_databases_of_samba_are_copied_by_their_own_tool(tmp_path: Path, tools: Any) -> None:
    live = tmp_path / "samba"
    live.mkdir()
    for name in ("secrets.tdb", "netlogon_creds_cli.tdb", "smb.txt"):
        (live / name).write_text("live", encoding="utf-8")
    tools("tdbbackup", 'echo copy > "$3$2"')
    with before.prepared(a_set("samba_files", str(live)), str(tmp_path)) as ready:
        copy = Path(ready.paths[1] + str(live / "secrets.tdb"))
        assert copy.read_text(encoding="utf-8") == "copy\n"
        assert sorted(os.path.basename(path) for path in ready.exclude) == ["netlogon_creds_cli.tdb", "secrets.tdb"]
    assert sorted(os.listdir(live)) == ["netlogon_creds_cli.tdb", "secrets.tdb", "smb.txt"]


def test_a_btrfs_snapshot_stands_where_the_live_data_do_and_goes_away(tmp_path: Path, tools: Any) -> None:
    volume = tmp_path / "volume"
    volume.mkdir()
    tools("btrfs", 'case "$2" in snapshot) mkdir "$5";; delete) rmdir "$3";; esac')
    with before.prepared(a_set("snapshot_btrfs", str(volume), subvolume=str(volume)), str(tmp_path)) as ready:
        assert ready.still
        assert ready.inside[-3:] == ("bind", f"{volume}/.nas-backup-it", str(volume))
    assert called(tmp_path) == [
        f"btrfs subvolume snapshot -r {volume} {volume}/.nas-backup-it",
        f"btrfs subvolume delete {volume}/.nas-backup-it",
    ]


def test_an_lvm_snapshot_that_ran_full_fails_the_set(tmp_path: Path, tools: Any) -> None:
    tools("lvcreate", "")
    tools("lvremove", "")
    tools("lvs", "echo ' 100.00'")
    wanted = a_set("snapshot_lvm", str(tmp_path), volume="vg/data", mounted_on="/srv", size="5%ORIGIN")
    with (
        pytest.raises(before.BeforeError, match="ran full: give it more than 5%ORIGIN"),
        before.prepared(wanted, str(tmp_path)),
    ):
        pass
    assert called(tmp_path)[0] == "lvcreate --yes --snapshot --extents 5%ORIGIN --name nas-backup-it vg/data"
    assert called(tmp_path)[-1] == "lvremove --yes vg/nas-backup-it"


def test_files_that_are_written_while_they_are_read_are_found(tmp_path: Path) -> None:
    (tmp_path / "old").write_text("x", encoding="utf-8")
    since = time.time() + 1
    assert before.changed_since([str(tmp_path)], [], since) == []
    assert before.changed_since([str(tmp_path)], [], since - 60) == [str(tmp_path / "old")]
    assert before.changed_since([str(tmp_path)], [str(tmp_path / "old")], since - 60) == []
