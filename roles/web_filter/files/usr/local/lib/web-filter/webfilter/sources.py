"""Fetch what a source gives, and read lists out of it without ever unpacking it: nothing it names becomes a path here."""

from __future__ import annotations

import hashlib
import os
import posixpath
import ssl
import tarfile
import urllib.error
import urllib.parse
import urllib.request
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO

from webfilter.settings import Settings, Source

#: A list's files in the format of the Université Toulouse Capitole; "expressions" are not used.
KINDS = {"domains": "domains", "urls": "pages"}
_BLOCK = 1 << 20
#: A list unpacks to about four times its archive; what unpacks to more than this is no list.
_GREATEST_GROWTH = 60
_MOST_MEMBERS = 20_000
#: hashlib's name by the length of a digest in hexadecimal.
_DIGESTS = {32: "md5", 40: "sha1", 64: "sha256", 128: "sha512"}


class SourceError(Exception):
    """The source gave nothing that can be used; the message says what."""


@dataclass(frozen=True)
class Given:
    """What a source gave: its lists' files, when the newest was written there, and a digest of all of it."""

    #: By list and kind, how to read that file.
    files: dict[tuple[str, str], Callable[[], Iterator[bytes]]]
    published: int | None
    digest: str


@contextmanager
def given_by(source: Source, settings: Settings, folder: str) -> Iterator[Given]:
    """Fetch a source into a folder of our own and look what is in it.

    :raises SourceError: it cannot be fetched, is cut short, broken, or names paths that leave its own folder.
    """
    try:
        if source.form == "archive":
            path = os.path.join(folder, f"{source.name}.archive")
            digest = _fetch(source.url, path, settings)
            _compare(source, path, settings)
            with tarfile.open(path, "r:*") as archive:
                files, published = _members(archive, settings.largest_download_bytes * _GREATEST_GROWTH)
                yield Given(files, published, digest)
        else:
            yield _folder(source, settings, folder)
    except (tarfile.TarError, EOFError, zlib.error, OSError, UnicodeError) as error:
        raise SourceError(f"{source.url}: broken or cut short: {error}") from error


def _fetch(url: str, path: str, settings: Settings) -> str:
    """Copy a file from its address; its SHA-256."""
    digest, size = hashlib.sha256(), 0
    try:
        with _opened(url, settings) as (incoming, expected), open(path, "wb") as kept:
            while block := incoming.read(_BLOCK):
                size += len(block)
                if size > settings.largest_download_bytes:
                    raise SourceError(f"{url}: more than {settings.largest_download_bytes} bytes")
                digest.update(block)
                kept.write(block)
    except (urllib.error.URLError, ValueError) as error:
        raise SourceError(f"{url}: cannot be fetched: {getattr(error, 'reason', error)}") from error
    if expected is not None and size != expected:
        raise SourceError(f"{url}: {size} bytes came of {expected}")
    if not size:
        raise SourceError(f"{url}: empty")
    return digest.hexdigest()


@contextmanager
def _opened(url: str, settings: Settings) -> Iterator[tuple[IO[bytes], int | None]]:
    parts = urllib.parse.urlsplit(url)
    if parts.scheme == "file":
        path = urllib.parse.unquote(parts.path)
        with open(path, "rb") as file:
            yield file, os.fstat(file.fileno()).st_size
        return
    if parts.scheme not in ("http", "https"):
        raise SourceError(f"{url}: only file, http and https are known")
    context = ssl.create_default_context(cafile=settings.certificates or None) if parts.scheme == "https" else None
    # No proxy: the lists do not come through the filter that they are for.
    handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
    if context:
        handlers.append(urllib.request.HTTPSHandler(context=context))
    with urllib.request.build_opener(*handlers).open(url, timeout=settings.timeout_seconds) as answer:
        length = answer.headers.get("Content-Length")
        yield answer, int(length) if length else None


