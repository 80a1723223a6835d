"""Questions to clamd through its socket; see clamd(8), "COMMANDS"."""

from __future__ import annotations

import os
import socket
import struct
import time
from typing import Any

from avhost.eicar import CLEAN, eicar

_SECONDS = 120
#: The socket is the system's: it takes questions that nobody answers while clamd is not there.
_PING_SECONDS = 20
_CHUNK = 1 << 16


class ClamdError(Exception):
    """clamd gave no answer; the message says why."""


def said(
    path: str,
    command: bytes,
    content: bytes | None = None,
    descriptor: int | None = None,
    seconds: float = _SECONDS,
) -> bytes:
    """The bytes of the answer to a command, without what ends it.

    :raises ClamdError: nothing was said to its end.
    """
    heard = b""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asked:
            asked.settimeout(seconds)
            asked.connect(path)
            asked.sendall(b"z" + command + b"\0")
            if content is not None:
                for start in range(0, len(content), _CHUNK):
                    part = content[start : start + _CHUNK]
                    asked.sendall(struct.pack(">I", len(part)) + part)
                asked.sendall(struct.pack(">I", 0))
            if descriptor is not None:
                socket.send_fds(asked, [b"\0"], [descriptor])
            while not heard.endswith(b"\0") and (part := asked.recv(_CHUNK)):
                heard += part
    except OSError as error:
        raise ClamdError(f"clamd does not answer: {error}") from error
    if b"\0" not in heard:
        raise ClamdError("clamd does not answer to the end")
    return heard.partition(b"\0")[0]


def _ask(path: str, command: bytes, content: bytes | None = None, **more: Any) -> str:
    return said(path, command, content, **more).decode("utf-8", "replace")


def alive(path: str) -> bool:
    """Whether clamd answers at all."""
    try:
        return _ask(path, b"PING", seconds=_PING_SECONDS) == "PONG"
    except ClamdError:
        return False


def version(path: str) -> str:
    """What it is."""
    return _ask(path, b"VERSION")


def reload(path: str) -> None:
    """Have it read its signatures again."""
    _ask(path, b"RELOAD")


def found(path: str, content: bytes | int) -> str | None:
    """The name of what is found in bytes or behind a descriptor; None when it is clean.

    :raises ClamdError: it could not be searched.
    """
    if isinstance(content, int):
        os.lseek(content, 0, os.SEEK_SET)
        told = _ask(path, b"FILDES", descriptor=content)
    else:
        told = _ask(path, b"INSTREAM", content)
    _, _, verdict = told.partition(": ")
    if verdict.endswith(" FOUND"):
        return verdict.removesuffix(" FOUND")
    if verdict == "OK":
        return None
    raise ClamdError(f"clamd says {told!r}")


def troubles(path: str) -> list[str]:
    """Why it cannot be relied on: it must find the test file, and must not find everything."""
    if not alive(path):
        return ["clamd does not answer"]
    try:
        missed = found(path, eicar()) is None
        overdone = found(path, CLEAN) is not None
    except ClamdError as error:
        return [str(error)]
    return [
        text
        for wrong, text in (
            (missed, "clamd does not find the test file"),
            (overdone, "clamd finds something in a clean file: what it finds proves nothing"),
        )
        if wrong
    ]


def shares_troubles(path: str, file: str) -> list[str]:
    """Why the shares cannot rely on what answers them: a clean file must be said to be clean.

    :param path: the socket of avhost.relay
    :param file: a clean file that clamd may read
    """
    try:
        told = _ask(path, b"SCAN " + file.encode(), seconds=_PING_SECONDS)
    except ClamdError as error:
        return [f"the shares have no answer: {error}"]
    # A site may leave the file out of its searches; then, too, somebody answered.
    return (
        []
        if told in (f"{file}: OK", f"{file}: Excluded")
        else [f"the shares have a wrong answer about a clean file: {told}"]
    )


def wait_for(path: str, seconds: float) -> list[str]:
    """Its troubles, asked for until there are none or the time is over."""
    until = time.monotonic() + seconds
    while wrong := troubles(path):
        if time.monotonic() > until:
            return wrong
        time.sleep(1)
    return []
