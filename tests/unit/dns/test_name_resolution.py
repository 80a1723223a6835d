"""Names are asked for on real sockets: answers, refusals, silence, and servers that should not be reached."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from ansible.module_utils.linux import name_resolution
from ansible.module_utils.linux.name_resolution import ask, ask_all, resolvers, try_all

HOST = "127.0.0.1"
Reply = Callable[[bytes], bytes | None]


@contextmanager
def server(reply: Reply) -> Iterator[int]:
    """A name server on a port of its own."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        opened.bind((HOST, 0))
        opened.settimeout(0.05)
        going = True

        def serve() -> None:
            while going:
                try:
                    said, who = opened.recvfrom(512)
                except TimeoutError:
                    continue
                answer = reply(said)
                if answer is not None:
                    opened.sendto(answer, who)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield opened.getsockname()[1]
        finally:
            going = False
            thread.join()


def found(said: bytes) -> bytes:
    record = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + bytes([192, 0, 2, 1])
    return said[:2] + struct.pack(">HHHHH", 0x8180, 1, 1, 0, 0) + said[12:] + record


def refused(said: bytes) -> bytes:
    return said[:2] + struct.pack(">HHHHH", 0x8185, 1, 0, 0, 0) + said[12:]


def test_a_name_is_found() -> None:
    with server(found) as port:
        answer = ask(HOST, "www.example.org", "A", 1, port)
    assert answer is not None
    assert answer.values == ("192.0.2.1",)


def test_silence_is_no_answer() -> None:
    with server(lambda said: None) as port:
        assert ask(HOST, "www.example.org", "A", 0.1, port) is None


def test_an_answer_to_another_question_is_not_taken() -> None:
    with server(lambda said: bytes([said[0] ^ 1]) + found(said)[1:]) as port:
        assert ask(HOST, "www.example.org", "A", 0.1, port) is None


def test_a_first_question_that_was_lost_is_asked_again() -> None:
    seen: list[bytes] = []

    def second(said: bytes) -> bytes | None:
        seen.append(said)
        return found(said) if len(seen) > 1 else None

    with server(second) as port:
        assert ask(HOST, "www.example.org", "A", 0.2, port) is not None


def test_a_port_where_nobody_listens_is_told_and_is_no_answer() -> None:
    question = {"kind": "own", "name": "www.example.org", "type": "A", "expected": []}
    (answer,) = ask_all(["127.0.0.9"], [question], 0.2)
    assert answer["status"] is None
    assert "refused" in answer["detail"].lower()


@pytest.mark.parametrize(("reply", "status"), [(found, "NOERROR"), (refused, "REFUSED")])
def test_a_server_that_answers_was_reached(monkeypatch: pytest.MonkeyPatch, reply: Reply, status: str) -> None:
    with server(reply) as port:
        monkeypatch.setitem(name_resolution.WAYS, "udp", port)
        (tried,) = try_all([{"kind": "foreign", "address": HOST, "way": "udp", "name": "www.example.org"}], 0.5)
    assert (tried["reached"], tried["status"]) == (True, status)


def test_a_host_that_turns_a_connection_away_was_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as free:
        free.bind((HOST, 0))
        monkeypatch.setitem(name_resolution.WAYS, "tls", free.getsockname()[1])
        (tried,) = try_all([{"kind": "foreign", "address": HOST, "way": "tls", "name": "www.example.org"}], 0.5)
    assert tried["reached"] is True
    assert "turned away" in tried["detail"]


def test_a_connection_that_opens_was_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((HOST, 0)) as listening:
        monkeypatch.setitem(name_resolution.WAYS, "https", listening.getsockname()[1])
        (tried,) = try_all([{"kind": "foreign", "address": HOST, "way": "https", "name": "www.example.org"}], 0.5)
    assert tried["reached"] is True


def test_silence_is_not_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(lambda said: None) as port:
        monkeypatch.setitem(name_resolution.WAYS, "udp", port)
        (tried,) = try_all([{"kind": "foreign", "address": HOST, "way": "udp", "name": "www.example.org"}], 0.1)
    assert (tried["reached"], tried["status"]) == (False, None)


def test_an_address_without_a_route_was_not_tried() -> None:
    (tried,) = try_all(
        [{"kind": "foreign", "address": "255.255.255.255", "way": "tcp", "name": "www.example.org"}], 0.1
    )
    assert tried["reached"] is None
    assert "not tried" in tried["detail"]


def test_the_servers_of_the_host_are_read(tmp_path: Path) -> None:
    file = tmp_path / "resolv.conf"
    file.write_text("search site.lan\nnameserver 10.0.2.10\n# nameserver 10.0.2.11\nnameserver 10.0.2.12\n")
    assert resolvers(str(file)) == ["10.0.2.10", "10.0.2.12"]
