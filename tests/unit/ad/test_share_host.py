"""What the file server tells of itself, and the purge of its recycle bins, tried on folders made for it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.ad import share_host

from tests.conftest import ROOT

from .test_share_settings import PRINTED

PURGE = ROOT / "roles" / "file_shares" / "files" / "usr" / "local" / "sbin" / "purge-recycle-bins"
ME = share_host._owner(os.getuid())
ANSWERS = {
    "testparm": PRINTED,
    "logrotate": "rotating pattern: {log} after 1 days (180 rotations)\n",
    "smbd.service": "ActiveState=active\n",
    "nmbd.service": "ActiveState=inactive\n",
    "purge-recycle-bins.timer": "UnitFileState=enabled\nActiveState=active\nNextElapseUSecRealtime=Sun\nLastTriggerUSec=\n",
    "purge-recycle-bins.service": "Result=success\nExecStart={ argv[]=/x/purge-recycle-bins 30 /s .bin ; }\n",
}


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file server whose shares lie below tmp_path."""
    (tmp_path / "log").mkdir(mode=0o750)
    (tmp_path / "log" / "audit.log").write_text("")
    (tmp_path / "log" / "audit.log").chmod(0o640)
    for share in ("plans", "bureau"):
        (tmp_path / share / ".bin" / ME).mkdir(parents=True)
    answers = {**ANSWERS, "testparm": PRINTED.replace("/srv/shares", str(tmp_path))}

    def run(*command: str, errors: bool = False) -> str:
        name = command[0] if command[0] != "systemctl" else command[-1]
        if name not in answers:
            raise subprocess.CalledProcessError(1, command, stderr="no such thing")
        return answers[name].replace("{log}", str(tmp_path / "log" / "audit.log"))

    monkeypatch.setattr(share_host, "run", run)
    return tmp_path


def gather(host: Path, *declared: str) -> tuple[dict[str, Any], dict[str, str]]:
    return share_host.gather(declared, str(host / "log" / "audit.log"), ".bin")


def test_everything_is_read_in_one_go(host: Path) -> None:
    (host / "plans" / ".bin" / ME / "a.txt").write_text("x")
    facts, failures = gather(host, "plans", "bureau")
    assert failures == {}
    assert (facts["smb1"], facts["unexpected"], facts["missing"]) == (False, [], [])
    assert facts["service"] == {"smbd": True, "nmbd": False}
    assert facts["audit_log"] == {
        "path": str(host / "log" / "audit.log"),
        "exists": True,
        "mode": "0640",
        "owner": ME,
        "open_to_others": False,
        "retention_days": 180,
        "oldest_days": 0.0,
    }
    assert facts["recycle"] == {
        "retention_days": 30,
        "timer_enabled": True,
        "next_purge": "Sun",
        "last_purge": None,
        "last_purge_worked": True,
        "files": 1,
        "oldest_days": 0.0,
        "bins_of_others": [],
    }


@pytest.mark.parametrize(("what", "mode"), [("log/audit.log", 0o644), ("log", 0o755), ("log/audit.log-1.gz", 0o644)])
def test_a_log_that_others_read_is_seen(host: Path, what: str, mode: int) -> None:
    (host / what).touch() if what.endswith("gz") else None
    (host / what).chmod(mode)
    assert gather(host)[0]["audit_log"]["open_to_others"] is True


def test_a_log_that_is_not_there_is_told(host: Path) -> None:
    (host / "log" / "audit.log").unlink()
    assert gather(host)[0]["audit_log"]["exists"] is False


def test_a_bin_that_somebody_made_for_another_is_seen(host: Path) -> None:
    (host / "plans" / ".bin" / "talleceve").mkdir()
    assert gather(host)[0]["recycle"]["bins_of_others"] == [f"plans/.bin/talleceve: {ME}"]


def test_what_cannot_be_read_is_left_out_with_its_reason(host: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share_host, "run", lambda *command, **_: (_ for _ in ()).throw(FileNotFoundError(command[0])))
    facts, failures = gather(host)
    assert set(failures) == {"settings", "service", "audit_log", "recycle"}
    assert "shares" not in facts
    assert share_host.named(failures)["file_shares.settings"].startswith("FileNotFoundError: testparm")


def purge(folder: Path, days: str, clock: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run the purge; clock is what date prints, so that a file made now can be old."""
    path = os.environ["PATH"]
    if clock:
        (folder / "clock").mkdir()
        (folder / "clock" / "date").write_text(f"#!/bin/sh\necho '{clock}'\n")
        (folder / "clock" / "date").chmod(0o755)
        path = f"{folder / 'clock'}:{path}"
    return subprocess.run(
        ["sh", str(PURGE), days, str(folder), ".bin"], check=False, capture_output=True, text=True, env={"PATH": path}
    )


@pytest.fixture
def shares(tmp_path: Path) -> Path:
    for name in ("plans/.bin/eve/2026/a.txt", "plans/.bin/eve/b c.txt", "plans/kept.txt", "plans/deep/.bin/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "precious").write_text("x")
    (tmp_path / "plans" / ".bin" / "eve" / "link").symlink_to(tmp_path / "outside")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / ".bin").symlink_to(tmp_path / "outside")
    return tmp_path


def files(folder: Path) -> set[str]:
    return {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file() and "clock" not in str(one)}


def test_what_was_deleted_lately_is_kept(shares: Path) -> None:
    before = files(shares)
    assert purge(shares, "1").returncode == 0
    assert files(shares) == before


def test_what_was_deleted_long_ago_goes_and_nothing_else(shares: Path) -> None:
    done = purge(shares, "30", clock="2099-01-01 00:00:00")
    assert (done.returncode, len(done.stdout.splitlines())) == (0, 3)
    assert files(shares) == {"plans/kept.txt", "plans/deep/.bin/x", "outside/precious"}
    assert not list((shares / "plans" / ".bin").iterdir()), "empty folders go too"
    assert (shares / "plans" / ".bin").is_dir(), "the bin itself stays"


@pytest.mark.parametrize("days", ["", "0", "-1", "abc", "1; rm -rf x"])
def test_a_number_of_days_that_is_none_purges_nothing(shares: Path, days: str) -> None:
    before = files(shares)
    assert purge(shares, days).returncode == 2
    assert files(shares) == before
