"""A step is taken in its turn, in the hours agreed, once; what is kept on the disk is whole; a wave that fails stops."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from ansible.module_utils.windows.upgrade_campaign import PATIENCE, Campaign, Seen
from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_setup import scan_verdict, setup_said
from ansible.module_utils.windows.upgrade_store import Store
from ansible.module_utils.windows.upgrade_waves import plan

from tests.unit.upgrade.samples import MACHINES, TODAY, failed, slot, terms

TERMS = terms()
NOW, DAY = 1_796_000_000, 86_400
BEFORE_INSTALL = ("notice", "backup", "backup_check", "preflight", "scan")


def bring_to_install(campaign: Campaign, host: str) -> datetime:
    now = slot(campaign.store, host)
    for step in BEFORE_INSTALL:
        assert campaign.begin(host, step, now).go
        campaign.finish(host, step, now)
    return now


def test_steps_are_taken_in_their_order(campaign: Campaign, store: Store) -> None:
    now = slot(store, "ws0")
    assert campaign.begin("ws0", "backup", now).why == "not_yet"
    assert campaign.begin("ws0", "notice", now).go
    campaign.finish("ws0", "notice", now)
    assert campaign.begin("ws0", "notice", now).why == "already_over"
    assert campaign.begin("ws0", "by_hand", now).why == "no_step_of_this_machine"


def test_nothing_is_installed_outside_the_hours_agreed_unless_forced_by_name(campaign: Campaign, store: Store) -> None:
    now = bring_to_install(campaign, "ws0")
    assert campaign.begin("ws0", "install", now - timedelta(minutes=1)).why == "outside_the_hours_agreed"
    assert campaign.begin("ws0", "install", now + timedelta(days=1)).why == "outside_the_hours_agreed"
    late = now + timedelta(hours=1, minutes=1)
    assert campaign.begin("ws0", "install", late).why == "too_late_to_end_in_the_hours_agreed"
    assert not Campaign(store, TERMS, forced=["ws1"]).begin("ws0", "install", late).go
    assert Campaign(store, TERMS, forced=["ws0"]).begin("ws0", "install", late).go


def test_what_does_not_disturb_is_done_at_any_time(campaign: Campaign, store: Store) -> None:
    assert campaign.begin("ws0", "notice", slot(store, "ws0") - timedelta(days=6)).go


def test_an_installation_that_was_begun_is_looked_at_before_anything_else(campaign: Campaign) -> None:
    now = bring_to_install(campaign, "ws0")
    assert campaign.begin("ws0", "install", now).go
    again = campaign.begin("ws0", "install", now)
    assert (again.go, again.look) == (False, True)


@pytest.mark.parametrize(
    ("look", "later", "expected"),
    [
        (Seen(True, 26200), 1, ("active", "verify", None)),
        (Seen(True, 26300), 1, ("active", "verify", None)),
        (Seen(True, 19045, running=True), 1, ("active", "install", None)),
        (Seen(True, 19045), 1, ("active", "install", None)),
        (Seen(True, 19045, exit_code=0), 1, ("rolled_back", "install", "rolled_back_by_setup")),
        (Seen(True, 19045, exit_code=-1047526898), 1, ("rolled_back", "install", "no_disk_space_0xC190020E")),
        (Seen(True, 19045, exit_code=12345), 1, ("rolled_back", "install", "unknown_0x00003039")),
        (Seen(True), 1, ("active", "install", None)),
        (Seen(False), 1, ("active", "install", None)),
        (Seen(False), 181, ("set_aside", "install", "no_return_after_restart")),
    ],
    ids=str,
)
def test_a_look_decides_what_became_of_an_installation(
    campaign: Campaign, look: Seen, later: int, expected: tuple[str, str, str | None]
) -> None:
    now = bring_to_install(campaign, "ws0")
    campaign.begin("ws0", "install", now)
    record = campaign.seen("ws0", now + timedelta(minutes=later), look)
    assert (record.status, record.step, record.reason) == expected


def test_patience_is_what_the_test_above_takes_it_for() -> None:
    assert timedelta(minutes=1) < PATIENCE < timedelta(minutes=181)


def test_an_installation_that_never_reached_the_machine_is_begun_again_and_counts_once(campaign: Campaign) -> None:
    now = bring_to_install(campaign, "ws0")
    campaign.begin("ws0", "install", now)
    campaign.seen("ws0", now, Seen(True, 19045))
    assert campaign.begin("ws0", "install", now).go
    assert campaign.store.record("ws0").installs == 1


def test_what_fails_the_verification_is_rolled_back_or_set_aside(campaign: Campaign) -> None:
    now = bring_to_install(campaign, "ws0")
    campaign.begin("ws0", "install", now)
    campaign.seen("ws0", now, Seen(True, 26200))
    assert campaign.begin("ws0", "verify", now + timedelta(days=1)).go
    assert campaign.fail("ws0", "verify", now, "no antivirus").step == "roll_back"
    assert campaign.begin("ws0", "roll_back", now + timedelta(days=1)).go
    assert campaign.begin("ws0", "roll_back", now).look
    assert campaign.seen("ws0", now, Seen(True, 26200, running=True)).status == "active"
    record = campaign.seen("ws0", now, Seen(True, 19045))
    assert (record.status, record.reason) == ("rolled_back", "no antivirus")


def test_a_rollback_that_changed_nothing_sets_the_machine_aside(campaign: Campaign) -> None:
    now = bring_to_install(campaign, "ws0")
    campaign.begin("ws0", "install", now)
    campaign.seen("ws0", now, Seen(True, 26200))
    campaign.begin("ws0", "verify", now)
    campaign.fail("ws0", "verify", now, "no antivirus")
    campaign.begin("ws0", "roll_back", now)
    assert campaign.seen("ws0", now, Seen(True, 26200, exit_code=1)).status == "set_aside"


@pytest.mark.parametrize(
    ("planned", "seen", "over"),
    [
        (NOW, NOW + 2 * DAY, True),
        (NOW - 90 * DAY, NOW - 30 * DAY, True),
        (NOW, NOW, False),
        (NOW, NOW + 3600, False),
        (NOW, None, False),
        (None, NOW + 3 * DAY, True),
        (None, NOW - 3 * DAY, False),
    ],
    ids=[
        "new",
        "prepared before",
        "the same",
        "summer time",
        "not read",
        "new, not told before",
        "old, not told before",
    ],
)
def test_a_technician_is_done_when_another_windows_answers_whatever_the_release(
    tmp_path: Path, planned: int | None, seen: int | None, over: bool
) -> None:
    store = Store(str(tmp_path / "campaign"))
    store.create(plan([replace(each, action="replace", installed_at=planned) for each in MACHINES], terms(), TODAY))
    now = datetime.fromtimestamp(NOW)
    store.keep(replace(store.record("ws0"), step="by_hand"))
    campaign = Campaign(store, terms(), forced=["ws0"])
    assert campaign.begin("ws0", "by_hand", now).go
    assert (campaign.seen("ws0", now, Seen(True, 26200, installed_at=seen)).step == "verify") is over


def test_a_wave_with_too_many_failures_stops_with_those_after_it_until_somebody_looked(
    campaign: Campaign, store: Store
) -> None:
    waves: dict[int, list[str]] = {}
    for record in store.records():
        waves.setdefault(record.wave, []).append(record.host)
    second, third = waves[2], waves[3]
    going = bring_to_install(campaign, second[3])
    failed(campaign, second[:2])
    assert campaign.stopped() == {}
    failed(campaign, second[2:3])
    assert sorted(campaign.stopped()[2]) == sorted(second[:3])
    assert campaign.begin(second[3], "install", going).why == "wave_stopped_by_3_failures"
    assert campaign.begin(third[0], "notice", going).why == "an_earlier_wave_is_stopped"
    assert campaign.begin(waves[1][0], "notice", going).go
    with pytest.raises(UpgradeError, match="has not failed"):
        campaign.excuse([third[0]])
    campaign.excuse(second[:1])
    assert campaign.begin(second[3], "install", going).go
    assert campaign.begin(third[0], "notice", going).go


def test_a_machine_that_is_being_seen_to_goes_on_when_its_wave_stops(campaign: Campaign, store: Store) -> None:
    second = [record.host for record in store.records() if record.wave == 2]
    now = bring_to_install(campaign, second[3])
    campaign.begin(second[3], "install", now)
    failed(campaign, second[:3])
    assert campaign.seen(second[3], now, Seen(True, 26200)).step == "verify"
    assert campaign.begin(second[3], "verify", now).go


def test_nothing_is_installed_on_a_day_that_was_closed_after_it_was_planned(campaign: Campaign, store: Store) -> None:
    now = bring_to_install(campaign, "ws0")
    closed = Campaign(store, terms(closed=[now.date().isoformat()]))
    assert closed.begin("ws0", "install", now).why == "outside_the_hours_agreed"
    assert campaign.begin("ws0", "install", now).go


def test_a_campaign_is_planned_once(store: Store) -> None:
    with pytest.raises(UpgradeError, match="holds a campaign already"):
        store.create(plan(MACHINES, TERMS, TODAY))


def test_a_machine_without_a_turn_is_refused(campaign: Campaign) -> None:
    with pytest.raises(UpgradeError, match="ws99: has no turn"):
        campaign.begin("ws99", "notice", datetime(2026, 12, 2, 8))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_text("{"),
        lambda file: file.write_text("[]"),
        lambda file: file.write_text(json.dumps({**json.loads(file.read_text()), "status": "odd"})),
        lambda file: file.write_text(json.dumps({**json.loads(file.read_text()), "more": 1})),
    ],
    ids=["cut off", "a list", "odd status", "unknown key"],
)
def test_a_file_that_cannot_be_understood_is_named_and_nothing_is_done(
    campaign: Campaign, store: Store, spoil: Callable[[Path], int]
) -> None:
    now = slot(store, "ws0")
    campaign.begin("ws0", "notice", now)
    spoil(Path(store.folder, "machines", "ws0.json"))
    with pytest.raises(UpgradeError, match=r"ws0\.json: cannot be understood"):
        campaign.begin("ws0", "notice", now)


def test_a_write_that_is_cut_off_leaves_what_was_there(
    campaign: Campaign, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = slot(store, "ws0")
    before = store.record("ws0")

    def power_cut(*_: object) -> None:
        raise OSError("no power")

    monkeypatch.setattr(os, "replace", power_cut)
    with pytest.raises(OSError, match="no power"):
        campaign.begin("ws0", "notice", now)
    monkeypatch.undo()
    assert store.record("ws0") == before
    assert campaign.begin("ws0", "notice", now).go


def test_the_state_is_for_its_owner_alone(campaign: Campaign, store: Store) -> None:
    campaign.begin("ws0", "notice", slot(store, "ws0"))
    for above, _, files in os.walk(store.folder):
        assert os.stat(above).st_mode & 0o077 == 0
        assert all(os.stat(os.path.join(above, name)).st_mode & 0o077 == 0 for name in files)


@pytest.mark.parametrize("code", [3247440400, -1047526896])
def test_setup_means_the_same_by_either_sign(code: int) -> None:
    assert scan_verdict(code).verdict == "ready"


def test_only_the_code_for_compatible_lets_a_machine_go_on() -> None:
    assert scan_verdict(0).verdict == "failed"
    assert scan_verdict(-1047526912).verdict == "replace"
    assert scan_verdict(-1047526904).verdict == "action"
    assert setup_said(1).verdict == "failed"
