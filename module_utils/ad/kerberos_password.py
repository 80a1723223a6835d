"""Log on and change a password as a user does from a workstation: Kerberos, and its change service (RFC 3244).

Nothing of the machine's own Kerberos set-up is read or written: a private configuration names the domain controller,
and tickets stay in memory.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import krb5

#: RFC 4120 7.5.9, as the MIT library numbers its errors.
_KERBEROS_ERRORS = -1765328384
REFUSALS = {
    6: "account unknown",
    12: "refused by policy",
    18: "account disabled, expired or locked",
    23: "password must be changed",
    24: "wrong password",
}
MUST_CHANGE = 23
CHANGE_SERVICE = b"kadmin/changepw"
#: RFC 4120 7.5.9 KRB_AP_ERR_SKEW: the controller's clock and the one that the client goes by are too far apart.
_SKEW_TOO_GREAT = 37
#: A ticket is asked for that lasts longer than any rule would have it; the controller shortens it to its own.
_ASKED_SECONDS = 400 * 86400
#: Minutes by which the clock is set ahead at most, to find where the controller refuses it.
_MOST_AHEAD = 15

_CONFIGURATION = """[libdefaults]
 default_realm = {realm}
 dns_lookup_kdc = false
 dns_lookup_realm = false
 dns_canonicalize_hostname = false
 rdns = false
 kdc_timesync = 0
 udp_preference_limit = 1
 max_retries = 1
[realms]
 {realm} = {{
  kdc = {server}:88
  kpasswd_server = {server}:464
 }}
"""


class UntriedError(Exception):
    """Something could not be tried; the message says why. It tells nothing of what would have happened."""


@dataclass(frozen=True)
class Answer:
    """What the domain controller said to a new password, or to a logon."""

    accepted: bool
    reason: str | None = None
    code: int | None = None


@dataclass(frozen=True)
class Lifetime:
    """How long a ticket lasts, and for how long it can be renewed, in seconds."""

    lasts: int
    renewable: int


class KerberosClient:
    """Speaks to one domain controller; use kerberos_client() to get one."""

    def __init__(self, server: str, realm: str) -> None:
        self._context = krb5.init_context()
        self._server, self.realm = server, realm

    def log_on(self, login: str, password: str) -> Answer:
        """Ask for a ticket with a password."""
        _, answer = self._ticket(login, password, None)
        return answer

    def lifetime(self, login: str, password: str, service: str | None = None) -> Lifetime:
        """How long the longest ticket lasts that the controller gives: the first one, or one to a service."""
        options = krb5.get_init_creds_opt_alloc(self._context)
        krb5.get_init_creds_opt_set_tkt_life(options, _ASKED_SECONDS)
        krb5.get_init_creds_opt_set_renew_life(options, _ASKED_SECONDS)
        ticket, answer = self._ticket(login, password, service.encode() if service else None, options)
        if ticket is None:
            raise UntriedError(f"{self._server} gave no ticket whose life could be measured: {answer.reason}")
        times = ticket.times
        begins = times.starttime or times.authtime
        return Lifetime(times.endtime - begins, max(times.renew_till - begins, 0))

    def clock_skew_minutes(self, login: str, password: str) -> int | None:
        """By how many whole minutes the clock may be ahead and still be believed; None when there is no end to it."""
        for minutes in range(1, _MOST_AHEAD + 1):
            ahead = krb5.init_context()
            krb5.set_real_time(ahead, int(time.time()) + minutes * 60, 0)
            principal = krb5.parse_name_flags(ahead, f"{login}@{self.realm}".encode())
            try:
                krb5.get_init_creds_password(ahead, principal, krb5.get_init_creds_opt_alloc(ahead), password.encode())
            except krb5.Krb5Error as error:
                if error.err_code - _KERBEROS_ERRORS == _SKEW_TOO_GREAT:
                    return minutes - 1
                raise UntriedError(f"{self._server} did not judge a clock that is ahead: {error}") from error
        return None

    def ticket_to_change(self, login: str, password: str) -> Any:
        """A ticket that serves to change the password and nothing else; good for several tries."""
        ticket, answer = self._ticket(login, password, CHANGE_SERVICE)
        if ticket is None:
            raise UntriedError(f"{self._server} gave no ticket to change a password: {answer.reason}")
        return ticket

    def change(self, ticket: Any, password: str) -> Answer:
        """Ask for a new password, as the user."""
        try:
            result = krb5.set_password(self._context, ticket, password.encode())
        except krb5.Krb5Error as error:
            raise UntriedError(f"{self._server} did not answer on port 464: {error}") from error
        said = self._text(result.server_response) or result.result_code_string.decode()
        if result.result_code == krb5.SetPasswordResultCode.SUCCESS:
            return Answer(True)
        if result.result_code == krb5.SetPasswordResultCode.SOFTERROR:
            return Answer(False, said)
        raise UntriedError(f"{self._server} did not judge the password: {said} (code {int(result.result_code)})")

    def _ticket(self, login: str, password: str, service: bytes | None, options: Any = None) -> tuple[Any, Answer]:
        principal = krb5.parse_name_flags(self._context, f"{login}@{self.realm}".encode())
        options = options or krb5.get_init_creds_opt_alloc(self._context)
        try:
            ticket = krb5.get_init_creds_password(
                self._context, principal, options, password.encode(), in_tkt_service=service
            )
        except krb5.Krb5Error as error:
            code = error.err_code - _KERBEROS_ERRORS
            if code not in REFUSALS:
                raise UntriedError(f"{self._server} did not answer the logon on port 88: {error}") from error
            return None, Answer(False, REFUSALS[code], code)
        return ticket, Answer(True)

    def _text(self, response: bytes) -> str:
        """The server's reason: Microsoft's is a structure, Samba's is text; the library words both."""
        message = krb5.chpw_message(self._context, response) if response else b""
        return " ".join(message.decode("utf-8", "replace").split())


@contextlib.contextmanager
def kerberos_client(server: str, realm: str) -> Iterator[KerberosClient]:
    """A client that knows this domain controller only."""
    before = os.environ.get("KRB5_CONFIG")
    with tempfile.TemporaryDirectory(prefix="logon-probe-") as private:
        path = os.path.join(private, "krb5.conf")
        with open(path, "w", encoding="utf-8") as file:
            file.write(_CONFIGURATION.format(realm=realm.upper(), server=server))
        os.environ["KRB5_CONFIG"] = path
        try:
            yield KerberosClient(server, realm.upper())
        finally:
            if before is None:
                del os.environ["KRB5_CONFIG"]
            else:
                os.environ["KRB5_CONFIG"] = before
