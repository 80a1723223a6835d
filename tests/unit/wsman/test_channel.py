"""Why a machine gives no answer is told by the kind of the error; Kerberos needs its package and its ticket."""

from __future__ import annotations

import contextlib
import os
import socket
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import requests
from ansible.module_utils.wsman import channel
from ansible.module_utils.wsman.channel import (
    REFUSED,
    Account,
    Channel,
    Gate,
    HostError,
    Limits,
    RefusalError,
    SlowError,
    reach,
)
from ansible.module_utils.wsman.envelopes import identify
from ansible.module_utils.wsman.tickets import ticket_of
from winrm.exceptions import InvalidCredentialsError, WinRMTransportError
from winrm.vendor.requests_kerberos.exceptions import KerberosExchangeError, MutualAuthenticationError

_URL = "https://pc-1.example.lan:5986/wsman"
_FAULT = "<s:Envelope><s:Body><s:Fault/></s:Body></s:Envelope>"
Errors = requests.exceptions


@pytest.fixture
def made(tmp_path: Path) -> Channel:
    ca = tmp_path / "ca.pem"
    ca.write_text("", encoding="ascii")
    return Channel(_URL, Account("EXAMPLE\\audit", "Passe-Audit-12", str(ca)), Limits(20, 3, 10))


def failing(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    def send(*_given: Any) -> bytes:
        raise error

    monkeypatch.setattr(channel.Transport, "send_message", send)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Errors.ConnectTimeout("x"), "off"),
        (Errors.ConnectionError("NewConnectionError: [Errno 113] No route to host"), "off"),
        (Errors.ConnectionError("[Errno 101] Network is unreachable"), "off"),
        (Errors.ConnectionError("NameResolutionError: Failed to resolve 'pc-1'"), "off"),
        (Errors.ConnectionError("NewConnectionError: [Errno 111] Connection refused"), "closed"),
        (Errors.ConnectionError("Connection aborted", ConnectionResetError(104, "reset")), "late"),
        (Errors.ReadTimeout("Read timed out"), "late"),
        (Errors.SSLError("[SSL: CERTIFICATE_VERIFY_FAILED] unable to get local issuer certificate"), "certificate"),
        (Errors.SSLError("hostname 'a' doesn't match 'b'"), "certificate"),
        (Errors.SSLError("[SSL: UNSUPPORTED_PROTOCOL] unsupported protocol"), "tls"),
        (Errors.SSLError("[SSL: TLSV1_ALERT_PROTOCOL_VERSION]"), "tls"),
        (InvalidCredentialsError("no"), "refused"),
        (WinRMTransportError("http", 403, ""), "refused"),
        (WinRMTransportError("http", 404, "<html>"), "odd"),
        (WinRMTransportError("http", 500, ""), "odd"),
        (WinRMTransportError("http", 503, _FAULT), "odd"),
        (MutualAuthenticationError("Unable to authenticate <Response [200]>"), "odd"),
        (OSError("Could not find a suitable TLS CA certificate bundle"), "late"),
    ],
)
def test_each_way_of_not_answering_has_its_word(
    made: Channel, error: Exception, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, error)
    with pytest.raises(HostError) as caught:
        made.send(identify())
    assert caught.value.state == state
    assert str(caught.value).startswith(f"{state}: ")


def test_a_ticket_that_the_domain_does_not_give_is_told_as_such(made: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, KerberosExchangeError("authGSSClientStep() failed: (('Server not found',))"))
    with pytest.raises(HostError, match="the domain gives no ticket for it"):
        made.send(identify())


def test_a_port_on_which_nothing_listens_is_told_before_anybody_waits() -> None:
    with socket.socket() as owned:
        owned.bind(("127.0.0.1", 0))
        with pytest.raises(HostError, match="closed"):
            reach("127.0.0.1", owned.getsockname()[1], 1)
        owned.listen()
        reach("127.0.0.1", owned.getsockname()[1], 1)


@pytest.mark.parametrize(("error", "state"), [(TimeoutError("timed out"), "off"), (socket.gaierror(-2, "x"), "off")])
def test_a_machine_that_is_off_is_told_before_anybody_waits(
    error: OSError, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: Any, **_named: Any) -> None:
        raise error

    monkeypatch.setattr(socket, "create_connection", refuse)
    with pytest.raises(HostError) as caught:
        reach("pc-1", 5986, 1)
    assert caught.value.state == state


