"""What somebody may take, and how full the disks are."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from sharealarms import room
from sharealarms.settings import Settings
from sharequotas.kernel import FileSystem
from sharequotas.quotas import limit_of

from tests.conftest import ROOT
from tests.unit.share_safety.test_names import settings  # noqa: F401

MEGABYTE = 1 << 20
PROGRAM = ROOT / "roles/share_quotas/files/usr/local/sbin/share-quotas"
ASKED = {
    "everybody_megabytes": 10,
    "groups": [{"name": "GG_A", "megabytes": 30}, {"name": "GG_B", "megabytes": 20}],
    "people": [{"login": "ann", "megabytes": 5}],
}


@pytest.mark.parametrize(
    ("login", "groups", "megabytes"),
    [("bob", set(), 10), ("bob", {"gg_b"}, 20), ("bob", {"gg_a", "gg_b"}, 30), ("Ann", {"gg_a"}, 5)],
)
def test_a_person_counts_more_than_groups_and_groups_more_than_the_rule(
    login: str, groups: set[str], megabytes: int
) -> None:
    assert limit_of(login, groups, ASKED) == megabytes * MEGABYTE


def test_a_file_system_without_quotas_says_so() -> None:
    system = FileSystem("/proc")
    assert "no quotas of people" in str(system.lacks())
    system.close()


@pytest.mark.parametrize(("used", "told"), [(84, 0), (85, 1), (95, 1)])
def test_room_and_inodes_are_told_from_their_threshold_on(
    settings: Settings,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    used: int,
    told: int,
) -> None:
    full = SimpleNamespace(f_blocks=100, f_bfree=100 - used, f_bavail=100 - used, f_files=0, f_ffree=0)
    monkeypatch.setattr(room.os, "statvfs", lambda _: full)
    wrong = room.room_wrong(settings, room.rooms(settings))
    assert len(wrong) == told
    assert ("act today" in "".join(wrong)) is (used >= 95)


def test_settings_without_room_are_a_mistake_and_no_difference(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text(json.dumps({**ASKED, "shares": [], "everybody_megabytes": 0, "root": str(tmp_path)}))
    command = [sys.executable, "-IB", str(PROGRAM), "--settings", str(file), "--check-settings"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "megabytes must be 1 or more" in done.stderr
