"""Waves keep what was agreed, whatever the park: departments, hours, spare machines, the director's order."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime
from typing import Any

import pytest
from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_waves import Machine, plan, slots, within
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.upgrade.samples import TERMS, TODAY, park, terms

MACHINES = st.lists(
    st.builds(
        Machine,
        host=st.integers(0, 999).map("ws{}".format),
        department=st.sampled_from("abcdef"),
        users=st.lists(st.sampled_from([f"u{n}" for n in range(12)]), max_size=2, unique=True).map(tuple),
        action=st.sampled_from([None, "upgrade", "reinstall", "replace"]),
        isolate=st.booleans(),
    ),
    max_size=40,
    unique_by=lambda machine: machine.host,
)


@settings(max_examples=150, deadline=None)
@given(
    machines=MACHINES,
    spares=st.integers(0, 3),
    percent=st.integers(1, 100),
    sizes=st.lists(st.integers(1, 12), min_size=1, max_size=3),
    most=st.sampled_from([1.0, 2.5, 4.0]),
)
def test_every_plan_keeps_what_was_agreed(
    machines: list[Machine], spares: int, percent: int, sizes: list[int], most: float
) -> None:
    waves = {"sizes": sizes, "department_percent": percent, "stop_at_failures": 1, "notice_days": 1}
    agreed = terms(spares=spares, waves=waves, user_hours={"at_most": most})
    made = plan(machines, agreed, TODAY)
    turns = [turn.machine.host for wave in made.waves for turn in wave.turns]
    asked = {machine.host for machine in machines if machine.action}
    assert sorted([*turns, *made.left_out]) == sorted(asked)
    sizes_of = Counter(machine.department for machine in machines)
    for number, wave in enumerate(made.waves):
        assert 0 < len(wave.turns) <= sizes[min(number, len(sizes) - 1)]
        away = Counter(turn.machine.department for turn in wave.turns)
        assert all(away[name] < sizes_of[name] or sizes_of[name] == 1 for name in away)
        assert all(away[name] <= max(1, sizes_of[name] * percent / 100) for name in away)
        assert sum(turn.spare for turn in wave.turns) <= spares
        people = Counter(user for turn in wave.turns for user in turn.machine.users)
        assert all(times == 1 for times in people.values())
        for turn in wave.turns:
            hours = agreed.user_hours[str(turn.machine.action)]
            assert hours <= wave.slot.hours
            assert turn.spare or (hours <= most and sizes_of[turn.machine.department] > 1)
    begins = [wave.slot.begins for wave in made.waves]
    assert begins == sorted(set(begins))
    assert all(within(agreed, begin) for begin in begins)


def test_the_first_waves_are_small_and_of_several_departments() -> None:
    made = plan(park(80), terms(), TODAY)
    assert [len(wave.turns) for wave in made.waves[:3]] == TERMS["waves"]["sizes"]
    assert len({turn.machine.department for turn in made.waves[0].turns}) == 2


def test_the_director_decides_who_is_first() -> None:
    machines = park(40)
    first = machines[37]
    for name in (first.host, first.users[0].upper(), first.department):
        made = plan(machines, terms(priority=[name]), TODAY)
        turn = made.waves[0].turns[0].machine
        assert name in (turn.host, turn.users[0].upper(), turn.department)


def test_old_releases_come_before_others() -> None:
    made = plan(park(80), terms(), TODAY)
    assert all(turn.machine.isolate for turn in made.waves[0].turns)


def test_a_machine_that_stands_alone_in_its_department_has_a_spare_or_no_turn() -> None:
    alone = [Machine("ws1", "a", ("u1",), "upgrade"), Machine("ws2", "b", ("u2",), None)]
    assert [turn.spare for turn in plan(alone, terms(), TODAY).waves[0].turns] == [True]
    assert plan(alone, terms(spares=0), TODAY).left_out == {"ws1": "no_spare_machine"}


def test_work_longer_than_every_window_has_no_turn() -> None:
    long = {**TERMS["hours"], "upgrade": {"user": 5, "technician": 1}}
    machines = [Machine("ws1", "a", ("u1",), "upgrade"), Machine("ws2", "a", ("u2",), None)]
    assert plan(machines, terms(hours=long), TODAY).left_out == {"ws1": "longer_than_every_window"}


def test_a_user_of_two_machines_is_never_without_both() -> None:
    two = [Machine("ws1", "a", ("u1",), "upgrade"), Machine("ws2", "b", ("u1",), "upgrade")]
    others = [Machine(f"ws{n}", "ab"[n % 2], (f"x{n}",), None) for n in range(3, 7)]
    made = plan([*two, *others], terms(), TODAY)
    assert [len(wave.turns) for wave in made.waves] == [1, 1]


def test_closed_days_and_days_before_the_beginning_have_no_slot() -> None:
    days = [slot.begins.date() for slot, _ in zip(slots(terms(), TODAY), range(6), strict=False)]
    assert days == [date(2026, 12, day) for day in (2, 2, 9, 9, 14, 14)]


@pytest.mark.parametrize(
    ("moment", "open_"),
    [
        (datetime(2026, 12, 2, 8, 0), True),
        (datetime(2026, 12, 2, 7, 59), False),
        (datetime(2026, 12, 2, 12, 0), False),
        (datetime(2026, 12, 3, 9, 0), False),
        (datetime(2026, 12, 7, 9, 0), False),
    ],
)
def test_people_are_disturbed_in_the_hours_agreed_alone(moment: datetime, open_: bool) -> None:
    assert within(terms(), moment) is open_


def test_a_machine_that_is_given_twice_is_refused() -> None:
    with pytest.raises(UpgradeError, match="ws1: is given 2 times"):
        plan([Machine("ws1", "a", (), None)] * 2, terms(), TODAY)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"target_build": "x"}, "upgrade.target_build: 'x' is not a number from 1"),
        ({"spares": 1.5}, "upgrade.spares: 1.5 is not a whole number"),
        (
            {"windows": [{"days": ["lundi"], "from": "08:00", "to": "12:00"}]},
            "upgrade.windows.0.days: 'lundi' is no day",
        ),
        ({"windows": [{"days": ["monday"], "from": 480, "to": "12:00"}]}, "upgrade.windows.0.from: 480 is not a text"),
        (
            {"windows": [{"days": ["monday"], "from": "12:00", "to": "08:00"}]},
            "upgrade.windows.0: ends before it begins",
        ),
        ({"waves": {}}, "upgrade.waves.sizes: lacks a list"),
        ({"waves": {"sizes": [0]}}, "upgrade.waves.sizes: 0 is no number of machines from 1"),
        ({"starts_on": "soon"}, "upgrade.starts_on: 'soon' is not a date such as 2026-11-30"),
        ({"closed": ["2026-13-01"]}, "upgrade.closed: '2026-13-01' is no date"),
        (
            {"budget": {"amount": True, "currency": "EUR", "tax": "included"}},
            "upgrade.budget.amount: True is not a number",
        ),
        ({"budget": {"amount": 1, "currency": "EUR", "tax": "some"}}, "upgrade.budget.tax: say whether"),
        ({"costs": None}, "upgrade.costs: is no mapping"),
    ],
)
def test_terms_that_cannot_be_meant_are_refused_by_their_place(changed: dict[str, Any], told: str) -> None:
    with pytest.raises(UpgradeError) as refused:
        terms(**changed)
    assert str(refused.value).startswith(told)
