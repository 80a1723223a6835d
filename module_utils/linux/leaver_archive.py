"""The folder of somebody who left, packed with its access lists, proven against what was packed, and taken out again.

GNU tar packs: it keeps numbers of owners, access lists and extended attributes, which hold Windows' own lists. Everything is
read back from the archive and compared with the disk before anything is called archived. No link is followed. Standard
library only; what stands here runs as root among files that somebody else named.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import stat
import subprocess
import tarfile
import unicodedata
from collections.abc import Collection, Iterator
from typing import Any

_CHUNK = 1 << 20
_TAR = ("tar", "--acls", "--xattrs", "--xattrs-include=*", "--numeric-owner")
_TIMEOUT_SECONDS = 6 * 3600


class LeaverError(Exception):
    """A step is not taken; the message says why and what to do."""


def inventory(folder: str) -> Iterator[tuple[str, os.stat_result]]:
    """Everything below a folder by its path from there, the folder itself first as "."; links are not followed."""
    yield ".", os.lstat(folder)
    for above, names, files in os.walk(folder, onerror=_stop):
        for name in sorted(names + files):
            path = os.path.join(above, name)
            yield os.path.relpath(path, folder), os.lstat(path)


def _stop(error: OSError) -> None:
    raise error


def owners(folder: str) -> dict[int, str]:
    """One path for each number of an owner that is met."""
    found: dict[int, str] = {}
    for path, state in inventory(folder):
        found.setdefault(state.st_uid, path)
    return found


def size_of(folder: str) -> tuple[int, int]:
    """How many files there are, and their bytes."""
    sizes = [state.st_size for _, state in inventory(folder) if stat.S_ISREG(state.st_mode)]
    return len(sizes), sum(sizes)


def pack(folder: str, archive: str) -> dict[str, Any]:
    """Pack a folder into an archive and its manifest beside it; both are there whole, or not at all.

    :raises LeaverError: there is no room, tar failed, or the archive does not hold what the disk has.
    """
    files, size = size_of(folder)
    room = shutil.disk_usage(os.path.dirname(archive)).free
    if room < size * 1.05 + (files + 1) * 4096:
        raise LeaverError(f"{os.path.dirname(archive)}: {room >> 20} MB free, {size >> 20} MB to archive; make room")
    draft = f"{archive}.partial"
    _tar("--create", "--sort=name", "--one-file-system", "--file", draft, "--directory", folder, ".")
    rows = list(_rows(draft))
    _compare(folder, rows)
    manifest = "".join(json.dumps(row, ensure_ascii=True) + "\n" for row in rows)
    write_whole(f"{archive}.manifest", manifest)
    with open(draft, "rb") as packed:
        os.fsync(packed.fileno())
    os.replace(draft, archive)
    sync_folder(os.path.dirname(archive))
    return {"sha256": digest_of(archive), "files": files, "bytes": size}


def _tar(*arguments: str) -> None:
    done = subprocess.run(
        [*_TAR, *arguments],
        check=False,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=_TIMEOUT_SECONDS,
        umask=0o077,
    )
    # tar ends with 1 when a file changed under it; sockets are passed over, and told.
    if done.returncode:
        raise LeaverError(f"tar failed: {' '.join(done.stderr.split())[-300:]}")


def _rows(archive: str) -> Iterator[dict[str, Any]]:
    """One row for each thing in an archive; what a second name of one file holds is that of the first."""
    with tarfile.open(archive) as packed:
        for member in packed:
            row = {"path": os.path.normpath(member.name), "type": _type(member), "time": int(member.mtime)}
            if member.isreg() or member.islnk():
                reader = packed.extractfile(member)
                if reader is None:
                    raise LeaverError("the archive cannot be read back; run the playbook again")
                content = hashlib.sha256()
                size = 0
                while chunk := reader.read(_CHUNK):
                    content.update(chunk)
                    size += len(chunk)
                row |= {"bytes": size, "sha256": content.hexdigest()}
            yield row


def _type(member: tarfile.TarInfo) -> str:
    if member.isdir():
        return "folder"
    return "file" if member.isreg() or member.islnk() else "other"


def _compare(folder: str, rows: list[dict[str, Any]]) -> None:
    """The archive holds every file that the disk has, with the same bytes."""
    packed = {row["path"]: row for row in rows}
    for path, state in inventory(folder):
        row = packed.get(path)
        if stat.S_ISSOCK(state.st_mode):
            continue
        if row is None or (stat.S_ISREG(state.st_mode) and row.get("sha256") != digest_of(os.path.join(folder, path))):
            raise LeaverError(
                "the archive differs from the folder, which somebody writes to; close its sessions, run again"
            )


def digest_of(path: str) -> str:
    """SHA-256 of a file, never of what a link points at."""
    content = hashlib.sha256()
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        while chunk := file.read(_CHUNK):
            content.update(chunk)
    return content.hexdigest()


def clear(folder: str, archive: str) -> None:
    """Remove a folder that was archived, or what a cut-off run left of it; nothing that the archive does not hold.

    :raises LeaverError: something is there that was not archived, or is newer than what was.
    """
    with open(f"{archive}.manifest", encoding="utf-8") as file:
        kept = {row["path"]: row for row in map(json.loads, file)}
    for path, state in inventory(folder):
        row = kept.get(path)
        if stat.S_ISDIR(state.st_mode) or stat.S_ISSOCK(state.st_mode):
            continue
        same = row is not None and (
            not stat.S_ISREG(state.st_mode) or (row.get("bytes"), row["time"]) == (state.st_size, int(state.st_mtime))
        )
        if not same:
            raise LeaverError(
                f"{folder}: holds files that came or changed since it was archived; look at them, move them away"
            )
    shutil.rmtree(folder)
    sync_folder(os.path.dirname(folder))


def check(archive: str, sha256: str) -> None:
    """Refuse an archive that is not what was packed."""
    if digest_of(archive) != sha256:
        raise LeaverError(f"{archive}: not what was archived; restore it from the backup")


def unpack(archive: str, folder: str) -> None:
    """Take everything out again, with owners and access lists."""
    os.mkdir(folder, 0o700)
    _tar("--extract", "--same-owner", "--preserve-permissions", "--file", archive, "--directory", folder)


def is_private(path: str, markers: Collection[str]) -> bool:
    """Whether a word of the name of a file, or of a folder it lies in, says that it is private."""
    plain = unicodedata.normalize("NFKD", path).encode("ascii", "ignore").decode().casefold()
    return not {*markers}.isdisjoint(re.findall(r"[a-z]+", plain))


def hand_over(archive: str, folder: str, markers: Collection[str], group: int) -> tuple[int, int]:
    """Copy files and folders out of an archive, but what is marked as private; how many files, and how many stayed.

    Links and devices are not copied. Administrators' group owns the copy; its readers come by the access list.
    """
    copied = left_out = 0
    os.makedirs(folder, 0o770, exist_ok=True)
    with tarfile.open(archive) as packed:
        for member in packed:
            path = os.path.normpath(member.name)
            if path.startswith(("/", "../")) or path == "..":
                raise LeaverError(f"{archive}: names a place outside; do not hand it over, look at it")
            private = is_private(path, markers)
            target = os.path.join(folder, path)
            if member.isdir() and not private:
                os.makedirs(target, 0o770, exist_ok=True)
            elif (member.isreg() or member.islnk()) and private:
                left_out += 1
            elif member.isreg() or member.islnk():
                reader = packed.extractfile(member)
                if reader is None:
                    raise LeaverError(f"{archive}: cannot be read back; restore it from the backup")
                os.makedirs(os.path.dirname(target), 0o770, exist_ok=True)
                with open(target, "xb") as file:
                    shutil.copyfileobj(reader, file, _CHUNK)
                os.utime(target, (member.mtime, member.mtime))
                copied += 1
    for above, _, files in os.walk(folder):
        os.chown(above, 0, group)
        os.chmod(above, 0o770)  # noqa: S103  # of administrators alone, until the access list is written
        for name in files:
            os.chown(os.path.join(above, name), 0, group)
            os.chmod(os.path.join(above, name), 0o660)
    return copied, left_out


def write_whole(path: str, text: str) -> None:
    """A file that is there whole or as it was, for root alone."""
    draft = f"{path}.partial"
    with contextlib.suppress(FileNotFoundError):
        os.unlink(draft)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)
    sync_folder(os.path.dirname(path))


def sync_folder(folder: str) -> None:
    """What was renamed or removed in a folder survives a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
