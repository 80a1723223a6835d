"""Set aside what was found: out of everybody's reach, with where it was, so that somebody can decide."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import json
import os
import shutil
import stat
import time
from collections.abc import Iterator

from avhost import clamd
from avhost.eicar import is_trial

_TRIAL_BYTES = 4096
#: A name has 255 bytes, of which the moment, the digest and the note's ending take some.
_NAME_BYTES = 60


def set_aside(path: str, quarantine: str, socket: str) -> str | None:
    """Move a file into the quarantine when clamd finds something in it now; where it is then, None when it is clean.

    The line that named the file may have been forged by a name; only what is open here is searched, copied and removed.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            return None
        name = clamd.found(socket, descriptor)
        if name is None:
            return None
        file.seek(0)
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        kept, place = _place(quarantine, f"{time.strftime('%Y%m%dT%H%M%S')}-{digest[:12]}", path)
        file.seek(0)
        with open(place, "wb") as copy:
            shutil.copyfileobj(file, copy)
            copy.flush()
            os.fsync(copy.fileno())
        now = os.lstat(path)
        if (now.st_dev, now.st_ino) != (state.st_dev, state.st_ino):
            raise OSError(f"{path} was replaced while it was set aside; a copy is in {kept}")
        os.unlink(path)
    about = {"path": path, "signature": name, "owner": state.st_uid, "sha256": digest, "at": int(time.time())}
    with open(os.open(f"{kept}.json", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as note:
        json.dump(about, note, ensure_ascii=True)
    return kept


def _place(quarantine: str, begins: str, path: str) -> tuple[str, int]:
    """A new file in the quarantine, open: copies of one file are found within the same second, whatever they are called."""
    ends = os.fsencode(os.path.basename(path))[-_NAME_BYTES:].decode("utf-8", "ignore")
    for number in itertools.count():
        kept = os.path.join(quarantine, f"{begins}-{f'{number}-' if number else ''}{ends}")
        with contextlib.suppress(FileExistsError):
            return kept, os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    raise AssertionError("numbers do not end")


def files(quarantine: str) -> Iterator[str]:
    """Every file that is set aside, notes included."""
    for folder, _, names in os.walk(quarantine):
        yield from (os.path.join(folder, name) for name in sorted(names))


def close(quarantine: str) -> list[str]:
    """Make root the only one who reads it; what the file server moved there kept its owner. Returns what was open."""
    found = []
    for folder, folders, _ in os.walk(quarantine):
        for each in (folder, *(os.path.join(folder, name) for name in folders)):
            _only_root(each, 0o700, found)
    for path in files(quarantine):
        _only_root(path, 0o600, found)
    return found


def _only_root(path: str, mode: int, found: list[str]) -> None:
    state = os.lstat(path)
    if stat.S_ISLNK(state.st_mode):
        return
    if (state.st_uid, state.st_gid, stat.S_IMODE(state.st_mode)) != (0, 0, mode):
        found.append(path)
        os.chown(path, 0, 0, follow_symlinks=False)
        os.chmod(path, mode)
        for name in os.listxattr(path, follow_symlinks=False):
            if name.startswith(("system.posix_acl", "user.NTACL")):
                os.removexattr(path, name, follow_symlinks=False)


def set_aside_files(quarantine: str) -> list[str]:
    """What was set aside, without notes and without what an audit put there."""
    found = []
    for path in files(quarantine):
        if path.endswith(".json") or _of_a_trial(path):
            continue
        found.append(os.path.relpath(path, quarantine))
    return found


def _of_a_trial(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            return is_trial(os.path.basename(path), file.read(_TRIAL_BYTES))
    except OSError:
        return False