def test_a_machine_that_hangs_at_the_gate_does_not_hold_up_the_others() -> None:
    gate, free, hung = Gate(), threading.Event(), threading.Event()

    def hang() -> None:
        with gate.turn():
            hung.set()
            free.wait(30)

    first = threading.Thread(target=hang)
    first.start()
    assert hung.wait(5)
    second = threading.Thread(target=lambda: gate.turn().__enter__(), daemon=True)
    second.start()
    second.join(5)
    waited = second.is_alive()
    free.set()
    first.join()
    assert not waited


def test_no_more_are_signed_in_to_at_once_than_may_refuse_and_then_none() -> None:
    gate, tried, turn = Gate(), [0, 0], threading.Lock()

    def refuse() -> None:
        with contextlib.suppress(HostError), gate.turn():
            with turn:
                tried[0] += 1
            time.sleep(0.05)
            tried[1] += 1
            raise HostError(REFUSED)

    machines = [threading.Thread(target=refuse) for _ in range(12)]
    for machine in machines:
        machine.start()
    for machine in machines:
        machine.join()
    assert tried == [3, 3]
    assert not gate.open


@pytest.mark.parametrize("status", [400, 500])
def test_a_fault_is_an_answer(made: Channel, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, WinRMTransportError("http", status, _FAULT))
    with pytest.raises(RefusalError) as caught:
        made.send(identify())
    assert caught.value.data == _FAULT.encode()


def test_two_slow_answers_are_put_up_with_and_the_third_is_the_machine(
    made: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.sent = 1
    failing(monkeypatch, Errors.ReadTimeout("Read timed out"))
    for _ in range(2):
        with pytest.raises(SlowError):
            made.send(identify())
    with pytest.raises(HostError, match="late"):
        made.send(identify())


def test_a_question_is_given_its_own_time_and_never_more_than_the_machine_has(
    made: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    made._clock, made._end = lambda: now[0], 20.0
    monkeypatch.setattr(channel.Transport, "send_message", lambda *_given: b"<ok/>")
    for moment, expected in ((0.0, (3, 12.0)), (9.0, (3, 11.0)), (18.5, (1.5, 1.5))):
        now[0] = moment
        made.send(identify())
        assert made._transport.read_timeout_sec == expected


def test_the_certificate_is_checked_against_the_authority_and_no_proxy_is_asked(made: Channel) -> None:
    session = made._transport.session
    assert session is not None
    assert str(session.verify).endswith("ca.pem")
    assert session.proxies.get("no_proxy") == "*"


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_does_not_change_whom_is_believed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "/etc/ssl/certs/ca-certificates.crt")
    asked = Channel(_URL, Account("u", "p", str(tmp_path / "site.pem")), Limits())
    assert asked._transport.session is not None
    assert str(asked._transport.session.verify).endswith("site.pem")


def test_kerberos_without_its_package_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channel, "HAVE_KERBEROS", False)
    with pytest.raises(ValueError, match="pykerberos"):
        Account("audit@EXAMPLE.LAN", None, "ca.pem", "kerberos").check()


def test_kerberos_makes_the_machine_prove_itself_too(tmp_path: Path) -> None:
    pytest.importorskip("kerberos", reason="pykerberos is not installed")
    account = Account("audit@EXAMPLE.LAN", None, str(tmp_path / "ca.pem"), "kerberos")
    account_session = Channel(_URL, account, Limits())._transport.session
    assert account_session is not None
    proof: Any = account_session.auth
    assert (proof.mutual_authentication, proof.send_cbt, proof.principal) == (1, True, "audit@EXAMPLE.LAN")


def test_no_password_leaves_the_ticket_of_the_environment_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KRB5CCNAME", "FILE:/tmp/mine")
    with ticket_of("audit@EXAMPLE.LAN", None):
        assert os.environ["KRB5CCNAME"] == "FILE:/tmp/mine"


def test_a_domain_that_gives_no_ticket_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configuration = tmp_path / "krb5.conf"
    configuration.write_text(
        "[libdefaults]\n dns_lookup_kdc = false\n[realms]\n EXAMPLE.LAN = {\n  kdc = 127.0.0.1:1\n }\n",
        encoding="ascii",
    )
    monkeypatch.setenv("KRB5_CONFIG", str(configuration))
    monkeypatch.delenv("KRB5CCNAME", raising=False)
    with (
        pytest.raises(ValueError, match=r"gives audit@EXAMPLE\.LAN no ticket"),
        ticket_of("audit@EXAMPLE.LAN", "Passe"),
    ):
        pass
    assert "KRB5CCNAME" not in os.environ
