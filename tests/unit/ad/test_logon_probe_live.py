"""The probe against a real directory, whatever state its rules are in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from ansible.module_utils.ad import logon_probe
from ansible.module_utils.ad.connection import Credentials, Directory, encode_password
from ansible.module_utils.ad.password_policy import encode_domain
from ansible.module_utils.ad.password_policy_store import read_domain

from .password_live import connection, live_directory, run_module, unique

pytestmark = [pytest.mark.live_directory, pytest.mark.needs_test_account]
SAMPLES = [
    {"kind": "too_short", "label": "short", "password": "Xk7-q#"},
    {"kind": "character_classes", "label": "no capital", "password": "xkqqw7vb-93pltrm"},
]
STRICT = {"min_length": 12, "history_length": 24, "complexity": True, "lockout_threshold": 4,
          "lockout_duration_minutes": 15, "lockout_window_minutes": 15}  # fmt: skip


@pytest.fixture
def directory() -> Iterator[Directory]:
    with live_directory() as opened:
        before = read_domain(opened)
        opened.modify(opened.base, encode_domain(STRICT, 0))
        try:
            yield opened
        finally:
            opened.modify(opened.base, encode_domain(before, 0))


@pytest.fixture
def account(directory: Directory) -> Iterator[str]:
    """A test account as it should never be: disabled, without a password, locked or not."""
    login = unique("essai")
    dn = f"CN={login},CN=Users,{directory.base}"
    directory.add(dn, {"objectClass": [b"user"], "sAMAccountName": [login.encode()], "sn": [b"Vautrin"],
                       "userAccountControl": [b"546"]})  # fmt: skip
    try:
        yield login
    finally:
        directory.delete(dn)


def probe(capsys: pytest.CaptureFixture[str], account: str, **options: Any) -> dict[str, Any]:
    samples = options.pop("samples", SAMPLES)
    answer = run_module("ad_logon_probe", capsys, account=account, realm="AUTOCONCEPT.LAN", samples=samples, **options)
    assert not answer["changed"]
    tried: dict[str, Any] = answer["logon_probe"]
    return tried


def state(directory: Directory, login: str) -> tuple[int, int]:
    """The account's flags and whether it is locked."""
    values = directory.read(f"CN={login},CN=Users,{directory.base}", ["userAccountControl", "lockoutTime"])
    return int(values["userAccountControl"][0]), int(values.get("lockoutTime", [b"0"])[0])


def test_everything_is_tried_in_less_than_six_seconds(
    directory: Directory, account: str, capsys: pytest.CaptureFixture[str]
) -> None:
    started = time.monotonic()
    tried = probe(capsys, account)
    assert time.monotonic() - started < 6
    assert tried["failures"] == {}
    assert tried["samples"][0]["accepted"] is False
    assert tried["compliant_accepted"] is True
    assert tried["first_logon_change_demanded"] is True
    assert tried["previous_password_accepted"] is False
    assert tried["locked_after_attempts"] == 4
    assert tried["right_password_refused_while_locked"] is True
    assert tried["unlocked_by_administrator"] is True
    assert tried["anonymous_search_refused"] is True
    assert tried["cleartext_bind_refused"] is True
    assert tried["empty_password_refused"] is True
    assert 0 < tried["tickets"]["service_ticket_hours"] <= tried["tickets"]["ticket_hours"]
    assert tried["tickets"]["ticket_hours"] <= 24 * tried["tickets"]["renewal_days"]
    assert 0 < tried["tickets"]["clock_skew_minutes"] < 15


def test_weak_rules_are_told_as_often_as_they_are_tried(
    directory: Directory, account: str, capsys: pytest.CaptureFixture[str]
) -> None:
    directory.modify(directory.base, encode_domain({"complexity": False, "min_length": 4, "history_length": 0,
                                                    "lockout_threshold": None}, 0))  # fmt: skip
    for _ in range(2):
        tried = probe(capsys, account)
        assert [sample["accepted"] for sample in tried["samples"]] == [True, True]
        assert tried["previous_password_accepted"] is True
        assert tried["locked_after_attempts"] is None
        assert "right_password_refused_while_locked" not in tried
        assert "12 wrong passwords" in tried["failures"]["right_password_refused_while_locked"]


