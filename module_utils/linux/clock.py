"""How far the clock of this host is from others: what chrony says of its source, and what other servers say ([RFC4330])."""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Sequence
from typing import Any

#: Leap indicator 0, version 4, mode 3: a client asks ([RFC4330] 4).
_REQUEST = bytes([0x23]) + bytes(47)
_SERVER_MODE, _MODE = 4, 0x07
#: Seconds between 1900 and 1970.
_EPOCH = 2208988800
_STAMP = struct.Struct(">II")
_ROUNDS = 4
_PORT = 123


class ClockError(Exception):
    """A server did not say what time it is."""


def stamp(seconds: float) -> bytes:
    """A time as the protocol writes it."""
    return _STAMP.pack(int(seconds) + _EPOCH & 0xFFFFFFFF, int(seconds % 1 * 2**32))


def seconds_of(data: bytes) -> float:
    """A time of the protocol; from 2036 on it begins anew, which is taken into account."""
    whole, part = _STAMP.unpack(data)
    since = whole - _EPOCH if whole >= _EPOCH else whole + 2**32 - _EPOCH
    return float(since + part / 2**32)


def offset(answer: bytes, sent: float, received: float) -> tuple[float, float]:
    """How far the server is ahead, and how long the answer was under way, both in seconds ([RFC4330] 5)."""
    if len(answer) < 48 or answer[0] & _MODE != _SERVER_MODE:
        raise ClockError("what came is not an answer about the time")
    if not 0 < answer[1] < 16 or answer[0] >> 6 == 3:
        raise ClockError("the server does not know the time itself")
    if answer[24:32] != stamp(sent):
        raise ClockError("the answer is to another question")
    there_in, there_out = seconds_of(answer[32:40]), seconds_of(answer[40:48])
    return ((there_in - sent) + (there_out - received)) / 2, (received - sent) - (there_out - there_in)


def compare(server: str, wait: float) -> dict[str, Any]:
    """The quickest of some exchanges with a server."""
    best: tuple[float, float] | None = None
    problem: Exception = ClockError("no answer")
    for _ in range(_ROUNDS):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
            opened.settimeout(wait)
            try:
                opened.connect((server, _PORT))
                sent = time.time()
                opened.send(_REQUEST[:40] + stamp(sent))
                answer = opened.recv(512)
                ahead, way = offset(answer, sent, time.time())
            except (OSError, ClockError) as error:
                problem = error
                continue
        if best is None or way < best[1]:
            best = (ahead, way)
    if best is None:
        raise ClockError(f"{server} does not tell the time: {problem}")
    return {"server": server, "ahead_seconds": round(best[0], 4), "round_trip_seconds": round(best[1], 4)}


def compare_all(servers: Sequence[str], wait: float) -> list[dict[str, Any]]:
    """Every server; one that does not tell the time is an error, since nothing would be known of it."""
    return [compare(server, wait) for server in servers]
