"""Whether a server answers an unsigned request: told apart from a server that answers nothing, or that nobody reached."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from ansible.module_utils.ad import smb_signing
from ansible.module_utils.ad.smb_share import SmbError, UnreachableError
from smbprotocol.exceptions import AccessDenied, FileClosed, SMBConnectionClosed, SMBException


class Server:
    """Stands for the server and the library's three objects; `rule` raises what the server answers to a request."""

    def __init__(self, rule: Callable[[bool, bool], None], *, encrypts: bool = False, guest: bool = False) -> None:
        self.rule, self.encrypts, self.guest = rule, encrypts, guest
        self.sent: list[tuple[bool, bool]] = []
        self.closed = False

    def connection(self, **given: Any) -> Any:
        assert given["require_signing"] is False, "whether signatures are demanded is the server's decision"
        self.line = SimpleNamespace(
            server_name=given["server_name"],
            transport=SimpleNamespace(connected=True),
            connect=lambda timeout: None,
            disconnect=lambda close, timeout: setattr(self, "closed", True),
            send=lambda message, sid, tid: (self.tree.session.signing_required, self.tree.session.encrypt_data),
            receive=self.receive,
        )
        return self.line

    def receive(self, request: tuple[bool, bool], timeout: int) -> None:
        self.sent.append(request)
        try:
            self.rule(*request)
        except SMBConnectionClosed:
            self.line.transport.connected = False
            raise

    def session(self, connection: Any, *_: Any, **given: Any) -> Any:
        assert given["require_encryption"] is False
        return SimpleNamespace(
            connection=connection,
            session_id=7,
            signing_key=None if self.guest else b"k",
            signing_required=False,
            encrypt_data=self.encrypts,
            connect=lambda: None,
        )

    def tree_connect(self, session: Any, share: str) -> Any:
        assert share == r"\\fs1\IPC$"
        self.tree = SimpleNamespace(session=session, tree_connect_id=3, encrypt_data=False, connect=self.entered)
        return self.tree

    def entered(self) -> None:
        assert self.tree.session.signing_required or self.tree.session.encrypt_data, "entered by an unsigned request"


def tried(monkeypatch: pytest.MonkeyPatch, server: Server) -> dict[str, Any]:
    monkeypatch.setattr(smb_signing, "Connection", server.connection)
    monkeypatch.setattr(smb_signing, "Session", server.session)
    monkeypatch.setattr(smb_signing, "TreeConnect", server.tree_connect)
    return smb_signing.unsigned_request("fs1", "administrator@SITE.LAN", "secret")


def refuses(error: Exception) -> Callable[[bool, bool], None]:
    def rule(signed: bool, encrypted: bool) -> None:
        if not signed and not encrypted:
            raise error

    return rule


def denied(**_: Any) -> AccessDenied:
    return AccessDenied(header=None)


@pytest.mark.parametrize(("encrypts", "second"), [(False, (True, False)), (True, (False, True))])
def test_a_server_that_demands_signatures_refuses(
    monkeypatch: pytest.MonkeyPatch, encrypts: bool, second: tuple[bool, bool]
) -> None:
    server = Server(refuses(denied()), encrypts=encrypts)
    assert tried(monkeypatch, server)["unsigned_request_accepted"] is False
    assert server.sent == [(False, False), second]
    assert server.closed


def test_a_server_that_hangs_up_refuses_too(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(refuses(SMBConnectionClosed()))
    assert tried(monkeypatch, server) == {"unsigned_request_accepted": False, "detail": "closed the connection"}
    assert server.sent == [(False, False)]


def test_a_server_that_does_without_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server(lambda *_: None)
    assert tried(monkeypatch, server) == {"unsigned_request_accepted": True, "detail": "answered"}


def test_a_server_that_refuses_everything_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def rule(*_: bool) -> None:
        raise denied()

    server = Server(rule)
    with pytest.raises(SmbError, match="refuses signed requests too"):
        tried(monkeypatch, server)
    assert server.closed


@pytest.mark.parametrize("error", [FileClosed(header=None), SMBException("no answer"), OSError("gone")])
def test_another_answer_is_no_refusal(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    with pytest.raises(SmbError, match="did not judge"):
        tried(monkeypatch, Server(refuses(error)))


def test_a_guest_cannot_try(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreachableError, match="guest"):
        tried(monkeypatch, Server(lambda *_: None, guest=True))


def test_a_server_that_is_not_there_is_told() -> None:
    with pytest.raises(UnreachableError, match="check that its file service is started"):
        smb_signing.unsigned_request("127.0.0.1", "administrator@SITE.LAN", "secret", timeout_seconds=1)
