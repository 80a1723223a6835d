"""Make a generation of the database from what the sources gave, keeping the former version of a list that went bad."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass

from webfilter.index import DATABASE, FORMAT, MOST_LISTS, SCHEMA
from webfilter.names import UnreadableName, lines_of, listed_host, listed_page

_TABLES = ("domains", "pages")
_READERS: Mapping[str, Callable[[str], str]] = {"domains": listed_host, "pages": listed_page}
#: A file with more unreadable lines than this, in percent, is no list: a page of an error, or a file cut by a disk.
_MOST_UNREADABLE_PERCENT = 5
_BATCH = 10_000

Files = Mapping[tuple[str, str], Callable[[], Iterator[bytes]]]


class ListError(Exception):
    """A list cannot be used; the message says why."""


@dataclass
class Listed:
    """One list of a generation."""

    name: str
    source: str
    domains: int = 0
    pages: int = 0
    unreadable: int = 0
    #: Why the former version was kept; empty when the source's was taken.
    kept: str = ""


class Build:
    """A database in the making, in a folder that nobody reads yet."""

    def __init__(self, folder: str, previous: str | None, greatest_loss_percent: int) -> None:
        """:param previous: the database in force, which lists are kept from."""
        self.path = os.path.join(folder, DATABASE)
        self._scratch = os.path.join(folder, "scratch.sqlite")
        self._previous = previous
        self._greatest_loss = greatest_loss_percent
        self.lists: dict[str, Listed] = {}
        self._database = sqlite3.connect(self.path, isolation_level=None, uri=True)
        self._do("PRAGMA journal_mode = OFF")
        self._do("PRAGMA synchronous = OFF")
        self._do("PRAGMA cache_size = -32768")
        self._database.executescript(SCHEMA)
        self._do("ATTACH ? AS scratch", self._scratch)
        self._do("PRAGMA scratch.journal_mode = OFF")
        self._do("PRAGMA scratch.synchronous = OFF")
        for table in _TABLES:
            self._do(f"CREATE TABLE scratch.one_{table} (name TEXT NOT NULL)")
            self._do(f"CREATE TABLE scratch.all_{table} (name TEXT NOT NULL, bit INTEGER NOT NULL)")
        if previous:
            self._do("ATTACH ? AS former", f"file:{previous}?mode=ro&immutable=1")

    def _do(self, statement: str, *values: object) -> sqlite3.Cursor:
        return self._database.execute(statement, values)

    def _number(self, statement: str, *values: object) -> int:
        row = self._do(statement, *values).fetchone()
        return int(row[0]) if row and row[0] is not None else 0

    def add(self, name: str, source: str, files: Files | None, *, why: str = "", accept_loss: bool = False) -> Listed:
        """Take a list from its source, or else keep the former version of it.

        :param files: what the source gave, None when it gave nothing; why then says so.
        :raises ListError: neither its source nor the database in force has it.
        """
        listed = Listed(name, source)
        try:
            if files is None:
                raise ListError(why)
            self._load(listed, files)
            self._weigh(listed, accept_loss)
        except (ListError, OSError, EOFError) as error:
            self._keep(listed, str(error))
        self._take(listed)
        return listed

    def add_own(self, category: str, names: Iterable[str]) -> None:
        """A list of the site's own for a category."""
        listed = Listed(f"site/{category}", "site")
        self._fill(listed, "domains", (name.encode() for name in names))
        if listed.unreadable:
            raise ListError(f"{category}: a name of the site's own cannot be read")
        self._take(listed)

    def _load(self, listed: Listed, files: Files) -> None:
        short = listed.name.partition("/")[2]
        kinds = [kind for kind in _TABLES if (short, kind) in files]
        if not kinds:
            raise ListError("the source has no such list")
        lines = sum(self._fill(listed, kind, files[short, kind]()) for kind in kinds)
        if lines and listed.unreadable * 100 > lines * _MOST_UNREADABLE_PERCENT:
            raise ListError(f"{listed.unreadable} of {lines} lines are no names")

    def _fill(self, listed: Listed, kind: str, text: Iterator[bytes]) -> int:
        """Read the names of a file; how many lines it had."""
        self._do(f"DELETE FROM scratch.one_{kind}")  # noqa: S608
        lines, batch = 0, []
        for line in lines_of(text):
            lines += 1
            try:
                batch.append((_READERS[kind](line),))
            except UnreadableName:
                listed.unreadable += 1
            if len(batch) >= _BATCH:
                self._put(kind, batch)
        self._put(kind, batch)
        setattr(listed, kind, self._number(f"SELECT count(DISTINCT name) FROM scratch.one_{kind}"))  # noqa: S608
        return lines

    def _put(self, kind: str, batch: list[tuple[str]]) -> None:
        self._do("BEGIN")
        self._database.executemany(f"INSERT INTO scratch.one_{kind} VALUES (?)", batch)  # noqa: S608
        self._do("COMMIT")
        batch.clear()

    def _weigh(self, listed: Listed, accept_loss: bool) -> None:
        """A list that says nothing, or much less than before, is not believed."""
        if not listed.domains and not listed.pages:
            raise ListError("the list is empty")
        former = self._former(listed.name)
        if former and not accept_loss and listed.domains * 100 < former[1] * (100 - self._greatest_loss):
            raise ListError(f"{listed.domains} domains where there were {former[1]}")

    def _former(self, name: str) -> tuple[int, int, int] | None:
        """Bit, domains and pages of a list in the database in force."""
        if not self._previous:
            return None
        row = self._do("SELECT bit, domains, pages FROM former.lists WHERE name = ?", name).fetchone()
        return (int(row[0]), int(row[1]), int(row[2])) if row else None

    def _keep(self, listed: Listed, why: str) -> None:
        former = self._former(listed.name)
        if not former:
            raise ListError(f"{listed.name}: {why}, and there is no former version to keep")
        listed.kept, listed.unreadable = why, 0
        for kind in _TABLES:
            self._do(f"DELETE FROM scratch.one_{kind}")  # noqa: S608
            self._do(
                f"INSERT INTO scratch.one_{kind} SELECT name FROM former.{kind} WHERE lists & ?"  # noqa: S608
                " AND name NOT IN (SELECT name FROM former.canary)",
                1 << former[0],
            )
            setattr(listed, kind, self._number(f"SELECT count(*) FROM scratch.one_{kind}"))  # noqa: S608

    def _take(self, listed: Listed) -> None:
        bit = len(self.lists)
        if bit >= MOST_LISTS:
            raise ListError(f"more than {MOST_LISTS} lists")
        self.lists[listed.name] = listed
        for kind in _TABLES:
            self._do(
                f"INSERT INTO scratch.all_{kind} SELECT DISTINCT name, ? FROM scratch.one_{kind}",  # noqa: S608
                1 << bit,
            )
            self._do(f"DELETE FROM scratch.one_{kind}")  # noqa: S608
        self._do(
            "INSERT INTO lists VALUES (?, ?, ?, ?, ?)", bit, listed.name, listed.source, listed.domains, listed.pages
        )

    def finish(
        self, categories: Mapping[str, Iterable[str]], canaries: Mapping[str, str]
    ) -> dict[str, dict[str, object]]:
        """Write the rows, sorted, with the canaries in every list of their category; what the lists are."""
        bits = {name: bit for bit, name in enumerate(self.lists)}
        masks: dict[str, int] = {}
        for category, names in categories.items():
            for name in names:
                if name in bits:
                    self._do("INSERT OR IGNORE INTO categories VALUES (?, ?)", category, bits[name])
                    masks[category] = masks.get(category, 0) | 1 << bits[name]
        for name, category in canaries.items():
            if masks.get(category):
                self._do("INSERT INTO canary VALUES (?, ?)", name, category)
        for table in _TABLES:
            # Every pair of name and list is there once: their sum is the set.
            self._do(
                f"INSERT INTO {table} SELECT name, sum(bit) FROM scratch.all_{table}"  # noqa: S608
                " GROUP BY name ORDER BY name"
            )
        for name, category in canaries.items():
            if mask := masks.get(category):
                self._do("INSERT OR REPLACE INTO domains VALUES (?, ?)", name, mask)
        self._do("INSERT INTO meta VALUES ('format', ?)", str(FORMAT))
        self._database.close()
        os.unlink(self._scratch)
        return {name: asdict(listed) for name, listed in self.lists.items()}
