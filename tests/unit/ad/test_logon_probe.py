"""The probe tells what it tried, never what it could not try, and touches no account but its own."""

from __future__ import annotations

import struct
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils.ad import anonymous_access
from ansible.module_utils.ad.anonymous_access import anonymous_smb_refused, shares_refused
from ansible.module_utils.ad.connection import DirectoryError
from ansible.module_utils.ad.kerberos_password import Answer, Lifetime, UntriedError
from ansible.module_utils.ad.logon_probe import LogonProbe
from ansible.module_utils.ad.probe_account import (
    ProbeAccount,
    ProbeAccountError,
    find_account,
    random_password,
    recording,
)


class OneAccount:
    """A directory with one account."""

    base, server = "DC=exemple,DC=lan", "dc1"

    def __init__(self, rid: int = 1200, **more: list[bytes]) -> None:
        sid = bytes([1, 5]) + (5).to_bytes(6, "big") + struct.pack("<5I", 21, 1, 2, 3, rid)
        self.values = {"sAMAccountName": [b"essai.mdp"], "sn": [b"Essai"], "objectSid": [sid],
                       "userAccountControl": [b"66050"], **more}  # fmt: skip

    def search(self, _: str, query: str, *__: Any) -> list[tuple[str, dict[str, list[bytes]]]]:
        return [("CN=Essai,DC=exemple,DC=lan", self.values)] if "(sAMAccountName=essai.mdp)" in query else []


def find(directory: Any, login: str = "essai.mdp") -> ProbeAccount:
    return find_account(directory, login)


@pytest.mark.parametrize(
    ("directory", "why"),
    [
        (OneAccount(rid=500), "comes with the directory"),
        (OneAccount(adminCount=[b"1"]), "administers the domain"),
        (OneAccount(employeeNumber=[b"essai.zoe.2020-01-01"]), "a person's"),
    ],
)
def test_an_account_that_serves_for_something_else_is_refused(directory: OneAccount, why: str) -> None:
    with pytest.raises(ProbeAccountError, match=why):
        find(directory)


def test_an_account_that_does_not_exist_is_asked_for() -> None:
    with pytest.raises(ProbeAccountError, match="create the test account"):
        find(OneAccount(), "*")


def test_the_account_is_left_enabled_with_a_password_and_what_else_it_had() -> None:
    account = find(OneAccount(userAccountControl=[str(0x10000 | 0x200 | 0x20 | 0x2).encode()]))
    assert account.resting_control == 0x10000 | 0x200
    assert account.trial_control == 0x200


def test_random_passwords_hold_all_four_classes_and_no_part_of_the_name() -> None:
    account = find(OneAccount())
    passwords = [account.random_password(16) for _ in range(300)]
    assert len(set(passwords)) == 300
    for password in passwords:
        kinds = (str.islower, str.isupper, str.isdigit, lambda c: not c.isalnum())
        assert all(any(kind(character) for character in password) for kind in kinds)
        assert "mdp" not in "".join(filter(str.isalnum, password.lower()))


@pytest.mark.parametrize("length", [4, 7, 16, 40])
def test_random_passwords_have_the_length_asked_for(length: int) -> None:
    assert len(random_password(length)) == length


@pytest.mark.parametrize("error", [UntriedError("no answer"), DirectoryError("dc1 refused")])
def test_a_step_that_could_not_be_tried_leaves_a_reason_and_no_fact(error: Exception) -> None:
    facts: dict[str, Any] = {"first": True}
    failures: dict[str, str] = {}
    with recording(facts, failures, ["first", "second"]):
        raise error
    assert facts == {"first": True}
    assert failures == {"second": str(error)}


def test_a_mistake_of_ours_is_not_taken_for_an_answer() -> None:
    with pytest.raises(ZeroDivisionError), recording({}, {}, ["first"]):
        1 / 0  # noqa: B018


def probe(**names: str) -> LogonProbe:
    """A probe that was not connected to anything."""
    made = LogonProbe.__new__(LogonProbe)
    made.login, made.facts, made.failures = "essai.mdp", {}, {}
    made.account = ProbeAccount("CN=Essai", {"login": "essai.mdp", "last_name": "", **names}, 512)
    return made


def test_samples_take_the_names_of_the_account_and_keep_other_braces() -> None:
    assert probe(last_name="Essai").filled_in("{last_name}-9k{X}-{login}") == "Essai-9k{X}-essai.mdp"


def test_a_sample_with_a_name_the_account_has_not_is_not_tried() -> None:
    with pytest.raises(UntriedError, match="last_name"):
        probe().filled_in("{last_name}-9kX")


@pytest.mark.parametrize("reason", ["Password is already in password history.", "Password too short, 12 at least."])
def test_a_refusal_for_another_reason_is_not_a_measure_of_the_rule(reason: str) -> None:
    with pytest.raises(UntriedError):
        probe().judged("brand", Answer(False, reason))


def test_a_password_that_is_too_short_is_refused_for_that() -> None:
    assert probe().judged("too_short", Answer(False, "Password too short"))["accepted"] is False


