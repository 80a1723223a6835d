"""The file of second factors that pam_oath reads and writes: one line for each person, with the state of used codes.

Standard library only, and nothing of this project: the text of this module also travels to hosts by itself.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

_KIND = "HOTP/T30/6"
#: A login holds the lock for a moment only.
_PATIENCE_SECONDS = 5


class OathFileError(Exception):
    """The file cannot be read or written; the message says what to do, and no secret."""


def hexadecimal(secret: str) -> str:
    """A secret in base 32 as the file holds it."""
    compact = secret.replace(" ", "").upper()
    return base64.b32decode(compact + "=" * (-len(compact) % 8)).hex()


def parse(text: str) -> dict[str, list[str]]:
    """Login -> the fields of its line; comments are dropped."""
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    broken = [number for number, fields in enumerate(lines, start=1) if len(fields) < 4 or "/" not in fields[0]]
    if broken:
        raise OathFileError(f"entry {broken[0]} is not one of a file of second factors")
    return {fields[1]: fields for fields in lines}


def merged(text: str, wanted: Mapping[str, str]) -> str:
    """The file for exactly these people; whoever keeps their secret keeps which codes are used up."""
    present = parse(text)
    lines = []
    for login in sorted(wanted):
        secret = hexadecimal(wanted[login])
        kept = present.get(login)
        same = kept is not None and kept[0] == _KIND and kept[3] == secret
        lines.append("\t".join(kept if same and kept else [_KIND, login, "-", secret]))
    return "".join(line + "\n" for line in lines)


def rewrite(path: str, change: Callable[[str], str], *, dry: bool = False) -> tuple[str, str]:
    """Change the file under the lock that pam_oath takes; what it held, and what it holds now.

    :raises OathFileError: it cannot be read or written.
    """
    file = Path(path)
    try:
        with _locked(path, dry):
            before = file.read_text("ascii") if file.exists() else ""
            after = change(before)
            if not dry and (after != before or not file.exists()):
                _replace(file, after)
    except (OSError, UnicodeDecodeError, OathFileError) as error:
        raise OathFileError(
            f"{path}: {error}; move the file away and run again: everybody gets the same secret"
        ) from error
    return before, after


@contextlib.contextmanager
def _locked(path: str, dry: bool) -> Iterator[None]:
    """Who makes <file>.lock has the lock (liboath, usersfile.c); one that a crash left behind would refuse everybody."""
    lock = Path(path + ".lock")
    if dry:
        yield
        return
    end = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            os.close(os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
            break
        except FileExistsError:
            if time.monotonic() > end:
                lock.unlink(missing_ok=True)
            time.sleep(0.05)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _replace(file: Path, content: str) -> None:
    handle, temporary = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    Path(temporary).replace(file)


def do(command: Mapping[str, str]) -> dict[str, str]:
    """One command of a trial: give a login a fresh second factor, or take it away, and forget its failures."""

    def change(text: str) -> str:
        lines = [line for line in text.splitlines() if line.split()[1:2] != [command["login"]]]
        if command["do"] == "give":
            lines.append("\t".join([_KIND, command["login"], "-", hexadecimal(command["secret"])]))
        return "".join(line + "\n" for line in lines)

    rewrite(command["path"], change)
    Path(command["failures"], command["login"]).unlink(missing_ok=True)
    return {}


def main() -> None:
    """Read commands, answer each, until the other end goes away."""
    for line in sys.stdin:
        try:
            answer = do(json.loads(line))
        except (OSError, OathFileError) as error:
            answer = {"error": str(error)}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
