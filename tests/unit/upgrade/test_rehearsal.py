"""A campaign over eighty machines, five of which fail, killed and gone on with at every single step: none lost, none done twice."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from ansible.module_utils.windows.upgrade_campaign import Campaign
from ansible.module_utils.windows.upgrade_state import DONE, ROLLED_BACK, SET_ASIDE, Record
from ansible.module_utils.windows.upgrade_store import Store
from ansible.module_utils.windows.upgrade_terms import Terms
from ansible.module_utils.windows.upgrade_waves import Machine, plan
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.upgrade.rehearsal import FAILURES, NEW, KilledError, Park, Worker
from tests.unit.upgrade.samples import TODAY, park, terms


class Rehearsal:
    """A campaign with its machines, its folder and what goes wrong."""

    def __init__(self, folder: Path, machines: list[Machine], failing: dict[str, str], agreed: Terms) -> None:
        self.machines, self.terms = machines, agreed
        self.park = Park([machine.host for machine in machines], failing)
        self.store = Store(str(folder))
        self.store.create(plan(machines, agreed, TODAY))
        self.killed = 0

    def run(self, dies: Callable[[str], bool] = lambda _: False) -> list[Record]:
        """Start as often as it takes; every start knows nothing but the disk."""
        while True:
            store = Store(self.store.folder)
            try:
                Worker(store, Campaign(store, self.terms), self.machines, self.park, dies).run()
            except KilledError:
                self.killed += 1
                continue
            return store.records()


def failing_of(machines: list[Machine]) -> dict[str, str]:
    upgraded = [machine.host for machine in machines if machine.action == "upgrade"]
    return {upgraded[7 * number]: failure for number, failure in enumerate(FAILURES)}


def check(rehearsal: Rehearsal, records: list[Record]) -> None:
    """No machine lost, none done twice, and each failure ended as it must."""
    ends = {record.host: record for record in records}
    assert sorted(ends) == sorted(machine.host for machine in rehearsal.machines)
    assert {host for host, one in rehearsal.park.machines.items() if one.installed > 1} == set()
    expected = {
        "no_space": (SET_ASIDE, "no_space", 0),
        "power_lost": (ROLLED_BACK, "rolled_back_by_setup", 1),
        "setup_error": (ROLLED_BACK, "driver_failed_0xC1900101", 1),
        "no_return": (SET_ASIDE, "no_return_after_restart", 1),
        "postpones": (DONE, None, 1),
    }
    for host, one in rehearsal.park.machines.items():
        end = ends[host]
        wrong = rehearsal.park.failing.get(host)
        assert (end.status, end.reason, one.installed) == (expected[wrong] if wrong else (DONE, None, 1)), host
        assert end.installs == one.installed, host
        assert one.build == NEW or end.status != DONE
        assert len(one.notices) == 1 + end.postponed
    assert {host for host, wrong in rehearsal.park.failing.items() if wrong == "postpones"} == {
        host for host, end in ends.items() if end.postponed
    }


def test_eighty_machines_are_renewed_and_five_failures_end_as_they_must(tmp_path: Path) -> None:
    machines = park(80)
    rehearsal = Rehearsal(tmp_path, machines, failing_of(machines), terms())
    check(rehearsal, rehearsal.run())
    assert rehearsal.killed == 0


def test_a_campaign_killed_at_every_single_step_loses_no_machine_and_does_none_twice(tmp_path: Path) -> None:
    machines = park(80)
    rehearsal = Rehearsal(tmp_path, machines, failing_of(machines), terms())
    seen: set[str] = set()

    def once_at_each_point(point: str) -> bool:
        new = point not in seen
        seen.add(point)
        return new

    check(rehearsal, rehearsal.run(once_at_each_point))
    assert rehearsal.killed == len(seen)
    # A point before, in and after each step of each machine; a machine of the shortest way has five steps.
    assert len(seen) > 80 * 5 * 3


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    count=st.integers(1, 12),
    departments=st.integers(1, 4),
    wrong=st.lists(st.sampled_from(FAILURES), max_size=5),
    deaths=st.lists(st.integers(0, 30), max_size=20),
)
def test_any_park_killed_anywhere_loses_no_machine_and_does_none_twice(
    tmp_path_factory: pytest.TempPathFactory, count: int, departments: int, wrong: list[str], deaths: list[int]
) -> None:
    machines = [
        Machine(f"ws{number}", f"dep{number % departments}", (f"user{number}",), "upgrade") for number in range(count)
    ]
    failing = {machine.host: failure for machine, failure in zip(machines, wrong, strict=False)}
    waves = {"sizes": [2, 4], "department_percent": 50, "stop_at_failures": 99, "notice_days": 5}
    rehearsal = Rehearsal(tmp_path_factory.mktemp("campaign"), machines, failing, terms(waves=waves))
    left = iter(deaths)
    breath = [next(left, None)]

    def after_a_while(_: str) -> bool:
        if breath[0] is None:
            return False
        if breath[0]:
            breath[0] -= 1
            return False
        breath[0] = next(left, None)
        return True

    check(rehearsal, rehearsal.run(after_a_while))


def test_a_machine_that_was_done_twice_would_be_seen(tmp_path: Path) -> None:
    machines = park(20)
    rehearsal = Rehearsal(tmp_path, machines, {}, terms())
    records = rehearsal.run()
    rehearsal.park.machines["ws003"].installed += 1
    with pytest.raises(AssertionError):
        check(rehearsal, records)
