"""Who may use a server of backups: a file of names and bcrypt hashes, as htpasswd writes them."""

from __future__ import annotations

import ctypes
import os
import secrets
import tempfile
from collections.abc import Mapping

_COST = 10
_ALPHABET = "./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"


class UsersError(Exception):
    """The file cannot be kept; the message says why."""


def _hashed(password: str, setting: str) -> str:
    """crypt(3): Python has lost its own."""
    try:
        library = ctypes.CDLL("libcrypt.so.1")
    except OSError as error:
        raise UsersError(f"libcrypt cannot be loaded: {error}") from error
    library.crypt.restype = ctypes.c_char_p
    made = library.crypt(password.encode(), setting.encode())
    if not made or made.startswith(b"*"):
        raise UsersError(f"libcrypt does not know {setting[:4]}")
    return str(made.decode("ascii"))


def new_hash(password: str) -> str:
    """The password as the server compares it."""
    salt = "".join(secrets.choice(_ALPHABET) for _ in range(21)) + "."
    return _hashed(password, f"$2b${_COST}${salt}")


def fits(password: str, kept: str) -> bool:
    """Whether that is the password."""
    return kept.startswith("$") and secrets.compare_digest(_hashed(password, kept), kept)


def parse(text: str) -> dict[str, str]:
    """Hashes by name; a line that is none is passed over, and goes when the file is written."""
    return dict(line.split(":", 1) for line in text.splitlines() if ":" in line)


def merged(text: str, passwords: Mapping[str, str]) -> str:
    """The file for these people; a hash that fits stays as it is."""
    before = parse(text)
    hashes = {
        name: before[name] if name in before and fits(password, before[name]) else new_hash(password)
        for name, password in passwords.items()
    }
    return "".join(f"{name}:{hashes[name]}\n" for name in sorted(hashes))


def read(path: str) -> str:
    """What the file holds; nothing when it is not there."""
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def write(path: str, text: str, group: int) -> None:
    """Replace the file in one step, for root and the server."""
    handle, draft = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".users.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            os.fchown(file.fileno(), -1, group)
            os.fchmod(file.fileno(), 0o640)
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        os.unlink(draft)
        raise
