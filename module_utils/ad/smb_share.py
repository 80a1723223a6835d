"""One share of an SMB session: its files, folders and security descriptors. What it offers stands in smb."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.ad import smb_messages as messages
from ansible.module_utils.ad.smb_messages import CHUNK, DACL, GROUP, OWNER, SACL, Access, Disposition, Opening
from smbprotocol.exceptions import (
    AccessDenied,
    EndOfFile,
    NoMoreFiles,
    ObjectNameNotFound,
    ObjectPathNotFound,
    PrivilegeNotHeld,
    SMBException,
    SMBResponseException,
)
from smbprotocol.open import SMB2CreateResponse
from smbprotocol.tree import TreeConnect

_ASIDE = ".tmp"  # DFS replication leaves such files out until they have their name


class SmbError(Exception):
    """The server could not do what was asked; the message names it and says what to do."""


class UnreachableError(SmbError):
    """No session, or no such share."""


class MissingFileError(SmbError):
    """The file or folder is not there."""


class RefusedError(SmbError):
    """The account may not do that."""


@dataclass(frozen=True)
class Item:
    """One entry of a folder."""

    name: str
    folder: bool
    size: int


class Share:
    """One share of a session."""

    def __init__(self, server: str, tree: TreeConnect) -> None:
        self.server = server
        self.name = tree.share_name.rpartition("\\")[2]
        self._tree = tree
        # The paths given here are paths of this server, also where the share is part of a namespace.
        tree.is_dfs_share = False

    def list(self, path: str) -> tuple[Item, ...]:
        """What lies in a folder, in the order of the server."""
        with self._wording(f"listing {self._named(path)}"):
            opened = self._ask(path, Opening(Access.LIST, folder=True), [messages.query_directory()], keep_open=True)
            found = messages.decode_listing(opened.answers[0], Item)
            try:
                while True:
                    request = self._exchange([messages.query_directory(opened.handle)])[0]
                    found += messages.decode_listing(self._receive(request), Item)
            except NoMoreFiles:
                return tuple(found)
            finally:
                self._receive(self._exchange([messages.close(opened.handle)])[0])

    def walk(self, path: str) -> Iterator[tuple[str, Item]]:
        """Everything below a folder with its path from the share, folders before what they hold."""
        for item in self.list(path):
            below = f"{_clean(path)}\\{item.name}".lstrip("\\")
            yield below, item
            if item.folder:
                yield from self.walk(below)

    def read(self, path: str) -> bytes:
        """The content of a file."""
        return self._read(path, 0)[0]

    def fetch(self, path: str, parts: int = OWNER | GROUP | DACL) -> tuple[bytes, bytes]:
        """The content of a file and its security descriptor."""
        return self._read(path, parts)

    def _read(self, path: str, parts: int) -> tuple[bytes, bytes]:
        opening = Opening(Access.READ | (Access.READ_SECURITY if parts else 0), folder=False)
        with self._wording(f"reading {self._named(path)}"):
            security = [messages.query_security(parts)] if parts else []
            opened = self._ask(path, opening, [messages.read(0, CHUNK), *security], tolerate=EndOfFile)
            data = messages.decode_read(opened.answers[0]) if opened.answers[0] else b""
            while 0 < len(data) < opened.size:
                more = self._ask(path, opening, [messages.read(len(data), CHUNK)])
                data += messages.decode_read(more.answers[0])
        return data, messages.decode_security(opened.answers[1]) if parts else b""

    def write(self, path: str, data: bytes, descriptor: bytes | None = None) -> None:
        """Replace a file, or make it, in a folder that exists: readers see the old content or the new one."""
        aside = f"{_clean(path)}{_ASIDE}"
        access = Access.WRITE | Access.DELETE | (Access.CHANGE_SECURITY if descriptor else 0)
        last = [messages.rename(_clean(path))]
        if descriptor:
            last.insert(0, messages.set_security(descriptor, OWNER | GROUP | DACL))
        with self._wording(f"writing {self._named(path)}"):
            disposition = Disposition.OVERWRITE_OR_CREATE
            for start in range(0, max(len(data), 1), CHUNK):
                chunk = data[start : start + CHUNK]
                asked = [messages.write(start, chunk)] if chunk else []
                asked += last if start + CHUNK >= len(data) else []
                self._ask(aside, Opening(access, disposition, folder=False), asked)
                disposition = Disposition.OPEN

    def exists(self, path: str) -> bool:
        """Whether there is a file or a folder of that name."""
        try:
            with self._wording(f"looking for {self._named(path)}"):
                self._ask(path, Opening(Access.LOOK), [])
        except MissingFileError:
            return False
        return True

    def check_writable(self, path: str) -> None:
        """Be sure that files and folders can be made in a folder; nothing is made.

        :raises RefusedError: they cannot.
        """
        with self._wording(f"writing in {self._named(path)}"):
            self._ask(path, Opening(Access.FILL, folder=True), [])

    def make_folder(self, path: str) -> tuple[str, ...]:
        """Make a folder and those above it; the paths of the new ones, from the top."""
        parts = _clean(path).split("\\")
        upwards = ["\\".join(parts[:depth]) for depth in range(len(parts), 0, -1)]
        missing = tuple(itertools.takewhile(lambda folder: not self.exists(folder), upwards))[::-1]
        for folder in missing:
            with self._wording(f"making {self._named(folder)}"):
                self._ask(folder, Opening(Access.LOOK, Disposition.CREATE, folder=True), [])
        return missing

    def delete(self, path: str) -> None:
        """Remove a file or an empty folder."""
        with self._wording(f"deleting {self._named(path)}"):
            self._ask(path, Opening(Access.DELETE, backup=True), [messages.set_deletion()])

    def delete_tree(self, path: str) -> None:
        """Remove a folder and all it holds."""
        for below, _ in reversed(list(self.walk(path))):
            self.delete(below)
        self.delete(path)

    def get_sd(self, path: str, parts: int = OWNER | GROUP | DACL) -> bytes:
        """The security descriptor of a file or folder."""
        access = Access.READ_SECURITY | (Access.SYSTEM_SECURITY if parts & SACL else 0)
        with self._wording(f"reading the rights of {self._named(path)}"):
            opened = self._ask(path, Opening(access, backup=True), [messages.query_security(parts)])
            return messages.decode_security(opened.answers[0])

    def set_sd(self, path: str, descriptor: bytes, parts: int = OWNER | GROUP | DACL) -> None:
        """Replace parts of the security descriptor of a file or folder."""
        # No more than the parts want: an administrator who may take something may not yet change its list.
        needed = {DACL: Access.CHANGE_DACL, OWNER: Access.CHANGE_OWNER, GROUP: Access.CHANGE_OWNER}
        access = Access.SYSTEM_SECURITY if parts & SACL else 0
        for part, right in needed.items():
            access |= right if parts & part else 0
        with self._wording(f"setting the rights of {self._named(path)}"):
            self._ask(path, Opening(access, backup=True), [messages.set_security(descriptor, parts)])

    def _named(self, path: str) -> str:
        return rf"\\{self.server}\{self.name}\{_clean(path)}".rstrip("\\")

    def _wording(self, doing: str) -> contextlib.AbstractContextManager[None]:
        return wording(self.server, doing)

    def _ask(
        self,
        path: str,
        opening: Opening,
        asked: Sequence[Any],
        tolerate: type[SMBResponseException] | tuple[()] = (),
        keep_open: bool = False,
    ) -> _Opened:
        """Open, do, close: one round trip. The first failure is raised, but for those that are tolerated."""
        sent = self._exchange(
            [messages.create(_clean(path), opening), *asked, *([] if keep_open else [messages.close()])]
        )
        answers = []
        failures = []
        for request in sent:
            try:
                answers.append(self._receive(request))
            except SMBResponseException as error:
                answers.append(b"")
                failures += [] if isinstance(error, tolerate) else [error]
        if failures:
            raise failures[0]
        created = SMB2CreateResponse()
        created.unpack(answers[0])
        return _Opened(created["file_id"].get_value(), created["end_of_file"].get_value(), answers[1:])

    def _exchange(self, asked: Sequence[Any]) -> Sequence[Any]:
        session = self._tree.session
        sent: Sequence[Any] = session.connection.send_compound(
            list(asked), session.session_id, self._tree.tree_connect_id, related=len(asked) > 1
        )
        return sent

    def _receive(self, request: Any) -> bytes:
        answer: bytes = self._tree.session.connection.receive(request)["data"].get_value()
        return answer


@dataclass(frozen=True)
class _Opened:
    """What came back: the handle, the size of the file, and the answer to each message."""

    handle: bytes
    size: int
    answers: Sequence[bytes]


def _clean(path: str) -> str:
    return path.replace("/", "\\").strip("\\")


@contextlib.contextmanager
def wording(server: str, doing: str) -> Iterator[None]:
    """Turn what the library raises into a sentence: what was tried, where, what the server said, what to do."""
    try:
        yield
    except (ObjectNameNotFound, ObjectPathNotFound) as error:
        raise MissingFileError(f"{server}: {doing}: it does not exist") from error
    except (AccessDenied, PrivilegeNotHeld) as error:
        raise RefusedError(f"{server}: {doing}: refused ({explain(error)}); check what the account may do") from error
    except (SMBException, OSError) as error:
        raise SmbError(f"{server}: {doing}: {explain(error)}") from error


def explain(error: Exception) -> str:
    """What the server said, on one line."""
    return " ".join(str(error).split()).removeprefix("Received unexpected status from the server: ")