class Kerberos:
    """Accepts every password of the list, refuses the others as too simple."""

    def __init__(self, accepted: set[str]) -> None:
        self.accepted, self.tickets = accepted, 0

    def ticket_to_change(self, *_: str) -> int:
        self.tickets += 1
        return self.tickets

    def change(self, ticket: int, password: str) -> Answer:
        if password == "silence":
            raise UntriedError("no answer on port 464")
        return Answer(True) if password in self.accepted else Answer(False, "too simple")


def tried(accepted: set[str], *passwords: str) -> tuple[LogonProbe, Kerberos, list[str]]:
    made, kerberos, resets = probe(), Kerberos(accepted), []  # type: ignore[var-annotated]
    made.kerberos = kerberos  # type: ignore[assignment]
    made.reset = lambda must_change=False: resets.append("reset") or "x"  # type: ignore[method-assign,func-returns-value]
    made.try_samples([{"kind": "brand", "label": password, "password": password} for password in passwords])
    return made, kerberos, resets


def test_a_sample_that_is_accepted_is_told_and_pushed_out_of_the_history() -> None:
    made, kerberos, resets = tried({"b"}, "a", "b", "c")
    assert [sample["accepted"] for sample in made.facts["samples"]] == [False, True, False]
    assert kerberos.tickets == 2
    assert len(resets) > 24


def test_refused_samples_need_one_ticket_and_no_more_passwords() -> None:
    made, kerberos, resets = tried(set(), "a", "b")
    assert (kerberos.tickets, len(resets), made.failures) == (1, 1, {})


def test_a_sample_that_got_no_answer_is_absent_and_the_next_ones_are_tried() -> None:
    made, _, _ = tried(set(), "a", "silence", "c")
    assert [sample["label"] for sample in made.facts["samples"]] == ["a", "c"]
    assert made.failures == {"samples.silence": "no answer on port 464"}


@pytest.mark.parametrize(
    ("output", "refused"),
    [
        ("Disk|sysvol|\nIPC|IPC$|\n", False),
        ("tree connect failed: NT_STATUS_ACCESS_DENIED", True),
        ("session setup failed: NT_STATUS_LOGON_FAILURE", True),
    ],
)
def test_the_list_of_shares_is_given_or_refused(monkeypatch: pytest.MonkeyPatch, output: str, refused: bool) -> None:
    monkeypatch.setattr(anonymous_access.shutil, "which", lambda _: "/usr/bin/smbclient")
    monkeypatch.setattr(anonymous_access.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=output, stderr=""))
    assert shares_refused("dc1", "%", 5) is refused


@pytest.mark.parametrize("output", ["", "do_connect: Connection to dc1 failed (Error NT_STATUS_HOST_UNREACHABLE)"])
def test_a_server_that_does_not_answer_refused_nothing(monkeypatch: pytest.MonkeyPatch, output: str) -> None:
    monkeypatch.setattr(anonymous_access.shutil, "which", lambda _: "/usr/bin/smbclient")
    monkeypatch.setattr(anonymous_access.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=output, stderr=""))
    with pytest.raises(UntriedError):
        shares_refused("dc1", "%", 5)


def test_no_account_that_exists_is_tried_without_a_password(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    monkeypatch.setattr(anonymous_access, "shares_refused", lambda _, user, __: tried.append(user) or True)
    assert anonymous_smb_refused("dc1", 5) is True
    assert anonymous_smb_refused("dc1", 5) is True
    assert tried[0] == tried[2] == "%"
    assert tried[1] != tried[3]
    assert all(user == "%" or user.startswith("inconnu-") for user in tried)


def test_a_missing_program_refused_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(anonymous_access.shutil, "which", lambda _: None)
    with pytest.raises(UntriedError, match="smbclient"):
        shares_refused("dc1", "%", 5)


class Clockmaker:
    """A controller whose tickets to services last less than the first one, and that goes by no clock."""

    def lifetime(self, _login: str, _password: str, service: str | None = None) -> Lifetime:
        assert service in (None, "ldap/dc1.exemple.lan")
        return Lifetime(8 * 3600 if service else 9 * 3600, 5 * 86400)

    def clock_skew_minutes(self, _login: str, _password: str) -> int | None:
        return None


def with_tickets(kerberos: Any) -> LogonProbe:
    made = probe()
    made.kerberos = kerberos
    made.reset = lambda must_change=False: "secret"  # type: ignore[method-assign]
    made.directory = SimpleNamespace(root={"dnsHostName": [b"dc1.exemple.lan"]})  # type: ignore[assignment]
    made.try_tickets()
    return made


def test_tickets_are_measured_in_the_units_of_the_rules() -> None:
    assert with_tickets(Clockmaker()).facts["tickets"] == {
        "ticket_hours": 9,
        "renewal_days": 5,
        "service_ticket_hours": 8,
        "clock_skew_minutes": None,
    }


def test_tickets_that_were_not_given_measure_nothing() -> None:
    def refused(*_: Any) -> Lifetime:
        raise UntriedError("dc1 gave no ticket")

    made = with_tickets(SimpleNamespace(lifetime=refused))
    assert "tickets" not in made.facts
    assert made.failures == {"tickets": "dc1 gave no ticket"}
