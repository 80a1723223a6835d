"""What is kept long enough is destroyed, whatever its file is called, and nothing younger is."""

from __future__ import annotations

import gzip
import os
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.unit.logs.programs import program

TODAY = date(2026, 11, 21)
LIMIT = TODAY - timedelta(days=365)
destroyer = program("log_retention", "log-destroy")


def day(age: int) -> date:
    return TODAY - timedelta(days=age)


def iso(age: int) -> str:
    return f"{day(age)}T08:00:00+0100 line of {age}"


def bsd(age: int) -> str:
    return f"{day(age):%b} {day(age).day:>2} 08:00:00 host line of {age}"


def put(file: Path, *lines: str, age: int = 0) -> Path:
    data = "".join(f"{line}\n" for line in lines).encode()
    file.write_bytes(gzip.compress(data) if file.suffix == ".gz" else data)
    moment = (day(age) - date(1970, 1, 1)).days * 86400 + 43200
    os.utime(file, (moment, moment))
    return file


def run(folder: Path, act: bool = True) -> list[str]:
    return list(destroyer.destroy(f"{folder}/access.log", LIMIT, TODAY, act))


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize(("age", "stays"), [(1, True), (364, True), (365, True), (366, False), (900, False)])
def test_a_turned_file_goes_when_its_day_is_over(tmp_path: Path, age: int, stays: bool, ending: str) -> None:
    file = put(tmp_path / f"access.log-{day(age):%Y%m%d}-000012{ending}", iso(age), age=age)
    run(tmp_path)
    assert file.exists() is stays


@pytest.mark.parametrize("name", ["access.log.1", "access.log.old", "access.log-copy.gz", "access.log~"])
@pytest.mark.parametrize("line", [iso, bsd])
def test_a_file_that_was_forgotten_goes_by_its_lines_though_it_was_touched_since(
    tmp_path: Path, name: str, line: object
) -> None:
    written = 0 if line is iso else 400  # a day without a year is read beside the day the file was written
    file = put(tmp_path / name, line(400), age=written)  # type: ignore[operator]
    run(tmp_path)
    assert not file.exists()


def test_a_file_without_days_goes_by_the_day_it_was_written(tmp_path: Path) -> None:
    old, young = put(tmp_path / "access.log.1", "no day", age=400), put(tmp_path / "access.log.2", "no day", age=3)
    run(tmp_path)
    assert (old.exists(), young.exists()) == (False, True)


def test_a_name_with_a_day_to_come_keeps_nothing_for_ever(tmp_path: Path) -> None:
    file = put(tmp_path / "access.log-20991231-000000", iso(500))
    run(tmp_path)
    assert not file.exists()


def test_a_name_with_an_old_day_does_not_destroy_young_lines(tmp_path: Path) -> None:
    file = put(tmp_path / "access.log-20010101-000000", iso(5))
    run(tmp_path)
    assert file.exists()


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_old_lines_go_from_a_file_that_holds_young_ones(tmp_path: Path, ending: str) -> None:
    file = put(tmp_path / f"access.log-{TODAY:%Y%m%d}-000001{ending}", iso(500), "  more of it", iso(3), "  more of it")
    file.chmod(0o640)
    assert "2 lines destroyed" in run(tmp_path)[0]
    with destroyer.opened(str(file)) as opened:
        assert opened.read().decode().splitlines() == [iso(3), "  more of it"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_damaged_file_does_not_stop_the_others(tmp_path: Path) -> None:
    damaged = tmp_path / "access.log-20200101-000000.gz"
    damaged.write_bytes(gzip.compress(b"x" * 9000)[:40])
    put(damaged.with_name("access.log-20200102-000000"), iso(2000))
    run(tmp_path)
    assert not damaged.with_name("access.log-20200102-000000").exists()


def test_links_and_other_files_are_left(tmp_path: Path) -> None:
    other = put(tmp_path / "cache.log-20200101-000000", iso(2000))
    (tmp_path / "access.log-20200101-000000").symlink_to(other)
    assert run(tmp_path) == []
    assert other.exists()


def test_a_dry_run_says_it_and_destroys_nothing(tmp_path: Path) -> None:
    file = put(tmp_path / "access.log-20200101-000000", iso(2000))
    assert "destroyed" in run(tmp_path, act=False)[0]
    assert file.exists()


def test_the_last_day_of_a_leap_year_has_no_year_of_its_own() -> None:
    assert destroyer.line_date(b"Feb 29 08:00:00 host x", date(2026, 3, 1)) is None
    assert destroyer.line_date(b"Dec 31 08:00:00 host x", date(2026, 1, 2)) == date(2025, 12, 31)
    assert destroyer.line_date(b"1795255963.120 12 10.0.0.1", TODAY) == TODAY
