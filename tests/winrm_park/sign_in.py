"""Who a client is: Basic, NTLM or Kerberos, as WinRM offers them over HTTPS.

NTLM is verified for good, with the password that the test knows; Kerberos with a keytab, where the `gssapi` library is
there for it. Channel bindings are not demanded. A sign-in of NTLM or Kerberos belongs to the connection.
"""

from __future__ import annotations

import base64
import binascii
import importlib.util
import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import spnego

from tests.winrm_park import ProfileError

_SCHEMES = ("negotiate", "ntlm", "kerberos")
_BASIC = 'Basic realm="WSMAN"'


@dataclass(frozen=True)
class Outcome:
    """What to answer: the account when it is known, and the headers to send with the answer."""

    account: str | None = None
    headers: tuple[str, ...] = ()
    refused: bool = False  # a password or a ticket was wrong, rather than missing


def plain(user: str) -> str:
    """A login without its domain, in lower case."""
    return user.rpartition("\\")[2].partition("@")[0].lower()


def _forms(user: str, password: str, domain: str, dns: str) -> tuple[str, ...]:
    """The ways in which a client may write who it is."""
    return (f":{user}:{password}", f"{domain}:{user}:{password}", f"{dns}:{user}:{password}",
            f":{user}@{dns}:{password}")  # fmt: skip


class Accounts:
    """The accounts that may sign in, kept for NTLM in a file that only we read."""

    def __init__(self, passwords: Mapping[str, str], domain: str, dns: str, folder: Path) -> None:
        if any(":" in part or "\n" in part for pair in passwords.items() for part in pair):
            raise ProfileError("test accounts: no colon and no line break in a login or a password")
        self._passwords = {plain(user): password for user, password in passwords.items()}
        lines = [line for user, password in self._passwords.items() for line in _forms(user, password, domain, dns)]
        self.file = folder / "ntlm_accounts"
        self.file.touch(mode=0o600)
        self.file.write_text("\n".join(lines) + "\n", "utf-8")

    def check(self, user: str, password: str) -> bool:
        return plain(user) in self._passwords and self._passwords[plain(user)] == password


class SignIn:
    """The sign-in of one connection."""

    def __init__(
        self,
        accounts: Accounts,
        host_name: str,
        allowed: Iterable[str] = ("basic", "negotiate"),
        new_context: Callable[..., Any] = spnego.server,
    ) -> None:
        self._accounts, self._host, self._new = accounts, host_name, new_context
        self._allowed = tuple(allowed)
        self._context: Any = None
        self.account: str | None = None

    def offers(self) -> tuple[str, ...]:
        """What the server says that it takes."""
        named = {"negotiate": "Negotiate", "kerberos": "Kerberos", "basic": _BASIC}
        return tuple(f"WWW-Authenticate: {named[each]}" for each in self._allowed if each in named)

    def step(self, header: str) -> Outcome:
        """One step, from the Authorization header of a request (empty when there is none)."""
        if self.account is not None and not header:
            return Outcome(self.account)
        scheme, _blank, token = header.partition(" ")
        try:
            raw = base64.b64decode(token, validate=True)
        except binascii.Error:
            raw = b""
        if scheme.lower() == "basic" and "basic" in self._allowed:
            user, _colon, password = raw.decode("utf-8", "replace").partition(":")
            known = self._accounts.check(user, password)
            return Outcome(plain(user)) if known else Outcome(headers=self.offers(), refused=True)
        taken = "kerberos" if scheme.lower() == "kerberos" else "negotiate"
        if scheme.lower() in _SCHEMES and taken in self._allowed and raw:
            return self._negotiate(scheme, raw)
        return Outcome(headers=self.offers())

    def _negotiate(self, scheme: str, raw: bytes) -> Outcome:
        if self._context is None or self._context.complete:
            self.account = None
            self._context = None
        # The library reads the accounts from the environment of the process; the file is the same for all machines.
        os.environ["NTLM_USER_FILE"] = str(self._accounts.file)
        try:
            if self._context is None:
                self._context = self._new(hostname=self._host, service="HTTP", protocol=scheme.lower())
            out = self._context.step(raw)
        except Exception:  # whatever the token was, it is refused and the next one starts anew
            self._context = None
            return Outcome(headers=self.offers(), refused=True)
        reply = (f"WWW-Authenticate: {scheme} {base64.b64encode(out).decode()}",) if out else ()
        if not self._context.complete:
            return Outcome(headers=reply)
        self.account = plain(str(self._context.client_principal))
        return Outcome(self.account, reply)


def kerberos(keytab: Path) -> None:
    """Make Kerberos ready: the keytab is there and so is the library, or one sentence says what is missing."""
    missing = [name for name in ("gssapi", "krb5") if importlib.util.find_spec(name) is None]
    if missing:
        raise ProfileError(f"Kerberos wants the Python packages {', '.join(missing)}; install them or give no keytab")
    if not keytab.is_file():
        raise ProfileError(f"{keytab}: no such keytab")
    os.environ["KRB5_KTNAME"] = f"FILE:{keytab}"
