"""What the repositories of a host hold, read through the host's own access and from nothing else; nothing is written.

What restic's exit codes mean is in its manual ("Scripting", exit codes).
"""

from __future__ import annotations

import io
import json
import os
import socket
import ssl
import subprocess
import tarfile
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

_SECONDS, _HTTP_SECONDS, _REACH_SECONDS = 120, 15, 5
_WORDS = {10: "there is no repository", 11: "it is locked", 12: "the host's key does not open it"}
#: The first bytes of what zstd packs: restic packs before it encrypts.
_ZSTD = b"\x28\xb5\x2f\xfd"


class BackupError(Exception):
    """It could not be read; the sentence says why."""


class Reader:
    """One repository, as the host reaches it."""

    def __init__(self, repository: Mapping[str, Any], folder: str) -> None:
        self.name, self.place = str(repository["name"]), str(repository["place"])
        self._url, self._user = str(repository["url"]).rstrip("/") + "/", str(repository["user"])
        self._ca_file = str(repository["ca_file"])
        self._key_file = os.path.join(folder, f"{self.name}.key")
        self._password_file = os.path.join(folder, f"{self.name}.http")

    def _password(self) -> str:
        try:
            with open(self._password_file, encoding="utf-8") as file:
                return file.read().strip()
        except OSError as error:
            raise BackupError(f"{self.name}: {self._password_file}: {error.strerror}") from error

    def reach(self) -> None:
        """Make sure that somebody answers there: restic itself tries for minutes before it gives up.

        :raises BackupError: nobody does; what the repository holds is unknown then.
        """
        try:
            parts = urlsplit(self._url)
            where = (parts.hostname or "", parts.port or 443)
            socket.create_connection(where, timeout=_REACH_SECONDS).close()
        except (OSError, ValueError) as error:
            raise BackupError(f"{self.name}: unreachable, so what it holds is unknown: {self._url}: {error}") from error

    def restic(self, *arguments: str) -> bytes:
        """What restic says.

        :raises BackupError: it ended otherwise than well.
        """
        environment = {
            "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": "/root",
            "RESTIC_REPOSITORY": f"rest:{self._url}",
            "RESTIC_REST_USERNAME": self._user,
            "RESTIC_REST_PASSWORD": self._password(),
            "RESTIC_PASSWORD_FILE": self._key_file,
            "RESTIC_CACERT": self._ca_file,
        }
        try:
            done = subprocess.run(
                ["restic", "--no-lock", "--no-cache", *arguments],
                check=False,
                capture_output=True,
                env=environment,
                stdin=subprocess.DEVNULL,
                timeout=_SECONDS,
            )
        except FileNotFoundError as error:
            raise BackupError("restic is not installed") from error
        except subprocess.TimeoutExpired as error:
            raise BackupError(f"{self.name}: restic did not answer within {_SECONDS} s") from error
        if done.returncode:
            said = _WORDS.get(done.returncode) or done.stderr.decode("utf-8", "replace").strip()[-200:]
            raise BackupError(f"{self.name}: {said}")
        return done.stdout

    def get(self, what: str) -> bytes | None:
        """An object as it lies on the server; None when it is not there.

        :raises BackupError: the server is not reached, is another, or refuses.
        """
        given = b64encode(f"{self._user}:{self._password()}".encode()).decode()
        request = urllib.request.Request(  # noqa: S310  # by https, with the site's authority
            urljoin(self._url, what),
            headers={"Authorization": f"Basic {given}", "Accept": "application/vnd.x.restic.rest.v2"},
        )
        try:
            context = ssl.create_default_context(cafile=self._ca_file)
            opener = urllib.request.build_opener(
                urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
            )
            with opener.open(request, timeout=_HTTP_SECONDS) as got:
                return bytes(got.read())
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            raise BackupError(f"{self.name}: the server answers {error.code}") from error
        except (OSError, ValueError) as error:
            raise BackupError(f"{self.name}: {getattr(error, 'reason', error)}") from error

    def snapshots(self, host: str) -> list[dict[str, Any]]:
        """The snapshots of a host, oldest first, with the moment of each in seconds."""
        listed = json.loads(self.restic("--json", "snapshots", "--host", host) or b"[]") or []
        found = [{**each, "at": moment(each["time"]), "tags": list(each.get("tags") or [])} for each in listed]
        return sorted(found, key=lambda each: float(each["at"]))

    def own_key(self) -> str:
        """Who the key that this host opens the repository with was made for."""
        keys = json.loads(self.restic("--json", "key", "list"))
        return next((f"{key['userName']}@{key['hostName']}" for key in keys if key["current"]), "")

    def readable(self, snapshot: str, words: Sequence[str]) -> list[str]:
        """Objects that the server could read: the configuration of the repository, and a snapshot's own file."""
        found = []
        for what in ("config", *([f"snapshots/{snapshot}"] if snapshot else [])):
            raw = self.get(what)
            if raw is None:
                raise BackupError(f"{self.name}: {what.partition('/')[0]} is not there")
            if clear(raw, words):
                found.append(f"{self.name}: {what[:20]}")
        return found

    def names_in(self, snapshot: str, folders: Sequence[str]) -> dict[str, set[str]]:
        """The names in some folders of a snapshot; a folder that is not in it is left out."""
        found: dict[str, set[str]] = {}
        for line in self.restic("--json", "ls", snapshot, *folders).splitlines():
            node = json.loads(line)
            if node.get("struct_type") != "node":
                continue
            if node["path"] in folders:
                found.setdefault(node["path"], set())
            found.setdefault(os.path.dirname(node["path"]), set()).add(node["name"])
        return {folder: names for folder, names in found.items() if folder in folders}

    def parts_of(self, snapshot: str, archive: str) -> set[str]:
        """The names in an archive that lies in a snapshot."""
        try:
            with tarfile.open(fileobj=io.BytesIO(self.restic("dump", snapshot, archive))) as packed:
                return {name.removeprefix("./") for name in packed.getnames()}
        except (tarfile.TarError, EOFError, OSError) as error:
            raise BackupError(f"{self.name}: {archive} cannot be unpacked: {error}") from error


def clear(raw: bytes, words: Sequence[str]) -> bool:
    """Whether somebody without the key could read this."""
    try:
        json.loads(raw)
        return True
    except ValueError:
        pass
    return _ZSTD in raw[:8] or any(word.encode() in raw for word in words if len(word) > 3)


def moment(text: str) -> float:
    """A time as restic writes it, in seconds; its nanoseconds are more than Python reads."""
    head, dot, rest = text.partition(".")
    zone = next((rest[position:] for position, sign in enumerate(rest) if sign in "Z+-"), "") if dot else ""
    return datetime.fromisoformat((head + zone).replace("Z", "+00:00")).timestamp()
