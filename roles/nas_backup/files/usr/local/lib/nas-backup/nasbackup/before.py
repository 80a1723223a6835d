"""What is done before a set is read, so that what is saved fits together: snapshots, dumps, copies of open databases.

What is written for it lies in a folder of root's alone, and is removed afterwards.
"""

from __future__ import annotations

import contextlib
import dataclasses
import os
import shutil
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from nasbackup.settings import Set

STAGING = "staging"
DOMAIN_ARCHIVE = "samba-backup.tar.bz2"
_SECONDS = 3600
#: What an archive of the domain must hold, or it cannot be restored.
_DOMAIN_PARTS = ("backup.txt", "private/sam.ldb", "private/secrets.ldb", "sysvol.tar.gz")
#: What Samba makes anew when it starts; some of it lets no other program in.
_VOLATILE = ("netlogon_creds_cli.tdb", "winbindd_cache.tdb", "gencache.tdb")
_DUMPS: dict[str, tuple[str, ...]] = {
    "mariadb": ("mariadb-dump", "--single-transaction", "--routines", "--events", "--triggers", "--databases"),
    "postgresql": ("runuser", "-u", "postgres", "--", "pg_dump", "--format=custom", "--dbname"),
}


class BeforeError(Exception):
    """The set cannot be saved as a whole; the sentence says why."""


@dataclasses.dataclass(frozen=True)
class Prepared:
    """What restic is to read, and the command within which it sees it."""

    paths: tuple[str, ...]
    exclude: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    #: Nothing changes while it is read.
    still: bool = False


@contextlib.contextmanager
def prepared(each: Set, folder: str) -> Iterator[Prepared]:
    """Make the set ready to be read, and clean up after it.

    :raises BeforeError: it could not be made ready.
    """
    # restic goes past what is not there, and calls that a success.
    gone = [path for path in each.paths if not os.path.lexists(path)]
    if lost := [path for path in gone if path not in each.options.get("may_be_missing", ())]:
        raise BeforeError(f"{', '.join(lost)}: not there; mount it, or take it out of the set")
    each = dataclasses.replace(each, paths=tuple(path for path in each.paths if path not in gone))
    staging = os.path.join(folder, STAGING, each.name)
    # A run that lost its power left its own behind.
    shutil.rmtree(staging, ignore_errors=True)
    try:
        with contextlib.ExitStack() as stack:
            if each.before in ("samba_domain", "samba_files", "database_dump"):
                os.makedirs(staging, mode=0o700)
                os.chmod(os.path.dirname(staging), 0o700)
            try:
                yield_ = _KINDS[each.before](each, staging, stack)
            except (OSError, subprocess.SubprocessError, tarfile.TarError, KeyError) as error:
                raise BeforeError(f"{each.before}: {_why(error)}") from error
            yield yield_
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _why(error: Exception) -> str:
    if isinstance(error, subprocess.CalledProcessError):
        said = error.stderr or b""
        words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return f"{error.cmd[0]} ended with {error.returncode}: {words.strip()[-300:]}"
    if isinstance(error, KeyError):
        return f"the option {error.args[0]} is missing"
    return str(error)


def _run(*command: str, out: IO[bytes] | int = subprocess.DEVNULL) -> None:
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.PIPE, timeout=_SECONDS)


def _none(each: Set, staging: str, stack: contextlib.ExitStack) -> Prepared:
    return Prepared(each.paths)


def _samba_domain(each: Set, staging: str, stack: contextlib.ExitStack) -> Prepared:
    """The directory as Samba itself copies it: every database under one lock, SYSVOL with its access lists."""
    _run("samba-tool", "domain", "backup", "offline", f"--targetdir={staging}")
    made = [path for path in Path(staging).iterdir() if path.name.endswith(".tar.bz2")]
    if len(made) != 1:
        raise BeforeError(f"samba-tool made {len(made)} archives instead of one")
    with tarfile.open(made[0]) as archive:
        missing = set(_DOMAIN_PARTS) - {name.removeprefix("./") for name in archive.getnames()}
    if missing:
        raise BeforeError(f"samba-tool's archive lacks {', '.join(sorted(missing))}")
    archive_path = made[0].rename(Path(staging, DOMAIN_ARCHIVE))
    return Prepared((*each.paths, str(archive_path)), still=True)


def _samba_files(each: Set, staging: str, stack: contextlib.ExitStack) -> Prepared:
    """Samba's databases are open: their copies are saved in their place, made by their own tool."""
    databases = [
        str(path)
        for root in each.paths
        for path in sorted(Path(root).rglob("*"))
        if path.suffix in (".tdb", ".ldb") and path.is_file() and not path.is_symlink()
    ]
    for path in databases:
        if os.path.basename(path) in _VOLATILE:
            continue
        copy = Path(staging + path)
        copy.parent.mkdir(parents=True, exist_ok=True)
        beside = f"{path}.nas-backup"
        try:
            _run("tdbbackup", "-s", ".nas-backup", path)
            shutil.move(beside, copy)
        finally:
            with contextlib.suppress(OSError):
                os.unlink(beside)
    return Prepared((*each.paths, staging), exclude=tuple(databases))


