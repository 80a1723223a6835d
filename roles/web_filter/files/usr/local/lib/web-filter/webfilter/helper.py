"""What Squid asks: a line for each request, with the number of its channel, answered in the order it came.

The protocol is Squid's for external ACL helpers (https://wiki.squid-cache.org/Features/AddonHelpers#Access_Control):
"12 http://www.example.test/ -" is answered by "12 OK category_=hate list_=toulouse". OK means that the lists were asked,
whatever they say. Anything else means that Squid must refuse: ERR, the target cannot be read; BH, the lists cannot.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar

from webfilter.index import DATABASE, Answer, Index, SiteLists, UnusableIndex, read_site_lists
from webfilter.names import UnreadableName, read_target

CURRENT = "/var/lib/web-filter/current"
SITE_LISTS = "/etc/web-filter/site.json"
#: A line longer than any URL that Squid takes is not a request.
_LONGEST_LINE = 1 << 16

Stamp = tuple[int, int, int, int]
Thing = TypeVar("Thing")


def _stamp(path: str) -> Stamp | None:
    """What changes when a file is another one."""
    try:
        state = os.stat(path)
    except OSError:
        return None
    return state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns


class Helper:
    """Answers lines. Looks before each batch whether the lists in force are still the same."""

    def __init__(self, current: str = CURRENT, site_lists: str | None = SITE_LISTS) -> None:
        """:param site_lists: None to ask the database alone."""
        self._database = os.path.join(current, DATABASE)
        self._site_file = site_lists
        self._index: Index | None = None
        self._site = None if site_lists else SiteLists(frozenset(), frozenset())
        self._index_stamp: Stamp | None = None
        self._site_stamp: Stamp | None = None
        self._why: dict[str, str] = {}
        self.look()

    def look(self) -> None:
        """Take up the lists in force when they changed, or could not be read before."""
        stamp = _stamp(self._database)
        if self._index is None or stamp != self._index_stamp:
            self._drop()
            self._index_stamp = stamp
            self._index = self._read("index", lambda: Index(self._database))
        if path := self._site_file:
            stamp = _stamp(path)
            if self._site is None or stamp != self._site_stamp:
                self._site_stamp = stamp
                self._site = self._read("site", lambda: read_site_lists(path))

    def _read(self, what: str, how: Callable[[], Thing]) -> Thing | None:
        self._why.pop(what, None)
        try:
            return how()
        except UnusableIndex as error:
            self._why[what] = str(error)
            return None

    def _drop(self) -> None:
        if self._index:
            self._index.close()
        self._index = None

    def answer(self, line: str) -> str:
        """The answer to one line, without its end."""
        channel, _, rest = line.partition(" ")
        if not channel.isascii() or not channel.isdigit():
            channel, rest = "", line
        asked = rest.split(" ", 1)[0]
        return f"{channel} {self._said(asked)}".lstrip()

    def _said(self, asked: str) -> str:
        if self._index is None or self._site is None:
            return _broken("; ".join(self._why.values()))
        try:
            target = read_target(asked)
            if verdict := self._site.ask(target):
                return f"OK category_={verdict} list_=site"
            return _listed(self._index.ask(target))
        except UnreadableName as error:
            return f"ERR category_=malformed message={_word(error)}"
        except UnusableIndex as error:
            self._why["index"] = str(error)
            self._drop()
            return _broken(str(error))

    def serve(self, incoming: int, outgoing: int) -> None:
        """Answer until there is nothing more to read. Lines that came together are answered together."""
        waiting = b""
        while data := os.read(incoming, _LONGEST_LINE):
            *lines, waiting = (waiting + data).split(b"\n")
            if len(waiting) > _LONGEST_LINE:
                raise SystemExit("a line without an end")
            if lines:
                self.look()
                said = "".join(f"{self.answer(line.decode('utf-8', 'surrogateescape'))}\n" for line in lines)
                _write_all(outgoing, said.encode("ascii", "replace"))


def _write_all(outgoing: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(outgoing, view) :]


def _listed(answer: Answer | None) -> str:
    if answer is None:
        return "OK category_=none"
    return f"OK category_={','.join(answer.categories)} list_={answer.source}"


def _broken(why: str) -> str:
    return f"BH message={_word(why)}"


def _word(text: object) -> str:
    """A text as one value of the protocol."""
    kept = "".join(letter if letter.isprintable() and letter not in '"\\' else " " for letter in str(text))
    return f'"{kept}"'
