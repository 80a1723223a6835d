"""Try remote access from a laptop, as the site's test account, with everything in order and with each thing wrong.

The account gets a password, a place in the group, a second factor on the gateway and a certificate that ends within the
hour; all are taken away afterwards, whatever happens. Runs on the controller, which reaches laptop and gateway by shell.
"""

from __future__ import annotations

import base64
import contextlib
import inspect
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any

from ansible.module_utils.ad.connection import Directory, encode_password
from ansible.module_utils.ad.probe_account import DISABLED, find_account
from ansible.module_utils.firewall.probe_agent import Agent, Host
from ansible.module_utils.linux.smb_negotiation import DIALECTS, smb2_request
from ansible.module_utils.linux.vpn_authority import Authority, AuthorityError, Issued
from ansible.module_utils.linux.vpn_people import group_dn
from ansible.module_utils.linux.vpn_profile import Service, render
from ansible.module_utils.linux.vpn_totp import STEP_SECONDS, code, new_secret

_LIFETIME = timedelta(minutes=30)
#: What is refused is often not answered at all: the wait costs this much. What must pass gets longer.
_SECONDS, _PATIENT_SECONDS = 8, 20
#: Oldest first; what the trial of ciphers bears is nobody's login.
TLS_VERSIONS = ("1.0", "1.1", "1.2", "1.3")
_NOBODY = "garant-essai"
_OTHER_LOGIN = "administrator"
_FILES, _SMB2 = 445, b"\xfeSMB"


@dataclass(frozen=True)
class Place:
    """Where second factors are kept on a host."""

    secrets_file: str
    failures_dir: str


class OtherEnd(Agent):
    """A host's end, with the program that it is to run."""

    def __init__(self, host: Host, program: ModuleType) -> None:
        super().__init__(host)
        self._program = base64.b64encode(inspect.getsource(program).encode()).decode()


class Account:
    """The test account while it is tried; use prepared()."""

    def __init__(self, directory: Directory, login: str, groups: Sequence[str]) -> None:
        self.login, self._directory = login, directory
        self._found = find_account(directory, login)
        self.password = self._found.random_password(32)
        self._groups = [group_dn(directory, group) for group in groups]

    def open(self) -> None:
        """Enabled, with a password of this trial's, in its groups."""
        self._set(self.password, self._found.resting_control & ~DISABLED)
        self.belong(True)

    def close(self) -> None:
        """As it rests: a password that nobody knows, in no group."""
        self.belong(False)
        self._set(self._found.random_password(32), self._found.resting_control)

    def _set(self, password: str, control: int) -> None:
        changes = {
            "unicodePwd": [encode_password(password)],
            "pwdLastSet": [b"-1"],
            "lockoutTime": [b"0"],
            "userAccountControl": [str(control).encode()],
        }
        self._directory.modify(self._found.dn, changes)

    def belong(self, wanted: bool) -> None:
        """In its groups, or in none of them."""
        member = self._found.dn.encode()
        for group in self._groups:
            present = member in self._directory.read(group, ["member"]).get("member", [])
            if present != wanted:
                self._directory.modify_values(group, "member", *(([member], []) if wanted else ([], [member])))

    def disable(self, wanted: bool) -> None:
        """Disabled or enabled."""
        control = self._found.resting_control | (DISABLED if wanted else 0)
        self._directory.modify(self._found.dn, {"userAccountControl": [str(control).encode()]})


@contextlib.contextmanager
def prepared(directory: Directory, login: str, groups: Sequence[str]) -> Iterator[Account]:
    """The test account, open for a trial; afterwards at rest.

    :raises DirectoryError, ProbeAccountError: it cannot serve.
    """
    account = Account(directory, login, groups)
    try:
        account.open()
        yield account
    finally:
        account.close()


@contextlib.contextmanager
def second_factor(gateway: Agent, place: Place, login: str) -> Iterator[Callable[[], Callable[[int], str]]]:
    """Gives a fresh second factor each time it is called: a function from number of use to code. Afterwards none."""
    where = {"path": place.secrets_file, "failures": place.failures_dir, "login": login}

    def give() -> Callable[[int], str]:
        secret = new_secret()
        gateway.ask(do="give", secret=secret, **where)
        # Each use takes a later code, as used ones are refused; the first is the one before the present.
        while time.time() % STEP_SECONDS > STEP_SECONDS - 9:
            time.sleep(0.5)
        begin = time.time()
        return lambda use: code(secret, begin + (use - 1) * STEP_SECONDS)

    try:
        yield give
    finally:
        gateway.ask(do="take", **where)


@dataclass(frozen=True)
class Trial:
    """What is tried, from where."""

    service: Service
    domain: str
    tunnel_targets: Sequence[Mapping[str, Any]]
    closed_targets: Sequence[Mapping[str, Any]]
    names: Sequence[str]


