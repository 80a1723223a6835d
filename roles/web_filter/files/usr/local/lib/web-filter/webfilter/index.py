"""The file that the lists are kept in and asked from: one row for each host and page, with the lists it is in.

SQLite, read-only and immutable once it is in force: whoever asks needs no lock and no right to write, and every process
shares the pages that the system has in memory. A row holds a set of lists as bits; a list belongs to categories.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from webfilter.names import Target, listed_host, page_keys, suffixes

FORMAT = 1
DATABASE = "categories.sqlite"
MANIFEST = "manifest.json"
#: Bits of a signed 64-bit number, the sign left alone.
MOST_LISTS = 62
#: In KiB, negative as PRAGMA cache_size wants; the pages are in the system's memory anyway.
_CACHE = -4096

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE lists (bit INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, source TEXT NOT NULL, domains INTEGER NOT NULL,
                    pages INTEGER NOT NULL);
CREATE TABLE categories (name TEXT NOT NULL, list INTEGER, PRIMARY KEY (name, list)) WITHOUT ROWID;
CREATE TABLE canary (name TEXT PRIMARY KEY, category TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE domains (name TEXT PRIMARY KEY, lists INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE pages (name TEXT PRIMARY KEY, lists INTEGER NOT NULL) WITHOUT ROWID;
"""


class UnusableIndex(Exception):
    """The database is missing, broken or empty; the message says which."""


@dataclass(frozen=True)
class Answer:
    """The categories that hold, that of the longest match first, and where the first of them comes from."""

    categories: tuple[str, ...]
    source: str


def open_read_only(path: str) -> sqlite3.Connection:
    """Open a database that nobody changes any more.

    :raises UnusableIndex: there is none, or it is not one of ours, or it is empty.
    """
    try:
        if not os.path.getsize(path):
            raise UnusableIndex("the database is empty")
        connection = sqlite3.connect(f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise UnusableIndex(f"no database: {getattr(error, 'strerror', None) or error}") from error
    try:
        connection.execute(f"PRAGMA cache_size = {_CACHE}")
        found = dict(connection.execute("SELECT key, value FROM meta").fetchall())
        if found.get("format") != str(FORMAT):
            raise UnusableIndex("a database of another format")
        if not connection.execute("SELECT 1 FROM domains LIMIT 1").fetchone():
            raise UnusableIndex("the database lists nothing")
    except sqlite3.Error as error:
        connection.close()
        raise UnusableIndex(f"the database is broken: {error}") from error
    except UnusableIndex:
        connection.close()
        raise
    return connection


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3f").replace("#", "%23")


class Index:
    """The lists in force."""

    def __init__(self, path: str) -> None:
        """:raises UnusableIndex: the database cannot be used."""
        self._connection = open_read_only(path)
        try:
            lists = self._connection.execute("SELECT bit, name, source FROM lists ORDER BY bit").fetchall()
            rows = self._connection.execute("SELECT list, name FROM categories WHERE list IS NOT NULL").fetchall()
        except sqlite3.Error as error:
            raise UnusableIndex(f"the database is broken: {error}") from error
        self._sources = {bit: source for bit, _, source in lists}
        self._categories: dict[int, list[str]] = {}
        for bit, category in sorted(rows):
            self._categories.setdefault(bit, []).append(category)
        self._answers: dict[int, tuple[tuple[str, ...], str]] = {}

    def ask(self, target: Target) -> Answer | None:
        """The categories of a target; None when it is in no list.

        :raises UnusableIndex: the database broke in the meantime.
        """
        hosts = [target.host] if target.is_address else suffixes(target.host)
        found = self._rows("domains", hosts)
        if pages := page_keys(target):
            found = self._rows("pages", pages) + found
        categories: dict[str, None] = {}
        source = ""
        for mask in found:
            names, origin = self._answer(mask)
            source = source or origin
            categories.update(dict.fromkeys(names))
        return Answer(tuple(categories), source) if categories else None

    def _rows(self, table: str, keys: list[str]) -> list[int]:
        """The sets of lists of those keys that are listed, in the order of the keys."""
        marks = ",".join("?" * len(keys))
        try:
            rows = dict(
                self._connection.execute(f"SELECT name, lists FROM {table} WHERE name IN ({marks})", keys).fetchall()  # noqa: S608
            )
        except sqlite3.Error as error:
            raise UnusableIndex(f"the database is broken: {error}") from error
        return [rows[key] for key in keys if key in rows] if rows else []

    def _answer(self, mask: int) -> tuple[tuple[str, ...], str]:
        """The categories that a set of lists stands for."""
        if mask not in self._answers:
            bits = [bit for bit in range(MOST_LISTS) if mask >> bit & 1]
            names = dict.fromkeys(name for bit in bits for name in self._categories.get(bit, ()))
            self._answers[mask] = (tuple(names), self._sources.get(bits[0], "") if bits else "")
        return self._answers[mask]

    def close(self) -> None:
        """Let the file go."""
        self._connection.close()


@dataclass(frozen=True)
class SiteLists:
    """What the site itself lets through or refuses, before all lists; the longer name wins, and refusal over a tie."""

    allowed: frozenset[str]
    refused: frozenset[str]

    def ask(self, target: Target) -> str | None:
        """ "allowed", "refused", or None."""
        for name in [target.host] if target.is_address else suffixes(target.host):
            if name in self.refused:
                return "refused"
            if name in self.allowed:
                return "allowed"
        return None


def read_site_lists(path: str) -> SiteLists:
    """The site's own lists.

    :raises UnusableIndex: the file is missing or not as the role writes it.
    """
    try:
        with open(path, encoding="utf-8") as file:
            content: Mapping[str, Any] = json.load(file)
        return SiteLists(_names(content["allowed"]), _names(content["refused"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnusableIndex(f"the site's lists cannot be read: {error}") from error


def _names(entries: Iterable[Mapping[str, str]]) -> frozenset[str]:
    return frozenset(listed_host(entry["domain"]) for entry in entries)
