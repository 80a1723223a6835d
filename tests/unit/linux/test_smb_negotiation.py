"""A dialect is taken only when the server says so in its own words; bytes captured from Samba 4.22."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator

import pytest
from ansible.module_utils.linux import smb_negotiation as smb
from hypothesis import given
from hypothesis import strategies as st


def answer(status: int = 0, mode: int = 3, dialect: int = 0x0300) -> bytes:
    header = b"\xfeSMB" + struct.pack("<HHIHHIIQIIQ16s", 64, 0, status, 0, 1, 1, 0, 0, 0, 0, 0, bytes(16))
    return header + struct.pack("<HHH", 65, mode, dialect) + bytes(59)


def test_a_dialect_is_taken_when_the_server_answers_with_it() -> None:
    assert smb.read_answer(answer(), "SMB3_00") == smb.Answer(True, "taken", True)
    assert smb.read_answer(answer(mode=1), "SMB3_00").signing_required is False


@pytest.mark.parametrize(
    "got", [b"", answer(status=0xC00000BB), answer(dialect=0x0311), b"\xffSMB" + bytes(80), answer()[:60]]
)
def test_anything_else_is_a_refusal(got: bytes) -> None:
    assert not smb.read_answer(got, "SMB3_00").accepted


def old(index: int) -> bytes:
    return b"\xffSMB\x72" + bytes(27) + b"\x11" + struct.pack("<H", index) + bytes(34)


def test_the_first_protocol_is_taken_when_its_dialect_is_chosen() -> None:
    assert smb.read_answer(old(0), smb.OLD).accepted
    assert not smb.read_answer(old(0xFFFF), smb.OLD).accepted
    assert not smb.read_answer(b"", smb.OLD).accepted
    assert not smb.read_answer(answer(), smb.OLD).accepted


@given(st.binary(max_size=120), st.sampled_from([smb.OLD, *smb.DIALECTS]))
def test_no_answer_makes_the_reader_fail(noise: bytes, dialect: str) -> None:
    for prefix in (b"", b"\xfeSMB", b"\xffSMB"):
        smb.read_answer(prefix + noise, dialect)


def test_a_request_has_the_shape_that_the_specification_gives_it() -> None:
    request = smb.smb2_request(0x0302)
    assert (request[:4], struct.unpack_from("<H", request, 4)[0], len(request)) == (b"\xfeSMB", 64, 102)
    assert struct.unpack_from("<HHH", request, 64) == (36, 1, 1)
    assert struct.unpack_from("<H", request, 100)[0] == 0x0302
    latest = smb.smb2_request(0x0311)
    where, count = struct.unpack_from("<IH", latest, 92)
    assert (where % 8, count, struct.unpack_from("<HH", latest, where)) == (0, 1, (1, 38))
    assert len(latest) == where + 8 + 38
    assert smb.smb1_request()[32:] == b"\x00\x0c\x00\x02NT LM 0.12\x00"


@pytest.fixture
def hangs_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server that closes every connection at the first word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(smb, "PORT", server.getsockname()[1])

        def serve() -> None:
            connection, _ = server.accept()
            connection.recv(500)
            connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield "127.0.0.1"
        thread.join(5)


def test_a_server_that_hangs_up_refuses(hangs_up: str) -> None:
    assert smb.offer(hangs_up, smb.OLD) == smb.Answer(False, "closed the connection")


def test_a_server_that_is_not_there_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    monkeypatch.setattr(smb, "PORT", port)
    with pytest.raises(smb.NegotiationError):
        smb.offer("127.0.0.1", "SMB3_11")
