"""Keys of backups are made once, for their owner alone, and stand on a sheet that brings them back."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from ansible.module_utils.linux import backup_secrets as kept
from ansible.module_utils.linux.backup_sheet import Place, paragraphs, render

HOSTS = ["dc1", "fs1"]
PLACES = [Place("store1", "offsite", "https://192.0.2.10:8000/")]
NAMES = kept.names(HOSTS, ["store1"])


def reconcile(folder: Path, about: str = "site", *, dry: bool = False) -> kept.Plan:
    return kept.reconcile(folder, NAMES, lambda secrets: repr(sorted(secrets.items())).encode(), about, dry=dry)


def test_everything_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    folder = tmp_path / "backup"
    plan = reconcile(folder)
    assert plan.made == ["dc1.http", "dc1.key", "fs1.http", "fs1.key", "store1.prune"]
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700
    assert len({before[name] for name in NAMES}) == len(NAMES)
    again = reconcile(folder)
    assert (again.made, again.sheet) == ([], False)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before


def test_a_dry_run_makes_nothing(tmp_path: Path) -> None:
    plan = reconcile(tmp_path / "backup", dry=True)
    assert (len(plan.made), plan.sheet) == (5, True)
    assert not (tmp_path / "backup").exists()


def test_a_key_that_was_emptied_or_opened_to_others_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    reconcile(tmp_path / "backup")
    key = tmp_path / "backup" / "fs1.key"
    text = key.read_text()
    key.chmod(0o644)
    with pytest.raises(kept.SecretsError, match="chmod 600"):
        reconcile(tmp_path / "backup")
    key.chmod(0o600)
    key.write_text("")
    with pytest.raises(kept.SecretsError, match="recovery sheet"):
        reconcile(tmp_path / "backup")
    key.write_text(text)
    assert reconcile(tmp_path / "backup").made == []


def test_the_sheet_is_made_anew_when_it_says_something_else(tmp_path: Path) -> None:
    reconcile(tmp_path / "backup")
    assert reconcile(tmp_path / "backup", "another place").sheet
    (tmp_path / "backup" / "fs1.key").unlink()
    assert reconcile(tmp_path / "backup", "another place").sheet


def test_a_key_can_be_typed_from_paper() -> None:
    assert re.fullmatch(r"([a-hj-km-np-z2-9]{5}-){7}[a-hj-km-np-z2-9]{5}", kept.new_secret())


def test_the_sheet_has_every_key_and_where_the_backups_are_in_french() -> None:
    secrets = {name: kept.new_secret() for name in NAMES}
    lines = paragraphs(secrets, HOSTS, PLACES, ("Menuiserie", "Atelier"), date(2026, 11, 21))
    text = "\n".join(line for _, line in lines)
    assert all(secret in text for secret in secrets.values())
    assert "https://192.0.2.10:8000/" in text
    assert "hors du site" in text.lower()
    assert render(lines).startswith(b"%PDF")