def _database_dump(each: Set, staging: str, stack: contextlib.ExitStack) -> Prepared:
    """Each database as its own program writes it; one that ended half-way is refused."""
    kind = each.options["kind"]
    if kind not in _DUMPS:
        raise BeforeError(f"databases of kind {kind} are not known, only {', '.join(sorted(_DUMPS))}")
    for name in each.options["databases"]:
        file = Path(staging, f"{name}.{'sql' if kind == 'mariadb' else 'dump'}")
        with open(file, "wb") as out:
            _run(*_DUMPS[kind], name, out=out)
        _whole(kind, file)
    return Prepared((*each.paths, staging), still=True)


def _whole(kind: str, file: Path) -> None:
    if kind == "postgresql":
        _run("pg_restore", "--list", str(file))
        return
    with open(file, "rb") as dump:
        dump.seek(max(0, file.stat().st_size - 1000))
        if b"-- Dump completed" not in dump.read():
            raise BeforeError(f"the dump of {file.stem} is not whole")


def _snapshot_btrfs(each: Set, staging: str, stack: contextlib.ExitStack) -> Prepared:
    volume = each.options["subvolume"].rstrip("/")
    snapshot = f"{volume}/.nas-backup-{each.name}"

    def remove() -> None:
        if os.path.isdir(snapshot):
            _run("btrfs", "subvolume", "delete", snapshot)

    remove()
    _run("btrfs", "subvolume", "snapshot", "-r", volume, snapshot)
    stack.callback(remove)
    return Prepared(each.paths, exclude=(snapshot,), inside=_seen_at("bind", snapshot, volume), still=True)


def _snapshot_lvm(each: Set, staging: str, stack: contextlib.ExitStack) -> Prepared:
    group, _, volume = each.options["volume"].partition("/")
    name = f"nas-backup-{each.name}"
    size = each.options.get("size", "10%ORIGIN")
    device = f"/dev/{group}/{name}"

    def remove() -> None:
        _run("lvremove", "--yes", f"{group}/{name}")

    def not_full() -> None:
        """A snapshot that ran full is void, and what was read from it with it."""
        said = subprocess.run(
            ["lvs", "--noheadings", "--options", "snap_percent", f"{group}/{name}"],
            check=True, capture_output=True, text=True, timeout=_SECONDS,
        ).stdout.strip()  # fmt: skip
        if not said or float(said.replace(",", ".")) >= 100:
            raise BeforeError(f"the snapshot of {volume} ran full: give it more than {size}")

    if os.path.exists(device):
        remove()
    _run("lvcreate", "--yes", "--snapshot", "--extents" if "%" in size else "--size", size, "--name", name,
         f"{group}/{volume}")  # fmt: skip
    stack.callback(remove)
    stack.callback(not_full)
    options = each.options.get("mount_options", "ro")
    return Prepared(each.paths, inside=_seen_at(options, device, each.options["mounted_on"]), still=True)


def _seen_at(options: str, what: str, where: str) -> tuple[str, ...]:
    """A command within which a snapshot stands where the live data do: paths stay the same from day to day."""
    return (
        "unshare", "--mount", "--propagation", "private",
        "/bin/sh", "-c", 'mount -o "$1" "$2" "$3" && shift 3 && exec "$@"', "sh", options, what, where,
    )  # fmt: skip


_KINDS: dict[str, Callable[[Set, str, contextlib.ExitStack], Prepared]] = {
    "none": _none,
    "samba_domain": _samba_domain,
    "samba_files": _samba_files,
    "database_dump": _database_dump,
    "snapshot_btrfs": _snapshot_btrfs,
    "snapshot_lvm": _snapshot_lvm,
}


def changed_since(paths: Sequence[str], exclude: Sequence[str], since: float) -> list[str]:
    """Files that were written after a moment: they may have been read half old, half new."""
    left_out = {path.rstrip("/") for path in exclude}
    found: list[str] = []

    def look(entry: Any) -> None:
        with contextlib.suppress(OSError):
            status = entry.stat(follow_symlinks=False)
            if entry.path not in left_out and entry.is_file(follow_symlinks=False) and status.st_ctime >= since:
                found.append(entry.path)

    for top in paths:
        if not os.path.isdir(top):
            with contextlib.suppress(OSError):
                if os.stat(top).st_ctime >= since:
                    found.append(top)
            continue
        waiting = [top]
        while waiting:
            with contextlib.suppress(OSError), os.scandir(waiting.pop()) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        if entry.path not in left_out:
                            waiting.append(entry.path)
                    else:
                        look(entry)
    return sorted(found)
