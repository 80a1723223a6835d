"""The other end of a probe on a host: its program travels over the pipe that its commands go by, and nothing stays."""

from __future__ import annotations

import base64
import contextlib
import inspect
import json
import re
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO, Any

from ansible.module_utils.linux import flow_probe

_START = 'exec python3 -uc "import sys,base64;exec(base64.b64decode(sys.stdin.readline()))"'
#: What ssh says when the other end's sshd makes the source wait (PerSourcePenalties of sshd_config(5)), and how long that
#: is borne with, in seconds.
_TURNED_AWAY = re.compile(r"kex_exchange_identification|Connection (?:reset|closed) by|Not allowed at this time")
_PATIENCE_SECONDS, _AGAIN_SECONDS = 60, 4


class ProbeError(Exception):
    """The probe could not be run; the message says why and what to do."""


@dataclass(frozen=True)
class Host:
    """A host of a zone, and the command that runs a line of shell on it."""

    zone: str
    name: str
    address: str
    command: tuple[str, ...]


class Agent:
    """The other end on a host, over a pipe."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.taken: set[tuple[str, int]] = set()
        self._process = self._started()
        self._reached = False
        self._program: str | None = base64.b64encode(inspect.getsource(flow_probe).encode()).decode()

    def _started(self) -> subprocess.Popen[str]:
        try:
            return subprocess.Popen(
                [*self.host.command, _START],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        except OSError as error:
            raise ProbeError(f"{self.host.name}: {self.host.command[0]}: {error.strerror}") from error

    def ask(self, **command: Any) -> dict[str, Any]:
        """One command and its answer; the program goes before the first.

        A host whose sshd turns this computer away for a while, after logins that failed on purpose, is asked again.

        :raises ProbeError: the host cannot be reached, went away, or could not do it.
        """
        program, until = self._program, time.monotonic() + _PATIENCE_SECONDS
        while True:
            try:
                answer = self._asked(command)
            except ProbeError as error:
                if self._reached or time.monotonic() > until or not _TURNED_AWAY.search(str(error)):
                    raise
                self.stop()
                time.sleep(_AGAIN_SECONDS)
                self._process, self._program = self._started(), program
            else:
                self._reached = True
                return answer

    def _asked(self, command: Mapping[str, Any]) -> dict[str, Any]:
        program, self._program = self._program, None
        try:
            for line in (program, json.dumps(command)):
                if line is not None:
                    self._pipe(self._process.stdin).write(line + "\n")
            self._pipe(self._process.stdin).flush()
        except BrokenPipeError as error:
            raise ProbeError(self._last_words()) from error
        line = self._pipe(self._process.stdout).readline()
        if not line:
            raise ProbeError(self._last_words())
        answer = dict(json.loads(line))
        if "error" in answer:
            raise ProbeError(f"{self.host.name}: {answer['error']}")
        return answer

    def _last_words(self) -> str:
        said = " ".join(self._pipe(self._process.stderr).read().split())
        return f"{self.host.name} cannot be probed from: {said[-300:] or 'it went away'}"

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        if pipe is None:
            raise ProbeError("a pipe is missing")
        return pipe

    def stop(self) -> None:
        """End it; nothing of it stays on the host."""
        with contextlib.suppress(BrokenPipeError):
            self._pipe(self._process.stdin).close()
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
