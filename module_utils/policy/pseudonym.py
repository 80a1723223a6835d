"""People in evidence under a name that says nothing and stays the same: who did what can be followed, not who it was.

HMAC-SHA256 ([RFC 2104], [FIPS 180-4]) of the login with a key of the site. Without the key nobody can try the HR list
on a pseudonym; with it the client's own people can, when the law asks. Standard library only, Python 3.11.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Iterable
from typing import Any

#: What a pseudonym begins with; what follows is the beginning of the digest.
PREFIX = "personne-"
_DIGITS = 8
_KEY_BYTES = 32
#: What some programs put around a login: DOMAIN\login and login@REALM are the same person.
_DOMAIN = re.compile(r"^[^\\]*\\|@[^@]*$")


class PseudonymError(Exception):
    """The key cannot be used; the message says what to do."""


def pseudonym(key: bytes, login: str) -> str:
    """The name that a person has in evidence; the same for `login`, `DOMAIN\\login` and `login@REALM`, in any case.

    :raises PseudonymError: the key is too short to hide anything, or there is no login.
    """
    if len(key) < _KEY_BYTES:
        raise PseudonymError(f"the key of the pseudonyms has {len(key)} bytes; at least {_KEY_BYTES} are needed")
    person = _DOMAIN.sub("", login.strip()).casefold()
    if not person:
        raise PseudonymError(f"{login!r} is no login")
    return PREFIX + hmac.new(key, person.encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def hide_people(value: Any, key: bytes, logins: Iterable[str]) -> Any:
    """The same value with every login, as a whole word and in any case, under its pseudonym; keys of objects too."""
    names = {login.casefold(): pseudonym(key, login) for login in logins if login}
    if not names:
        return value
    # The longest first: of two homonyms the second has the first's login with a digit.
    found = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return _hidden(value, re.compile(rf"(?<![\w.-])(?:{found})(?![\w-])", re.IGNORECASE), names)


def _hidden(value: Any, found: re.Pattern[str], names: dict[str, str]) -> Any:
    if isinstance(value, str):
        return found.sub(lambda match: names[match[0].casefold()], value)
    if isinstance(value, dict):
        return {_hidden(name, found, names): _hidden(each, found, names) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_hidden(each, found, names) for each in value]
    return value


def site_key(file: str) -> bytes:
    """The site's key, made at the first use; only its owner may read it.

    :raises PseudonymError: it cannot be read or made, others may read it, or it is no key.
    """
    try:
        _make(file)
        with open(file, encoding="ascii") as opened:
            mode = os.fstat(opened.fileno()).st_mode & 0o077
            text = opened.read().strip()
    except (OSError, UnicodeDecodeError) as error:
        raise PseudonymError(f"{file}: {getattr(error, 'strerror', None) or 'not a key'}; check the folder") from error
    if mode:
        raise PseudonymError(f"{file}: others than its owner may read it; chmod 600 it, and make a new one if they did")
    try:
        key = bytes.fromhex(text)
    except ValueError as error:
        raise PseudonymError(f"{file}: not a key; restore it from the backup, or remove it to begin anew") from error
    if len(key) < _KEY_BYTES:
        raise PseudonymError(f"{file}: the key is cut short; restore it from the backup, or remove it to begin anew")
    return key


def _make(file: str) -> None:
    """Whole or not at all: two runs at once end with one key."""
    if os.path.exists(file):
        return
    draft = f"{file}.{os.getpid()}.{secrets.token_hex(4)}"
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as opened:
            opened.write(secrets.token_hex(_KEY_BYTES) + "\n")
            opened.flush()
            os.fsync(opened.fileno())
        try:
            os.link(draft, file)
        except FileExistsError:
            return
    finally:
        os.unlink(draft)
