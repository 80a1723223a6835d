"""The role's programs, where the tests find them, and a clamd that answers as a test says."""

from __future__ import annotations

import json
import os
import socket
import struct
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.unit.host_library import programs

FILES = ROOT / "roles" / "antivirus" / "files" / "usr" / "local"
COMMAND = programs.command(FILES / "sbin" / "antivirus")
LIBRARY = str(FILES / "lib" / "antivirus")
if LIBRARY not in sys.path:
    sys.path.append(LIBRARY)

#: What a file without a limit of its own is searched with.
Verdict = Callable[[bytes], str]


def settings(folder: Path, **other: Any) -> dict[str, Any]:
    """Settings of a host whose everything is in one folder."""
    return {
        "official": False,
        "private_urls": ["http://signatures.test/site.cud"],
        "signatures_at_most_hours": 48,
        "scan_at_most_days": 8,
        "watch_at_most_minutes": 10,
        "greatest_loss_percent": 20,
        "scan_paths": [str(folder)],
        "media_paths": [],
        "quarantine": str(folder / "quarantine"),
        "site_signatures": [],
        "alert_command": [],
        "largest_bytes": 1000,
        "shares_socket": "",
        **other,
    }


def written(path: Path, **other: Any) -> Path:
    """The same in a file."""
    path.write_text(json.dumps(settings(path.parent, **other)), encoding="utf-8")
    return path


def container(path: Path, count: int, built: int, *, name: str = "ClamAV-VDB") -> Path:
    """A container of signatures, by its header; what follows is of no interest here."""
    head = f"{name}:21 Nov 2026 00-00 +0000:7:{count}:1:0:unsigned:test:{built}"
    path.write_bytes(head.ljust(512).encode() + b"rest")
    return path


class Clamd:
    """A socket that speaks as clamd does."""

    def __init__(self, path: Path, verdict: Verdict) -> None:
        self.path, self._verdict = str(path), verdict
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(self.path)
        self._socket.listen()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                asked, _ = self._socket.accept()
            except OSError:
                return
            with asked:
                asked.sendall(self._answer(asked) + b"\0")

    def _answer(self, asked: socket.socket) -> bytes:
        command = b""
        while not command.endswith(b"\0"):
            command += asked.recv(1)
        if command == b"zPING\0":
            return b"PONG"
        if command == b"zFILDES\0":
            _, descriptors, _, _ = socket.recv_fds(asked, 1, 1)
            with open(descriptors[0], "rb") as file:
                return f"fd[10]: {self._verdict(file.read())}".encode()
        if command.startswith(b"zSCAN "):
            return self._of_file(command.removeprefix(b"zSCAN ").removesuffix(b"\0"))
        content = b""
        with asked.makefile("rb") as sent:
            while length := struct.unpack(">I", sent.read(4))[0]:
                content += sent.read(length)
        return f"stream: {self._verdict(content)}".encode()

    def _of_file(self, path: bytes) -> bytes:
        try:
            with open(path, "rb") as file:
                return path + b": " + self._verdict(file.read()).encode()
        except OSError as error:
            return path + f": File path check failure: {error.strerror}. ERROR".encode()

    def close(self) -> None:
        self._socket.close()
        os.unlink(self.path)
