"""Bytes to a machine and back, over pywinrm's transport: HTTPS alone, the certificate checked, NTLM or Kerberos.

Every message goes through `allowed.check` inside the transport itself, the last place before the wire. One moment ends
all of a host's exchanges, however many there are.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import requests
from ansible.module_utils.wsman import allowed
from winrm.exceptions import InvalidCredentialsError, WinRMError, WinRMTransportError
from winrm.transport import HAVE_KERBEROS, Transport

OFF, CLOSED, REFUSED, CERTIFICATE, TLS, LATE, ODD = "off", "closed", "refused", "certificate", "tls", "late", "odd"
UNTRIED = "untried"
_SAID = {
    OFF: "nothing answers; the machine is off, absent, or its firewall drops WinRM",
    CLOSED: "the machine is on but nothing listens on the port of WinRM over HTTPS",
    REFUSED: "the machine refuses the audit account; check the account, its rights and the clock",
    CERTIFICATE: "the machine's certificate is not one that the site's authority gave to this name",
    TLS: "no version of TLS in common; enable TLS 1.2 on the machine",
    LATE: "the machine had not answered everything when its time was over",
    ODD: "what answers is not WS-Management",
    UNTRIED: "the first machines refused the audit account, and more attempts would lock it",
}
#: Kinds of errors, the narrower before the wider, and a word of the text where the kind alone does not tell.
_STATES: tuple[tuple[type[Exception], str, str, str], ...] = (
    (requests.exceptions.SSLError, "CERTIFICATE_VERIFY_FAILED", CERTIFICATE, ""),
    (requests.exceptions.SSLError, "doesn't match", CERTIFICATE, ""),
    (requests.exceptions.SSLError, "", TLS, ""),
    (requests.exceptions.ConnectTimeout, "", OFF, "no connection in time"),
    (requests.exceptions.Timeout, "", LATE, "one answer took too long"),
    # What pywinrm's Kerberos raises: no ticket for a service of this name, or a machine that does not prove itself.
    (requests.RequestException, "authGSSClient", LATE, "the domain gives no ticket for it"),
    (requests.RequestException, "Unable to authenticate", ODD, "it does not prove who it is"),
    (TimeoutError, "", OFF, "no connection in time"),
    (socket.gaierror, "", OFF, "its name is not known"),
    (OSError, "NameResolutionError", OFF, "its name is not known"),
    (OSError, "Connection refused", CLOSED, ""),
    (OSError, "No route to host", OFF, "no way to it"),
    (OSError, "unreachable", OFF, "no way to it"),
    (OSError, "Read timed out", LATE, "one answer took too long"),
    (OSError, "", LATE, "the connection broke off"),
)


#: Questions without an answer that are put up with; after them the machine itself is taken for hung.
_MOST_SLOW = 2
#: Refusals at the beginning: fewer than any sensible lockout, more than one machine with a fault of its own.
_MOST_REFUSED = 3


class HostError(Exception):
    """The host answers nothing more; the state is one of the words above, the message says what to do."""

    def __init__(self, state: str, detail: str = "") -> None:
        super().__init__(f"{state}: {_SAID[state]}" + (f" ({detail})" if detail else ""))
        self.state = state


class SlowError(Exception):
    """One question had no answer in its time; the next may be put, over a new connection."""


class RefusalError(Exception):
    """An answer that is a fault of SOAP, still to be decoded."""

    def __init__(self, data: bytes) -> None:
        super().__init__("fault")
        self.data = data


@dataclass(frozen=True)
class Account:
    """Who reads, how the machine is told, and whose certificates are believed."""

    user: str
    password: str | None = field(repr=False)
    ca_file: str
    authentication: str = "ntlm"

    def check(self) -> None:
        """See that the account can be used from here at all.

        :raises ValueError: it cannot; the message says what to do.
        """
        if self.authentication == "kerberos" and not HAVE_KERBEROS:
            raise ValueError("authentication: kerberos needs the Python package pykerberos on the machine that audits")
        if self.authentication == "ntlm" and not self.password:
            raise ValueError("password: NTLM needs one; give it, or use kerberos with a ticket")
        try:
            ssl.create_default_context(cafile=self.ca_file)
        except OSError as error:
            raise ValueError(
                f"ca_file: {self.ca_file} holds no certificate ({error}); name that of the site's authority"
            ) from error


@dataclass(frozen=True)
class Limits:
    """Seconds for everything that is asked of a host, and for the connection alone."""

    host_seconds: float = 20.0
    connect_seconds: float = 3.0
    #: Longest that one question may take: less than all of it, so that one that hangs does not cost the others.
    question_seconds: float = 10.0


class Gate:
    """No more machines are signed in to at once than may refuse, until one of them has let the account in.

    With a wrong password every machine would ask the domain and be refused: eighty of them at once lock the account.
    """

    def __init__(self) -> None:
        self.open = False
        self._turn, self._asked, self._refused = threading.Condition(), 0, 0

    @contextlib.contextmanager
    def turn(self) -> Iterator[None]:
        """Hold the first question of a machine.

        :raises HostError: the account was refused often enough; this machine was not asked.
        """
        with self._turn:
            self._turn.wait_for(lambda: self.open or self._asked < _MOST_REFUSED or self._refused == _MOST_REFUSED)
            if not self.open and self._refused == _MOST_REFUSED:
                raise HostError(UNTRIED)
            self._asked += 1
        let_in = refused = False
        try:
            yield
            let_in = True
        except HostError as error:
            refused = error.state == REFUSED
            raise
        finally:
            with self._turn:
                self.open = self.open or let_in
                self._refused += refused
                self._asked -= not refused  # a refusal keeps its place
                self._turn.notify_all()


def reach(address: str, port: int, seconds: float) -> None:
    """See that something listens, so that nobody waits at the gate for a machine that is off.

    :raises HostError: nothing does.
    """
    try:
        socket.create_connection((address, port), timeout=seconds).close()
    except OSError as error:
        raise HostError(*_state(error)) from error


class ReadOnlyTransport(Transport):
    """pywinrm's transport, which lets nothing through but what the list allows."""

    def send_message(self, message: str | bytes) -> bytes:
        """Send what may be sent.

        :raises ForbiddenError: it may not; nothing was sent.
        """
        data = message.encode() if isinstance(message, str) else message
        allowed.check(data)
        return super().send_message(data)


