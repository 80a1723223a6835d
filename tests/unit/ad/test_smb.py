"""What goes wrong on a file server is told in a sentence that names it."""

from __future__ import annotations

import socket
import struct

import pytest
from ansible.module_utils.ad import smb, smb_messages, smb_share
from smbprotocol.exceptions import SMBException


@pytest.fixture
def silent(monkeypatch):
    """A port that takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        monkeypatch.setattr(smb, "_PORT", listener.getsockname()[1])
        yield


def opened(**options):
    with smb.open_smb("127.0.0.1", "somebody", "secret", timeout_seconds=1, **options):
        pass


def test_a_server_that_does_not_listen_is_named(monkeypatch):
    monkeypatch.setattr(smb, "_PORT", 1)
    with pytest.raises(smb.UnreachableError, match=r"127\.0\.0\.1 cannot be reached over SMB .* port 445 is open"):
        opened()


@pytest.mark.usefixtures("silent")
def test_a_server_that_never_answers_does_not_hold_the_run():
    with pytest.raises(smb.UnreachableError, match="cannot be reached"):
        opened()


def test_a_name_that_nobody_knows_is_told():
    with pytest.raises(smb.UnreachableError, match=r"nowhere\.invalid"), smb.open_smb("nowhere.invalid", "u", "p", 1):
        pass


def test_errors_of_the_library_become_sentences():
    with pytest.raises(smb.SmbError, match="dc1: reading x: broken"), smb_share.wording("dc1", "reading x"):
        raise SMBException("broken")
    with pytest.raises(smb.SmbError, match="dc1: reading x"), smb_share.wording("dc1", "reading x"):
        raise ConnectionResetError(104, "reset")


@pytest.mark.parametrize(("path", "clean"), [("", ""), ("/", ""), ("a/b", r"a\b"), (r"\a\b" + "\\", r"a\b")])
def test_paths_may_have_either_slash(path, clean):
    assert smb_share._clean(path) == clean


def test_a_file_is_opened_as_a_file_and_links_are_not_followed():
    folder, file = smb_messages.Opening(0x81, folder=True), smb_messages.Opening(0x81, folder=False)
    assert (folder.options & 0x41, file.options & 0x41) == (0x01, 0x40)
    assert smb_messages.Opening(0).options & 0x200000
    assert smb_messages.Opening(0, backup=True).options & 0x4000


def test_a_rename_replaces_the_file_that_has_the_name():
    raw = smb_messages.rename(r"a\b")["buffer"].get_value()
    assert raw[0] == 1
    assert raw[20:].decode("utf-16-le") == r"a\b"
    assert struct.unpack_from("<I", raw, 16)[0] == len(raw[20:])
