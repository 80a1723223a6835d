"""What somebody who holds a saved host's password can do on a server of backups, tried from that host.

Nothing of the host's own is at stake: before anything is asked to be deleted it is read, and were it gone it would be put
back. What is overwritten is overwritten with itself. Only an answer of the server that says no is a refusal; silence is
an error, and not tried is not refused.
"""

from __future__ import annotations

import base64
import http.client
import json
import secrets
import socket
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.linux.fact_readers import read_facts

#: Answers that say no, and those to an odd path that give nothing: where they lead to is tried by its own name.
REFUSED = (401, 403)
NOT_GIVEN = (301, 307, 308, 400, 404, 405, *REFUSED)
_SECONDS = 20
_MOST = 64 * 1024
#: What servers of backups are delivered with, or are given by somebody in a hurry.
FACTORY = (
    ("admin", "admin"),
    ("admin", ""),
    ("admin", "password"),
    ("restic", "restic"),
    ("backup", "backup"),
    ("root", "root"),
)


class AccessError(Exception):
    """Something could not be tried; the message says what and why."""


@dataclass(frozen=True)
class Server:
    """A server, and how the host that tries proves who it is."""

    url: str
    user: str
    password: str
    ca_file: str

    def ask(
        self, method: str, path: str, body: bytes | None = None, login: tuple[str, str] | None = None
    ) -> tuple[int, bytes]:
        """The answer to one request, as this host or as another; login ("", "") is nobody.

        :raises AccessError: there was no answer.
        """
        return self.asked(method, path, body, login)[:2]

    def asked(
        self, method: str, path: str, body: bytes | None = None, login: tuple[str, str] | None = None
    ) -> tuple[int, bytes, str]:
        """The same, with the date that the server gives."""
        parts = urlsplit(self.url)
        context = ssl.create_default_context(cafile=self.ca_file)
        connection = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=_SECONDS, context=context)
        name, password = login if login is not None else (self.user, self.password)
        headers = {"Accept": "application/vnd.x.restic.rest.v2"}
        if name or password:
            headers["Authorization"] = "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode("ascii")
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read(_MOST), answer.headers.get("Date", "")
        except (OSError, http.client.HTTPException) as error:
            raise AccessError(f"{method} {path}: {type(error).__name__}: {error}") from error
        finally:
            connection.close()


@dataclass
class Trial:
    """One thing that must be refused, and what became of it."""

    what: str
    refused: bool
    detail: str


def refused(server: Server, what: str, method: str, path: str, *, no: tuple[int, ...] = REFUSED, **more: Any) -> Trial:
    """Ask for something that must be refused."""
    status, _ = server.ask(method, path, **more)
    return Trial(what, status in no, str(status))


def _kept(server: Server, what: str, path: str, posted: str, harmless: bool) -> list[Trial]:
    """Try to delete and to overwrite something of the host's own, of which a copy is held meanwhile."""
    status, content = server.ask("GET", path)
    if status != 200 or len(content) >= _MOST:
        raise AccessError(f"GET {path}: {status}: it cannot be read, so that nothing of it was tried")
    trials = [refused(server, f"overwrite_{what}", "POST", posted, body=content)]
    if not harmless:
        # The server lets go of things: this would be one more.
        return [*trials, Trial(f"delete_{what}", False, "not tried: another deletion was not refused")]
    trials.append(refused(server, f"delete_{what}", "DELETE", path))
    status, after = server.ask("GET", path)
    if status != 200 or after != content:
        server.ask("POST", posted, body=content)
        trials[-1] = Trial(f"delete_{what}", False, "it was gone, and was put back")
    return trials


def try_own(server: Server) -> list[Trial]:
    """What the host can do to its own backups besides adding to them.

    :raises AccessError: something could not be tried.
    """
    own = f"/{server.user}/"
    nothing = secrets.token_hex(32)
    # What is not there: a server that lets go says that it does not find it.
    trials = [
        refused(server, f"delete_{kind}", "DELETE", f"{own}{kind}/{nothing}") for kind in ("data", "index", "keys")
    ]
    trials.append(refused(server, "delete_repository", "DELETE", own + "snapshots/" + nothing))
    harmless = all(each.refused for each in trials)
    trials += _kept(server, "config", own + "config", own + "config", harmless)
    for kind, what in (("keys", "key"), ("snapshots", "snapshot")):
        status, listed = server.ask("GET", f"{own}{kind}/")
        names = [each["name"] for each in json.loads(listed or b"[]")] if status == 200 else []
        if not names:
            raise AccessError(f"GET {own}{kind}/: {status}: there is none, so that what becomes of one was not tried")
        trials += _kept(server, what, f"{own}{kind}/{names[-1]}", f"{own}{kind}/{names[-1]}", harmless)
    return trials


def try_others(server: Server, others: list[str]) -> list[Trial]:
    """What the host can do with others' backups, and what anybody can do with this host's.

    :raises AccessError: something could not be tried.
    """
    own = f"/{server.user}/config"
    status, _ = server.ask("GET", own)
    if status != 200:
        raise AccessError(f"GET {own}: {status}: the host's own password does not open its own backups")
    wrong = secrets.token_urlsafe(12)
    trials = [
        refused(server, "no_password", "GET", own, login=("", "")),
        refused(server, "wrong_password", "GET", own, login=(server.user, wrong)),
        refused(server, "unknown_user", "GET", own, login=("nobody-" + wrong[:4].lower(), wrong)),
    ]
    for other in others:
        trials += [
            refused(server, f"other_reads {other}", "GET", f"/{other}/config"),
            refused(server, f"other_lists {other}", "GET", f"/{other}/snapshots/"),
            refused(server, f"other_writes {other}", "POST", f"/{other}/keys/{secrets.token_hex(32)}", body=b"x"),
            refused(server, f"other_around {other}", "GET", f"/{server.user}/../{other}/config", no=NOT_GIVEN),
        ]
    trials += [refused(server, f"factory {name}", "GET", own, login=(name, password)) for name, password in FACTORY]
    trials += [refused(server, f"factory {server.user}", "GET", own, login=(server.user, server.user))]
    return [*trials, plain(server)]


def plain(server: Server) -> Trial:
    """Whether it answers without TLS: it may say so, or hang up.

    :raises AccessError: it cannot be reached.
    """
    parts = urlsplit(server.url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or 443), timeout=_SECONDS) as opened:
            opened.sendall(f"GET /{server.user}/config HTTP/1.1\r\nHost: {parts.hostname}\r\n\r\n".encode("ascii"))
            said = opened.recv(200)
    except ConnectionResetError:
        return Trial("plain", True, "hung up")
    except OSError as error:
        raise AccessError(f"without TLS: {type(error).__name__}: {error}") from error
    status = said.split(b" ")[1].decode("ascii", "replace") if said.startswith(b"HTTP/") and b" " in said else ""
    return Trial("plain", status in ("", "400"), status or "hung up")


def clock(server: Server) -> float:
    """How far the server's clock is from this host's, in seconds.

    :raises AccessError: it gives no date.
    """
    given = server.asked("GET", f"/{server.user}/config")[2]
    if not given:
        raise AccessError("the server gives no date")
    return round(parsedate_to_datetime(given).timestamp() - time.time(), 1)


def access_facts(server: Server, others: list[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts, and for those that could not be tried the reason, by the fact's name."""
    readers: Mapping[str, Callable[[], Any]] = {
        "own": lambda: [vars(each) for each in try_own(server)],
        "others": lambda: [vars(each) for each in try_others(server, others)],
        "clock_offset_seconds": lambda: clock(server),
    }
    return read_facts(readers, AccessError, prefix="backup_access.")
