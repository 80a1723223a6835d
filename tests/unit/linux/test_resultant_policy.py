"""The policies of a computer and of people are put together as a client does; what cannot be read is an error."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible.module_utils.linux import resultant_policy
from ansible.module_utils.linux.account_phase import AccountPhaseError, Answer
from ansible.module_utils.linux.policy_chain import (
    APPLY_GROUP_POLICY,
    CONTROL_ACCESS,
    READ_PROPERTY,
    Ace,
    Policy,
    Scope,
    scope_of,
)
from ansible.module_utils.linux.resultant_policy import (
    REGISTRY,
    SECURITY,
    Reader,
    ResultantPolicyError,
    logon_rights,
    read,
)
from ansible.module_utils.linux.samba_client import Account

EVERYBODY = "S-1-5-11"
ACES = (Ace(False, READ_PROPERTY, EVERYBODY), Ace(False, CONTROL_ACCESS, EVERYBODY, APPLY_GROUP_POLICY))
ADMIN = Account("adm", "CN=adm,OU=A,DC=x", "S-1-5-21-1-2-3-1104", frozenset({EVERYBODY, "S-1-5-21-1-2-3-512"}), True)
PERSON = Account("jmartin", "CN=j,OU=A,DC=x", "S-1-5-21-1-2-3-1105", frozenset({EVERYBODY, "S-1-5-21-1-2-3-513"}), True)
COMPUTER = Account("WS1$", "CN=WS1,OU=A,DC=x", "S-1-5-21-1-2-3-1110", frozenset({EVERYBODY}), True)


def policy(name: str, **more: Any) -> Policy:
    extensions = f"[{REGISTRY}][{SECURITY}]"
    return Policy(name, name, name, computer_extensions=extensions, user_extensions=extensions, aces=ACES, **more)


class FakeClient:
    """A directory and a SYSVOL in memory; a Registry.pol is written as lines of key, name, value."""

    reader, machine = "fake", "WS1$"

    def __init__(self, scopes: list[Scope], policies: dict[str, Policy], files: dict[str, bytes]) -> None:
        self._scopes, self._policies, self._files = scopes, policies, files

    def account(self, login: str) -> Account:
        return {each.login: each for each in (ADMIN, PERSON, COMPUTER)}[login]

    def scopes(self, _: str) -> list[Scope]:
        return self._scopes

    def policy(self, dn: str) -> Policy | None:
        return self._policies.get(dn)

    def file(self, path: str) -> bytes | None:
        return self._files.get(path)

    def registry_rows(self, content: bytes) -> Iterator[tuple[str, str, str, Any]]:
        for line in content.decode().splitlines():
            key, name, value = line.split(",")
            yield key, name, "REG_SZ", value


SCOPES = [scope_of("OU=A", "[LDAP://near;0]", 0), scope_of("DC=x", "[LDAP://far;0][LDAP://gone;0]", 0)]
FILES = {
    r"near\GPT.INI": b"",
    r"far\GPT.INI": b"",
    r"near\Machine\Registry.pol": b"K,V,near",
    r"far\Machine\Registry.pol": b"K,V,far\nK,W,far",
    r"far\Machine\Microsoft\Windows NT\SecEdit\GptTmpl.inf": b"[Privilege Rights]\r\nSeX = *S-1-5-32-544\r\n",
    r"far\User\Registry.pol": b"K,U,far",
}
CLIENT = FakeClient(SCOPES, {"near": policy("near"), "far": policy("far")}, FILES)


def test_the_nearest_policy_wins_and_the_others_remain() -> None:
    found = Reader(CLIENT).resultant(COMPUTER, "computer")
    assert [each["name"] for each in found["policies"]] == ["far", "near"]
    assert found["settings"] == {
        "computer/privilege/SeX": ["S-1-5-32-544"],
        r"computer/registry/K\V": "near",
        r"computer/registry/K\W": "far",
    }


def test_each_half_is_read_for_itself() -> None:
    assert Reader(CLIENT).resultant(PERSON, "user")["settings"] == {r"user/registry/K\U": "far"}


def test_a_policy_that_does_not_apply_is_told_with_its_reason() -> None:
    (skipped,) = Reader(CLIENT).resultant(COMPUTER, "computer")["skipped"]
    assert skipped == {"policy": "gone", "target": "DC=x", "why": "it does not exist, or the host may not read it"}
    off = FakeClient(SCOPES, {"near": policy("near", flags=2), "far": policy("far")}, FILES)
    assert "switched off" in str(Reader(off).resultant(COMPUTER, "computer")["skipped"])


def test_a_file_whose_extension_is_not_announced_sets_nothing() -> None:
    silent = FakeClient(SCOPES, {"near": Policy("near", "near", "near", aces=ACES), "far": policy("far")}, FILES)
    assert Reader(silent).resultant(COMPUTER, "computer")["settings"][r"computer/registry/K\V"] == "far"


def test_a_policy_without_files_is_an_error() -> None:
    client = FakeClient(SCOPES, {"near": policy("near")}, {})
    with pytest.raises(ResultantPolicyError, match="missing from SYSVOL"):
        Reader(client).resultant(COMPUTER, "computer")


def test_a_policy_linked_twice_is_applied_once_where_it_comes_last() -> None:
    scopes = [scope_of("OU=A", "[LDAP://far;0][LDAP://near;0]", 0), scope_of("DC=x", "[LDAP://near;0]", 0)]
    client = FakeClient(scopes, {"near": policy("near"), "far": policy("far")}, FILES)
    assert [each["name"] for each in Reader(client).resultant(COMPUTER, "computer")["policies"]] == ["far", "near"]


def test_who_may_log_on_is_tried_for_each_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resultant_policy, "ask", lambda _, login: Answer(login == "jmartin", "PAM"))
    rows = [*logon_rights(ADMIN, ["sshd", "login"]), *logon_rights(PERSON, ["sshd"])]
    assert [(row["login"], row["service"], row["allowed"], row["administrator"]) for row in rows] == [
        ("adm", "sshd", False, True),
        ("adm", "login", False, True),
        ("jmartin", "sshd", True, False),
    ]


def test_everything_is_read_in_one_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resultant_policy, "SambaClient", lambda: CLIENT)
    monkeypatch.setattr(resultant_policy, "ask", lambda _, __: Answer(True, "PAM_SUCCESS"))
    found = read(["jmartin"], ["adm"], ["sshd"])
    assert (set(found), set(found["users"])) == ({"reader", "computer", "users", "logon_rights"}, {"jmartin"})


class LdbError(Exception):
    """As Samba's own: it derives from Exception alone."""


@pytest.mark.parametrize(
    "raised",
    [ImportError("ldb"), LdbError("(1, 'x')"), RuntimeError("no DC"), OSError("x"), AccountPhaseError("code 9")],
    ids=lambda error: type(error).__name__,
)
def test_whatever_fails_is_one_error_of_ours(monkeypatch: pytest.MonkeyPatch, raised: Exception) -> None:
    def fail() -> None:
        raise raised

    monkeypatch.setattr(resultant_policy, "SambaClient", fail)
    with pytest.raises(ResultantPolicyError, match=str(raised.args[0]).replace("(", r"\(").replace(")", r"\)")):
        read([], [], [])


def test_a_mistake_of_the_program_is_not_dressed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resultant_policy, "SambaClient", lambda: None)
    with pytest.raises(AttributeError):
        read([], [], [])
