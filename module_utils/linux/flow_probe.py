"""One end of a probe of flows: listens, tries, and watches what a firewall receives and sends on; JSON lines both ways.

Needs nothing but Python 3.9 and root, and travels over any shell: its text is the first thing that the other end sends.
A port that a service of the host has taken is left to it; a datagram that gets as far as such a service is heard beside it.
"""

from __future__ import annotations

import contextlib
import json
import selectors
import socket
import struct
import sys
import threading
import time
from typing import Any

MARK = b"flow probe "
TCP, UDP, ICMP = "tcp", "udp", "icmp"
_ALL_FRAMES = 3  # ETH_P_ALL of packet(7); frames that leave are only seen so
_IPV4_FRAME = 0x0800
_OUTGOING = 4  # PACKET_OUTGOING of packet(7)
_REPEAT_SECONDS = 0.5
_KINDS = {TCP: socket.SOCK_STREAM, UDP: socket.SOCK_DGRAM}


class Listeners:
    """Ports of this host that answer as long as this object is open."""

    def __init__(self, address: str, ports: list[list[Any]]) -> None:
        self.taken: list[list[Any]] = []
        self._numbers: set[str] = set()
        self._silent: set[int] = set()
        self._selector = selectors.DefaultSelector()
        self._open = True
        for protocol, port in ports:
            opened = socket.socket(socket.AF_INET, _KINDS[protocol])
            try:
                opened.bind((address, port))
                if protocol == TCP:
                    opened.listen(64)
            except OSError:
                opened.close()
                self.taken.append([protocol, port])
                if protocol == UDP:
                    self._silent.add(port)
                continue
            opened.setblocking(False)
            self._selector.register(opened, selectors.EVENT_READ, protocol)
        if self._silent:
            # raw(7): a copy of every datagram that the host's own packet filter let in.
            beside = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_UDP)
            beside.setblocking(False)
            self._selector.register(beside, selectors.EVENT_READ, None)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while self._open:
            for key, _ in self._selector.select(timeout=0.1):
                with contextlib.suppress(OSError):
                    if key.data == TCP:
                        key.fileobj.accept()[0].close()  # type: ignore[union-attr]
                    elif key.data is None:
                        self._hear(key.fileobj.recv(256))  # type: ignore[union-attr]
                    else:
                        said, sender = key.fileobj.recvfrom(200)  # type: ignore[union-attr]
                        key.fileobj.sendto(said, sender)  # type: ignore[union-attr]

    def _hear(self, packet: bytes) -> None:
        header = (packet[0] & 15) * 4
        found = packet.find(MARK)
        if found >= 0 and struct.unpack(">H", packet[header + 2 : header + 4])[0] in self._silent:
            self._numbers.add(packet[found + len(MARK) :].split(b" ")[0].decode("ascii", "replace"))

    def heard(self) -> list[str]:
        """Marks of datagrams that got as far as a service of the host."""
        return sorted(self._numbers)

    def close(self) -> None:
        """Give the ports back."""
        self._open = False
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()  # type: ignore[union-attr]


class Watch:
    """What the host receives and sends on, between addresses of the probe."""

    def __init__(self, addresses: list[str]) -> None:
        self._wanted = {socket.inet_aton(address) for address in addresses}
        self._seen: set[tuple[Any, ...]] = set()
        self._socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL_FRAMES))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        while True:
            packet, (_, kind, direction, *_) = self._socket.recvfrom(256)
            if kind != _IPV4_FRAME or len(packet) < 28 or packet[16:20] not in self._wanted:
                continue
            header = (packet[0] & 15) * 4
            protocol = {6: TCP, 17: UDP, 1: ICMP}.get(packet[9])
            if protocol is None or struct.unpack(">H", packet[6:8])[0] & 0x1FFF:
                continue
            source, port = struct.unpack(">HH", packet[header : header + 4])
            found = packet.find(MARK)
            number = packet[found + len(MARK) :].split(b" ")[0].decode("ascii", "replace") if found >= 0 else ""
            self._seen.add(
                (
                    "sent" if direction == _OUTGOING else "received",
                    socket.inet_ntoa(packet[12:16]),
                    socket.inet_ntoa(packet[16:20]),
                    protocol,
                    source,
                    port,
                    number,
                )
            )

    def seen(self) -> list[list[Any]]:
        """Direction, addresses, protocol, ports and mark of each."""
        return [list(each) for each in sorted(self._seen)]


