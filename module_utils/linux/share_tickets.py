"""Ask the domain, as a member of it, for short-lived tickets of people to this machine only.

A member of the domain may ask the controller for a ticket to itself in anybody's name ([MS-SFU] S4U2self): the
controller decides whether the person may sign in, and puts the person's groups into it. No password is known or
changed, nothing is granted in the directory, and such a ticket opens no other machine. Needs root, krb5-user and
Python 3.11.
"""

from __future__ import annotations

import base64
import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from ansible.module_utils.linux.kerberos_cache import CacheFormatError, renamed

#: In memory, so that no ticket ever reaches a disk.
MEMORY = "/dev/shm"  # noqa: S108
#: Every file of the trial is called so, in memory and on the shares; nobody's own file may be.
PREFIX = "garant-essai-"
_SECONDS = 20
_GIVEN = "given"
#: What the controller says of somebody who may not sign in; anything else is a failure of the trial.
_UNKNOWN = "KDC_ERR_C_PRINCIPAL_UNKNOWN"
_REFUSALS = {
    "credentials have been revoked": "KDC_ERR_CLIENT_REVOKED",
    "not found in Kerberos database": _UNKNOWN,
    "account has expired": "KDC_ERR_NAME_EXP",
    "entry in database has expired": "KDC_ERR_NAME_EXP",
}


class TicketError(Exception):
    """No answer about the person; the message says what was asked and what to do."""


def tickets_for(
    people: Iterable[str], host: str, realm: str, minutes: int, service: str = "cifs"
) -> tuple[dict[str, str], dict[str, str]]:
    """By person a cache (base64) with a ticket to service/host; and by person why the controller gives none.

    :raises TicketError: the controller could not be asked, or its answer is not about the person.
    """
    tickets: dict[str, str] = {}
    refused: dict[str, str] = {}
    with private_folder() as folder:
        own = folder / "server"
        account = machine_account()
        _asked(["kinit", "-l", f"{minutes}m", "-c", str(own), "-k", f"{account}@{realm}"], account)
        for person in people:
            refusal = _refusal(person, account, own)
            if refusal == _UNKNOWN:
                # An account without a user principal name, as the built-in Administrator, is found by both together.
                refusal = _refusal(f"{person}@{realm}", account, own)
            if refusal:
                refused[person] = refusal
            else:
                tickets[person] = _taken(own.with_name(_GIVEN), person, (service, host), realm)
    return tickets, refused


def machine_account() -> str:
    """The account of this host in the domain, by the first key of its own that it holds."""
    shown = _run(["klist", "-k"])
    match = re.search(r"^\s*\d+\s+([^\s/@]+\$)@", shown.stdout, re.MULTILINE)
    if match is None:
        raise TicketError(
            f"this host holds no key of an account in the domain ({_said(shown)}); join it again, with "
            "kerberos method = secrets and keytab"
        )
    return match.group(1)


def _refusal(person: str, account: str, own: Path) -> str | None:
    """Why the controller gives no ticket; None when it gave one, which is in its file then.

    Asked for without the realm: with it, the person's name in the ticket would be the two together.
    """
    cache = f"FILE:{own.with_name(_GIVEN)}"
    answer = _run(["kvno", "-q", "-c", str(own), "-U", person, "--out-cache", cache, account])
    if not answer.returncode:
        return None
    said = _said(answer)
    for words, status in _REFUSALS.items():
        if words in said:
            return status
    raise TicketError(f"no ticket for {person}: {said}; check that the domain controller answers")


def _taken(cache: Path, person: str, asked: tuple[str, str], realm: str) -> str:
    """A ticket out of its file, filed under the service that people ask for."""
    try:
        return base64.b64encode(renamed(cache.read_bytes(), *asked, realm)).decode("ascii")
    except (OSError, CacheFormatError) as error:
        raise TicketError(f"no ticket for {person}: {error}") from error
    finally:
        shred(cache)


def _asked(command: list[str], account: str) -> None:
    answer = _run(command)
    if answer.returncode:
        raise TicketError(f"the domain gives {account} no ticket: {_said(answer)}; check that its controller answers")


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"}
    try:
        return subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except FileNotFoundError as error:
        raise TicketError(f"{command[0]} is not installed; install krb5-user") from error
    except subprocess.TimeoutExpired as error:
        raise TicketError(f"{command[0]} gave no answer within {_SECONDS} s; check the domain controller") from error


def _said(answer: subprocess.CompletedProcess[str]) -> str:
    return " ".join((answer.stderr or answer.stdout).split())[-300:] or f"exit {answer.returncode}"


@contextlib.contextmanager
def private_folder() -> Iterator[Path]:
    """A folder in memory that only root enters, emptied and removed afterwards; what a run left behind goes first."""
    for leftover in Path(MEMORY).glob(f"{PREFIX}*"):
        shred_folder(leftover)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY))
    try:
        yield folder
    finally:
        shred_folder(folder)


def shred_folder(folder: Path) -> None:
    """Overwrite and remove what is in a folder, and the folder."""
    for file in folder.iterdir() if folder.is_dir() and not folder.is_symlink() else ():
        if file.is_file() and not file.is_symlink():
            shred(file)
    shutil.rmtree(folder, ignore_errors=True)


def shred(file: Path) -> None:
    """Overwrite a file and remove it."""
    with contextlib.suppress(FileNotFoundError):
        with open(file, "r+b") as stream:
            stream.write(bytes(os.fstat(stream.fileno()).st_size))
        file.unlink()