def _compare(source: Source, path: str, settings: Settings) -> None:
    """Compare an archive with the digest that the source publishes beside it, when it does."""
    if not source.digests_url:
        return
    listed = f"{path}.digests"
    _fetch(source.digests_url, listed, settings)
    name = posixpath.basename(urllib.parse.urlsplit(source.url).path)
    with open(listed, encoding="ascii", errors="replace") as file:
        wanted = next((line.split()[0] for line in file if line.split()[1:2] in ([name], [f"*{name}"])), "")
    if len(wanted) not in _DIGESTS:
        raise SourceError(f"{source.digests_url}: has no digest of {name}")
    with open(path, "rb") as file:
        if hashlib.file_digest(file, _DIGESTS[len(wanted)]).hexdigest() != wanted.lower():
            raise SourceError(f"{source.url}: not what {source.digests_url} says")


def _members(
    archive: tarfile.TarFile, largest: int
) -> tuple[dict[tuple[str, str], Callable[[], Iterator[bytes]]], int | None]:
    """The lists' files of an archive. It is refused as a whole when anything in it points out of it."""
    files: dict[tuple[str, str], Callable[[], Iterator[bytes]]] = {}
    aliases: dict[str, str] = {}
    size = count = published = 0
    for member in archive:
        parts = _parts(member.name)
        count, size = count + 1, size + member.size
        if count > _MOST_MEMBERS or size > largest:
            raise SourceError(f"{archive.name}: unpacks to more than a list can be")
        if member.issym() or member.islnk():
            start = "" if member.islnk() else posixpath.dirname(member.name)
            aliases[parts[-1]] = _parts(posixpath.normpath(posixpath.join(start, member.linkname)))[-1]
        elif member.isfile():
            if len(parts) in (2, 3) and parts[-1] in KINDS:
                files[parts[-2], KINDS[parts[-1]]] = _reader(archive, member)
                published = max(published, int(member.mtime))
        elif not member.isdir():
            raise SourceError(f"{member.name}: neither a file nor a folder")
    for alias, target in aliases.items():
        for (name, kind), read in list(files.items()):
            if name == target:
                files.setdefault((alias, kind), read)
    return files, published or None


def _parts(name: str) -> list[str]:
    """The parts of a path inside an archive.

    :raises SourceError: it would leave the archive's own folder.
    """
    parts = [part for part in name.split("/") if part not in ("", ".")]
    if name.startswith("/") or ".." in parts or (not parts and name not in (".", "./", "")):
        raise SourceError(f"{name!r}: a path that leaves the archive")
    return parts or ["."]


def _reader(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        file = archive.extractfile(member)
        assert file is not None  # noqa: S101  # it is a file, said above
        return iter(file)

    return read


def _folder(source: Source, settings: Settings, folder: str) -> Given:
    """The wanted lists of a folder, copied file by file; a list that has no file of pages has none."""
    files: dict[tuple[str, str], Callable[[], Iterator[bytes]]] = {}
    whole = hashlib.sha256()
    missed: list[str] = []
    for wanted in sorted(name for name, origin in settings.lists.items() if origin == source.name):
        name = wanted.partition("/")[2]
        for file, kind in KINDS.items():
            path = os.path.join(folder, f"{source.name}.{name}.{kind}")
            try:
                digest = _fetch(f"{source.url.rstrip('/')}/{urllib.parse.quote(name)}/{file}", path, settings)
            except (SourceError, OSError) as error:
                missed.append(str(error))
                continue
            whole.update(f"{name} {kind} {digest}\n".encode())
            files[name, kind] = _lines_of_file(path)
    if not files:
        raise SourceError(missed[0] if missed else f"{source.url}: no list of it is wanted")
    return Given(files, None, whole.hexdigest())


def _lines_of_file(path: str) -> Callable[[], Iterator[bytes]]:
    def read() -> Iterator[bytes]:
        with open(path, "rb") as file:
            yield from file

    return read
