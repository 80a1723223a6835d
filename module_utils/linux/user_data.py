"""What people have on a workstation and nowhere else, and whether they are told; standard library only.

Every home is measured by what the disk holds, not by what the program that tells people counts. Whether it tells is tried
with a home made for that, as an account without rights, by a login shell; the home is removed.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Callable, Collection, Iterator
from typing import Any

_TIMEOUT_SECONDS = 60
#: Who tries; an account without rights, and with a number that is a person's as the shell sees it.
_TRIAL_UID = 64999


def facts(homes: str, left_out: Collection[str], hide: Callable[[str], str]) -> dict[str, Any]:
    """Each person under a name that says nothing, with files and bytes; and whether people are told."""
    os.stat(homes)  # a folder that is not there is no workstation without people
    people: dict[str, list[int]] = {}
    for home, owner in _homes(homes):
        sizes = [size for _, size in _files(home, left_out)]
        files, size = people.setdefault(owner, [0, 0])
        people[owner] = [files + len(sizes), size + sum(sizes)]
    return {
        "people": sorted(
            ({"person": hide(owner), "files": files, "bytes": size} for owner, (files, size) in people.items()),
            key=lambda one: (-one["bytes"], one["person"]),
        ),
        "told": _told(),
    }


def _homes(above: str) -> Iterator[tuple[str, str]]:
    """Every home with its owner; a folder of root's holds the homes of a domain."""
    if not os.path.isdir(above):
        return
    with os.scandir(above) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            state = entry.stat(follow_symlinks=False)
            if not stat.S_ISDIR(state.st_mode):
                continue
            if state.st_uid == 0:
                yield from _homes(entry.path)
            else:
                yield entry.path, _login(state.st_uid, entry.name)


def _login(uid: int, name: str) -> str:
    try:
        return pwd.getpwuid(uid).pw_name.rpartition("\\")[2]
    except KeyError:
        return name


def _files(home: str, left_out: Collection[str]) -> Iterator[tuple[str, int]]:
    device = os.lstat(home).st_dev
    waiting = [home]
    while waiting:
        folder = waiting.pop()
        with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
            for entry in entries:
                if folder == home and entry.name in left_out:
                    continue
                state = entry.stat(follow_symlinks=False)
                if stat.S_ISDIR(state.st_mode) and state.st_dev == device:
                    waiting.append(entry.path)
                elif stat.S_ISREG(state.st_mode):
                    yield entry.path, state.st_size


def _told() -> dict[str, bool]:
    """Whether somebody with a file is not told, and somebody without one is."""
    home = tempfile.mkdtemp(prefix="garant-essai-", dir="/var/tmp")
    try:
        os.chown(home, _TRIAL_UID, _TRIAL_UID)
        empty = _said(home)
        path = os.path.join(home, "devis.odt")
        with open(path, "w", encoding="ascii") as file:
            file.write("x" * 4096)
        os.chown(path, _TRIAL_UID, _TRIAL_UID)
        return {"not_told": "1 fichier" not in _said(home), "told_in_vain": "fichier" in empty}
    finally:
        shutil.rmtree(home)


def _said(home: str) -> str:
    """What a login shell prints by itself."""
    done = subprocess.run(
        ["bash", "--login", "-c", "exit"],
        check=True,
        text=True,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_TIMEOUT_SECONDS,
        user=_TRIAL_UID,
        group=_TRIAL_UID,
        extra_groups=[],
        cwd="/",
        env={"HOME": home, "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
    )
    return done.stdout
