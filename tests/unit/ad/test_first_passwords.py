"""First passwords are random, and never in clear on the disk."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
from ansible.module_utils.ad import first_passwords
from ansible.module_utils.ad.first_passwords import (
    CLASSES,
    FirstPassword,
    FirstPasswordError,
    FirstPasswordStore,
    acceptable,
    generate,
)
from ansible.module_utils.ad.naming import letters
from hypothesis import given, settings
from hypothesis import strategies as st

SECRET = "Tr7-pas8Clair"


def entry(login="kersomau", password=SECRET, **more):
    return FirstPassword(login, "Maud Kersó", "Atelier", password, "2026-11-21T09:00:00+00:00", **more)


@pytest.fixture
def store(tmp_path):
    """A store that does not exist yet, with its vault password."""
    (tmp_path / "vault").write_text("a long enough vault password\n")
    return FirstPasswordStore(tmp_path / "store" / "first.yml", tmp_path / "vault")


@pytest.fixture
def quick(store, monkeypatch):
    """The same store with a transparent vault, where encryption is not what is tried."""
    header = b"$ANSIBLE_VAULT;1.1;AES256\n"
    monkeypatch.setattr(store, "_vault", lambda action, payload: (
        header + payload if action == "encrypt" else payload.removeprefix(header)))  # fmt: skip
    return store


@given(st.integers(14, 40))
@settings(max_examples=150, deadline=None)
def test_a_password_has_four_classes_and_nothing_that_is_mistaken_or_hard_to_type(length):
    password = generate(length)
    assert len(password) == length
    assert all(set(password) & set(members) for members in CLASSES)
    assert not set(password) & set("0Oo1lI|^¨`~´'\"{}[]@#\\€ ")
    assert password.isascii()


@given(st.sampled_from(["Ève Ba", "Jean-Rémi d'Aubremont", "Li Wu", "Xyz Bcd", "Kévin Vandenbroucke"]))
@settings(max_examples=100, deadline=None)
def test_a_password_holds_no_part_of_the_name(name):
    password = generate(names=[name])
    assert not any(
        letters(part) in password.lower() for part in name.replace("-", " ").split() if len(letters(part)) > 2
    )


@pytest.mark.parametrize("password", ["Tk7-Kersos2ab", "Tk7-KERsod9ab", "T7-Maud29abcd", "Tk7-kers-o9ab"])
def test_a_candidate_with_the_name_in_it_is_thrown_away(password):
    assert not acceptable(password, first_passwords.name_parts(["Maud Kersó"]))


def test_a_banned_candidate_is_thrown_away():
    seen: list[str] = []

    def twice(candidate):
        seen.append(candidate)
        return len(seen) < 3

    assert generate(banned=twice) == seen[2]
    assert len(seen) == 3


def test_rules_that_ban_everything_are_told():
    with pytest.raises(FirstPasswordError, match="they ban too much"):
        generate(banned=lambda _: True)


def test_a_short_password_is_not_made():
    with pytest.raises(ValueError, match="at least 14"):
        generate(13)


def test_two_passwords_differ():
    assert len({generate() for _ in range(200)}) == 200


def test_a_password_is_not_shown_with_its_entry():
    assert "Clair" not in repr(entry())


def test_the_store_is_an_ansible_vault_that_keeps_what_was_there(store, monkeypatch, tmp_path):
    monkeypatch.setenv("LC_ALL", "C")
    monkeypatch.setenv("ANSIBLE_VAULT_IDENTITY_LIST", "other@/nowhere")
    commands: list[list[str]] = []
    run = subprocess.run

    def recorded(command, **more):
        commands.append(command)
        return run(command, **more)

    monkeypatch.setattr(subprocess, "run", recorded)
    store.append([entry()])
    store.append([entry("lyan", "Autre8-clairXy", mail="an.ly@example.com")])

    sealed = store.path.read_bytes()
    assert sealed.startswith(b"$ANSIBLE_VAULT;1.1;AES256\n")
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    assert [path.name for path in store.path.parent.iterdir()] == ["first.yml"]
    assert not any("lair" in argument for command in commands for argument in command)
    assert store.read() == [entry(), entry("lyan", "Autre8-clairXy", mail="an.ly@example.com")]

    (tmp_path / "other").write_text("another vault password\n")
    stranger = FirstPasswordStore(store.path, tmp_path / "other")
    with pytest.raises(FirstPasswordError) as refusal:
        stranger.append([entry("new")])
    assert str(store.path) in str(refusal.value)
    assert str(tmp_path / "other") in str(refusal.value)
    assert "Decryption failed" in str(refusal.value)
    assert store.path.read_bytes() == sealed


def test_the_last_password_of_a_login_is_the_one_in_force(quick):
    quick.append([entry(), entry("lyan")])
    quick.append([entry(password="Plus9-recentAb")])
    assert quick.latest() == {"kersomau": entry(password="Plus9-recentAb"), "lyan": entry("lyan")}
    assert len(quick.read()) == 3


def test_there_is_nothing_in_a_store_that_does_not_exist(store):
    assert store.read() == []
    assert store.latest() == {}
    assert store.destroy() is False
    store.append([])
    assert not store.path.parent.exists()


def test_a_store_without_vault_password_is_told_before_anything_is_written(store):
    store.vault_password_file.unlink()
    with pytest.raises(FirstPasswordError, match="vault: the vault password file does not exist"):
        store.append([entry()])
    assert not store.path.exists()


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_write_that_fails_loses_nothing_and_leaves_nothing(quick, monkeypatch, failing):
    quick.append([entry()])
    before = quick.path.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*((os, "fsync") if failing == "fsync" else (Path, "replace")), fail)
    with pytest.raises(FirstPasswordError, match="No space left on device; what was there is unchanged"):
        quick.append([entry("lyan")])
    assert quick.path.read_bytes() == before
    assert [path.name for path in quick.path.parent.iterdir()] == ["first.yml"]


def test_a_file_that_is_not_a_vault_is_neither_read_nor_replaced_nor_removed(store):
    store.path.parent.mkdir(mode=0o700)
    store.path.write_text("precious\n")
    for attempt in (store.read, store.destroy, lambda: store.append([entry()])):
        with pytest.raises(FirstPasswordError, match="is not an Ansible Vault file"):
            attempt()
    assert store.path.read_text() == "precious\n"


@pytest.mark.parametrize("payload", ["clear: secret", json.dumps({"first_passwords": [{"login": "x"}]}), "[]"])
def test_a_vault_of_something_else_is_neither_removed_nor_shown(quick, payload):
    quick.path.parent.mkdir(mode=0o700)
    quick.path.write_bytes(quick._vault("encrypt", payload.encode()))
    with pytest.raises(FirstPasswordError, match="does not hold first passwords") as refusal:
        quick.destroy()
    assert "secret" not in str(refusal.value)
    assert quick.path.exists()


def test_a_directory_open_to_others_is_refused_and_left_as_it_is(store):
    store.path.parent.mkdir()
    store.path.parent.chmod(0o755)
    with pytest.raises(FirstPasswordError, match="is open to other users"):
        store.append([entry()])
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o755


def test_the_store_goes_with_its_last_entry(quick):
    quick.append([entry(), entry("lyan"), entry("wuli")])
    assert quick.forget(["lyan"], dry=True) == (True, False)
    assert len(quick.read()) == 3
    assert quick.forget(["lyan"]) == (True, False)
    assert quick.forget(["lyan"]) == (False, False)
    assert [one.login for one in quick.read()] == ["kersomau", "wuli"]
    assert quick.forget(["wuli", "kersomau"]) == (True, True)
    assert not quick.path.exists()


def test_a_destroyed_store_says_so(quick):
    quick.append([entry()])
    assert quick.destroy() is True
    assert quick.destroy() is False
