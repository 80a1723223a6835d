"""Who did what, out of the two logs; and when it is too much."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sharealarms import watch
from sharealarms.settings import Settings
from sharealarms.state import note_deed
from sharealarms.watch import Tail, Watch

from tests.unit.share_safety.test_names import settings  # noqa: F401

HEAD = "[2026/11/21 14:16:01.4, 10, pid=76, effective(1000, 1000), real(1000, 0), class=smb2] source3/smbd/x.c:1(f)"
PERSON = {1000: "ann"}


@pytest.fixture
def watching(settings: Settings) -> Watch:  # noqa: F811
    return Watch(settings, frozenset({"10.0.0.20"}), lambda uid: PERSON.get(uid, str(uid)), patterns=("*.locky",))


def deleted(name: str, machine: str = "10.0.0.30") -> str:
    return rf"2026-11-21T07:18:34+00:00 fs1 smbd_audit: SITE\ann|{machine}|hr|unlinkat|ok|/srv/hr/{name}"


def connected(machine: str = "10.0.0.30") -> str:
    return rf"2026-11-21T07:18:34+00:00 fs1 smbd_audit: SITE\ann|{machine}|hr|connect|ok|hr"


def asked(name: str) -> list[str]:
    return [
        HEAD,
        r"  smbd_smb2_tree_connect: path[\\fs1\hr] share[hr]",
        HEAD,
        f"  smbd_smb2_create_send: name [{name}]",
    ]


def test_a_suspicious_name_names_person_machine_and_share(watching: Watch) -> None:
    raised = watching.look([connected()], asked(r"a\b.LOCKY"), 100.0)
    assert raised == [
        {"kind": "name", "person": "ann", "machine": "10.0.0.30", "share": "hr", "what": r"a\b.LOCKY", "trial": False}
    ]


def test_a_refused_new_name_is_known_by_the_file(watching: Watch) -> None:
    said = "  smbd_smb2_request_error_ex: idx[1] status[NT_STATUS_OBJECT_NAME_NOT_FOUND] || at source3/smbd/smb2_setinfo.c:142"
    trace = [*asked("a.txt"), HEAD, "  smbd_smb2_setinfo_send: a.txt - fnum 18", HEAD, said]
    assert watching.look([connected()], trace, 100.0)[0]["what"] == "a new name for a.txt"


def test_an_ordinary_name_raises_nothing(watching: Watch) -> None:
    assert watching.look([connected()], asked("letter.docx"), 100.0) == []


def test_the_machine_is_awaited_a_moment_and_no_longer(watching: Watch) -> None:
    assert watching.look([], asked("b.locky"), 100.0) == []
    assert watching.look([connected()], [], 101.0)[0]["machine"] == "10.0.0.30"
    assert watching.look([], asked("c.locky").copy(), 200.0)[0]["machine"] == "10.0.0.30"
    watching.machines.clear()
    assert watching.look([], asked("d.locky"), 300.0) == []
    assert watching.look([], [], 303.0)[0]["machine"] == "?"


def test_many_deletions_within_the_time_raise_one_alarm(watching: Watch) -> None:
    raised = watching.look([deleted(f"{number}.txt") for number in range(4)], [], 100.0)
    assert [(each["kind"], each["count"], each["person"], each["machine"]) for each in raised] == [
        ("changes", 3, "ann", "10.0.0.30")
    ]


def test_the_same_file_again_and_slow_work_raise_none(watching: Watch) -> None:
    assert watching.look([deleted("1.txt")] * 9, [], 100.0) == []
    assert [watching.look([deleted(f"{number}.txt")], [], 200.0 + 50 * number) for number in range(9)] == [[]] * 9


def test_refused_deletions_do_not_count(watching: Watch) -> None:
    assert watching.look([deleted(f"{n}.txt").replace("|ok|", "|fail (denied)|") for n in range(9)], [], 100.0) == []


def test_only_the_server_itself_makes_a_trial_of_the_audit(watching: Watch) -> None:
    burst = [deleted(f"garant-essai-{n}.txt", "10.0.0.20") for n in range(3)]
    assert watching.look(burst, [], 100.0)[0]["trial"]
    foreign = [deleted(f"garant-essai-{n}.txt") for n in range(3)]
    assert not watching.look(foreign, [], 100.0)[0]["trial"]


def test_many_written_files_raise_an_alarm(watching: Watch) -> None:
    trace = [line for n in range(5) for line in (HEAD, f"  smbd_smb2_write: d/{n}.doc - fnum 12, file d/{n}.doc")]
    assert [each["kind"] for each in watching.look([connected()], trace, 100.0)] == ["writes"]


def test_a_log_that_is_turned_is_read_on(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("old\n")
    tail = Tail(str(log))
    with log.open("a") as file:
        file.write("one\ntw")
    assert tail.lines() == ["one"]
    with log.open("a") as file:
        file.write("o\n")
    os.rename(log, tmp_path / "log.1")
    log.write_text("three\n")
    assert tail.lines() == ["two", "three"]


def test_a_deed_is_told_once_in_a_while_and_a_trial_as_a_notice() -> None:
    told: list[tuple[int, str]] = []
    state: dict[str, Any] = {}
    deed = {"kind": "name", "person": "ann", "machine": "10.0.0.30", "share": "hr", "what": "x.locky", "trial": False}
    assert note_deed(state, deed, lambda level, what: told.append((level, what)))
    assert not note_deed(state, deed, lambda level, what: told.append((level, what)))
    note_deed(state, {**deed, "trial": True}, lambda level, what: told.append((level, what)))
    assert [level for level, _ in told] == [1, 5]
    assert "ann from 10.0.0.30 on hr" in told[0][1]


def test_a_clock_that_went_back_silences_no_deed(monkeypatch: pytest.MonkeyPatch) -> None:
    state: dict[str, Any] = {}
    deed = {"kind": "name", "person": "ann", "machine": "10.0.0.30", "share": "hr", "what": "x.locky", "trial": False}
    assert note_deed(state, deed, lambda *_: None)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now - 3600)
    assert note_deed(state, deed, lambda *_: None)


def test_only_mass_changes_of_other_machines_are_cut_off(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    cut: list[str] = []
    monkeypatch.setattr(watch, "cut_off", lambda _, __, machine: cut.append(machine))
    monkeypatch.setattr(watch, "own_addresses", lambda: frozenset({"10.0.0.20"}))
    base = {"person": "ann", "share": "hr", "what": "x", "trial": False, "count": 3, "seconds": 60}
    raised = [{**base, "kind": "changes", "machine": at} for at in ("10.0.0.30", "10.0.0.20", "?")]
    raised.append({**base, "kind": "name", "machine": "10.0.0.31"})
    watch.act(settings, raised, lambda *_: None)
    assert cut == []
    watch.act(replace(settings, cut_off=True), raised, lambda *_: None)
    assert cut == ["10.0.0.30"]
