"""Files and security descriptors on a server, over SMB 3: signed and encrypted, never as a guest.

    with open_smb("fs1.example.lan", "administrator@EXAMPLE.LAN", password) as session:
        share = session.share("sysvol")
        share.list("example.lan/Policies")       # (Item(name, folder, size), ...), without . and ..
        share.walk("example.lan/Policies")       # (path, Item) of everything below, folders before their content
        share.read(path)                         # bytes
        share.fetch(path)                        # (bytes, security descriptor) in one round trip
        share.write(path, data)                  # whole or not at all: written aside, then renamed over
        share.write(path, data, descriptor=sd)   # the same, never visible with another descriptor
        share.exists(path)
        share.check_writable(path)               # RefusedError when nothing can be made in this folder
        share.make_folder(path)                  # and the folders above; returns those that were made
        share.delete(path)                       # a file or an empty folder
        share.delete_tree(path)
        share.get_sd(path)                       # self-relative bytes ([MS-DTYP] 2.4.6): owner, group, DACL
        share.get_sd(path, OWNER | GROUP | DACL | SACL)
        share.set_sd(path, sd)                   # the same parts; control bits (protected) travel inside sd

Paths are relative to the share, with / or \\; "" is its root. A share that cannot be opened, a file that is not there
and a refusal are three errors, all SmbError: UnreachableError, MissingFileError, RefusedError. Each names the server
and the path. Descriptors are read and written with backup intent, so that an administrator can mend a folder whose
descriptor shuts him out. Nothing is kept between sessions; two sessions do not know of each other.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from typing import Any

from ansible.module_utils.ad.smb_messages import DACL, GROUP, OWNER, SACL
from ansible.module_utils.ad.smb_share import (
    Item,
    MissingFileError,
    RefusedError,
    Share,
    SmbError,
    UnreachableError,
    explain,
)
from smbprotocol.connection import Connection
from smbprotocol.exceptions import SMBException, SMBResponseException
from smbprotocol.session import Session
from smbprotocol.tree import TreeConnect

__all__ = [
    "DACL", "GROUP", "OWNER", "SACL", "Item", "MissingFileError", "RefusedError", "Share", "SmbError", "SmbSession",
    "UnreachableError", "open_smb",
]  # fmt: skip

_PORT = 445


class _TimedConnection(Connection):
    """A connection that does not wait for ever."""

    seconds = 30

    def receive(self, request: Any, wait: bool = True, timeout: Any = None, resolve_symlinks: bool = False) -> Any:
        return super().receive(request, wait, timeout or self.seconds, resolve_symlinks)


class SmbSession:
    """A session with one server; shares are connected when first used."""

    def __init__(self, server: str, session: Session) -> None:
        self.server = server
        self._session = session
        self._shares: dict[str, Share] = {}

    def share(self, name: str) -> Share:
        """A share of the server.

        :raises UnreachableError: there is no such share, or the account may not connect to it.
        """
        if name not in self._shares:
            tree = TreeConnect(self._session, rf"\\{self.server}\{name}")
            try:
                tree.connect()
            except SMBException as error:
                raise UnreachableError(
                    f"{self.server}: the share {name} cannot be opened ({explain(error)}); check that it exists and "
                    "that the account may use it"
                ) from error
            self._shares[name] = Share(self.server, tree)
        return self._shares[name]


@contextlib.contextmanager
def open_smb(
    server: str, user: str, password: str, timeout_seconds: int = 10, authentication: str = "ntlm"
) -> Iterator[SmbSession]:
    """A session, closed afterwards. Authentication is "ntlm", or "negotiate" to try a Kerberos ticket first.

    :raises UnreachableError: nothing answers, or the credentials are refused.
    """
    connection = _TimedConnection(guid=uuid.uuid4(), server_name=server, port=_PORT, require_signing=True)
    connection.seconds = max(30, timeout_seconds)
    try:
        yield SmbSession(server, _authenticated(connection, user, password, timeout_seconds, authentication))
    finally:
        with contextlib.suppress(Exception):  # whatever went wrong before is what must be told
            connection.disconnect(close=True, timeout=timeout_seconds)


def _authenticated(
    connection: Connection, user: str, password: str, timeout_seconds: int, authentication: str
) -> Session:
    server = connection.server_name
    try:
        connection.connect(timeout=timeout_seconds)
    except (SMBException, ValueError, OSError) as error:
        raise UnreachableError(
            f"{server} cannot be reached over SMB ({explain(error)}); check that it runs, that its file service is "
            "started and that port 445 is open"
        ) from error
    session = Session(connection, user, password, require_encryption=True, auth_protocol=authentication)
    try:
        session.connect()
    except SMBResponseException as error:
        raise UnreachableError(
            f"{server} refused the credentials over SMB ({explain(error)}); check the bind user and its password in "
            "the site's vault"
        ) from error
    except SMBException as error:
        raise UnreachableError(
            f"{server}: no safe SMB session ({explain(error)}); it must offer SMB 3 with encryption"
        ) from error
    return session
