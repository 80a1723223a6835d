"""One run at a time, and the alerts of the backup: which are the same, and where they are told."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sys
import syslog
from collections.abc import Iterator, Sequence
from functools import partial

from hostlib import Tell, send, settle_parts

_LOCK = "run.lock"


class BusyError(Exception):
    """Another run is under way."""


@contextlib.contextmanager
def alone(folder: str) -> Iterator[None]:
    """One run at a time; the lock goes with the process, however it ends.

    :raises BusyError: another run is under way.
    """
    with open(os.path.join(folder, _LOCK), "a", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError("another backup is under way") from error
        yield


def _gist(what: str) -> str:
    for position, character in enumerate(what):
        if character.isdigit():
            return what[:position]
    return what


#: Two sentences about one part that begin alike are the same alert: figures move from one day to the next.
settle = partial(settle_parts, gist=_gist)


def teller(command: Sequence[str]) -> Tell:
    """Says it in the system's log, which goes to the log server, and to a command when the site has one."""

    def tell(level: int, what: str) -> None:
        syslog.openlog("nas-backup", syslog.LOG_PID, syslog.LOG_DAEMON)
        syslog.syslog(level, what)
        sys.stderr.write(f"nas-backup: {what}\n")
        sys.stderr.flush()
        if error := send(command, what):
            syslog.syslog(syslog.LOG_ERR, f"the alert was not sent: {error}")

    return tell
