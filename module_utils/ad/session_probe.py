"""Try to open a session on a workstation, as the dedicated test account and as nobody.

The account's password is set for the time of the probe and thrown away afterwards; no other account is touched.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ansible.module_utils.ad.connection import (
    Credentials,
    Directory,
    DirectoryError,
    encode_password,
    number,
    open_directory,
)
from ansible.module_utils.ad.probe_account import random_password
from ansible.module_utils.linux import ssh_session

_DISABLED = 0x2  # [MS-ADTS] 2.2.16 ADS_UF_ACCOUNTDISABLE
_LENGTH = 32  # of a password that nobody types: longer than any policy asks for


@dataclass(frozen=True)
class Workstation:
    """Where the session is to be opened, and the file with the keys by which the host is known."""

    address: str
    port: int
    known_hosts_file: str


def probe_sessions(credentials: Credentials, account: str, workstation: Workstation) -> dict[str, bool]:
    """Open sessions with the right, a wrong and no password, and with the account disabled.

    :raises DirectoryError: the test account cannot be prepared.
    :raises SessionError: the workstation does not answer, or is not the one that is known.
    """
    with open_directory(credentials) as directory, prepared_account(directory, account) as (password, disable):
        facts = {
            "opened_with_right_password": opens(workstation, account, password),
            "opened_with_wrong_password": opens(workstation, account, random_password(_LENGTH)),
            "opened_without_password": opens(workstation, account, ""),
        }
        disable()
        facts["opened_when_disabled"] = opens(workstation, account, password)
        return facts


@contextlib.contextmanager
def prepared_account(directory: Directory, account: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """The test account, open, with a known password; afterwards as it was, with a password that nobody knows."""
    rows = directory.search(directory.base, f"(&(objectClass=user)(sAMAccountName={account}))", ["userAccountControl"])
    if len(rows) != 1:
        raise DirectoryError(
            f"{directory.server}: the test account {account} does not exist; declare it among the site's "
            "technical accounts and converge"
        )
    dn, attributes = rows[0]
    control = number(attributes, "userAccountControl") or 0
    password = random_password(_LENGTH)
    directory.modify(
        dn,
        {
            "unicodePwd": [encode_password(password)],
            "pwdLastSet": [b"-1"],
            "lockoutTime": [b"0"],
            "userAccountControl": [str(control & ~_DISABLED).encode()],
        },
    )
    try:
        yield password, lambda: directory.modify(dn, {"userAccountControl": [str(control | _DISABLED).encode()]})
    finally:
        directory.modify(
            dn,
            {
                "unicodePwd": [encode_password(random_password(_LENGTH))],
                "lockoutTime": [b"0"],
                "userAccountControl": [str(control).encode()],
            },
        )


def opens(workstation: Workstation, account: str, password: str) -> bool:
    """Whether the account opens a session with this password.

    :raises SessionError: no answer that is about the password.
    """
    known = (
        "StrictHostKeyChecking=yes",
        f"UserKnownHostsFile={workstation.known_hosts_file}",
        "GlobalKnownHostsFile=none",
    )
    arguments = ["-F", "none", "-p", str(workstation.port), *(part for each in known for part in ("-o", each))]
    return ssh_session.opens(workstation.address, arguments, account, password)