class Trials:
    """The attempts of one run."""

    def __init__(
        self, trial: Trial, laptop: Agent, account: Account, authority: Authority, other: Authority | None
    ) -> None:
        self._trial, self._laptop, self._account = trial, laptop, account
        now = datetime.now(UTC)
        issue = lambda name, serial=None: authority.issue(name, trial.domain, now, _LIFETIME, serial)  # noqa: E731
        self._good, self._nobody = issue(account.login), issue(_NOBODY)
        self._revoked = issue(account.login, authority.register()["canary"])
        self._foreign = other.issue(account.login, trial.domain, now, _LIFETIME) if other else None
        self.attempts: list[dict[str, Any]] = []

    def run(self, *attempts: tuple[str, bool, dict[str, Any]]) -> None:
        """Kind, whether it must connect, and the attempt; all at once, so each has a certificate of its own name or none."""
        given = [{**each, "seconds": _PATIENT_SECONDS if expected else _SECONDS} for _, expected, each in attempts]
        answers = self._laptop.ask(do="connect", attempts=given)["results"]
        for (kind, expected, _), answer in zip(attempts, answers, strict=True):
            self.attempts.append({"kind": kind, "expected": expected, **answer})

    def attempt(
        self, issued: Issued | None, one_time: str | None, *, login: str | None = None, options: Sequence[str] = ()
    ) -> dict:
        """An attempt with this certificate and code; without a code, the bare password."""
        profile = render(
            self._trial.service,
            issued.certificate if issued else None,
            issued.key if issued else None,
            code_asked=False,
        )
        password = self._account.password if one_time is None else challenge_response(self._account.password, one_time)
        return {
            "profile": profile,
            "login": login or self._account.login,
            "password": password,
            "options": list(options),
            "reach": list(self._trial.tunnel_targets),
            "refuse": list(self._trial.closed_targets),
            "names": list(self._trial.names),
        }

    def all(self, give: Callable[[], Callable[[int], str]]) -> list[dict[str, Any]]:
        """Every attempt, in phases: some change the directory, and a code serves once."""
        one_time = give()
        first = one_time(0)
        self.run(
            ("entitled", True, self.attempt(self._good, first)),
            ("no_certificate", False, self.attempt(None, first)),
            *([("foreign_authority", False, self.attempt(self._foreign, first))] if self._foreign else []),
            *((f"tls_{each}", False, self._tls(each)) for each in TLS_VERSIONS),
        )
        self.run(("replayed_code", False, self.attempt(self._good, first)))
        self.run(("wrong_code", False, self.attempt(self._good, wrong(one_time))))
        self.run(("no_code", False, self.attempt(self._good, None)))
        # By itself and with a code of its own: nothing but the list of revoked certificates may refuse it.
        self.run(("revoked", False, self.attempt(self._revoked, give()(0))))
        self.run(("other_login", False, self.attempt(self._good, give()(0), login=_OTHER_LOGIN)))
        self._account.belong(False)
        self.run(("not_in_group", False, self.attempt(self._good, give()(0))))
        self._account.belong(True)
        self._account.disable(True)
        self.run(("disabled", False, self.attempt(self._good, give()(0))))
        self._account.disable(False)
        # Once more at the end: what was refused in between was not refused by a service that had gone away.
        self.run(("entitled", True, self.attempt(self._good, give()(0))))
        return self.attempts

    def _tls(self, version: str) -> dict[str, Any]:
        old = ["--tls-cipher", "DEFAULT:@SECLEVEL=0"] if version < "1.2" else []
        options = ["--tls-version-min", version, "--tls-version-max", version, *old]
        return self.attempt(self._nobody, "000000", options=options)


def challenge_response(password: str, one_time: str) -> str:
    """Password and answer to a static challenge as clients send them (OpenVPN, doc/management-notes.txt)."""
    return ":".join(["SCRV1", *(base64.b64encode(part.encode()).decode() for part in (password, one_time))])


def wrong(one_time: Callable[[int], str]) -> str:
    """A code that is none of those that might be accepted."""
    accepted = {one_time(use) for use in range(-2, 6)}
    return next(each for each in (f"{number:06d}" for number in range(111111, 999999, 7919)) if each not in accepted)


def file_server(address: str) -> dict[str, Any]:
    """A target: a file server that answers in SMB 2."""
    request = smb2_request(DIALECTS["SMB3_11"])
    framed = len(request).to_bytes(4, "big") + request
    return {"address": address, "port": _FILES, "send": framed.hex(), "expect": _SMB2.hex()}


def web_filter(address: str, port: int) -> dict[str, Any]:
    """A target: a proxy that asks who is there. A network that it does not know would be refused at once."""
    return {
        "address": address,
        "port": port,
        "send": b"CONNECT example.invalid:443 HTTP/1.1\r\n\r\n".hex(),
        "expect": b" 407 ".hex(),
    }


__all__ = [
    "AuthorityError",
    "OtherEnd",
    "Place",
    "Trial",
    "Trials",
    "file_server",
    "prepared",
    "second_factor",
    "web_filter",
]
