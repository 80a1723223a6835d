"""The INI text that several files of a policy are made of ([MS-GPOL] 2.2.4, [MS-GPSB] 2.2, [MS-GPSCR] 2.2.2).

Order, spelling and repeated keys are kept; comments and blank lines are not, they are no values.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Self

from ansible.module_utils.ad.group_policy import GroupPolicyDataError

Entry = tuple[str, str | None]
Section = tuple[str, tuple[Entry, ...]]
_BLANKS = " \t"
#: Only what Windows takes for the end of a line; str.splitlines would cut at form feeds and Unicode separators too.
_LINE_END = re.compile(r"\r\n|\r|\n")
_ENCODINGS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True)
class Ini:
    """Sections and their entries as they stand in the file; an entry without = has no value."""

    sections: tuple[Section, ...] = ()

    def section(self, name: str) -> tuple[Entry, ...]:
        """The entries of a section, wherever the file repeats it."""
        return tuple(entry for title, entries in self.sections if _same(title, name) for entry in entries)

    def get(self, section: str, key: str) -> str | None:
        """The value of a key, the last one when it is repeated; None when it is not there."""
        found = [value for name, value in self.section(section) if _same(name, key)]
        return found[-1] if found else None

    def replaced(self, section: str, key: str, value: str | None) -> Self:
        """The same with this value, in the place that the key had or at the end of its section."""
        entry, sections, done = (key, value), [], False
        for title, entries in self.sections:
            kept: list[Entry] = []
            for each in entries:
                if not (_same(title, section) and _same(each[0], key)):
                    kept.append(each)
                elif not done:
                    kept.append((each[0], value))
                    done = True
            sections.append((title, tuple(kept)))
        if not done:
            where = next((n for n, (title, _entries) in enumerate(sections) if _same(title, section)), None)
            if where is None:
                sections.append((section, (entry,)))
            else:
                sections[where] = (sections[where][0], (*sections[where][1], entry))
        return replace(self, sections=tuple(sections))

    def without(self, section: str, key: str | None = None) -> Self:
        """The same without a key, or without a whole section."""
        kept = [
            (title, entries if not _same(title, section) else tuple(e for e in entries if key and not _same(e[0], key)))
            for title, entries in self.sections
            if not (key is None and _same(title, section))
        ]
        return replace(self, sections=tuple(kept))


def _same(one: str, other: str) -> bool:
    return one.lower() == other.lower()


def decode(raw: bytes, what: str) -> str:
    """The text of a file: UTF-16 or UTF-8 by its byte order mark, else UTF-8, else ANSI."""
    for mark, encoding in _ENCODINGS:
        if raw.startswith(mark):
            try:
                return raw[len(mark) :].decode(encoding, "surrogatepass")
            except UnicodeDecodeError as error:
                raise GroupPolicyDataError(f"{what} is not {encoding} text", offset=len(mark) + error.start) from error
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines that say something, with their numbers."""
    for number, line in enumerate(_LINE_END.split(text), start=1):
        stripped = line.strip(_BLANKS)
        if stripped and not stripped.startswith(";"):
            yield number, stripped


def divide(line: str) -> Entry:
    """Key and value around the first =."""
    key, equals, value = line.partition("=")
    return (key.rstrip(_BLANKS), value.lstrip(_BLANKS)) if equals else (line, None)


def parse(text: str, what: str, entry: Callable[[str, str], Entry] = lambda _section, line: divide(line)) -> Ini:
    """Sections of a text; ``entry`` divides a line of a section into key and value."""
    sections: list[tuple[str, list[Entry]]] = []
    for number, line in lines(text):
        if line.startswith("["):
            if not line.endswith("]"):
                raise GroupPolicyDataError(f"{what}: section without ]: {line!r:.80}", line=number)
            sections.append((line[1:-1], []))
        elif not sections:
            raise GroupPolicyDataError(f"{what}: a value before any section: {line!r:.80}", line=number)
        else:
            sections[-1][1].append(entry(sections[-1][0], line))
    return Ini(tuple((title, tuple(entries)) for title, entries in sections))


def plain(entry: Entry) -> str:
    """key=value, or the key alone."""
    key, value = entry
    return key if value is None else f"{key}={value}"


def write(sections: Iterable[Section], what: str, line: Callable[[str, Entry], str]) -> str:
    """The text of these sections, lines ended as Windows does."""
    written = []
    for title, entries in sections:
        written.append(f"[{title}]")
        written.extend(line(title, entry) for entry in entries)
    for each in written:
        if "\r" in each or "\n" in each:
            raise GroupPolicyDataError(f"{what}: a line break would cut {each!r:.80} in two")
    return "".join(f"{each}\r\n" for each in written)


def check(wanted: Ini, read_back: Ini, what: str) -> None:
    """Refuse to write what would be read back as something else: a key holding =, a value with blanks at an end..."""
    if read_back.sections == wanted.sections:
        return
    if len(read_back.sections) == len(wanted.sections):
        for (title, entries), (_title, found) in zip(wanted.sections, read_back.sections, strict=True):
            for entry in entries:
                if entry not in found:
                    raise GroupPolicyDataError(f"{what}: [{title}] cannot hold {entry!r:.120}")
    raise GroupPolicyDataError(f"{what}: a section or a key has a name that cannot be written")
