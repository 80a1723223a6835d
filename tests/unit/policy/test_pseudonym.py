"""People in evidence have a name that says nothing."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from ansible.module_utils.policy.pseudonym import PREFIX, PseudonymError, hide_people, pseudonym, site_key

KEY = bytes(range(32))
OTHER = bytes(range(1, 33))


def test_a_pseudonym_is_the_digest_that_was_worked_out_by_other_means() -> None:
    # printf duponthug | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102...1f
    assert pseudonym(KEY, "duponthug") == "personne-a63a463a"


@pytest.mark.parametrize("written", ["DupontHug", " duponthug ", "SITE\\duponthug", "duponthug@SITE.LAN"])
def test_a_person_has_one_pseudonym_however_a_program_writes_the_login(written: str) -> None:
    assert pseudonym(KEY, written) == pseudonym(KEY, "duponthug")


def test_two_people_and_two_sites_have_different_pseudonyms() -> None:
    assert len({pseudonym(KEY, "duponthug"), pseudonym(KEY, "durandlea"), pseudonym(OTHER, "duponthug")}) == 3


def test_a_pseudonym_does_not_hold_the_login() -> None:
    assert "dup" not in pseudonym(KEY, "duponthug").removeprefix(PREFIX)


@pytest.mark.parametrize("login", ["", "  ", "SITE\\", "@SITE"])
def test_nobody_has_no_pseudonym(login: str) -> None:
    with pytest.raises(PseudonymError, match="no login"):
        pseudonym(KEY, login)


def test_a_short_key_is_refused() -> None:
    with pytest.raises(PseudonymError, match="4 bytes"):
        pseudonym(b"abcd", "duponthug")


def test_logins_are_hidden_wherever_they_stand_and_longer_words_are_left() -> None:
    seen = {"duponthug": ["SITE\\DUPONTHUG read it", "dupont", 4], "other": "duponthug2 and duponthugo"}
    name, second = pseudonym(KEY, "duponthug"), pseudonym(KEY, "duponthug2")
    assert hide_people(seen, KEY, ["duponthug", "duponthug2"]) == {
        name: [f"SITE\\{name} read it", "dupont", 4],
        "other": f"{second} and duponthugo",
    }


def test_nothing_changes_when_nobody_is_to_be_hidden() -> None:
    assert hide_people({"a": "duponthug"}, KEY, []) == {"a": "duponthug"}


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "pseudonym_key"
    first = site_key(str(file))
    assert len(first) == 32
    assert site_key(str(file)) == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(("text", "says"), [("nothing", "not a key"), ("abcd", "cut short"), ("", "cut short")])
def test_a_damaged_key_is_told_and_not_replaced(tmp_path: Path, text: str, says: str) -> None:
    file = tmp_path / "pseudonym_key"
    file.write_text(text)
    file.chmod(0o600)
    with pytest.raises(PseudonymError, match=says):
        site_key(str(file))
    assert file.read_text() == text


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "pseudonym_key"
    site_key(str(file))
    file.chmod(0o640)
    with pytest.raises(PseudonymError, match="chmod 600"):
        site_key(str(file))


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PseudonymError, match="No such file"):
        site_key(str(tmp_path / "none" / "key"))
