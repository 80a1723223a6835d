"""Questions to a name server and its answers, as bytes ([RFC1035] 4).

Bytes in, frozen dataclass out, and back; nothing here sends anything.
"""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import dataclass

TYPES = {"A": 1, "CNAME": 5, "AAAA": 28, "SRV": 33, "HTTPS": 65}
STATUS = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED"}
_NAMES = {number: name for name, number in TYPES.items()}
_HEADER = struct.Struct(">HHHHHH")
_RESOURCE = struct.Struct(">HHIH")
_RECURSION_DESIRED, _ANSWER, _TRUNCATED, _STATUS = 0x0100, 0x8000, 0x0200, 0x000F
_IN = 1
_POINTER = 0xC0


class MessageError(ValueError):
    """The bytes are no answer to this question."""


@dataclass(frozen=True)
class Answer:
    """What a server said: its status, and the values of the type asked for."""

    status: str
    values: tuple[str, ...] = ()
    truncated: bool = False


def pack_name(name: str) -> bytes:
    """A name as labels, not compressed."""
    labels = [label.encode("ascii") for label in name.removesuffix(".").split(".")]
    if any(not 0 < len(label) < 64 for label in labels):
        raise MessageError(f"{name} is not a name")
    return b"".join(bytes([len(label)]) + label for label in labels) + b"\0"


def question(number: int, name: str, kind: str) -> bytes:
    """A question that wants the server to find out."""
    return _HEADER.pack(number, _RECURSION_DESIRED, 1, 0, 0, 0) + pack_name(name) + struct.pack(">HH", TYPES[kind], _IN)


def parse_name(data: bytes, at: int) -> tuple[str, int]:
    """The name that begins there, pointers followed, and where the next thing begins."""
    labels: list[str] = []
    end, jumps = -1, 0
    while True:
        if at >= len(data):
            raise MessageError("a name is cut short")
        size = data[at]
        if size & _POINTER == _POINTER:
            if at + 1 >= len(data) or jumps > 32:
                raise MessageError("a name points nowhere")
            end = at + 2 if end < 0 else end
            at, jumps = (size & ~_POINTER) << 8 | data[at + 1], jumps + 1
            continue
        if size & _POINTER or at + 1 + size > len(data):
            raise MessageError("a name is cut short")
        at += 1
        if size == 0:
            return ".".join(labels), at if end < 0 else end
        labels.append(data[at : at + size].decode("latin-1").lower())
        at += size


def parse_answer(data: bytes, number: int, name: str, kind: str) -> Answer:
    """The answer to a question; an answer to another one is a MessageError."""
    if len(data) < _HEADER.size:
        raise MessageError("no header")
    found, flags, questions, answers, _, _ = _HEADER.unpack_from(data)
    if found != number or not flags & _ANSWER:
        raise MessageError("not the answer to this question")
    at = _HEADER.size
    for _ in range(questions):
        asked, at = parse_name(data, at)
        if asked != name.removesuffix(".").lower() or data[at : at + 2] != struct.pack(">H", TYPES[kind]):
            raise MessageError(f"an answer about {asked}")
        at += 4
    values = []
    for _ in range(answers):
        _, at = parse_name(data, at)
        if at + _RESOURCE.size > len(data):
            raise MessageError("a record is cut short")
        type_, _, _, length = _RESOURCE.unpack_from(data, at)
        at += _RESOURCE.size
        if at + length > len(data):
            raise MessageError("a record is cut short")
        if type_ == TYPES[kind]:
            values.append(_value(data, at, length, _NAMES[type_]))
        at += length
    status = STATUS.get(flags & _STATUS, str(flags & _STATUS))
    return Answer(status, tuple(sorted(values)), bool(flags & _TRUNCATED))


def _value(data: bytes, at: int, length: int, kind: str) -> str:
    raw = data[at : at + length]
    try:
        if kind == "A":
            return str(ipaddress.IPv4Address(raw))
        if kind == "AAAA":
            return str(ipaddress.IPv6Address(raw))
        if kind == "SRV":
            _, _, port = struct.unpack_from(">HHH", raw)
            return f"{parse_name(data, at + 6)[0]}:{port}"
    except (ipaddress.AddressValueError, struct.error) as error:
        raise MessageError(f"a record of type {kind} is impossible") from error
    return parse_name(data, at)[0] if kind == "CNAME" else raw.hex()
