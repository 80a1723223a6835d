"""The role's programs, where the tests find them, and a repository that is a folder."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import ROOT

FILES = ROOT / "roles" / "restore_drill" / "files" / "usr" / "local"
LIBRARY = str(FILES / "lib" / "restore-drill")
if LIBRARY not in sys.path:
    sys.path.append(LIBRARY)

from restoredrill.restic import Node, Restic, Snapshot  # noqa: E402


class Folder(Restic):
    """Stands for restic: one snapshot of a folder, kept as a copy with the same metadata."""

    def __init__(self, live: Path, copy: Path, at: float) -> None:
        super().__init__("offsite", {}, 60)
        self.live, self.copy, self.at = live, copy, at
        self.kept: list[Snapshot] = [Snapshot("abcdef0123456789", at)]
        self._nodes = [self._node(path) for path in [live, *sorted(live.rglob("*"))]]
        shutil.copytree(live, copy, symlinks=True)
        self.restored: list[str] = []

    @staticmethod
    def _node(path: Path) -> Node:
        found = os.lstat(path)
        kind = "symlink" if path.is_symlink() else "dir" if path.is_dir() else "file"
        return Node(str(path), kind, found.st_size if kind == "file" else 0, found.st_mtime_ns, found.st_ctime_ns)

    def snapshots(self, host: str, tag: str) -> list[Snapshot]:
        return self.kept

    def nodes(self, snapshot: str) -> list[Node]:
        return self._nodes

    def restore(self, snapshot: str, target: str, paths: Sequence[str], overwrite: str = "always") -> None:
        wanted = [path for path in paths if path.startswith(str(self.live))]
        for path in wanted:
            self.restored.append(path)
            source, place = self.copy / Path(path).relative_to(self.live), Path(target + path)
            place.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir() and not source.is_symlink():
                shutil.copytree(source, place, symlinks=True, dirs_exist_ok=True)
            else:
                shutil.copy2(source, place, follow_symlinks=False)