class Channel:
    """One connection with one host; not shared between threads."""

    def __init__(
        self,
        endpoint: str,
        account: Account,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
        service_name: str | None = None,
    ) -> None:
        if not endpoint.startswith("https://"):
            raise ValueError(f"{endpoint}: only HTTPS is spoken")
        self.endpoint, self.limits, self.sent = endpoint, limits, 0
        self._slow = 0
        self._clock, self._end = clock, clock() + limits.host_seconds
        self._transport = _transport(endpoint, account, service_name)
        #: Told of every question and its answer.
        self.listener: Callable[[bytes, bytes], None] = lambda _asked, _answered: None

    def seconds_left(self) -> float:
        """Until the host's time is over, or the longest that one question may take."""
        return min(self._end - self._clock(), self.limits.question_seconds)

    def send(self, data: bytes) -> bytes:
        """Send a message and wait for its answer.

        :raises RefusalError: the answer is a fault.
        :raises SlowError: it did not come in the time of one question.
        :raises HostError: there is no answer, and there will be none.
        :raises ForbiddenError: the message may not be sent.
        """
        left = self.seconds_left()
        if left <= 0:
            raise HostError(LATE, f"{self.limits.host_seconds:g} s, {self.sent} messages")
        # requests waits for a connection and for each answer apart. Windows is told to give up a little before, so that
        # its fault costs one question and not the connection.
        timeout: Any = (min(self.limits.connect_seconds, left), min(left + 2, self._end - self._clock()))
        self._transport.read_timeout_sec = timeout
        try:
            answer = self._transport.send_message(data)
        except WinRMTransportError as error:
            refusal = _refusal(error)
            if isinstance(refusal, RefusalError):
                self.listener(data, refusal.data)
            raise refusal from error
        except InvalidCredentialsError as error:
            raise HostError(REFUSED) from error
        except requests.exceptions.ReadTimeout as error:
            self._slow += 1
            if not self.sent or self._slow > _MOST_SLOW or self._end <= self._clock():
                raise HostError(LATE, "one answer took too long") from error
            self._transport.close_session()  # the answer may still come, and must not be taken for the next one
            raise SlowError from error
        except (requests.RequestException, WinRMError, OSError) as error:
            raise HostError(*_state(error)) from error
        self.sent += 1
        self.listener(data, answer)
        return answer

    def close(self) -> None:
        """Let go of the connection."""
        self._transport.close_session()


def _transport(endpoint: str, account: Account, service_name: str | None) -> ReadOnlyTransport:
    try:
        transport = ReadOnlyTransport(
            endpoint,
            username=account.user,
            password=account.password,
            auth_method="kerberos" if account.authentication == "kerberos" else "ntlm",
            service="HTTP",
            kerberos_hostname_override=service_name,  # where the machine is reached by its address
            ca_trust_path=account.ca_file,
            server_cert_validation="validate",
            message_encryption="never",  # TLS does it
            proxy=None,  # a proxy of the environment is no way to a workstation
        )
        transport.build_session()
    except WinRMError as error:
        raise ValueError(f"{account.authentication} cannot be used: {error}") from error
    return transport


def _refusal(error: WinRMTransportError) -> Exception:
    text = error.response_text
    if error.code in (400, 500) and ":Fault" in text:
        return RefusalError(text.encode())
    return HostError(REFUSED if error.code == 403 else ODD, f"HTTP {error.code}")


def _state(error: Exception) -> tuple[str, str]:
    """What became of the host; errors of requests are all OSError."""
    for kind, word, state, detail in _STATES:
        if isinstance(error, kind) and word in str(error):
            return state, detail
    return REFUSED, type(error).__name__
