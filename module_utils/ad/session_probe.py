"""Try to open a session on a workstation, as the dedicated test account and as nobody.

The account's password is set for the time of the probe and thrown away afterwards; no other account is touched.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ansible.module_utils.ad.connection import (
    Credentials,
    Directory,
    DirectoryError,
    encode_password,
    number,
    open_directory,
)
from ansible.module_utils.ad.probe_account import random_password

_DISABLED = 0x2  # [MS-ADTS] 2.2.16 ADS_UF_ACCOUNTDISABLE
_SECONDS = 20
_LENGTH = 32  # of a password that nobody types: longer than any policy asks for
_PROOF = "garant-session-open"


@dataclass(frozen=True)
class Workstation:
    """Where the session is to be opened, and the file with the keys by which the host is known."""

    address: str
    port: int
    known_hosts_file: str


class SessionProbeError(Exception):
    """The workstation could not be asked; the message says what to do."""


def probe_sessions(credentials: Credentials, account: str, workstation: Workstation) -> dict[str, bool]:
    """Open sessions with the right, a wrong and no password, and with the account disabled.

    :raises DirectoryError: the test account cannot be prepared.
    :raises SessionProbeError: the workstation does not answer, or is not the one that is known.
    """
    with open_directory(credentials) as directory, _prepared(directory, account) as (password, disable):
        facts = {
            "opened_with_right_password": opens(workstation, account, password),
            "opened_with_wrong_password": opens(workstation, account, random_password(_LENGTH)),
            "opened_without_password": opens(workstation, account, ""),
        }
        disable()
        facts["opened_when_disabled"] = opens(workstation, account, password)
        return facts


@contextlib.contextmanager
def _prepared(directory: Directory, account: str) -> Iterator[tuple[str, Callable[[], None]]]:
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

    :raises SessionProbeError: no answer that is about the password.
    """
    with tempfile.TemporaryDirectory(prefix="garant-") as folder:
        helper = Path(folder, "askpass")
        helper.write_text('#!/bin/sh\nprintf "%s\\n" "$GARANT_PROBE_PASSWORD"\n', encoding="ascii")
        helper.chmod(0o700)
        try:
            answer = subprocess.run(
                [
                    "ssh",
                    "-F",
                    "none",
                    "-p",
                    str(workstation.port),
                    "-o",
                    "PubkeyAuthentication=no",
                    "-o",
                    "GSSAPIAuthentication=no",
                    "-o",
                    "PreferredAuthentications=password,keyboard-interactive",
                    "-o",
                    "NumberOfPasswordPrompts=1",
                    "-o",
                    "StrictHostKeyChecking=yes",
                    "-o",
                    f"UserKnownHostsFile={workstation.known_hosts_file}",
                    "-o",
                    "GlobalKnownHostsFile=none",
                    "-o",
                    f"ConnectTimeout={_SECONDS // 2}",
                    "-l",
                    account,
                    workstation.address,
                    "echo",
                    _PROOF,
                ],
                env={
                    "PATH": "/usr/bin:/bin",
                    "SSH_ASKPASS": str(helper),
                    "SSH_ASKPASS_REQUIRE": "force",
                    "GARANT_PROBE_PASSWORD": password,
                    "HOME": folder,
                    "LC_ALL": "C",
                },
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as error:
            raise SessionProbeError(
                f"{workstation.address} gave no answer within {_SECONDS} s; check that it is on"
            ) from error
        except FileNotFoundError as error:
            raise SessionProbeError("ssh is not installed on the controller; install openssh-client") from error
    if answer.returncode == 0 and _PROOF in answer.stdout:
        return True
    said = answer.stderr.strip()
    if answer.returncode == os.EX_OK or "Permission denied" not in said:
        raise SessionProbeError(
            f"{workstation.address} did not answer about the password: {' '.join(said.split())[-200:] or 'nothing'}"
        )
    return False
