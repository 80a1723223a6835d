"""Ask name servers as any program of this host would, and try those that should not be reached."""

from __future__ import annotations

import secrets
import socket
import struct
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible.module_utils.linux.dns_message import Answer, MessageError, parse_answer, question

#: How somebody might ask a server of their own choice, and on which port.
WAYS = {"udp": 53, "tcp": 53, "tls": 853, "https": 443}
_AT_ONCE = 16
_TRIES = 2
#: errno of a host that says no itself, or something in its name: the packet did get there.
_TURNED_AWAY = (111, 104)


def resolvers(path: str = "/etc/resolv.conf") -> list[str]:
    """The servers that this host asks."""
    with open(path, encoding="utf-8") as file:
        words = [line.split() for line in file]
    return [line[1] for line in words if len(line) > 1 and line[0] == "nameserver"]


def ask(server: str, name: str, kind: str, seconds: float, port: int = 53) -> Answer | None:
    """The answer over UDP, or TCP when it is cut; None when there was none in time."""
    for _ in range(_TRIES):
        number = secrets.randbelow(65536)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
            opened.connect((server, port))
            opened.send(question(number, name, kind))
            answer = _wait(opened, number, name, kind, seconds)
        if answer is not None:
            return _ask_tcp(server, name, kind, seconds, port) if answer.truncated else answer
    return None


def _wait(opened: socket.socket, number: int, name: str, kind: str, seconds: float) -> Answer | None:
    """The first datagram that answers the question; others are not for us."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        opened.settimeout(left)
        try:
            return parse_answer(opened.recv(65535), number, name, kind)
        except MessageError:
            continue
        except TimeoutError:
            return None
    return None


def _ask_tcp(server: str, name: str, kind: str, seconds: float, port: int) -> Answer | None:
    number = secrets.randbelow(65536)
    asked = question(number, name, kind)
    try:
        with socket.create_connection((server, port), timeout=seconds) as opened:
            opened.sendall(struct.pack(">H", len(asked)) + asked)
            with opened.makefile("rb") as stream:
                size = stream.read(2)
                said = stream.read(struct.unpack(">H", size)[0]) if len(size) == 2 else b""
        return parse_answer(said, number, name, kind)
    except (TimeoutError, MessageError):
        return None


def ask_all(servers: Sequence[str], questions: Sequence[Mapping[str, Any]], seconds: float) -> list[dict[str, Any]]:
    """Every question to every server, each timed."""

    def one(server: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        started = time.monotonic()
        try:
            answer, detail = ask(server, asked["name"], asked["type"], seconds), "no answer"
        except OSError as error:
            answer, detail = None, str(error.strerror or error)
        return {
            "kind": asked["kind"],
            "name": asked["name"],
            "type": asked["type"],
            "server": server,
            "status": answer.status if answer else None,
            "values": list(answer.values) if answer else [],
            "expected": sorted(asked["expected"]),
            "seconds": round(time.monotonic() - started, 3),
            "detail": "answered" if answer else detail,
        }

    return _together(one, [(server, asked) for asked in questions for server in servers])


def try_all(attempts: Sequence[Mapping[str, Any]], seconds: float) -> list[dict[str, Any]]:
    """Every server that should not be reached, each in its way; reached is None for what could not be tried."""

    def one(attempt: Mapping[str, Any]) -> dict[str, Any]:
        way, address = attempt["way"], attempt["address"]
        reached: bool | None = None
        status, detail = None, "no answer"
        try:
            if way in ("udp", "tcp"):
                asking = ask if way == "udp" else _ask_tcp
                answer = asking(address, attempt["name"], "A", seconds, WAYS[way])
                reached, status = answer is not None, answer.status if answer else None
                detail = f"answered {status}" if answer else detail
            else:
                socket.create_connection((address, WAYS[way]), timeout=seconds).close()
                reached, detail = True, "opened a connection"
        except TimeoutError:
            reached = False
        except OSError as error:
            if error.errno in _TURNED_AWAY:
                reached, detail = True, "turned away by the other host"
            else:
                detail = f"not tried: {error.strerror or error}"
        said = {"kind": attempt["kind"], "address": address, "way": way, "port": WAYS[way]}
        return {**said, "reached": reached, "status": status, "detail": detail}

    return _together(one, [(attempt,) for attempt in attempts])


def _together(function: Callable[..., dict[str, Any]], arguments: Sequence[tuple[Any, ...]]) -> list[dict[str, Any]]:
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return list(pool.map(lambda given: function(*given), arguments))


def probe(
    servers: Sequence[str],
    questions: Sequence[Mapping[str, Any]],
    attempts: Sequence[Mapping[str, Any]],
    seconds: float,
) -> dict[str, Any]:
    """Everything that was asked and tried. What people wait for is asked first and one by one, so that its time is right."""
    timed = [each for each in questions if each["timed"]]
    others = [each for each in questions if not each["timed"]]
    asked = list(servers) or resolvers()
    answers = [answer for each in timed for answer in ask_all(asked, [each], seconds)]
    return {
        "servers": asked,
        "timed": sorted({each["kind"] for each in timed}),
        "answers": answers + ask_all(asked, others, seconds),
        "attempts": try_all(attempts, seconds),
    }
