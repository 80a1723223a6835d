"""Who postpones, misses a turn, is mended or comes later has a turn of his own, and takes nobody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from ansible.module_utils.windows.upgrade_campaign import Campaign
from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_store import Store, slot_of
from ansible.module_utils.windows.upgrade_waves import Machine, plan

from tests.unit.upgrade.samples import MACHINES, TODAY, failed, slot, terms

TERMS = terms()


def test_who_postpones_has_another_turn_later_and_is_told_of_it(campaign: Campaign, store: Store) -> None:
    now = slot(store, "ws0")
    campaign.begin("ws0", "notice", now)
    campaign.postpone("ws0", now, "on leave")
    assert campaign.begin("ws0", "notice", now).why == "waits_for_another_turn"
    (changed,) = campaign.replan(MACHINES, now, now.date() + timedelta(days=10))
    assert changed.host == "ws0"
    assert slot_of(changed)[0].date() >= now.date() + timedelta(days=10)
    assert changed.wave > max(record.wave for record in store.records() if record.host != "ws0")
    assert campaign.begin("ws0", "notice", now).go


def test_a_machine_whose_hours_passed_untouched_has_another_turn_and_no_other(campaign: Campaign, store: Store) -> None:
    begins, ends = slot_of(store.record("ws0"))
    same = {record.host for record in store.records() if slot_of(record)[1] <= ends}
    assert {record.host for record in campaign.replan(MACHINES, begins, begins.date())} == set()
    assert {record.host for record in campaign.replan(MACHINES, ends, ends.date())} == same


def test_a_failure_that_was_mended_is_tried_again_by_name_alone(campaign: Campaign, store: Store) -> None:
    now = slot(store, "ws0")
    failed(campaign, ["ws0"])
    assert campaign.replan(MACHINES, now, now.date()) == []
    (changed,) = campaign.replan(MACHINES, now, now.date(), retry=["ws0"])
    assert (changed.status, changed.step, changed.reason) == ("waiting", "notice", None)


def test_a_turn_that_is_given_later_is_never_in_the_hours_of_somebody_elses(campaign: Campaign, store: Store) -> None:
    now = slot(store, "ws0")
    campaign.postpone("ws0", now, "on leave")
    campaign.replan(MACHINES, now, now.date())
    others = [slot(store, record.host) for record in store.records() if record.host != "ws0"]
    assert slot(store, "ws0") > now
    assert slot(store, "ws0") not in others


def test_old_releases_come_first_among_those_who_have_another_turn(campaign: Campaign, store: Store) -> None:
    now = max(slot_of(record)[1] for record in store.records())
    old = [replace(machine, isolate=machine.host in ("ws8", "ws9")) for machine in MACHINES]
    changed = campaign.replan(old, now, now.date())
    first = min(record.begins for record in changed)
    assert {record.host for record in changed if record.begins == first} == {"ws8", "ws9"}


def test_who_is_alone_by_the_time_of_another_turn_is_lent_a_machine(campaign: Campaign, store: Store) -> None:
    now = slot(store, "ws0")
    campaign.postpone("ws0", now, "on leave")
    alone = [replace(machine, department=machine.host) for machine in MACHINES]
    campaign.replan(alone, now, now.date())
    assert store.record("ws0").spare


def test_a_machine_that_could_not_be_judged_at_first_has_its_turn_when_it_can(tmp_path: Path) -> None:
    silent, stranger = Machine("off", "a", ("u",), None), Machine("new", "b", ("v",), "replace")
    store = Store(str(tmp_path / "campaign"))
    store.create(plan([*MACHINES, silent], TERMS, TODAY))
    campaign, now = Campaign(store, TERMS), datetime(2026, 12, 1, 9)
    assert campaign.replan([*MACHINES, silent], now, TODAY) == []
    judged = [*MACHINES, replace(silent, action="upgrade"), stranger]
    before = {record.host: record for record in store.records()}
    assert {record.host for record in campaign.replan(judged, now, TODAY)} == {"off", "new"}
    after = {record.host: record for record in store.records()}
    assert set(after) == {*before, "off", "new"}
    assert all(after[host] == record for host, record in before.items())
    assert after["off"].wave > max(record.wave for record in before.values())
    assert campaign.replan(judged, now, TODAY) == []
    assert campaign.begin("off", "notice", now).go


def test_a_machine_that_comes_later_and_can_be_given_no_turn_is_told(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "campaign"))
    store.create(plan(MACHINES, TERMS, TODAY))
    alone = [*MACHINES, Machine("new", "alone", ("v",), "upgrade")]
    assert Campaign(store, terms(spares=0)).replan(alone, datetime(2026, 12, 1, 9), TODAY) == []
    assert store.left_out() == {"new": "no_spare_machine"}
    assert len(Campaign(store, TERMS).replan(alone, datetime(2026, 12, 1, 9), TODAY)) == 1
    assert store.left_out() == {}


def test_another_day_is_asked_for_once_however_often_it_is_said(campaign: Campaign, store: Store) -> None:
    now, day = slot(store, "ws0") - timedelta(days=3), slot(store, "ws0").date()
    for _each in range(3):
        campaign.postpone_turns({"ws0": day}, now, write=True)
        campaign.replan(MACHINES, now, now.date())
    assert store.record("ws0").postponed == 1
    assert slot(store, "ws0").date() > day


def test_asking_for_another_day_in_check_mode_keeps_nothing(campaign: Campaign, store: Store) -> None:
    before = store.record("ws0")
    day = slot(store, "ws0").date()
    assert campaign.postpone_turns({"ws0": day}, slot(store, "ws0"), write=False) == ["ws0"]
    assert store.record("ws0") == before


def test_another_day_for_a_stranger_is_refused(campaign: Campaign) -> None:
    with pytest.raises(UpgradeError, match="nobody: has no turn in the campaign"):
        campaign.postpone_turns({"nobody": TODAY}, datetime(2026, 12, 1, 9), write=True)


def test_who_has_something_to_do_now_is_told(campaign: Campaign, store: Store) -> None:
    early = slot(store, "ws0") - timedelta(days=5)
    assert set(campaign.due(early)) == {record.host for record in store.records()}, "all are to be told of their day"
    campaign.begin("ws0", "notice", early)
    campaign.finish("ws0", "notice", early)
    assert "ws0" not in campaign.due(early)
    assert "ws0" in Campaign(store, TERMS, forced=["ws0"]).due(early)
    assert "ws0" in campaign.due(slot(store, "ws0"))
