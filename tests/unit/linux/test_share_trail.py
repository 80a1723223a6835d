"""A deed is in the log only as its doer, on its share, with its file; of the files, only those of the trial go."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from ansible.module_utils.linux import share_tickets, share_trail

LINES = """\
2026-11-21T07:18:34.754452+00:00 fs1 smbd_audit: SITE\\ann|10.0.0.30|hr|unlinkat|ok|/hr/garant-essai-1-delete-0.txt
2026-11-21T07:18:34.7+00:00 fs1 smbd_audit[12]: SITE\\ann|10.0.0.30|hr|create_file|ok|0x120089|file|open|/hr/garant-essai-1-read.txt
2026-11-21T07:18:35.000000+00:00 fs1 smbd_audit: bob|10.0.0.30|hr|unlinkat|fail (denied)|/hr/garant-essai-1-delete-1.txt
2026-11-21T07:18:36.000000+00:00 fs1 chronyd[3]: Selected source 10.0.0.1
"""


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(share_trail, "_PATIENCE_SECONDS", 0)
    file = tmp_path / "audit.log"
    file.write_text(LINES, encoding="utf-8")
    return str(file)


def trace(what: str, person: str, file: str, share: str = "hr") -> dict[str, str]:
    return {"what": what, "person": person, "share": share, "file": f"garant-essai-1-{file}.txt"}


def test_deeds_that_are_in_the_log_are_found_with_their_doer_and_time(log: str) -> None:
    facts = share_trail.trail(log, [trace("deletion", "ann", "delete-0"), trace("read", "ANN", "read")])
    assert (facts["deletion_logged"], facts["sensitive_read_logged"], facts["missing"]) == (True, True, [])
    assert facts["examples"]["deletion"]["who"] == "SITE\\ann"
    assert facts["examples"]["deletion"]["when"].startswith("2026-11-21T07:18:34")


@pytest.mark.parametrize(
    "deed",
    [
        trace("deletion", "bob", "delete-1"),
        trace("deletion", "bob", "delete-0"),
        trace("deletion", "ann", "delete-0", share="sales"),
        trace("deletion", "ann", "read"),
        trace("deletion", "ann", "delete-9"),
    ],
)
def test_a_line_of_another_deed_proves_nothing(log: str, deed: dict[str, str]) -> None:
    facts = share_trail.trail(log, [deed, trace("deletion", "ann", "delete-0")])
    assert facts["deletion_logged"] is False
    assert facts["missing"] == [f"deletion: {deed['person']} on {deed['share']}"]


def test_what_nobody_did_is_left_unsaid(log: str) -> None:
    assert "sensitive_read_logged" not in share_trail.trail(log, [trace("deletion", "ann", "delete-0")])


def test_a_log_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(share_trail.TrailError):
        share_trail.trail(str(tmp_path / "none.log"), [trace("deletion", "ann", "delete-0")])


def test_only_files_of_the_trial_are_removed_and_bins_that_they_leave_empty(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = ["report.txt", "ann/diary.txt", ".bin/bob/old.txt", "ann/note-garant-essai-1.txt"]
    gone = [
        "garant-essai-1-a.txt",
        "ann/garant-essai-2-b.txt",
        ".bin/ann/garant-essai-1-c.txt",
        ".bin/bob/bob/garant-essai-3-d.txt",
    ]
    for name in [*kept, *gone]:
        file = tmp_path / "share" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x", encoding="utf-8")
    outside = tmp_path / "garant-essai-outside.txt"
    outside.write_text("x", encoding="utf-8")
    (tmp_path / "share" / "link").symlink_to(tmp_path)
    monkeypatch.setattr(share_trail, "_share_folders", lambda: [str(tmp_path / "share")])
    assert share_trail.remove_files(".bin") == len(gone)
    left = {str(path.relative_to(tmp_path / "share")) for path in (tmp_path / "share").rglob("*") if path.is_file()}
    assert left == set(kept)
    assert outside.exists()
    assert not (tmp_path / "share" / ".bin" / "ann").exists()
    assert (tmp_path / "share" / "ann").exists()


def test_tickets_left_by_a_run_that_was_cut_short_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(share_tickets, "MEMORY", str(tmp_path))
    old = tmp_path / "garant-essai-old"
    old.mkdir()
    (old / "ticket-0").write_bytes(b"secret")
    with share_tickets.private_folder() as folder:
        assert not old.exists()
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "ticket-1").write_bytes(b"secret")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("said", ["Cannot contact any KDC for realm", "Clock skew too great", "Ticket expired"])
def test_a_controller_that_does_not_answer_is_no_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str
) -> None:
    failing(monkeypatch, f"kvno: {said} while getting credentials")
    with pytest.raises(share_tickets.TicketError):
        share_tickets._refusal("ann", "FS1$", tmp_path / "own")


def test_a_closed_account_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, "kvno: Client's credentials have been revoked while getting credentials for FS1$@SITE")
    assert share_tickets._refusal("ann", "FS1$", tmp_path / "own") == "KDC_ERR_CLIENT_REVOKED"


def test_an_account_without_a_principal_name_is_asked_for_with_its_realm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def answer(person: str, account: str, own: Path) -> str | None:
        asked.append(person)
        return None if "@" in person else "KDC_ERR_C_PRINCIPAL_UNKNOWN"

    monkeypatch.setattr(share_tickets, "machine_account", lambda: "FS1$")
    monkeypatch.setattr(share_tickets, "_asked", lambda command, account: None)
    monkeypatch.setattr(share_tickets, "_refusal", answer)
    monkeypatch.setattr(share_tickets, "_taken", lambda *_: "ticket")
    assert share_tickets.tickets_for(["administrator"], "fs1.site", "SITE", 5) == ({"administrator": "ticket"}, {})
    assert asked == ["administrator", "administrator@SITE"]


def failing(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setattr(share_tickets, "_run", lambda command: subprocess.CompletedProcess(command, 1, "", said))
