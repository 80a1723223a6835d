"""Offer a file server one dialect of SMB at a time and see what it takes.

Requests and answers are built and read here byte by byte, so that no client's own defaults stand between the question
and the server. Formats: [MS-SMB2] 2.2.3 and 2.2.4 (negotiate), [MS-CIFS] 2.2.4.52 (negotiate of SMB 1), RFC 1002 4.3.1.
Standard library only.
"""

from __future__ import annotations

import os
import socket
import struct
from dataclasses import dataclass

PORT = 445
#: Dialects by the name that smb.conf gives them, oldest first ([MS-SMB2] 2.2.3).
DIALECTS = {"SMB2_02": 0x0202, "SMB2_10": 0x0210, "SMB3_00": 0x0300, "SMB3_02": 0x0302, "SMB3_11": 0x0311}
#: The name of what came before them.
OLD = "SMB1"
_SMB2, _SMB1 = b"\xfeSMB", b"\xffSMB"
_SIGNING_REQUIRED = 0x0002
_NONE_OF_THEM = 0xFFFF  # [MS-CIFS] 2.2.4.52.2, DialectIndex
_SECONDS = 10


class NegotiationError(Exception):
    """The server could not be asked; the message says what to do."""


@dataclass(frozen=True)
class Answer:
    """What the server says to an offer; signing is None when it takes none of it."""

    accepted: bool
    detail: str
    signing_required: bool | None = None


def offer(host: str, dialect: str) -> Answer:
    """Offer one dialect.

    :raises NegotiationError: no connection to the server, which says nothing about the dialect.
    """
    request = smb1_request() if dialect == OLD else smb2_request(DIALECTS[dialect])
    try:
        connection = socket.create_connection((host, PORT), timeout=_SECONDS)
    except OSError as error:
        raise NegotiationError(
            f"{host} cannot be reached on port {PORT} ({error}); check that it serves files"
        ) from error
    with connection:
        try:
            connection.sendall(struct.pack(">I", len(request)) + request)
            header = _receive(connection, 4)
            answer = _receive(connection, struct.unpack(">I", header)[0] & 0xFFFFFF) if header else b""
        except TimeoutError as error:
            raise NegotiationError(f"{host} gave no answer within {_SECONDS} s; check its load") from error
        except OSError as error:
            return Answer(False, f"closed the connection ({error.strerror or error})")
    return read_answer(answer, dialect)


def _receive(connection: socket.socket, length: int) -> bytes:
    """As many bytes, or none when the server hangs up."""
    got = b""
    while len(got) < length:
        piece = connection.recv(length - len(got))
        if not piece:
            return b""
        got += piece
    return got


def smb1_request() -> bytes:
    """An offer of nothing but NT LM 0.12."""
    header = (
        _SMB1 + b"\x72" + bytes(4) + b"\x18" + struct.pack("<H", 0xC803) + bytes(12) + struct.pack("<4H", 0, 1, 0, 0)
    )
    dialects = b"\x02NT LM 0.12\x00"
    return header + b"\x00" + struct.pack("<H", len(dialects)) + dialects


def smb2_request(dialect: int) -> bytes:
    """An offer of one dialect by a client that can sign and does not ask for it."""
    header = _SMB2 + struct.pack("<HHIHHIIQIIQ16s", 64, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, bytes(16))
    latest = dialect == DIALECTS["SMB3_11"]
    # [MS-SMB2] 2.2.3.1.1: the one context that SMB 3.1.1 demands, SHA-512 with a salt.
    context = struct.pack("<HHIHHH32s", 1, 38, 0, 1, 32, 1, os.urandom(32)) if latest else b""
    where = struct.pack("<IHH", 64 + 36 + 4, 1, 0) if latest else bytes(8)
    body = struct.pack("<HHHHI16s", 36, 1, 0x0001, 0, 0, os.urandom(16)) + where + struct.pack("<H", dialect)
    return header + body + (b"\x00\x00" + context if latest else b"")


def read_answer(answer: bytes, dialect: str) -> Answer:
    """What an answer to the offer of one dialect means."""
    if not answer:
        return Answer(False, "closed the connection")
    if dialect == OLD:
        index = struct.unpack_from("<H", answer, 33)[0] if answer[:4] == _SMB1 and len(answer) >= 35 else _NONE_OF_THEM
        return Answer(index == 0, "took NT LM 0.12" if index == 0 else "took no dialect of SMB 1")
    if answer[:4] != _SMB2 or len(answer) < 70:
        return Answer(False, "did not answer in SMB 2")
    status = struct.unpack_from("<I", answer, 8)[0]
    mode, taken = struct.unpack_from("<HH", answer, 66)
    if status or taken != DIALECTS[dialect]:
        return Answer(False, f"status 0x{status:08X}" if status else f"answered with dialect 0x{taken:04X}")
    return Answer(True, "taken", bool(mode & _SIGNING_REQUIRED))
