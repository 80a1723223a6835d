"""A clock that jumped and growth that nobody's work explains are told; an ordinary day is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.backup.programs import part, settings

judgement = part("judgement")
MIB = 1 << 20
NOW = 1_795_270_000.0


def counts(**other: Any) -> dict[str, Any]:
    return {
        "data_added": 0,
        "total_bytes_processed": 100 * MIB,
        "total_files_processed": 1000,
        "files_changed": 0,
        **other,
    }


def test_clocks_that_agree_change_nothing() -> None:
    assert judgement.time_to_write(NOW, {"offsite": NOW + 2, "onsite": NOW - 2}, 300) == (NOW, [])


def test_of_three_clocks_the_one_that_is_alone_is_wrong() -> None:
    right, wrong = judgement.time_to_write(NOW + 90000, {"offsite": NOW, "onsite": NOW + 2}, 300)
    assert right == NOW + 2
    assert [part for part, _ in wrong] == ["clock:own"]
    right, wrong = judgement.time_to_write(NOW, {"offsite": NOW - 90000, "onsite": NOW + 2}, 300)
    assert (right, [part for part, _ in wrong]) == (NOW, ["clock:offsite"])


def test_with_one_server_its_time_is_taken_and_somebody_told() -> None:
    right, wrong = judgement.time_to_write(NOW - 86400, {"offsite": NOW}, 300)
    assert right == NOW
    assert "off by -86400 s" in wrong[0][1]


def test_without_a_server_nothing_is_known() -> None:
    assert judgement.time_to_write(NOW, {}, 300) == (NOW, [])


def test_a_snapshot_from_the_future_is_named_by_its_set() -> None:
    snapshots = [
        {"time": "2026-11-21T14:07:39.905457823Z", "tags": ["shares"]},
        {"time": "2027-11-21T14:07:39.905457823+01:00", "tags": ["samba"]},
    ]
    assert judgement.from_the_future(snapshots, NOW, 300) == ["samba"]


def test_the_first_snapshot_is_never_strange(tmp_path: Path) -> None:
    assert judgement.strange_growth({}, counts(data_added=10**12), settings(tmp_path)) == []


@pytest.mark.parametrize(
    ("latest", "said"),
    [
        ({"data_added": 31 * MIB}, "strange growth: 31 MiB"),
        ({"files_changed": 401}, "strange change: 40 %"),
        ({"total_files_processed": 500}, "strange loss: 50 %"),
    ],
)
def test_what_malware_does_to_files_is_seen(tmp_path: Path, latest: dict[str, Any], said: str) -> None:
    found = judgement.strange_growth(counts(), counts(**latest), settings(tmp_path))
    assert len(found) == 1
    assert found[0].startswith(said)


@pytest.mark.parametrize(
    "latest", [{"data_added": 29 * MIB}, {"files_changed": 399}, {"total_files_processed": 700}, {}]
)
def test_an_ordinary_day_is_not_strange(tmp_path: Path, latest: dict[str, Any]) -> None:
    assert judgement.strange_growth(counts(), counts(**latest), settings(tmp_path)) == []


def test_little_is_never_strange(tmp_path: Path) -> None:
    small = counts(total_bytes_processed=MIB, total_files_processed=20)
    assert (
        judgement.strange_growth(small, {**small, "data_added": 9 * MIB, "files_changed": 20}, settings(tmp_path)) == []
    )


def test_the_line_is_peoples_while_they_work_in_their_own_time_zone(tmp_path: Path) -> None:
    read = settings(tmp_path)
    monday_in_paris = 1_795_417_200.0  # 2026-11-23 08:00 there, 07:00 UTC
    assert judgement.limited(read, monday_in_paris)
    assert not judgement.limited(read, monday_in_paris - 60)
    assert not judgement.limited(read, monday_in_paris + 11 * 3600)
    assert not judgement.limited(read, monday_in_paris - 86400)
