"""The generations of the database: which is in force, whether it is whole, and how another takes its place at once."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import time
from collections.abc import Mapping
from typing import Any

from webfilter.index import DATABASE, MANIFEST

CURRENT = "current"
_FOLDER = "generations"
#: Folders of a run that was interrupted begin like this.
_UNFINISHED = "new-"


class Generations:
    """Those below one folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self._all = os.path.join(folder, _FOLDER)
        self._link = os.path.join(folder, CURRENT)

    def in_force(self) -> str | None:
        """The name of the generation in force."""
        try:
            return os.path.basename(os.readlink(self._link))
        except OSError:
            return None

    def names(self) -> list[str]:
        """All that are finished, the newest first."""
        try:
            return sorted((name for name in os.listdir(self._all) if not name.startswith(_UNFINISHED)), reverse=True)
        except OSError:
            return []

    def path(self, name: str) -> str:
        """The folder of one."""
        return os.path.join(self._all, name)

    def manifest(self, name: str) -> dict[str, Any]:
        """What was written down when it was made; empty when that is gone."""
        try:
            with open(os.path.join(self.path(name), MANIFEST), encoding="utf-8") as file:
                return dict(json.load(file))
        except (OSError, ValueError, TypeError):
            return {}

    def whole(self, name: str | None) -> bool:
        """Whether its database is the one that was made."""
        if not name:
            return False
        try:
            return self.manifest(name).get("sha256") == digest_of(os.path.join(self.path(name), DATABASE))
        except OSError:
            return False

    def to_keep_from(self) -> str | None:
        """The generation that lists are kept from: the one in force, or the newest before it that is whole."""
        current = self.in_force()
        candidates = [current, *self.names()] if current else self.names()
        return next((name for name in candidates if self.whole(name)), None)

    def begin(self) -> str:
        """A folder for a new one; what an interrupted run left goes first."""
        os.makedirs(self._all, mode=0o755, exist_ok=True)
        for name in os.listdir(self._all):
            if name.startswith(_UNFINISHED):
                shutil.rmtree(os.path.join(self._all, name))
        path = os.path.join(self._all, f"{_UNFINISHED}{os.getpid()}")
        os.mkdir(path, mode=0o755)
        return path

    def finish(self, path: str, manifest: Mapping[str, Any], kept: int) -> str:
        """Make a folder the generation in force, in one step, and remove those that are too many."""
        database = os.path.join(path, DATABASE)
        content = {**manifest, "sha256": digest_of(database)}
        with open(os.path.join(path, MANIFEST), "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1, sort_keys=True)
            _to_disk(file.fileno())
        with open(database, "rb") as file_:
            _to_disk(file_.fileno())
        name = self._free_name()
        os.rename(path, self.path(name))
        self.put_in_force(name)
        before = [each for each in self.names() if each != name]
        for old in before[max(kept, 1) :]:
            shutil.rmtree(self.path(old), ignore_errors=True)
        return name

    def _free_name(self) -> str:
        """Sorts after all others, even when the clock went back."""
        newest = next(iter(self.names()), "")
        name = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        return name if name > newest else f"{newest}+"

    def put_in_force(self, name: str) -> None:
        """Whoever asks from now on asks this one."""
        fresh = f"{self._link}.{os.getpid()}"
        if os.path.lexists(fresh):
            os.unlink(fresh)
        os.symlink(os.path.join(_FOLDER, name), fresh)
        os.replace(fresh, self._link)


def digest_of(path: str) -> str:
    """SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(number: int) -> None:
    os.fsync(number)
