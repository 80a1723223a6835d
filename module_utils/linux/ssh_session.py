"""Whether somebody can open a session over ssh with what they know, asked of the host as they would ask it."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

_PROOF = "garant-session-open"
_SECONDS = 25
#: Answers by what is asked, out of the environment: neither stands in a file or among the arguments.
_ASKED = """#!/bin/sh
case "$1" in
  *One-time*) printf '%s\\n' "$GARANT_CODE" ;;
  *) printf '%s\\n' "$GARANT_PASSWORD" ;;
esac
"""
_WAYS = (
    "PubkeyAuthentication=no",
    "GSSAPIAuthentication=no",
    "PreferredAuthentications=password,keyboard-interactive",
    "NumberOfPasswordPrompts=1",
    "ControlPath=none",
    f"ConnectTimeout={_SECONDS // 2}",
)


class SessionError(Exception):
    """The host did not answer about the session; the message says what to do."""


def opens(address: str, arguments: Sequence[str], login: str, password: str, code: str = "") -> bool:
    """Whether these open a session; the arguments of ssh say how the host is reached and known.

    :raises SessionError: no answer that is about them.
    """
    with tempfile.TemporaryDirectory(prefix="garant-") as folder:
        helper = Path(folder, "askpass")
        helper.write_text(_ASKED, encoding="ascii")
        helper.chmod(0o700)
        ways = [part for way in _WAYS for part in ("-o", way)]
        try:
            answer = subprocess.run(
                ["ssh", *ways, *arguments, "-l", login, address, "echo", _PROOF],
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
            raise SessionError(f"{address} gave no answer within {_SECONDS} s; check that it is on") from error
        except FileNotFoundError as error:
            raise SessionError("ssh is not installed on the controller; install openssh-client") from error
    if answer.returncode == os.EX_OK and _PROOF in answer.stdout:
        return True
    said = " ".join(answer.stderr.split())[-200:]
    if answer.returncode == os.EX_OK or "Permission denied" not in said:
        raise SessionError(f"{address} did not answer about the session: {said or 'nothing'}")
    return False
