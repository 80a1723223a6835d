"""A rendered page, taken apart."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

_VOID = {"meta", "br", "rect", "circle", "path", "line", "use", "link", "img", "hr"}


class Page(HTMLParser):
    """Tags that balance, ids, links, headings and the text that a reader sees."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.headings: list[int] = []
        self.texts: list[str] = []
        self.foreign: list[str] = []
        self._foreign_since: int | None = None
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags[tag] += 1
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if "href" in given:
            self.links.append(str(given["href"]))
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag not in _VOID:
            if given.get("lang") == "fr" and tag != "html":
                self._foreign_since = len(self.open)
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag
            if self._foreign_since == len(self.open):
                self._foreign_since = None

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            (self.texts if self._foreign_since is None else self.foreign).append(data)

    @property
    def text(self) -> str:
        """What is read, in the language of the page, with plain spaces."""
        return plain(" ".join(self.texts))


def plain(said: str) -> str:
    return " ".join(said.split())
