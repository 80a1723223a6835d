"""Try, as an account without rights, everything that would stop the antivirus or change what it goes by."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

_NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--")
_SECONDS = 30
#: A signal that does nothing: whether one may be sent is asked, not what it would do.
_KILL = "import os, sys; os.kill(int(sys.argv[1]), 0)"
_PING = (
    "import socket, sys; s = socket.socket(socket.AF_UNIX); s.settimeout(10); s.connect(sys.argv[1]); "
    "s.sendall(b'zPING\\0'); sys.exit(0 if s.recv(9) else 1)"
)
_UNITS = ("clamav-daemon.service", "clamav-daemon.socket", "antivirus-watch.timer", "antivirus-update.timer")


class LockError(Exception):
    """It could not be tried; the message says why."""


def _may(*command: str) -> bool:
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
    return done.returncode == 0


def ways_to_stop(socket: str, paths: Sequence[str]) -> list[dict[str, object]]:
    """Each way with whether it is open; what was really stopped is started again.

    :raises LockError: an account without rights cannot even be taken on, so that no refusal means anything.
    """
    if not _may("true"):
        raise LockError("the account nobody cannot be taken on; see setpriv(1)")
    found: list[dict[str, object]] = []
    for unit in _UNITS:
        stopped = _may("systemctl", "--no-ask-password", "stop", unit)
        if stopped:
            subprocess.run(["systemctl", "start", unit], capture_output=True, timeout=_SECONDS, check=False)
        found.append({"way": f"systemctl stop {unit}", "open": stopped})
    # Whoever may ask clamd anything may ask it to stop.
    found.append({"way": "SHUTDOWN", "open": os.path.exists(socket) and _may("python3", "-c", _PING, socket)})
    shown = subprocess.run(["pidof", "clamd"], capture_output=True, text=True, timeout=_SECONDS, check=False)
    for number in shown.stdout.split():
        found.append({"way": "kill clamd", "open": _may("python3", "-c", _KILL, number)})
    found += [{"way": f"write {path}", "open": _may("test", "-w", path)} for path in paths if os.path.exists(path)]
    return found
