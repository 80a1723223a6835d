"""A ticket is asked of the domain's controllers alone, and afterwards the process is as it was."""

from __future__ import annotations

import configparser
import os
from pathlib import Path
from typing import Any

import krb5
import pytest
from ansible.module_utils.wsman.tickets import settings, ticket_of

USER = "audit.postes@EXAMPLE.LAN"
#: Nothing listens there, and it says so at once.
NOBODY = ["127.0.0.1:1"]
BEFORE = {"KRB5_CONFIG": "/etc/elsewhere.conf", "KRB5CCNAME": "FILE:/tmp/elsewhere"}


@pytest.fixture(params=[BEFORE, {}], ids=["set", "unset"])
def before(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> dict[str, str | None]:
    """Both variables as somebody else has set them, or not."""
    for name in BEFORE:
        monkeypatch.delenv(name, raising=False)
    for name, value in request.param.items():
        monkeypatch.setenv(name, value)
    return now()


def now() -> dict[str, str | None]:
    return {name: os.environ.get(name) for name in BEFORE}


def given(monkeypatch: pytest.MonkeyPatch) -> None:
    """A domain that gives the ticket to whoever asks."""

    def stored(_context: Any, cache: Any, _ticket: Any) -> None:
        Path(cache.name.decode()).write_text("a ticket", "ascii")

    monkeypatch.setattr(krb5, "get_init_creds_password", lambda *_given, **_named: object())
    monkeypatch.setattr(krb5, "cc_store_cred", stored)


def test_the_settings_name_one_domain_its_controllers_and_no_resolver() -> None:
    lines = settings("EXAMPLE.LAN", ["10.0.0.1", "10.0.0.2"]).splitlines()
    assert [line for line in lines if line.startswith("  ")] == ["  kdc = 10.0.0.1", "  kdc = 10.0.0.2"]
    read = configparser.ConfigParser()
    read.read_string("\n".join(line for line in lines if not line.startswith("  ") and line != "}"))
    assert {section: dict(read[section]) for section in read.sections()} == {
        "libdefaults": {
            "default_realm": "EXAMPLE.LAN", "dns_lookup_kdc": "false", "dns_lookup_realm": "false",
            "dns_canonicalize_hostname": "false", "rdns": "false",
        },
        "realms": {"example.lan": "{"},
        "domain_realm": {".example.lan": "EXAMPLE.LAN", "example.lan": "EXAMPLE.LAN"},
    }  # fmt: skip


def test_kerberos_itself_reads_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "krb5.conf"
    file.write_text(settings("EXAMPLE.LAN", NOBODY), "ascii")
    monkeypatch.setenv("KRB5_CONFIG", str(file))
    assert krb5.get_default_realm(krb5.init_context()) == b"EXAMPLE.LAN"


def test_the_environment_is_put_back_and_the_ticket_is_gone(
    before: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch)
    with ticket_of(USER, "secret", NOBODY):
        file = Path(os.environ["KRB5_CONFIG"])
        tickets = Path(os.environ["KRB5CCNAME"].removeprefix("FILE:"))
        assert "kdc = 127.0.0.1:1" in file.read_text("ascii")
        assert tickets.read_text("ascii") == "a ticket"
        assert tickets.parent.stat().st_mode & 0o077 == 0
    assert now() == before
    assert not tickets.parent.exists()


def test_what_goes_wrong_meanwhile_puts_it_back_too(
    before: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch)
    with pytest.raises(RuntimeError), ticket_of(USER, "secret", NOBODY):
        raise RuntimeError
    assert now() == before


def test_without_controllers_the_computers_own_settings_count(
    before: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    given(monkeypatch)
    with ticket_of(USER, "secret"):
        assert os.environ.get("KRB5_CONFIG") == before["KRB5_CONFIG"]
        assert os.environ["KRB5CCNAME"] != before["KRB5CCNAME"]
    assert now() == before


def test_a_ticket_that_the_domain_does_not_give_is_one_sentence(before: dict[str, str | None]) -> None:
    told = f"user: the domain gives {USER} no ticket .*; write it as login@REALM and check its password"
    with pytest.raises(ValueError, match=told) as refused, ticket_of(USER, "secret", NOBODY):
        pass
    assert "secret" not in str(refused.value)
    assert now() == before


@pytest.mark.parametrize("user", ["audit.postes", "EXAMPLE\\audit.postes", "audit.postes@"])
def test_a_user_without_a_domain_is_refused_where_controllers_are_given(
    user: str, before: dict[str, str | None]
) -> None:
    with pytest.raises(ValueError, match="names no domain; write it as login@REALM"), ticket_of(user, "secret", NOBODY):
        pass
    assert now() == before


def test_without_a_password_the_ticket_of_the_environment_is_taken(before: dict[str, str | None]) -> None:
    with ticket_of(USER, None, NOBODY):
        assert os.environ.get("KRB5CCNAME") == before["KRB5CCNAME"]
    assert now() == before
