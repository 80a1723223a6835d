"""What was restored beside what is there: bytes, owner, mode, access lists and other extended attributes."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field

from restoredrill.restic import Node

#: Not a property of the file but of the host that it lies on.
_OF_THE_HOST = frozenset({"security.selinux", "security.ima", "security.evm"})
MOST = 50
#: Copies that are made for a backup: what they are made of lives on, and restic has compared what it laid down with the
#: digests of the snapshot.
_STAGED = "/var/lib/nas-backup/staging/"


@dataclass
class Compared:
    """What came of it. A file that changed since it was saved proves nothing, and is no difference either."""

    proven: int = 0
    bytes: int = 0
    changed: int = 0
    gone: int = 0
    differences: list[str] = field(default_factory=list)


def compare(nodes: Iterable[Node], target: str) -> Compared:
    """Compare what was restored below a folder with the live files."""
    result = Compared()
    for node in nodes:
        restored = os.path.join(target, node.path.lstrip("/"))
        try:
            before = os.lstat(node.path)
        except FileNotFoundError:
            before = None
        except OSError as error:
            result.differences.append(f"{node.path}: {error.strerror}")
            continue
        if not os.path.lexists(restored):
            result.differences.append(f"{node.path}: not restored")
            continue
        if before is None or _changed(node, before):
            result.gone += before is None
            result.changed += before is not None
            result.proven += node.kind == "file" and node.path.startswith(_STAGED)
            continue
        found = _differs(node, restored)
        # Somebody may write while it is read.
        if found and _changed(node, os.lstat(node.path) if os.path.lexists(node.path) else before):
            result.changed += 1
        elif found:
            result.differences.append(f"{node.path}: {', '.join(found)}")
        elif node.kind == "file":
            result.proven += 1
            result.bytes += node.size
    return result


def _changed(node: Node, live: os.stat_result) -> bool:
    return live.st_ctime_ns != node.ctime or (node.kind == "file" and live.st_size != node.size)


def _differs(node: Node, restored: str) -> list[str]:
    there, here = os.lstat(node.path), os.lstat(restored)
    found = []
    if stat.S_IFMT(there.st_mode) != stat.S_IFMT(here.st_mode):
        return ["another kind"]
    if (there.st_uid, there.st_gid) != (here.st_uid, here.st_gid):
        found.append(f"owner {here.st_uid}:{here.st_gid} instead of {there.st_uid}:{there.st_gid}")
    if not stat.S_ISLNK(there.st_mode) and stat.S_IMODE(there.st_mode) != stat.S_IMODE(here.st_mode):
        found.append(f"mode {stat.S_IMODE(here.st_mode):04o} instead of {stat.S_IMODE(there.st_mode):04o}")
    live, back = _attributes(node.path), _attributes(restored)
    found += [name for name in sorted(set(live) | set(back)) if live.get(name) != back.get(name)]
    if stat.S_ISLNK(there.st_mode) and os.readlink(node.path) != os.readlink(restored):
        found.append("leads elsewhere")
    if stat.S_ISREG(there.st_mode) and digest(node.path) != digest(restored):
        found.append("bytes")
    return found


def _attributes(path: str) -> dict[str, bytes]:
    """Access lists are among them: POSIX lists and those of Windows alike."""
    return {
        name: os.getxattr(path, name, follow_symlinks=False)
        for name in os.listxattr(path, follow_symlinks=False)
        if name not in _OF_THE_HOST
    }


def digest(path: str) -> str:
    """SHA-256 of a file."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
