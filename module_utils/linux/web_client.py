"""Ask a proxy for a page, as somebody, and say what it answered.

[RFC 9110] requests in absolute form and CONNECT, [RFC 4559] Negotiate with a token of the system's own Kerberos (the
GSSAPI of [RFC 2744], called through ctypes), [RFC 7617] Basic. One connection for each request. Standard library only.
"""

from __future__ import annotations

import base64
import ctypes
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

_LIBRARY = "libgssapi_krb5.so.2"
#: GSS_C_NT_HOSTBASED_SERVICE ([RFC 2744] A) and SPNEGO ([RFC 4178] 3), as they are coded.
_HOST_SERVICE = bytes.fromhex("2a864886f71201020104")
_SPNEGO = bytes.fromhex("2b0601050502")
_MORE = 1  # GSS_S_CONTINUE_NEEDED
_KEPT = 64 * 1024  # of a page, at most
SECONDS = 20


class WebError(Exception):
    """The proxy gave no answer; the message says what was tried."""


@dataclass(frozen=True)
class Answer:
    """What came back: names of headers in small letters."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str = ""
    seconds: float = 0.0


class _Buffer(ctypes.Structure):
    _fields_ = [("length", ctypes.c_size_t), ("value", ctypes.c_char_p)]


class _Out(ctypes.Structure):
    _fields_ = [("length", ctypes.c_size_t), ("value", ctypes.c_void_p)]


class _Oid(ctypes.Structure):
    _fields_ = [("length", ctypes.c_uint32), ("elements", ctypes.c_char_p)]


def negotiate_token(cache: str, host: str) -> str:
    """What the Authorization header carries: a proof for HTTP at the host, made with the ticket in a cache.

    :raises WebError: Kerberos is not installed, or the cache holds no ticket for the host.
    """
    try:
        library = ctypes.CDLL(_LIBRARY)
    except OSError as error:
        raise WebError(f"{_LIBRARY} is not installed; install krb5-user") from error
    minor, name, context, sent = ctypes.c_uint32(), ctypes.c_void_p(), ctypes.c_void_p(), _Out()
    said = f"HTTP@{host}".encode()
    steps = (
        lambda: library.gss_krb5_ccache_name(ctypes.byref(minor), cache.encode(), None),
        lambda: library.gss_import_name(
            ctypes.byref(minor),
            ctypes.byref(_Buffer(len(said), said)),
            ctypes.byref(_Oid(len(_HOST_SERVICE), _HOST_SERVICE)),
            ctypes.byref(name),
        ),
        lambda: library.gss_init_sec_context(
            ctypes.byref(minor),
            None,
            ctypes.byref(context),
            name,
            ctypes.byref(_Oid(len(_SPNEGO), _SPNEGO)),
            ctypes.c_uint32(0),
            ctypes.c_uint32(0),
            None,
            None,
            None,
            ctypes.byref(sent),
            None,
            None,
        ),
    )
    try:
        for step in steps:
            major = ctypes.c_uint32(step()).value
            if major & ~_MORE:
                raise WebError(f"Kerberos makes no proof for {host} (status {major:#x}, {minor.value:#x})")
        return base64.b64encode(ctypes.string_at(sent.value, sent.length)).decode("ascii")
    finally:
        library.gss_release_buffer(ctypes.byref(minor), ctypes.byref(sent))
        library.gss_delete_sec_context(ctypes.byref(minor), ctypes.byref(context), None)
        library.gss_release_name(ctypes.byref(minor), ctypes.byref(name))


def basic(login: str, password: str) -> str:
    """The value of the Authorization header for a login and a password."""
    return "Basic " + base64.b64encode(f"{login}:{password}".encode()).decode("ascii")


def ask(
    proxy: tuple[str, int], method: str, target: str, authorization: str = "", headers: Mapping[str, str] | None = None
) -> Answer:
    """Send one request and read the answer; a tunnel that opens is closed at once.

    :raises WebError: no answer, or none of HTTP.
    """
    host = target if method == "CONNECT" else target.partition("://")[2].partition("/")[0]
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"Proxy-Authorization: {authorization}"] if authorization else []
    given = {"Host": host, "Connection": "close", "User-Agent": "Mozilla/5.0", **(headers or {})}
    lines += [f"{name}: {value}" for name, value in given.items()]
    started = time.monotonic()
    try:
        with socket.create_connection(proxy, timeout=SECONDS) as connection:
            connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("ascii"))
            received = _received(connection, until_head=method == "CONNECT", until=started + SECONDS)
    except OSError as error:
        raise WebError(f"{proxy[0]}:{proxy[1]} gave no answer about {target}: {error}") from error
    return parsed(received, time.monotonic() - started)


def _received(connection: socket.socket, *, until_head: bool, until: float) -> bytes:
    received = b""
    while len(received) < _KEPT and time.monotonic() < until:
        part = connection.recv(_KEPT)
        received += part
        opened = until_head and received.startswith((b"HTTP/1.1 200", b"HTTP/1.0 200")) and b"\r\n\r\n" in received
        if not part or opened:
            break
    return received


def parsed(received: bytes, seconds: float = 0.0) -> Answer:
    """[RFC 9112] 4 and 5.

    :raises WebError: the bytes are no answer of HTTP.
    """
    head, _, body = received.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    words = first.split(None, 2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdigit():
        raise WebError(f"no answer of HTTP: {first[:80]!r}")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Answer(int(words[1]), headers, body.decode("utf-8", "replace"), round(seconds, 3))