class Attempt:
    """One attempt under way."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.number, self.protocol = str(given["number"]), given["protocol"]
        self.target = (given["address"], given["port"])
        self.passed: bool | None = False
        self.detail = "no answer"
        self.source = ["", 0]
        self.socket: socket.socket | None = None

    def start(self) -> bool:
        """Send the first packet; whether an answer may come."""
        try:
            if self.protocol == ICMP:
                self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP)
            else:
                self.socket = socket.socket(socket.AF_INET, _KINDS[self.protocol])
            self.socket.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                self.socket.connect((self.target[0], 0 if self.protocol == ICMP else self.target[1]))
            self.source = list(self.socket.getsockname())
            self.send()
        except PermissionError:
            self.detail = "refused on the host itself"
            if self.protocol == ICMP and self.socket is None:
                self.passed, self.detail = None, "not tried: this host may not send echo requests"
            return False
        except OSError as error:
            self.passed, self.detail = None, f"not tried: {error.strerror}"
            return False
        return True

    def send(self) -> None:
        """The packet that wants an answer; TCP sends its own."""
        mark = MARK + self.number.encode() + b" "
        if self.socket is None:
            return
        if self.protocol == UDP:
            self.socket.send(mark)
        elif self.protocol == ICMP:
            self.socket.send(struct.pack(">BBHHH", 8, 0, 0, 0, 1) + mark)

    def answered(self) -> None:
        """Something came back: an answer, or word of an error."""
        if self.socket is None:
            return
        error = self.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if not error and self.protocol != TCP:
            try:
                self.socket.recv(200)
            except OSError as problem:
                error = problem.errno or 0
        if not error:
            self.passed, self.detail = True, "answered"
        elif error in (111, 104):  # ECONNREFUSED, ECONNRESET: the other host said so, or something in its name
            self.passed, self.detail = True, "turned away by the other host"
        else:
            self.detail = f"error {error}"


def try_all(given: list[dict[str, Any]], seconds: float) -> list[dict[str, Any]]:
    """Every attempt at once; what got no answer in time did not pass."""
    attempts = [Attempt(each) for each in given]
    selector = selectors.DefaultSelector()
    for attempt in attempts:
        if attempt.start() and attempt.socket is not None:
            event = selectors.EVENT_WRITE if attempt.protocol == TCP else selectors.EVENT_READ
            selector.register(attempt.socket, event, attempt)
    end = time.monotonic() + seconds
    again = time.monotonic() + _REPEAT_SECONDS
    while selector.get_map() and time.monotonic() < end:
        for key, _ in selector.select(timeout=0.05):
            key.data.answered()
            selector.unregister(key.fileobj)
        if time.monotonic() > again:
            again = end
            for key in list(selector.get_map().values()):
                with contextlib.suppress(OSError):
                    key.data.send()
    for attempt in attempts:
        if attempt.socket is not None:
            attempt.socket.close()
    return [
        {"number": int(each.number), "passed": each.passed, "detail": each.detail, "source": each.source}
        for each in attempts
    ]


class Agent:
    """Answers commands of the other end."""

    def __init__(self) -> None:
        self._listeners: Listeners | None = None
        self._watch: Watch | None = None

    def do(self, command: dict[str, Any]) -> dict[str, Any]:
        """One command; its answer."""
        if command["do"] == "listen":
            self._listeners = Listeners(command["address"], command["ports"])
            return {"taken": self._listeners.taken}
        if command["do"] == "watch":
            self._watch = Watch(command["addresses"])
            return {}
        if command["do"] == "try":
            return {"results": try_all(command["attempts"], command["seconds"])}
        heard: list[str] = []
        if self._listeners is not None:
            self._listeners.close()
            heard = self._listeners.heard()
        return {"seen": self._watch.seen() if self._watch is not None else [], "heard": heard}


def main() -> None:
    """Read commands, answer each, until the other end goes away."""
    agent = Agent()
    for line in sys.stdin:
        try:
            answer = agent.do(json.loads(line))
        except OSError as error:
            answer = {"error": f"{error}"}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
