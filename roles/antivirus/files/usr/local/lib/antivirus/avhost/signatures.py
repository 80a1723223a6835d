"""What files of signatures say of themselves: a container's header of 512 bytes, or lines without one.

Header: ClamAV-VDB:time:version:signatures:level:md5:signature:builder:seconds since 1970, padded with blanks.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

CONTAINERS = (".cvd", ".cld", ".cud")
LINES = (".hdb", ".hsb", ".ndb", ".ldb", ".mdb", ".msb", ".fp", ".sfp", ".ign2", ".yar", ".yara")
_HEADER = 512


@dataclass(frozen=True)
class Database:
    """A file of signatures; a file of lines has no time of its own."""

    name: str
    built: int | None
    version: int | None
    signatures: int


class SignatureError(Exception):
    """The file holds no signatures; the message says why."""


def read_database(path: str) -> Database:
    """What a file holds.

    :raises SignatureError: it is empty, cut short, or something else.
    """
    name = os.path.basename(path)
    try:
        with open(path, "rb") as file:
            if name.endswith(CONTAINERS):
                return _container(name, file.read(_HEADER))
            count = sum(1 for line in file if line.strip() and not line.startswith(b"#"))
    except OSError as error:
        raise SignatureError(f"{name}: {error}") from error
    if not count:
        raise SignatureError(f"{name} is empty")
    return Database(name, None, None, count)


def _container(name: str, head: bytes) -> Database:
    fields = head.decode("ascii", "replace").rstrip().split(":")
    if len(head) < _HEADER or fields[0] != "ClamAV-VDB":
        raise SignatureError(f"{name} is no container of signatures")
    try:
        version, count, built = int(fields[2]), int(fields[3]), int(fields[8])
    except (ValueError, IndexError) as error:
        raise SignatureError(f"{name}: its header cannot be read") from error
    if count < 1:
        raise SignatureError(f"{name} holds no signature")
    return Database(name, built, version, count)


def databases(folder: str) -> list[Database]:
    """Every file of signatures in a folder that can be read, by name."""
    found = []
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        if name.endswith(CONTAINERS + LINES):
            try:
                found.append(read_database(os.path.join(folder, name)))
            except SignatureError:
                continue
    return found


def age_hours(found: Sequence[Database], *, official: bool, now: float | None = None) -> float | None:
    """How old signatures are: the daily ones when the publisher's are used, otherwise the newest; None when unknown.

    A time to come is no answer: a clock is wrong, here or there.
    """
    wanted = [each for each in found if each.built and (not official or each.name.partition(".")[0] == "daily")]
    if not wanted:
        return None
    age = ((time.time() if now is None else now) - max(each.built or 0 for each in wanted)) / 3600
    return round(age, 2) if age > -1 else None


def described(found: Sequence[Database]) -> list[dict[str, Any]]:
    """As it is written down."""
    return [
        {"name": each.name, "built": each.built, "version": each.version, "signatures": each.signatures}
        for each in found
    ]
