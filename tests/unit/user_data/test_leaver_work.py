"""Folders of leavers on a disk: archived whole, handed over without what is private, given back, destroyed, resumed."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
import tarfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.linux import leaver_archive, leaver_report, leaver_work
from ansible.module_utils.linux.leaver_archive import LeaverError
from ansible.module_utils.linux.leaver_case import Journal
from ansible.module_utils.linux.leaver_plan import Terms
from ansible.module_utils.linux.leaver_work import Outcome, Settings, Work

ME = pwd.getpwuid(os.getuid()).pw_name
LEFT = {"login": "ann", "key": "k1", "status": "left", "left_on": "2026-11-20", "manager": "boss"}
BACK = {**LEFT, "status": "active", "left_on": None}
START, LATE, END = date(2026, 11, 21), date(2026, 12, 25), date(2027, 6, 1)


class Place:
    """A share, an archive folder, and runs on some day."""

    def __init__(self, folder: Path) -> None:
        self.share, self.root, self.log = folder / "share", folder / "leavers", folder / "log" / "journal.jsonl"
        self.settings = Settings(
            share=str(self.share),
            root=str(self.root),
            terms=Terms(30, 180),
            markers=("prive", "privee", "personnel"),
            group=os.getgid(),
            today=START,
            delay_days=3,
            owners_allowed=frozenset({ME}),
        )
        self.own = self.share / "ann"
        for name, text in {
            "devis.odt": "devis",
            "Clients/liste.ods": "liste",
            "Personnel/lettre.odt": "secret",
            "note privée.txt": "secret",
            "Personnelle.txt": "une autre",
        }.items():
            (self.own / name).parent.mkdir(parents=True, exist_ok=True)
            (self.own / name).write_text(text, encoding="utf-8")
        (self.own / "lien").symlink_to("/etc/passwd")

    def run(self, person: dict[str, Any] | None = LEFT, today: date = START, write: bool = True) -> Outcome:
        people = {"ann": person} if person else {}
        work = Work(replace(self.settings, today=today), Journal(str(self.log), "somebody"))
        return work.run(people, [], write)

    def steps(self) -> list[str]:
        return [json.loads(line)["step"] for line in self.log.read_text(encoding="utf-8").splitlines()]

    def files(self, below: Path) -> dict[str, bytes]:
        return {
            str(path.relative_to(below)): path.read_bytes()
            for path in below.rglob("*")
            if path.is_file() and not path.is_symlink()
        }


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setattr(os, "chown", lambda *_, **__: None)
    return Place(tmp_path)


def names(outcome: Outcome) -> list[str]:
    return [one["step"] for one in outcome.done]


def test_a_folder_is_archived_handed_over_and_gone(place: Place) -> None:
    assert names(place.run()) == ["archive", "hand_over"]
    assert not place.own.exists()
    copy = place.files(place.share / "depart-ann")
    assert {name for name in copy if name != leaver_work.NOTE_FILE} == {
        "devis.odt",
        "Clients/liste.ods",
        "Personnelle.txt",
    }
    note = copy[leaver_work.NOTE_FILE].decode("utf-8-sig")
    assert "21/12/2026" in note
    assert "fichiers : 2" in note
    assert oct(place.root.stat().st_mode & 0o777) == "0o700"
    assert place.run().done == []


def test_check_mode_says_the_steps_and_takes_none(place: Place) -> None:
    before = place.files(place.share)
    assert names(place.run(write=False)) == ["archive", "hand_over"]
    assert place.files(place.share) == before
    assert not place.root.exists()
    assert not place.log.exists()


def test_the_copy_goes_and_the_archive_is_destroyed_at_their_dates(place: Place) -> None:
    place.run()
    assert names(place.run(today=LATE)) == ["withdraw"]
    assert list(place.share.iterdir()) == []
    assert names(place.run(today=END)) == ["destroy"]
    assert list(place.root.iterdir()) == []
    assert place.run(today=END).done == []
    assert place.steps() == ["archived", "cleared", "handed_over", "withdrawn", "destroying", "destroyed"]


def test_the_journal_has_who_and_the_digest_and_no_name_of_a_file(place: Place) -> None:
    place.run()
    lines = [json.loads(line) for line in place.log.read_text(encoding="utf-8").splitlines()]
    assert {line["by"] for line in lines} == {"somebody"}
    assert len(lines[0]["sha256"]) == 64
    assert "devis" not in place.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("new_folder", ["none", "empty", "used"])
def test_who_is_back_has_everything_again(place: Place, new_folder: str) -> None:
    before = place.files(place.own)
    place.run()
    if new_folder != "none":
        place.own.mkdir()
    if new_folder == "used":
        (place.own / "neuf.txt").write_text("neuf", encoding="utf-8")
    assert names(place.run(BACK)) == ["withdraw", "give_back"]
    where = place.own / "Retour du 2026-11-21 (1)" if new_folder == "used" else place.own
    assert place.files(where) == before
    assert (where / "lien").is_symlink()
    assert not (place.share / "depart-ann").exists()
    assert list(place.root.iterdir()) == []
    assert place.run(BACK).done == []


def test_a_folder_that_was_restored_goes_into_the_same_case(place: Place) -> None:
    place.run()
    place.own.mkdir()
    (place.own / "oublie.odt").write_text("oublié", encoding="utf-8")
    assert names(place.run(today=date(2026, 11, 25))) == ["archive", "hand_over"]
    assert (place.share / "depart-ann" / "suite-2" / "oublie.odt").exists()
    assert (place.share / "depart-ann" / "devis.odt").exists()
    assert names(place.run(today=END)) == ["withdraw", "destroy"]


STEPS: list[tuple[str, Callable[[Place], Outcome]]] = [
    ("write_whole", lambda place: place.run()),
    ("clear", lambda place: place.run()),
    ("hand_over", lambda place: place.run()),
]


@pytest.mark.parametrize(("function", "again"), STEPS)
def test_a_run_that_is_cut_off_is_taken_up(
    place: Place, monkeypatch: pytest.MonkeyPatch, function: str, again: Callable[[Place], Outcome]
) -> None:
    before = place.files(place.own)
    kept = getattr(leaver_archive, function)

    def cut_off(*_: Any) -> None:
        raise OSError("power lost")

    monkeypatch.setattr(leaver_archive, function, cut_off)
    assert "power lost" in place.run().refused[0]["why"]
    monkeypatch.setattr(leaver_archive, function, kept)
    again(place)
    assert not place.own.exists()
    place.run(BACK)
    assert place.files(place.own) == before


def test_a_folder_half_removed_is_whole_in_the_archive(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    before = place.files(place.own)

    def half(path: str) -> None:
        os.unlink(os.path.join(path, "devis.odt"))
        raise OSError("power lost")

    with monkeypatch.context() as patched:
        patched.setattr(leaver_archive.shutil, "rmtree", half)
        assert place.run().refused
    assert "clear" in names(place.run())
    assert not place.own.exists()
    place.run(BACK)
    assert place.files(place.own) == before


def test_what_came_after_the_archive_is_not_removed(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(leaver_archive, "clear", lambda *_: (_ for _ in ()).throw(OSError("power lost")))
        place.run()
    (place.own / "apres.txt").write_text("nouveau", encoding="utf-8")
    assert "came or changed" in place.run().refused[0]["why"]
    assert (place.own / "apres.txt").exists()


def test_an_archive_that_was_changed_is_not_given_back(place: Place) -> None:
    place.run()
    (place.root / "ann" / "1.tar").write_bytes(b"something else")
    refused = place.run(BACK).refused
    assert "not what was archived" in refused[0]["why"]
    assert (place.root / "ann" / "1.tar").exists()


@pytest.mark.parametrize(
    "error", [tarfile.ReadError("cut off"), subprocess.TimeoutExpired("tar", 1), ValueError("no manifest")]
)
def test_what_goes_wrong_with_one_folder_stops_nobody_elses(
    place: Place, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def pack(folder: str, archive: str) -> dict[str, Any]:
        if folder.endswith("ann"):
            raise error
        return packed(folder, archive)

    packed = leaver_archive.pack
    monkeypatch.setattr(leaver_archive, "pack", pack)
    (place.share / "bob").mkdir()
    people = {"ann": LEFT, "bob": {**LEFT, "login": "bob", "key": "k2", "manager": None}}
    outcome = Work(place.settings, Journal(str(place.log), "somebody")).run(people, [], True)
    assert [one["login"] for one in outcome.refused] == ["ann"]
    assert [one["login"] for one in outcome.done] == ["bob"]


def test_a_folder_with_files_of_somebody_else_is_refused(place: Place) -> None:
    place.settings = replace(place.settings, owners_allowed=frozenset(), group=os.getgid() + 1)
    found = leaver_archive.owners(str(place.own))
    if set(found) == {0}:  # root's files may lie anywhere: make one that is not root's
        os.lchown(place.own / "devis.odt", 65534, 65534)
    refused = place.run().refused
    assert "belongs to" in refused[0]["why"]
    assert refused[0]["late"] is False
    assert place.own.exists()
    assert place.run(today=date(2026, 12, 1)).refused[0]["late"] is True


def test_two_runs_do_not_work_at_once(place: Place) -> None:
    work = Work(place.settings, Journal(str(place.log), "somebody"))
    with work.alone(True), pytest.raises(LeaverError, match="another run"):
        place.run()


@pytest.mark.parametrize(
    ("name", "private"),
    [
        ("Personnel/a.txt", True),
        ("PRIVÉ/a.txt", True),
        ("a/doc_privé.odt", True),
        ("personnalisation.txt", False),
        ("privilege/x", False),
        ("a.txt", False),
    ],
)
def test_private_is_what_a_whole_word_says(name: str, private: bool) -> None:
    assert leaver_archive.is_private(name, ("personnel", "prive")) is private


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"archive": "{share}/x"}, "lies in the share"),
        ({"kept_days": 10}, "cannot be handed over"),
        ({"share": "/nowhere"}, "no such folder"),
    ],
)
def test_options_that_cannot_be_meant_are_refused(place: Place, options: dict[str, Any], said: str) -> None:
    given = {
        "share": str(place.share),
        "archive": str(place.root),
        "journal": str(place.log),
        "actor": "somebody",
        "handover_days": 30,
        "kept_days": 180,
        "delay_days": 3,
        "private_words": [],
        "group": 0,
        "today": "2026-11-21",
        "administrators": [],
        "people": [],
        "open_accounts": [],
    }
    filled = {
        key: value.format(share=place.share) if isinstance(value, str) else value for key, value in options.items()
    }
    with pytest.raises(LeaverError, match=said):
        leaver_report.run({**given, **filled}, write=True)


def test_the_facts_say_what_is_kept_and_for_how_long(place: Place) -> None:
    def found(today: date) -> dict[str, Any]:
        return leaver_report.facts(str(place.share), str(place.root), [LEFT], today)

    with pytest.raises(LeaverError, match="no such folder"):
        found(START)  # nothing is there to keep an archive in
    place.root.mkdir()
    assert found(START)["in_share"] == [{"login": "ann", "days": 1}]
    place.run()
    later = found(date(2026, 11, 30))
    assert later["in_share"] == []
    assert later["copies"] == [{"login": "ann", "days": 9, "to": "boss"}]
    assert [(one["login"], one["days"]) for one in later["archives"]] == [("ann", 9)]
