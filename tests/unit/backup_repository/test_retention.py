"""What stays and what goes, by age: whatever somebody with a stolen key, or a clock, says."""

from __future__ import annotations

import random

import pytest

from tests.unit.backup_repository.programs import retention

DAY = 24 * 3600
NOW = 1_795_000_000.0
KEEPS = retention.Retention(
    every_days=7, daily_days=30, weekly_days=90, monthly_days=365, limit_days=366, misdated_hours=48, future_minutes=60
)


def made(age: float, name: str = "", *, dated: float | None = None, group: str = "fs1/shares") -> retention.Snapshot:
    arrived = NOW - age * DAY
    return retention.Snapshot(name or f"{age:08.3f}", group, arrived if dated is None else dated, arrived)


GENUINE = [made(age) for age in range(400)]


def kept(snapshots: list[retention.Snapshot], now: float = NOW) -> set[str]:
    return set(retention.decide(snapshots, KEEPS, now).keep)


def test_each_day_each_week_and_each_month_keep_their_last() -> None:
    ages = sorted(float(name) for name in kept(GENUINE))
    assert ages[:31] == [float(age) for age in range(31)]
    assert 4 <= len([age for age in ages if 30 < age <= 90]) <= 12
    assert 330 <= ages[-1] <= 365


def test_the_depths_are_those_that_were_asked_for() -> None:
    assert retention.depth(KEEPS, NOW) == {"daily_days": 30, "weekly_days": 91, "longest_days": 365}


def test_snapshots_dated_in_the_future_push_out_nothing_and_are_reported() -> None:
    forged = [made(0.001 * number, f"forged{number}", dated=NOW + 730 * DAY + number) for number in range(40)]
    decision = retention.decide([*GENUINE, *forged], KEEPS, NOW)
    assert kept(GENUINE) <= set(decision.keep)
    assert sorted(decision.future) == sorted(each.id for each in forged)


def test_snapshots_dated_in_the_past_push_out_nothing_and_are_reported() -> None:
    forged = [made(0.001, f"forged{age}", dated=NOW - age * DAY + 3600) for age in range(3, 300)]
    decision = retention.decide([*GENUINE, *forged], KEEPS, NOW)
    assert kept(GENUINE) <= set(decision.keep)
    assert len(decision.misdated) == len(forged)


def test_a_flood_of_today_pushes_out_nothing_of_another_day() -> None:
    flood = [made(0.0001 * number, f"flood{number}") for number in range(2000)]
    assert kept(GENUINE) - {"0000.000"} <= kept([*GENUINE, *flood])
    assert "0000.000" in kept([*GENUINE, *flood])


@pytest.mark.parametrize("years", [-2, 2])
def test_a_clock_of_the_repository_that_jumped_lets_nothing_go_too_early(years: int) -> None:
    assert kept(GENUINE) <= kept(GENUINE, NOW + years * 365 * DAY)


def test_where_nothing_new_arrives_nothing_goes() -> None:
    old = [made(age + 500) for age in range(30)]
    assert retention.decide(old, KEEPS, NOW).remove == []


def test_each_set_of_each_host_is_kept_by_itself() -> None:
    other = [made(0.5, "other", group="fs1/configuration")]
    assert "other" in kept([*GENUINE, *other])


def test_what_is_strangely_dated_goes_in_the_end_too() -> None:
    old = [made(367, "forged", dated=NOW + 730 * DAY)]
    assert "forged" in set(retention.decide([*GENUINE, *old], KEEPS, NOW).remove)


def test_nothing_is_older_than_the_limit_and_nothing_is_in_both_lists() -> None:
    chance = random.Random(7)  # noqa: S311 - a sample that is the same every time
    for _ in range(20):
        some = [made(chance.uniform(0, 900), f"s{number}") for number in range(200)]
        decision = retention.decide(some, KEEPS, NOW)
        ages = {each.id: (max(one.arrived for one in some) - each.arrived) / DAY for each in some}
        assert set(decision.keep) | set(decision.remove) == set(ages)
        assert set(decision.keep) & set(decision.remove) == set()
        assert max(ages[name] for name in decision.keep) <= KEEPS.limit_days


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("2026-11-21T14:00:00.123456789Z", 1795269600.0),
        ("2026-11-21T15:00:00.123456789+01:00", 1795269600.0),
        ("2026-11-21T14:00:00Z", 1795269600.0),
    ],
)
def test_times_of_restic_are_read(text: str, seconds: float) -> None:
    assert retention.parse_time(text) == seconds
