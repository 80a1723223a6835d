"""Trials of a host's logs: a line of its own on its way to the log server, what a sender must not be able to do there,
and old files of its own that must be destroyed. Nothing of the trial stays but its lines in the log server's files.

Run as root on the host that sends. Syslog frames are those of [RFC 5425] 4.3. Standard library only, Python 3.11.
"""

from __future__ import annotations

import contextlib
import glob
import os
import shutil
import socket
import ssl
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from ansible.module_utils.linux.log_state import LogError, run

#: Every line and file of a trial holds it; no other file is touched.
PREFIX = "garant-log-trial"
_SECONDS = 8
#: Ports by which files are reached or a machine is administered, other than ssh.
_FILE_PORTS = (21, 23, 80, 111, 443, 445, 514, 873, 2049, 8080)
_AGES = (7, 30, 60, 90, 120, 150, 175, 182, 183, 184, 190, 200, 250, 300, 350, 360, 370, 400, 500, 750, 1200)


def send_line(marker: str) -> dict[str, Any]:
    """Write one line to the system's log, as any program does."""
    now = time.time()
    run("logger", "--tag", PREFIX, "--id", f"{marker} own line")
    return {"marker": marker, "at": round(now, 3)}


def frame(host: str, text: str, now: float) -> bytes:
    """One line as a log server takes it, under the name of any host ([RFC 5424] 6)."""
    moment = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(now))
    line = f"<86>1 {moment} {host} {PREFIX} - - - {text}".encode()
    return str(len(line)).encode() + b" " + line


def intrude(server: Mapping[str, Any], marker: str, other_host: str) -> dict[str, Any]:
    """What this host, with all that it has, can do on the log server besides adding lines under its own name.

    The lines that must not arrive, or not in another's name, are looked for on the log server afterwards.
    """
    address = (str(server["address"]), int(server["port"]))
    now = time.time()
    with_certificate = _context(server, certificate=True)
    return {
        "marker": marker,
        "forged_name": _say(address, with_certificate, frame(other_host, f"{marker} forged name", now)),
        "answer": _asked(address, with_certificate),
        "plain": _say(address, None, frame(other_host, f"{marker} plain", now)),
        "no_certificate": _say(
            address, _context(server, certificate=False), frame(other_host, f"{marker} stranger", now)
        ),
        "open_ports": [port for port in _FILE_PORTS if _answers(address[0], port)],
        "logged_on": _logs_on(address[0]) if _answers(address[0], 22) else [],
    }


def _context(server: Mapping[str, Any], certificate: bool) -> ssl.SSLContext:
    context = ssl.create_default_context(cafile=server["authority_file"])
    context.check_hostname = False
    if certificate:
        context.load_cert_chain(server["certificate_file"], server["key_file"])
    return context


def _say(address: tuple[str, int], context: ssl.SSLContext | None, data: bytes) -> str:
    """Say something; what became of it, as far as this side can tell."""
    try:
        with _connected(address, context) as connection:
            connection.sendall(data)
            connection.settimeout(1)
            with contextlib.suppress(TimeoutError):
                connection.recv(1)
        return "sent"
    except (OSError, ssl.SSLError) as error:
        return f"refused: {type(error).__name__}"


def _asked(address: tuple[str, int], context: ssl.SSLContext) -> int:
    """How many bytes the log server gives to somebody who asks for some."""
    try:
        with _connected(address, context) as connection:
            connection.sendall(frame("-", f"{PREFIX} reads", time.time()))
            connection.settimeout(1)
            return len(connection.recv(4096))
    except (OSError, ssl.SSLError):
        return 0


@contextlib.contextmanager
def _connected(address: tuple[str, int], context: ssl.SSLContext | None) -> Iterator[socket.socket]:
    with socket.create_connection(address, timeout=_SECONDS) as plain:
        if context is None:
            yield plain
            return
        with context.wrap_socket(plain) as secured:
            yield secured


def _answers(host: str, port: int) -> bool:
    try:
        with socket.create_connection((host, port), timeout=0.5):
            return True
    except OSError:
        return False


def _logs_on(host: str) -> list[str]:
    """Keys of this host that open a session there, as root or as the account that the log server's files belong to."""
    keys = [*glob.glob("/etc/ssh/ssh_host_*_key"), *glob.glob("/root/.ssh/id_*[!b]")]
    options = ("BatchMode=yes", "ConnectTimeout=4", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null")
    words = [word for option in options for word in ("-o", option)]
    if not shutil.which("ssh"):
        return []
    return [key for key in keys if run("ssh", *words, "-i", key, f"root@{host}", "true", check=False).returncode == 0]


def try_destruction(path: str, days: int, destroy: Callable[[], object], today: date) -> dict[str, Any]:
    """Put files of many ages beside a log, let the destroyer run, and see how old the oldest is that stays.

    :param days: how long lines are to be kept; the ages about it are tried one by one.
    :raises LogError: the files cannot be written, or the destroyer fails.
    """
    ages = sorted({*_AGES, *range(max(days - 3, 1), days + 5)})
    dated = {age: f"{path}-{today - timedelta(days=age):%Y%m%d}-000000.{PREFIX}" for age in ages}
    # What logrotate lost sight of: no date in its name, and touched since.
    forgotten = f"{path}.{PREFIX}"
    spread = f"{path}-{today:%Y%m%d}-000001.{PREFIX}"
    try:
        for age, name in dated.items():
            _write(name, [age], today)
        _write(forgotten, [ages[-1]], today)
        _write(spread, [ages[-1], 1], today)
        destroy()
        stayed = [age for age, name in dated.items() if os.path.exists(name)]
        return {
            # None: even the oldest stays.
            "longest_kept_days": None if ages[-1] in stayed else max(stayed, default=0),
            "gaps": [age for age in ages if age < max(stayed, default=0) and age not in stayed],
            "forgotten_destroyed": not os.path.exists(forgotten),
            "old_lines_destroyed": _first_is_young(spread, today),
        }
    except OSError as error:
        raise LogError(f"{path}: {error.strerror}; the destruction of old logs cannot be tried") from error
    finally:
        remove_trial([path])


def _write(name: str, ages: Iterable[int], today: date) -> None:
    handle = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        for age in ages:
            file.write(f"{today - timedelta(days=age):%Y-%m-%d}T12:00:00+0000 {PREFIX}\n")


def _first_is_young(name: str, today: date) -> bool:
    """Whether a file still holds its young line, and no longer its old one."""
    if not os.path.exists(name):
        return False
    with open(name, encoding="utf-8") as file:
        return [line[:10] for line in file] == [f"{today - timedelta(days=1):%Y-%m-%d}"]


def remove_trial(paths: Iterable[str]) -> None:
    """Remove files of a trial, those of one that was interrupted too."""
    for path in paths:
        for name in glob.glob(f"{glob.escape(path)}*{PREFIX}"):
            os.unlink(name)
