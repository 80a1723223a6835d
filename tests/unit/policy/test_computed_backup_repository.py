"""Observations of hosts that keep backups: empty when in order, what offends when not, and nothing when it was not tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.linux import backup_access
from ansible.module_utils.policy.computed_backup_repository import BACKUP_REPOSITORY_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import said
from ansible.module_utils.policy.phrases_backup_repository import BACKUP_REPOSITORY_PHRASES

from tests.conftest import ROOT
from tests.unit.policy import samples_backup_repository as samples
from tests.unit.policy.test_phrases import ENGLISH

Change = Callable[[dict[str, Any]], Any]
FIGURES = {
    "longest_kept_backup": 365,
    "daily_backups_kept": 30,
    "weekly_backups_kept": 91,
    "days_since_check": 0.1,
    "fewest_copies": 2,
    "oldest_newest_arrival": 9.5,
    "room_left": 61,
}


def observed(name: str, change: Change = lambda facts: None) -> Any:
    facts = samples.facts()
    change(facts)
    return BACKUP_REPOSITORY_OBSERVERS[name](Facts(facts, "", set()))


def kept(facts: dict[str, Any]) -> dict[str, Any]:
    return facts["backup_repository"]


def run(facts: dict[str, Any]) -> dict[str, Any]:
    return kept(facts)["runs"][0]


def repository(facts: dict[str, Any]) -> dict[str, Any]:
    return kept(facts)["repositories"][0]


def let_through(part: str, what: str) -> Change:
    return lambda facts: facts["backup_access"][part].append({"what": what, "refused": False, "detail": "200"})


@pytest.mark.parametrize("name", sorted(set(BACKUP_REPOSITORY_OBSERVERS) - set(FIGURES)))
def test_backups_in_order_offend_in_nothing(name: str) -> None:
    assert observed(name) == []


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_figures_are_what_was_measured(name: str) -> None:
    assert observed(name) == FIGURES[name]


BROKEN: list[tuple[str, Change, str]] = [
    ("pruning_out_of_order", lambda f: kept(f)["timers"].update(prune=False), "by the clock"),
    ("pruning_out_of_order", lambda f: kept(f)["key"].update(closed=False), "others can read"),
    ("pruning_out_of_order", lambda f: kept(f)["key"]["does_not_open"].append("fs1"), "fs1: the key"),
    ("pruning_out_of_order", lambda f: run(f).update(prune_ok=False), "did not succeed"),
    ("pruning_out_of_order", lambda f: run(f).update(prune_hours=300), "300 hours ago"),
    ("misdated_backups", lambda f: run(f).update(future=2), "fs1: 2 dated in the future"),
    ("misdated_backups", lambda f: run(f).update(misdated=1), "another date"),
    ("own_backups_at_risk", let_through("own", "delete_config"), "can be deleted"),
    ("own_backups_at_risk", let_through("own", "overwrite_snapshot"), "overwritten"),
    ("backups_open_to_others", let_through("others", "other_reads dc1"), "of dc1 can be read"),
    ("backups_open_to_others", let_through("others", "factory admin"), "admin"),
    ("backups_open_to_others", let_through("others", "plain"), "without encryption"),
    ("readable_backups", lambda f: kept(f)["readable"].append("fs1/data/notes"), "fs1/data/notes"),
    (
        "hosts_without_offsite_copy",
        lambda f: f["backup_copies"]["hosts"][0]["copies"][0].update(snapshots=0),
        "fs1: nothing",
    ),
    ("full_repositories", lambda f: repository(f).update(filled_percent=140.2), "140 %"),
    ("full_repositories", lambda f: repository(f).update(open=False), "nothing new"),
    ("keeper_logons", lambda f: kept(f)["domain"].append("passwd: winbind"), "part of a domain"),
    ("keeper_logons", lambda f: kept(f)["factory_logons"].append("admin"), "admin: factory"),
    ("keeper_disks_degraded", lambda f: kept(f)["mirrors"][0].update(whole=False), "md0"),
    ("keeper_disks_degraded", lambda f: kept(f)["mirrors"].clear(), "there: 0, declared: 1"),
    ("keeper_alerts", lambda f: kept(f)["alerts"].append("fs1: pruning failed: no room"), "pruning failed"),
    ("keeper_alerts", lambda f: kept(f)["timers"].update(watch=False), "by the clock"),
]


@pytest.mark.parametrize(("name", "change", "expected"), BROKEN)
def test_what_is_out_of_order_is_said_in_both_languages(name: str, change: Change, expected: str) -> None:
    lines = observed(name, change)
    assert len(lines) == 1
    assert expected in lines[0]
    assert not ENGLISH.search(said(lines[0], "fr").replace("prune --believe-clock", "").replace("no room", ""))


def test_a_copy_on_the_host_itself_is_none() -> None:
    assert observed("fewest_copies", lambda f: f["backup_copies"]["hosts"][0]["copies"].pop()) == 1


def test_data_that_are_damaged_are_not_read_again_at_all() -> None:
    assert observed("days_since_check", lambda f: run(f).update(check_ok=False)) is None
    assert observed("days_since_check", lambda f: kept(f)["timers"].update(check=False)) is None


def test_a_host_of_which_nothing_arrived_waits_for_ever() -> None:
    assert observed("oldest_newest_arrival", lambda f: repository(f).update(newest_hours=None)) is None


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("fewest_copies", lambda f: f["backup_copies"]["hosts"][0]["unread"].append("log1")),
        ("own_backups_at_risk", lambda f: f["backup_access"].pop("own")),
        ("backups_open_to_others", lambda f: f["backup_access"]["others"].clear()),
        ("misdated_backups", lambda f: run(f).update(prune_hours=None)),
        ("readable_backups", lambda f: repository(f).update(snapshots=0)),
    ],
)
def test_what_was_not_tried_is_not_in_order(name: str, change: Change) -> None:
    with pytest.raises(MissingFact):
        observed(name, change)


def test_every_trial_has_its_words() -> None:
    source = (ROOT / "module_utils" / "linux" / "backup_access.py").read_text(encoding="utf-8")
    tried = set(re.findall(r'refused\(server, f?"([a-z_]+)[" ]', source)) | {"plain"}
    tried |= {f"delete_{kind}" for kind in ("data", "index", "keys", "config", "key", "snapshot")}
    tried |= {f"overwrite_{what}" for what in ("config", "key", "snapshot")}
    tried -= {"delete_", "overwrite_"}
    assert {f"keeper_{what}" for what in tried} - set(BACKUP_REPOSITORY_PHRASES) == set()
    assert backup_access.REFUSED == (401, 403)


def test_what_the_program_on_the_host_says_is_worded_in_french() -> None:
    program = "".join(
        (ROOT / "roles/backup_repository/files/usr/local/lib/backup-repository/backuprepo" / name).read_text("utf-8")
        for name in ("room.py", "work.py")
    )
    for line in (
        "fs1: no successful check for 168 hours",
        "fs1: nothing has arrived for 26 hours",
        "fs1: its part of the disk is full; it takes nothing new",
        "the disk is full: 5 % must stay free; nothing new is taken",
        "the disk fills up: less than 15 % is free",
        "fs1: the repository is not there",
        "fs1: 3 snapshots are dated in the future, the first 1234abcd",
    ):
        assert said(line, "fr") != line
        words = re.sub(r"^fs1: |\d+|1234abcd", "", line)
        assert max(words.split(), key=len).strip(";:,") in program