def test_a_sample_accepted_once_is_not_refused_for_its_history_when_the_rules_are_back(
    directory: Directory, account: str, capsys: pytest.CaptureFixture[str]
) -> None:
    directory.modify(directory.base, encode_domain({"complexity": False}, 0))
    assert probe(capsys, account)["samples"][1]["accepted"] is True
    directory.modify(directory.base, encode_domain({"complexity": True}, 0))
    assert probe(capsys, account)["failures"] == {}


def test_the_guest_account_is_not_locked_by_the_probe(
    directory: Directory, account: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong_passwords() -> list[list[bytes]]:
        rows = directory.search(directory.base, "(sAMAccountName=Guest)", ["badPwdCount", "lockoutTime"])
        return sorted(rows[0][1].values())

    before = wrong_passwords()
    assert "anonymous_smb_refused" in probe(capsys, account, samples=[])
    assert wrong_passwords() == before


def test_the_account_is_left_enabled_and_unlocked(
    directory: Directory, account: str, capsys: pytest.CaptureFixture[str]
) -> None:
    probe(capsys, account)
    assert state(directory, account) == (512, 0)


def test_the_account_is_left_enabled_and_unlocked_after_an_error_in_the_middle(
    directory: Directory, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked_then_broken(self: logon_probe.LogonProbe, most: int) -> int:
        for _ in range(most):
            self.bind_refusal("Kv7-wrong-wrong-93pL")
        assert self.is_locked()
        raise KeyboardInterrupt

    monkeypatch.setattr(logon_probe.LogonProbe, "attempts_until_locked", locked_then_broken)
    credentials = Credentials.from_arguments(connection())
    with pytest.raises(KeyboardInterrupt):
        logon_probe.run_probe(credentials, account, "AUTOCONCEPT.LAN", [], compliant_length=16, max_attempts=4)
    assert state(directory, account) == (512, 0)


def test_the_last_password_is_none_that_was_used(
    directory: Directory, account: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: list[bytes] = []
    modify = Directory.modify

    def noted(self: Directory, dn: str, changes: Any) -> None:
        written.extend(changes.get("unicodePwd", []))
        modify(self, dn, changes)

    monkeypatch.setattr(Directory, "modify", noted)
    credentials = Credentials.from_arguments(connection())
    logon_probe.run_probe(credentials, account, "AUTOCONCEPT.LAN", [], compliant_length=16, max_attempts=2)
    assert written.count(written[-1]) == 1


@pytest.mark.parametrize("login", ["Administrator", "krbtgt", "nobody-here"])
def test_other_accounts_are_refused_and_not_touched(
    directory: Directory, capsys: pytest.CaptureFixture[str], login: str
) -> None:
    answer = run_module("ad_logon_probe", capsys, account=login, realm="AUTOCONCEPT.LAN", samples=SAMPLES)
    assert answer["failed"]
    assert login in answer["msg"]


def test_nothing_is_known_of_a_service_that_does_not_answer(
    directory: Directory, account: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ansible.module_utils.ad import kerberos_password  # noqa: PLC0415

    closed = kerberos_password._CONFIGURATION.replace(":88", ":9").replace(":464", ":9")
    monkeypatch.setattr(kerberos_password, "_CONFIGURATION", closed)
    tried = probe(capsys, account)
    absent = {"samples", "compliant_accepted", "first_logon_change_demanded", "previous_password_accepted",
              "old_password_still_works"}  # fmt: skip
    assert absent.isdisjoint(tried)
    assert absent <= set(tried["failures"])
    assert tried["anonymous_search_refused"] is True


def test_an_account_in_other_hands_is_not_part_of_the_trial(directory: Directory, account: str) -> None:
    password = encode_password("Kv7-qqXz-93pL#a")
    person = unique("personne")
    dn = f"CN={person},CN=Users,{directory.base}"
    directory.add(dn, {"objectClass": [b"user"], "sAMAccountName": [person.encode()], "unicodePwd": [password]})
    try:
        before = directory.read(dn, ["uSNChanged", "badPwdCount"])
        credentials = Credentials.from_arguments(connection())
        logon_probe.run_probe(credentials, account, "AUTOCONCEPT.LAN", [], compliant_length=16, max_attempts=2)
        assert directory.read(dn, ["uSNChanged", "badPwdCount"]) == before
    finally:
        directory.delete(dn)
