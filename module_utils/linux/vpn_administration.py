"""Try to open an administrator's session over ssh with each thing that is asked, and without it."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ansible.module_utils.linux.vpn_trial import wrong

_PROOF = "garant-session-open"
_SECONDS = 25
#: Answers by what is asked, out of the environment: neither stands in a file or among the arguments.
_ASKED = """#!/bin/sh
case "$1" in
  *One-time*) printf '%s\\n' "$GARANT_CODE" ;;
  *) printf '%s\\n' "$GARANT_PASSWORD" ;;
esac
"""


class AdministrationError(Exception):
    """The host did not answer about the session; the message says what to do."""


@dataclass(frozen=True)
class Door:
    """Where a session is to be opened: arguments of ssh that say how the host is reached and known."""

    address: str
    arguments: Sequence[str]


def opens(door: Door, login: str, password: str, code: str) -> bool:
    """Whether these open a session.

    :raises AdministrationError: no answer that is about them.
    """
    with tempfile.TemporaryDirectory(prefix="garant-") as folder:
        helper = Path(folder, "askpass")
        helper.write_text(_ASKED, encoding="ascii")
        helper.chmod(0o700)
        ways = (
            "PubkeyAuthentication=no",
            "PreferredAuthentications=password,keyboard-interactive",
            "NumberOfPasswordPrompts=1",
        )
        options = [
            part for each in (*ways, "ControlPath=none", f"ConnectTimeout={_SECONDS // 2}") for part in ("-o", each)
        ]
        try:
            answer = subprocess.run(
                ["ssh", *options, *door.arguments, "-l", login, door.address, "echo", _PROOF],
                env={
                    "PATH": "/usr/bin:/bin",
                    "HOME": folder,
                    "LC_ALL": "C",
                    "SSH_ASKPASS": str(helper),
                    "SSH_ASKPASS_REQUIRE": "force",
                    "GARANT_PASSWORD": password,
                    "GARANT_CODE": code,
                },
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as error:
            raise AdministrationError(
                f"{door.address} gave no answer within {_SECONDS} s; check that it is on"
            ) from error
    if answer.returncode == 0 and _PROOF in answer.stdout:
        return True
    if "Permission denied" not in answer.stderr:
        said = " ".join(answer.stderr.split())[-200:] or "nothing"
        raise AdministrationError(f"{door.address} did not answer about the session: {said}")
    return False


def sessions(door: Door, login: str, password: str, give: Callable[[], Callable[[int], str]]) -> dict[str, bool]:
    """What opens a session; the good attempt comes last too, so that what was refused was not refused by a dead service."""
    one_time = give()
    used = one_time(0)
    found = {"with_password_and_code": opens(door, login, password, used)}
    found["with_used_code"] = opens(door, login, password, used)
    found["with_wrong_code"] = opens(door, login, password, wrong(one_time))
    found["with_password_alone"] = opens(door, login, password, "")
    found["with_code_alone"] = opens(door, login, "", give()(0))
    found["with_password_and_code"] &= opens(door, login, password, give()(0))
    return found
