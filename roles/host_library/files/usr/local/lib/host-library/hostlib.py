"""What the programs of a host share: a state that is never half written, alerts that are told once, and settings that
are refused in words. Standard library only.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import syslog
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

#: Levels of syslog(3), as the journal takes them at the beginning of a line.
ALERT, NOTICE, ERROR = syslog.LOG_ALERT, syslog.LOG_NOTICE, syslog.LOG_ERR
_AGAIN_AFTER = 24 * 3600
_SECONDS = 60

Tell = Callable[[int, str], object]
Settings = TypeVar("Settings")


class SettingsError(Exception):
    """The settings cannot be used; the message names the file and what is wrong with it."""


def settings_from(path: str, made_of: Callable[[dict[str, Any]], Settings]) -> Settings:
    """The settings that the role wrote, as the program wants them.

    :raises SettingsError: they are missing or wrong.
    """
    try:
        with open(path, encoding="utf-8") as file:
            given = json.load(file)
    except (OSError, ValueError) as error:
        raise SettingsError(f"{path}: {error}; run the playbook that writes it") from error
    try:
        return made_of(given)
    except (KeyError, TypeError, ValueError) as error:
        raise SettingsError(f"{path}: {error!r} is missing or wrong; run the playbook that writes it") from error


def replace_file(path: str, content: str, mode: int = 0o666) -> None:
    """Write a file in one step: a reader, or a power cut, finds the former one or the new one, whole."""
    fresh = f"{path}.new"
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(fresh)
        raise


def read_state(folder: str, name: str = "state") -> dict[str, Any]:
    """What a program wrote down in its folder; empty when nothing was, or not readable."""
    try:
        with open(os.path.join(folder, f"{name}.json"), encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError, TypeError):
        return {}


def write_state(folder: str, state: dict[str, Any], name: str = "state", mode: int = 0o666) -> None:
    """Write it down, in one step."""
    replace_file(os.path.join(folder, f"{name}.json"), json.dumps(state, indent=1, sort_keys=True), mode)


@contextlib.contextmanager
def changed_state(folder: str, name: str = "state", mode: int = 0o666) -> Iterator[dict[str, Any]]:
    """The state, written back in one step; two programs wait for each other."""
    with open(os.path.join(folder, f"{name}.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        state = read_state(folder, name)
        yield state
        write_state(folder, state, name, mode)


def settle(state: dict[str, Any], part: str, wrong: Sequence[str], tell: Tell) -> None:
    """Bring the alerts of one part in line with what is wrong now: what is new is told, what lasts each day, and its end."""
    settle_parts(state, [part], [(part, what) for what in wrong], tell)


def settle_parts(
    state: dict[str, Any],
    parts: Sequence[str],
    wrong: Sequence[tuple[str, str]],
    tell: Tell,
    gist: Callable[[str], str] = str,
) -> None:
    """The same for several parts at once; what is wrong is a part and a sentence.

    :param gist: what of a sentence stays while it is the same alert.
    """
    now = int(time.time())
    alerts: list[dict[str, Any]] = list(state.get("alerts", []))
    others = [each for each in alerts if each.get("part") not in parts]
    before = {(each["part"], gist(each["what"])): each for each in alerts if each.get("part") in parts}
    kept: list[dict[str, Any]] = []
    for part, what in wrong:
        # Another one, as whoever kept the former list wants to see what changed.
        alert = {"part": part, "since": now, "told_at": 0, **before.pop((part, gist(what)), {}), "what": what}
        # A clock that went back must not silence an alert.
        if not 0 <= now - alert["told_at"] < _AGAIN_AFTER:
            tell(ALERT, what)
            alert["told_at"] = now
        kept.append(alert)
    for alert in before.values():
        tell(NOTICE, f"over: {alert['what']}")
    state["alerts"] = others + kept


def send(command: Sequence[str], what: str) -> str:
    """Give a sentence to the command of the site; why it was not sent, empty when it was or there is no command."""
    if command:
        try:
            # Names of files may be no text.
            sentence = f"{what}\n".encode("utf-8", "backslashreplace")
            subprocess.run(list(command), input=sentence, timeout=_SECONDS, check=True, capture_output=True)
        except (OSError, subprocess.SubprocessError) as error:
            return str(error)
    return ""


def teller(name: str, command: Sequence[str]) -> Tell:
    """Says it in the journal, where a priority of alert is seen, and to a command when the site has one."""

    def say(level: int, text: str) -> None:
        sys.stderr.write(f"{f'<{level}>' if 'JOURNAL_STREAM' in os.environ else ''}{name}: {text}\n")
        sys.stderr.flush()

    def tell(level: int, what: str) -> None:
        say(level, what)
        if error := send(command, what):
            say(ERROR, f"the alert was not sent: {error}")

    return tell
