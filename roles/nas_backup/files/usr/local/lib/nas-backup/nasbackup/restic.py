"""Running restic: by its environment, never with a secret among its arguments, and never for ever.

What restic's exit codes mean is in its manual ("Scripting", exit codes): 3 incomplete, 10 no repository, 11 locked,
12 wrong key.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import IO, Any

from nasbackup.settings import Repository

CACHE = "/var/lib/nas-backup/cache"
FULL = "the repository's disk or quota is full"
#: How servers and disks say so; restic goes on trying for a quarter of an hour.
_FULL_WORDS = (b"(507)", b"(413)", b"no space left", b"quota exceeded")
INCOMPLETE, ABSENT, LOCKED, WRONG_KEY = 3, 10, 11, 12
_LOOK_EVERY, _CONNECT_SECONDS, _END_SECONDS = 10, 10, 30


class RepositoryError(Exception):
    """A repository cannot be used; the sentence is fit for an alert. What will not pass by itself is final."""

    def __init__(self, text: str, final: bool = False) -> None:
        super().__init__(text)
        self.final = final


@dataclass
class Done:
    """What a run of restic came to."""

    code: int
    messages: list[dict[str, Any]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    #: Why it was ended before its time; empty when it ended by itself.
    stopped: str = ""

    def message(self, kind: str) -> dict[str, Any]:
        """The last message of a kind; empty when there is none."""
        return next((each for each in reversed(self.messages) if each.get("message_type") == kind), {})


def secret(path: str) -> str:
    """A password that stands alone in a file.

    :raises RepositoryError: it cannot be read.
    """
    try:
        with open(path, encoding="utf-8") as file:
            return file.read().strip()
    except (OSError, ValueError) as error:
        raise RepositoryError(f"{path} cannot be read: {error}", final=True) from error


def environment(repository: Repository) -> dict[str, str]:
    """What restic has to know to open a repository."""
    return {
        "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
        "LC_ALL": "C.UTF-8",
        "HOME": "/root",
        "GOMAXPROCS": os.environ.get("GOMAXPROCS", ""),
        "RESTIC_REPOSITORY": f"rest:{repository.url}",
        "RESTIC_REST_USERNAME": repository.user,
        "RESTIC_REST_PASSWORD": secret(repository.password_file),
        "RESTIC_PASSWORD_FILE": repository.key_file,
        "RESTIC_CACERT": repository.ca_file,
        "RESTIC_CACHE_DIR": CACHE,
        "RESTIC_PROGRESS_FPS": "0.1",
    }


@dataclass(frozen=True)
class Answer:
    """What the server itself says, without restic: whether there is a repository, its configuration, the time."""

    status: int
    body: bytes
    time: float


def ask(repository: Repository, what: str = "config") -> Answer:
    """Ask the server for an object, as it lies there.

    :raises RepositoryError: it is not reached, is not who it should be, or does not admit us.
    """
    given = b64encode(f"{repository.user}:{secret(repository.password_file)}".encode()).decode()
    request = urllib.request.Request(  # noqa: S310  # https, as the settings are checked for
        urllib.parse.urljoin(repository.url.rstrip("/") + "/", what), headers={"Authorization": f"Basic {given}"}
    )
    try:
        context = ssl.create_default_context(cafile=repository.ca_file)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        with opener.open(request, timeout=_CONNECT_SECONDS) as got:
            return Answer(got.status, got.read(), _date(got.headers))
    except urllib.error.HTTPError as error:
        if error.code in (401, 403):
            raise RepositoryError(
                f"{repository.name}: the server does not admit {repository.user} (wrong password?)", final=True
            ) from error
        if error.code == 404:
            return Answer(error.code, b"", _date(error.headers))
        raise RepositoryError(f"{repository.name}: the server answers {error.code}") from error
    except (ssl.SSLError, urllib.error.URLError, OSError, ValueError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ssl.SSLError):
            raise RepositoryError(
                f"{repository.name}: the server's certificate is not the site's, or not valid now: "
                f"{getattr(reason, 'verify_message', '') or reason}",
                final=True,
            ) from error
        raise RepositoryError(f"{repository.name}: the server is not reached: {reason}") from error


def _date(headers: Any) -> float:
    try:
        return parsedate_to_datetime(headers["Date"]).timestamp()
    except (TypeError, ValueError):
        return time.time()


def reachable(repository: Repository) -> bool:
    """Whether something listens there."""
    parts = urllib.parse.urlsplit(repository.url)
    with contextlib.suppress(OSError), socket.create_connection((parts.hostname, parts.port or 443), _CONNECT_SECONDS):
        return True
    return False


def restic(
    repository: Repository,
    *arguments: str,
    seconds: float = 300,
    patience: float = 60,
    stop: Callable[[], str] = lambda: "",
    inside: Sequence[str] = (),
) -> Done:
    """Run restic to its end, or end it: too long, server gone for longer than patience, or a reason to stop.

    restic itself tries a server that is gone for a quarter of an hour before it says so.

    :param inside: a command that runs what follows it, such as unshare.
    """
    # Its words go to files: nobody has to read while it runs.
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as wrong:
        process = subprocess.Popen(
            [*inside, "restic", "--json", *arguments],
            env=environment(repository),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=wrong,
            start_new_session=True,
        )
        try:
            stopped = _watch(process, repository, seconds, patience, lambda: FULL if _full(wrong) else stop())
        finally:
            if process.poll() is None:
                _end(process)
        out.seek(0)
        wrong.seek(0)
        return _done(process.returncode, out, wrong, stopped)


def _full(wrong: IO[bytes]) -> bool:
    """Whether restic was told that there is no room; read beside its own position in the file."""
    said = os.pread(wrong.fileno(), 1 << 20, 0).lower()
    return any(word in said for word in _FULL_WORDS)


def _watch(
    process: subprocess.Popen[bytes],
    repository: Repository,
    seconds: float,
    patience: float,
    stop: Callable[[], str],
) -> str:
    began = seen = time.monotonic()
    while True:
        try:
            process.wait(min(_LOOK_EVERY, patience))
            return ""
        except subprocess.TimeoutExpired:
            pass
        now = time.monotonic()
        if reachable(repository):
            seen = now
        if now - seen > patience:
            return f"the server is not reached any more since {round(now - seen)} s"
        if now - began > seconds:
            return f"not done after {round(seconds / 60)} minutes"
        if why := stop():
            return why


def _end(process: subprocess.Popen[bytes]) -> None:
    """Gently first: restic then takes its lock away."""
    for number, patience in ((signal.SIGINT, _END_SECONDS), (signal.SIGKILL, None)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            return


def _done(code: int, out: Iterable[bytes], wrong: Iterable[bytes], stopped: str) -> Done:
    done = Done(code, stopped=stopped)
    lines = list(out)
    # What restic shows of an object (cat) runs over several lines.
    whole = _json(b"".join(lines)) if lines[:1] == [b"{\n"] else None
    for message in [whole] if whole else map(_json, lines):
        if message is not None and message.get("message_type") != "status":
            done.messages.append(message)
    for line in wrong:
        message = _json(line)
        if message is None:
            said = line.decode("utf-8", "replace").strip()
        else:
            said = str(message.get("message") or (message.get("error") or {}).get("message") or "")
            said = f"{message['item']}: {said}" if message.get("item") else said
        if said:
            done.errors.append(re.sub(r"//[^/@\s]+@", "//", said)[:300])
    return done


def _json(line: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(line)
    except ValueError:
        return None
    if isinstance(found, list):
        return {"message_type": "list", "items": found}
    return found if isinstance(found, dict) else None
