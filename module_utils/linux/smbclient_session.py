"""Run smbclient as one person after another, each with the ticket that was asked for them.

Tickets and the few bytes of the trial's files stay in a folder in memory that only root enters.
"""

from __future__ import annotations

import base64
import contextlib
import re
import secrets
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from ansible.module_utils.linux.share_tickets import PREFIX, private_folder
from ansible.module_utils.linux.smbclient_output import NoAnswerError, Output

_SECONDS = 30
#: What may stand between quotes in smbclient's little language; names of shares and logins hold nothing else.
_SAFE = re.compile(r"[\w.,*:$@{}()&+=!' \\-]+")
#: Nobody, in the ways in which a server may take nobody for somebody.
STRANGERS = {"anonymous": "%", "guest": "guest%", "unknown": f"{PREFIX}nobody%x"}


class Client:
    """smbclient against one server, from a folder in memory."""

    def __init__(self, host: str, folder: Path, tickets: Mapping[str, str], refused: Mapping[str, str]) -> None:
        self.host = host
        self.folder = folder
        self.token = secrets.token_hex(4)
        self.refused = refused
        self._caches = {
            person: self.write(f"ticket-{number}", base64.b64decode(ticket))
            for number, (person, ticket) in enumerate(sorted(tickets.items()))
        }

    def may_come(self, person: str) -> bool:
        """Whether somebody has a ticket."""
        return person in self._caches

    def ticket_of(self, person: str) -> str:
        """Whether the domain lets somebody sign in, or why not."""
        return "ticket given" if person in self._caches else self.refused.get(person, "not asked")

    def write(self, name: str, content: bytes) -> Path:
        """A file of the trial, readable by root alone."""
        file = self.folder / name
        file.touch(mode=0o600)
        file.write_bytes(content)
        return file

    def name(self, what: str) -> str:
        """What a file of this trial is called on a share."""
        return f"{PREFIX}{self.token}-{what}.txt"

    def received(self, name: str) -> bytes | None:
        """What was fetched under a name; None when nothing came."""
        file = self.folder / name
        return file.read_bytes() if file.exists() else None

    def run(self, person: str, share: str, commands: Sequence[str], *options: str) -> Output:
        """Commands of a person on a share."""
        return self._smbclient(
            [*self._signed_in(person), *options, f"//{self.host}/{share}", "-c", "; ".join(commands)]
        )

    def listed(self, person: str) -> Output:
        """The shares that a person is shown."""
        return self._smbclient([*self._signed_in(person), "-g", "-L", f"//{self.host}"])

    def strange(self, stranger: str, share: str) -> Output:
        """The root of a share, or the list of shares when it is IPC$, as one of STRANGERS."""
        where = ["-g", "-L", f"//{self.host}"] if share == "IPC$" else [f"//{self.host}/{share}", "-c", "ls"]
        return self._smbclient(["--use-kerberos=off", "--client-protection=off", "-U", STRANGERS[stranger], *where])

    def _signed_in(self, person: str) -> list[str]:
        return [f"--use-krb5-ccache={self._caches[person]}", "--use-kerberos=required"]

    def _smbclient(self, arguments: list[str]) -> Output:
        try:
            done = subprocess.run(
                ["smbclient", *arguments],
                cwd=self.folder,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(self.folder)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=_SECONDS,
                check=False,
            )
        except FileNotFoundError as error:
            raise NoAnswerError("smbclient is not installed on the host that tries; install it") from error
        except subprocess.TimeoutExpired as error:
            raise NoAnswerError(f"{self.host} gave no answer within {_SECONDS} s; check its load") from error
        return Output(done.stdout.decode("utf-8", "replace"))


@contextlib.contextmanager
def client_of(
    host: str, person: str, tickets: Mapping[str, str], refused: Mapping[str, str], files: Mapping[str, bytes]
) -> Iterator[Client]:
    """smbclient for a trial that nobody can make without this person's ticket, with the files that it sends.

    :raises NoAnswerError: the domain gives the person no ticket.
    """
    with private_folder() as folder:
        client = Client(host, folder, tickets, refused)
        if not client.may_come(person):
            raise NoAnswerError(
                f"the domain gives {person} no ticket, so nothing was tried: {client.ticket_of(person)}"
            )
        for name, content in files.items():
            client.write(name, content)
        yield client


def quoted(*parts: str) -> str:
    r"""A name on a share as smbclient's commands take it: "one\two"."""
    name = "\\".join(parts)
    if not _SAFE.fullmatch(name):
        raise NoAnswerError(f"{name} cannot be tried: the name holds a sign that smbclient's commands give a meaning")
    return f'"{name}"'
