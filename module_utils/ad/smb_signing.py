"""Send a file server one request that is not signed, in a session whose other requests are, and see what it says.

What a server announces when a session begins is one thing; that it refuses ([MS-SMB2] 3.3.5.2.4) is another. The client
does not ask for signatures itself: whether the session demands them is the server's decision alone. The request leaves
a share that was entered for the purpose, so that nothing is changed when it is answered.
"""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

from ansible.module_utils.ad.smb_share import SmbError, UnreachableError, explain
from smbprotocol.connection import Connection
from smbprotocol.exceptions import AccessDenied, SMBConnectionClosed, SMBException
from smbprotocol.session import Session
from smbprotocol.tree import SMB2TreeDisconnect, TreeConnect

_PORT = 445
#: Every server of files has it, and whoever has signed in may enter it.
_SHARE = "IPC$"


def unsigned_request(server: str, user: str, password: str, timeout_seconds: int = 10) -> dict[str, Any]:
    """Whether a request without signature is answered, and what the server said.

    :raises UnreachableError: no session, so nothing was tried.
    :raises SmbError: the answer says nothing about signatures.
    """
    connection = Connection(guid=uuid.uuid4(), server_name=server, port=_PORT, require_signing=False)
    try:
        tree = _entered(connection, user, password, timeout_seconds)
        encrypted = tree.session.encrypt_data
        accepted, said = _left_unsigned(tree, timeout_seconds)
        if not accepted and connection.transport.connected:
            _left_protected(tree, timeout_seconds, encrypted)
    finally:
        with contextlib.suppress(Exception):  # whatever went wrong before is what must be told
            connection.disconnect(close=False, timeout=timeout_seconds)
    return {"unsigned_request_accepted": accepted, "detail": said}


def _entered(connection: Connection, user: str, password: str, timeout_seconds: int) -> TreeConnect:
    """A share entered by a signed request."""
    server = connection.server_name
    try:
        connection.connect(timeout=timeout_seconds)
        session = Session(connection, user, password, require_encryption=False, auth_protocol="ntlm")
        session.connect()
        if not session.signing_key:
            raise UnreachableError(f"{server} took {user} for a guest, whose requests cannot be signed")
        session.signing_required = not session.encrypt_data
        tree = TreeConnect(session, rf"\\{server}\{_SHARE}")
        tree.connect()
    except (SMBException, ValueError, OSError) as error:
        raise UnreachableError(
            f"{server}: no signed session over SMB ({explain(error)}); check that its file service is started, and the "
            "bind user and its password in the site's vault"
        ) from error
    return tree


def _left_unsigned(tree: TreeConnect, timeout_seconds: int) -> tuple[bool, str]:
    session, server = tree.session, tree.session.connection.server_name
    session.signing_required = session.encrypt_data = tree.encrypt_data = False
    try:
        _leave(tree, timeout_seconds)
    except AccessDenied as error:
        return False, explain(error)
    except SMBConnectionClosed:
        return False, "closed the connection"
    except (SMBException, OSError) as error:
        raise SmbError(f"{server} did not judge an unsigned request: {explain(error)}") from error
    return True, "answered"


def _left_protected(tree: TreeConnect, timeout_seconds: int, encrypted: bool) -> None:
    """The same request signed, or encrypted: it is answered, or it was not for want of it that the first was refused."""
    tree.session.signing_required, tree.session.encrypt_data = not encrypted, encrypted
    try:
        _leave(tree, timeout_seconds)
    except (SMBException, OSError) as error:
        raise SmbError(
            f"{tree.session.connection.server_name} refuses signed requests too ({explain(error)}); nothing can be said "
            "of unsigned ones"
        ) from error


def _leave(tree: TreeConnect, timeout_seconds: int) -> None:
    connection = tree.session.connection
    request = connection.send(SMB2TreeDisconnect(), sid=tree.session.session_id, tid=tree.tree_connect_id)
    connection.receive(request, timeout=timeout_seconds)
