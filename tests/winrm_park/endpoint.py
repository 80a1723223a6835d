"""The HTTPS endpoint of one machine: HTTP/1.1 by hand on asyncio, so that one thread serves a whole park.

A machine that is off still owns its port: nothing listens there and connections are refused. One that is silent lets
connections run into their timeout, as a machine without power does; one that hangs takes them and never answers.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from tests.winrm_park import VENDOR
from tests.winrm_park.machine import Machine
from tests.winrm_park.service import Service
from tests.winrm_park.sign_in import Outcome, SignIn

#: IP_FREEBIND of Linux: nobody holds the address of a machine that is off.
_FREEBIND = 15

_LARGEST_REQUEST = 8 * 2**20
_HEADERS = 65536
_REASONS = {200: "OK", 400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 411: "Length Required",
            413: "Content Too Large", 500: "Internal Server Error"}  # fmt: skip
_DEFAULT_REBOOT_SECONDS = 3.0
#: A machine that is told to restart still says that it was told.
_LAST_WORDS_SECONDS = 1.0


@dataclass(frozen=True)
class _Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class _HttpError(Exception):
    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class Endpoint:
    """Where a machine is reached. Everything here runs in the event loop of the park."""

    def __init__(
        self, machine: Machine, address: str, port: int, tls: ssl.SSLContext, new_sign_in: Callable[[], SignIn]
    ) -> None:
        self.machine, self.service = machine, Service(machine)
        self.address, self.port = address, port
        self._tls, self._new_sign_in = tls, new_sign_in
        self._socket: socket.socket | None = None
        self._fillers: list[socket.socket] = []
        self._server: asyncio.Server | None = None
        self._clients: set[asyncio.StreamWriter] = set()
        self._answered = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self.power = "off"
        self._bind()

    def _bind(self) -> None:
        """Own the port; nothing listens yet, so that connections are refused."""
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.setsockopt(socket.IPPROTO_IP, _FREEBIND, 1)
        try:
            self._socket.bind((self.address, self.port))
        except OSError as error:
            self._socket.close()
            raise OSError(error.errno, error.strerror, f"{self.address}:{self.port}") from error
        self._socket.setblocking(False)
        self.port = self._socket.getsockname()[1]

    async def switch(self, power: str) -> None:
        """Put the machine into one of profiles.POWER."""
        await self._close()
        self._bind()
        self.power = power
        assert self._socket is not None
        if power == "on":
            self._server = await asyncio.start_server(
                self._connection, sock=self._socket, ssl=self._tls, limit=_HEADERS, backlog=128
            )
        elif power == "hung":
            self._server = await asyncio.start_server(self._silence, sock=self._socket, backlog=128)
        elif power == "silent":
            self._fill()

    def _fill(self) -> None:
        """Let the kernel drop every further connection: the queue is as short as can be, and full."""
        assert self._socket is not None
        self._socket.listen(0)
        for _each in range(3):
            filler = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            filler.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                filler.connect((self.address, self.port))
            self._fillers.append(filler)

    async def _close(self) -> None:
        if self._server is not None:
            self._server.close()
        for writer in list(self._clients):
            writer.transport.abort()
        self._clients.clear()
        if self._server is not None:
            await self._server.wait_closed()
        for each in (*self._fillers, *filter(None, [self._socket])):
            each.close()
        self._fillers, self._server, self._socket = [], None, None

    async def stop(self) -> None:
        """Leave nothing behind."""
        for task in self._tasks:
            task.cancel()
        await self._close()

    async def reboot(self, seconds: float | None = None) -> None:
        """Go away for a while and come back with a new start time."""
        away = seconds if seconds is not None else self.machine.behaviour.get("reboot_seconds")
        await self.switch("off")
        self.service.restart()
        await asyncio.sleep(_DEFAULT_REBOOT_SECONDS if away is None else float(away))
        self.machine.boot()
        await self.switch("silent" if self.machine.renewal.lost else "on")

    async def _restart_in(self, seconds: float) -> None:
        """Setup works while the machine answers, then restarts it."""
        await asyncio.sleep(seconds)
        await self.reboot()

    async def soon(self, work: Coroutine[Any, Any, None]) -> None:
        """Start what ends the connections, from outside of them; it goes on by itself until the machine is stopped."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        await asyncio.sleep(0)

    async def _silence(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take whatever comes and say nothing, until one of the two goes away."""
        self._clients.add(writer)
        with contextlib.suppress(ConnectionError):
            while await reader.read(_HEADERS):
                pass
        self._clients.discard(writer)
        writer.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._clients.add(writer)
        self.machine.told.connections += 1
        sign_in = self._new_sign_in()
        try:
            while (request := await self._read(reader)) is not None:
                if not await self._exchange(request, sign_in, writer):
                    break
        except _HttpError as error:
            self._write(writer, error.status, b"", ("Connection: close",))
        except (ConnectionError, asyncio.IncompleteReadError, ssl.SSLError, asyncio.LimitOverrunError):
            pass  # the client went away
        finally:
            self._clients.discard(writer)
            writer.close()

    @staticmethod
    async def _read(reader: asyncio.StreamReader) -> _Request | None:
        """The next request; None when the client has no more."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
            return None
        first, *lines = head[:-4].split("\r\n")
        parts = first.split(" ")
        pairs = (line.partition(":") for line in lines)
        headers = {name.strip().lower(): value.strip() for name, _colon, value in pairs}
        if len(parts) != 3:
            raise _HttpError(400)
        if "transfer-encoding" in headers:
            raise _HttpError(411)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > _LARGEST_REQUEST:
            raise _HttpError(413)
        return _Request(parts[0], parts[1], headers, await reader.readexactly(int(length)))

    async def _exchange(self, request: _Request, sign_in: SignIn, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; False when the connection ends with it."""
        behaviour, told = self.machine.behaviour, self.machine.told
        await asyncio.sleep(float(behaviour["latency_ms"]) / 1000)
        if request.method != "POST" or not request.path.startswith("/wsman"):
            self._write(writer, 404, b"")
            return True
        outcome = sign_in.step(request.headers.get("authorization", ""))
        if outcome.account is not None and behaviour["access"] == "nobody":
            sign_in.account = None
            outcome = Outcome(headers=sign_in.offers(), refused=True)
        if outcome.account is None:
            told.refused_logons += outcome.refused
            self._write(writer, 401, b"", outcome.headers)
            return True
        if request.headers.get("authorization"):
            told.logons.append(outcome.account)
        if not request.body:
            self._write(writer, 200, b"", outcome.headers)
            return True
        self._answered += 1
        if self._answered == behaviour.get("drop_after_requests"):
            await self.soon(self.switch("silent"))
            return False
        answer = self.service.answer(request.body, outcome.account)
        if answer.seconds:
            await asyncio.sleep(answer.seconds)
        self._write(writer, answer.status, answer.body, outcome.headers)
        await writer.drain()
        seconds, self.machine.renewal.restarts_in = self.machine.renewal.restarts_in, None
        if seconds is not None:
            await self.soon(self._restart_in(seconds + _LAST_WORDS_SECONDS))
        if answer.reboot or self._answered == behaviour.get("reboot_after_requests"):
            await self.soon(self.reboot())
            return False
        return True

    @staticmethod
    def _write(writer: asyncio.StreamWriter, status: int, body: bytes, more: tuple[str, ...] = ()) -> None:
        lines = [f"HTTP/1.1 {status} {_REASONS[status]}", f"Server: Microsoft-HTTPAPI/2.0 ({VENDOR})", *more]
        if body:
            lines.append("Content-Type: application/soap+xml;charset=UTF-8")
        lines.append(f"Content-Length: {len(body)}")
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1") + body)
