"""Try to get in without an account, without a password, or with a password in clear."""

from __future__ import annotations

import contextlib
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from typing import Any

import ldap
from ansible.module_utils.ad.connection import explain
from ansible.module_utils.ad.kerberos_password import UntriedError

#: What a server says when it refuses; anything else says nothing about access.
SMB_REFUSALS = (
    "NT_STATUS_ACCESS_DENIED",
    "NT_STATUS_LOGON_FAILURE",
    "NT_STATUS_ACCOUNT_DISABLED",
    "NT_STATUS_ACCOUNT_RESTRICTION",
)
LDAP_REFUSALS = (
    ldap.OPERATIONS_ERROR,
    ldap.INSUFFICIENT_ACCESS,
    ldap.INAPPROPRIATE_AUTH,
    ldap.STRONG_AUTH_REQUIRED,
    ldap.CONFIDENTIALITY_REQUIRED,
    ldap.INVALID_CREDENTIALS,
    ldap.UNWILLING_TO_PERFORM,
    ldap.NO_SUCH_OBJECT,
)
#: Entries asked for, at most: one is already too many.
ENOUGH = 50


@contextlib.contextmanager
def session(server: str, scheme: str, ca_file: str | None, seconds: int) -> Iterator[Any]:
    """An LDAP session that is not bound yet; no answer at all is an UntriedError."""
    handle = ldap.initialize(f"{scheme}://{server}")
    handle.set_option(ldap.OPT_REFERRALS, 0)
    handle.set_option(ldap.OPT_PROTOCOL_VERSION, 3)
    handle.set_option(ldap.OPT_NETWORK_TIMEOUT, seconds)
    handle.set_option(ldap.OPT_TIMEOUT, seconds)
    if scheme == "ldaps":
        if ca_file:
            handle.set_option(ldap.OPT_X_TLS_CACERTFILE, ca_file)
        handle.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
        handle.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
    try:
        yield handle
    except (ldap.SERVER_DOWN, ldap.TIMEOUT, ldap.CONNECT_ERROR) as error:
        raise UntriedError(f"{server} does not answer {scheme}: {explain(error)}") from error
    finally:
        with contextlib.suppress(ldap.LDAPError):
            handle.unbind_s()


def anonymous_entries(server: str, base: str, ca_file: str | None, seconds: int) -> int:
    """How many objects somebody without an account can list; none is a refusal."""
    with session(server, "ldaps", ca_file, seconds) as handle:
        try:
            handle.simple_bind_s("", "")
            message = handle.search_ext(base, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["cn"],
                                        sizelimit=ENOUGH)  # fmt: skip
            rows: list[Any] = []
            with contextlib.suppress(ldap.SIZELIMIT_EXCEEDED):
                while True:
                    kind, found = handle.result(message, all=0)
                    if kind not in (ldap.RES_SEARCH_ENTRY, ldap.RES_SEARCH_REFERENCE):
                        break
                    rows += [dn for dn, _ in found if dn is not None]
            return len(rows)
        except LDAP_REFUSALS:
            return 0


def cleartext_bind_refused(server: str, principal: str, password: str, seconds: int) -> bool:
    """Whether the server refuses a right password that travels in clear, because it does."""
    with session(server, "ldap", None, seconds) as handle:
        try:
            handle.simple_bind_s(principal, password)
        except (ldap.STRONG_AUTH_REQUIRED, ldap.CONFIDENTIALITY_REQUIRED):
            return True
        except ldap.LDAPError as error:
            raise UntriedError(f"{server} refused, but not because of the clear channel: {explain(error)}") from error
        return False


def empty_password_binds(server: str, principal: str, ca_file: str | None, seconds: int) -> bool:
    """Whether a bind without a password identifies the account; a bind that stays anonymous does not."""
    with session(server, "ldaps", ca_file, seconds) as handle:
        try:
            handle.simple_bind_s(principal, "")
            return bool(handle.whoami_s())
        except LDAP_REFUSALS:
            return False


def bind_refusal(server: str, principal: str, password: str, ca_file: str | None, seconds: int) -> str | None:
    """Why a logon to the directory is refused, as its own number (52e wrong, 773 to be changed, 775 locked); None when
    it is accepted ([MS-ERREF] 2.2, in hexadecimal)."""
    with session(server, "ldaps", ca_file, seconds) as handle:
        try:
            handle.simple_bind_s(principal, password)
        except ldap.INVALID_CREDENTIALS as error:
            return explain(error).partition("data ")[2].partition(",")[0].strip() or "unknown"
        except ldap.LDAPError as error:
            raise UntriedError(f"{server} did not judge the logon: {explain(error)}") from error
        return None


def anonymous_smb_refused(server: str, seconds: int) -> bool:
    """Whether a session without a name, and a name the server does not know, are refused the list of shares.

    A server that lets guests in takes an unknown name for one. The guest account itself is not tried: each try would
    count as a wrong password and lock it.
    """
    unknown = f"inconnu-{secrets.token_hex(4)}"
    return all(shares_refused(server, f"{name}%", seconds) for name in ("", unknown))


def shares_refused(server: str, user: str, seconds: int) -> bool:
    """Whether a user, given as login%password, is refused the list of shares."""
    program = shutil.which("smbclient")
    if program is None:
        raise UntriedError("smbclient is missing on the machine that runs the audit; install it")
    command = [program, "--list", server, "--grepable", "--use-kerberos=off", f"--user={user}", f"--timeout={seconds}",
               "--configfile=/dev/null", "--option=client min protocol=SMB2"]  # fmt: skip
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=3 * seconds, check=False,
                              stdin=subprocess.DEVNULL)  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise UntriedError(f"{server} does not answer SMB within {3 * seconds} s") from error
    if any(line.startswith(("Disk|", "IPC|", "Printer|")) for line in done.stdout.splitlines()):
        return False
    said = f"{done.stdout} {done.stderr}"
    if any(refusal in said for refusal in SMB_REFUSALS):
        return True
    raise UntriedError(f"{server} neither lists its shares nor refuses: {' '.join(said.split())[-200:] or 'no answer'}")
