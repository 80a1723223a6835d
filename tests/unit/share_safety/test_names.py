"""The list of suspicious names: a worse one never replaces a good one."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hostlib import read_state
from sharealarms import names
from sharealarms.settings import Settings, Threshold


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(names.subprocess, "run", lambda *_, **__: None)
    return Settings(
        root=str(tmp_path),
        folder=str(tmp_path),
        audit_file="",
        trace_file="/run/trace.log",
        samba_file=str(tmp_path / "samba.conf"),
        names=("*.locky",),
        sources=(f"file://{tmp_path}/list",),
        certificates="",
        greatest_loss_percent=30,
        names_at_most_days=90,
        most_changes=Threshold(3, 60),
        most_writes=Threshold(5, 60),
        cut_off=False,
        warn_percent=85,
        fail_percent=95,
        alert_command=(),
    )


def update(settings: Settings) -> tuple[list[str], bool]:
    return names.update(settings, lambda *_: None)


def test_names_of_the_site_and_of_sources_are_in_force(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("# a comment\n*.crypt\nread_me_now*\n")
    assert update(settings) == ([], True)
    assert "veto files = /*.crypt/*.locky/read_me_now*/" in (tmp_path / "samba.conf").read_text()
    assert update(settings) == ([], False)


@pytest.mark.parametrize("broken", ["", "# nothing\n", "*\n", "*.pdf\n", "*.docx\n", "a/b\n", "<html>\n*.*\n"])
def test_a_broken_or_empty_list_keeps_the_former(settings: Settings, tmp_path: Path, broken: str) -> None:
    (tmp_path / "list").write_text("*.crypt\n")
    update(settings)
    before = (tmp_path / "samba.conf").read_text()
    (tmp_path / "list").write_text(broken)
    wrong, changed = update(settings)
    assert "the former list is kept" in wrong[0]
    assert not changed
    assert (tmp_path / "samba.conf").read_text() == before
    assert [each["part"] for each in read_state(str(tmp_path))["alerts"]] == ["names"]


def test_a_list_that_lost_most_of_its_names_is_not_taken(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "list").write_text("".join(f"*.bad{number}\n" for number in range(10)))
    update(settings)
    (tmp_path / "list").write_text("*.bad1\n")
    wrong, changed = update(settings)
    assert "lost 90 %" in wrong[0]
    assert not changed


def test_a_source_that_was_never_there_is_told_as_too_old(settings: Settings) -> None:
    wrong, _ = update(settings)
    assert any("nothing usable for 90 days" in each for each in wrong)


def test_no_names_at_all_is_told(settings: Settings) -> None:
    wrong, _ = update(replace(settings, names=(), sources=()))
    assert wrong == ["no suspicious name is known: nothing is refused"]


def test_capitals_and_folders_do_not_hide_a_name() -> None:
    assert names.matches("Dossier/x.LOCKY/y.txt", ["*.locky"])
    assert not names.matches("locky.txt", ["*.locky"])


def test_a_machine_that_is_cut_off_stands_in_the_settings(settings: Settings) -> None:
    assert "hosts deny = 192.0.2.7" in names.rendered(settings, ["*.x1y"], ["192.0.2.7"])
    assert "hosts deny" not in names.rendered(settings, ["*.x1y"], [])


def test_a_server_that_is_too_busy_to_hear_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def hangs(command: list[str], **_: object) -> None:
        raise subprocess.TimeoutExpired(command, 20)

    monkeypatch.setattr(names.subprocess, "run", hangs)
    names.tell_samba("reload-config")
