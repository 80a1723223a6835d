"""Try, as an account without rights, everything that would stop the antivirus or change what it goes by."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

_NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--")
_SECONDS = 30
#: A signal that does nothing: whether one may be sent is asked, not what it would do.
_KILL = "import os, sys; os.kill(int(sys.argv[1]), 0)"
#: Whoever gets through to the engine may ask it anything, also to stop; a refusal and no answer are two things.
_CONNECT = """
import socket, sys
engine = socket.socket(socket.AF_UNIX)
engine.settimeout(10)
try:
    engine.connect(sys.argv[1])
except PermissionError:
    sys.exit(1)
except OSError:
    sys.exit(2)
"""
_SILENT = 2
_UNITS = ("clamav-daemon.service", "clamav-daemon.socket", "antivirus-watch.timer", "antivirus-update.timer")


class LockError(Exception):
    """It could not be tried; the message says why."""


def _as_nobody(*command: str) -> int:
    try:
        done = subprocess.run(
            [*_NOBODY, *command],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C", "SYSTEMD_ASK_PASSWORD": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise LockError(f"{' '.join(command[:2])} could not be tried without rights: {error}") from error
    return done.returncode


def _may(*command: str) -> bool:
    return _as_nobody(*command) == 0


def open_to_nobody(*command: str) -> bool:
    """Whether an account without rights can do something.

    :raises LockError: such an account cannot even be taken on, so that no refusal means anything.
    """
    if not _may("true"):
        raise LockError("the account nobody cannot be taken on; see setpriv(1)")
    return _may(*command)


def _engine_open(socket: str) -> bool:
    """Whether an account without rights gets through to the engine.

    :raises LockError: nobody answers there.
    """
    answer = _as_nobody("python3", "-c", _CONNECT, socket)
    if answer == _SILENT:
        raise LockError(f"nobody answers at {socket}, so that it could not be tried who may ask the engine to stop")
    return answer == 0


def ways_to_stop(socket: str, paths: Sequence[str]) -> list[dict[str, object]]:
    """Each way with whether it is open; what was really stopped is started again.

    :raises LockError: something could not be tried.
    """
    open_to_nobody("true")
    found: list[dict[str, object]] = []
    for unit in _UNITS:
        stopped = _may("systemctl", "--no-ask-password", "stop", unit)
        if stopped:
            subprocess.run(["systemctl", "start", unit], capture_output=True, timeout=_SECONDS, check=False)
        found.append({"way": f"systemctl stop {unit}", "open": stopped})
    found.append({"way": "SHUTDOWN", "open": os.path.exists(socket) and _engine_open(socket)})
    shown = subprocess.run(["pidof", "clamd"], capture_output=True, text=True, timeout=_SECONDS, check=False)
    for number in shown.stdout.split():
        found.append({"way": "kill clamd", "open": _may("python3", "-c", _KILL, number)})
    found += [{"way": f"write {path}", "open": _may("test", "-w", path)} for path in paths if os.path.exists(path)]
    return found
