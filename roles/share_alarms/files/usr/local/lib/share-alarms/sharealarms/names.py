"""The list of suspicious names: fetched, checked, and put in force in one step. A worse list never replaces a good one."""

from __future__ import annotations

import contextlib
import fnmatch
import hashlib
import os
import re
import ssl
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from hostlib import Tell, read_state, replace_file, settle

from sharealarms.settings import Settings
from sharealarms.state import changed_state

_LARGEST = 1 << 20
_SECONDS = 30
_DAY = 24 * 3600
#: A pattern names something: with a star alone everything would vanish from the shares.
_PATTERN = re.compile(r"[^/\\\x00-\x1f;#\"%]{3,120}")
_NOTHING_SAID = re.compile(r"[*?.]*")
#: What people work with. A list that refuses it is wrong, whoever publishes it.
_HARMLESS = (
    "facture.pdf", "lettre.docx", "compte.xlsx", "photo.jpg", "notes.txt", "plan.odt", "archive.zip", "page.html",
    "export.csv", "courrier.msg", "presentation.pptx", "desktop.ini", "thumbs.db", "~$lettre.docx", "a1b2c3d4.tmp",
    "image.png", "base.accdb", "dossier", "nouveau dossier", "garant-essai-0.txt", ".corbeille",
)  # fmt: skip


class ListError(Exception):
    """A list cannot be used; the message says which and why."""


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether any part of a path has a suspicious name, as the server sees it: capitals do not count."""
    parts = [part.casefold() for part in re.split(r"[/\\]", name) if part]
    return any(fnmatch.fnmatchcase(part, pattern.casefold()) for pattern in patterns for part in parts)


def read_list(text: str, origin: str) -> list[str]:
    """The patterns of a list, a line each; what follows # is a comment.

    :raises ListError: a line is no pattern, or refuses what people work with.
    """
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        pattern = line.partition("#")[0].strip()
        if not pattern:
            continue
        if not _PATTERN.fullmatch(pattern) or _NOTHING_SAID.fullmatch(pattern) or "[" in pattern:
            raise ListError(f"{origin}, line {number}: {pattern[:40]!r} is no name or pattern")
        if harmless := next((name for name in _HARMLESS if matches(name, [pattern])), None):
            raise ListError(f"{origin}, line {number}: {pattern!r} would refuse {harmless!r}")
        found.append(pattern)
    if not found:
        raise ListError(f"{origin}: empty")
    return found


def _fetched(url: str, certificates: str) -> str:
    parts = urllib.parse.urlsplit(url)
    try:
        if parts.scheme == "file":
            with open(urllib.parse.unquote(parts.path), "rb") as file:
                content = file.read(_LARGEST + 1)
        elif parts.scheme in ("http", "https"):
            handlers: list[urllib.request.BaseHandler] = [urllib.request.ProxyHandler({})]
            if parts.scheme == "https":
                handlers.append(
                    urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=certificates or None))
                )
            with urllib.request.build_opener(*handlers).open(url, timeout=_SECONDS) as answer:
                content = answer.read(_LARGEST + 1)
                expected = answer.headers.get("Content-Length")
                if expected and int(expected) != len(content):
                    raise ListError(f"{url}: cut short")
        else:
            raise ListError(f"{url}: only file, http and https are known")
        if len(content) > _LARGEST:
            raise ListError(f"{url}: too large for a list")
        return content.decode("utf-8")
    except (OSError, urllib.error.URLError, UnicodeError, ValueError) as error:
        raise ListError(f"{url}: {getattr(error, 'reason', error)}") from error


def update(settings: Settings, tell: Tell) -> tuple[list[str], bool]:
    """Bring the list in force in line with the site's own names and the sources; what is wrong, and whether it changed.

    A source that fails, or lost too much at once, keeps what it gave the last time.
    """
    wrong: list[str] = []
    sources: dict[str, dict[str, Any]] = {}
    own = read_list("\n".join(settings.names), "the site's own list") if settings.names else []
    kept: Mapping[str, Any] = read_state(settings.folder).get("names", {}).get("sources", {})
    for url in settings.sources:
        former = kept.get(url, {})
        before = list(former.get("patterns", []))
        try:
            given = sorted(set(read_list(_fetched(url, settings.certificates), url)))
            lost = len(set(before) - set(given)) * 100
            if before and lost > settings.greatest_loss_percent * len(before):
                raise ListError(f"{url}: lost {lost // len(before)} % of its names at once")
            sources[url] = {"patterns": given, "fetched_at": int(time.time())}
        except ListError as error:
            wrong.append(f"{error}; the former list is kept")
            sources[url] = {"patterns": before, "fetched_at": former.get("fetched_at")}
            if time.time() - (former.get("fetched_at") or 0) > settings.names_at_most_days * _DAY:
                wrong.append(f"{url}: nothing usable for {settings.names_at_most_days} days")
    patterns = sorted({*own, *(one for each in sources.values() for one in each["patterns"])})
    if not patterns:
        wrong.append("no suspicious name is known: nothing is refused")
    with changed_state(settings.folder) as state:
        cut = sorted(state.get("cut", {}))
        changed = put_in_force(settings, patterns, cut)
        state["names"] = {
            "count": len(patterns),
            "sources": sources,
            "updated_at": int(time.time()),
            "patterns": patterns,
        }
        settle(state, "names", wrong, tell)
    return wrong, changed


def rendered(settings: Settings, patterns: Sequence[str], cut: Sequence[str]) -> str:
    """What smb.conf takes in. The trace is what shows a refused name: Samba's audit module never sees one."""
    digest = hashlib.sha256("\n".join(patterns).encode()).hexdigest()[:16]
    lines = [
        f"# Written by share-alarms; list {digest}.",
        f"    veto files = /{'/'.join(patterns)}/" if patterns else "    # no list yet",
        "    delete veto files = no",
        f"    log level = 1 smb2:10@{settings.trace_file}",
        "    max log size = 20000",
        *([f"    hosts deny = {' '.join(cut)}"] if cut else []),
    ]
    return "\n".join(lines) + "\n"


def put_in_force(settings: Settings, patterns: Sequence[str], cut: Sequence[str]) -> bool:
    """Write the settings when they differ, and have smbd read them; whether they differed."""
    content = rendered(settings, patterns, cut)
    try:
        with open(settings.samba_file, encoding="utf-8") as file:
            if file.read() == content:
                return False
    except OSError:
        pass
    os.makedirs(os.path.dirname(settings.samba_file), exist_ok=True)
    replace_file(settings.samba_file, content, 0o644)
    # Not there before the server is first started: it reads the file then.
    tell_samba("reload-config")
    return True


def tell_samba(*words: str) -> None:
    """Have smbd do something; what it is too busy to hear must not end whoever says it."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run(["smbcontrol", "smbd", *words], check=False, capture_output=True, timeout=_SECONDS)
