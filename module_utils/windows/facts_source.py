"""What facts are read from: rows of WMI and values of the registry, each asked for once and remembered with its refusal."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Protocol, TypeVar

from ansible.module_utils.windows.facts_queries import QUERIES
from ansible.module_utils.wsman import faults
from ansible.module_utils.wsman.answers import Row, listed
from ansible.module_utils.wsman.client import MACHINE, USERS, WrongTypeError
from ansible.module_utils.wsman.faults import FaultError

Given = TypeVar("Given")
#: Accounts of people, in the domain or on the machine ([MS-DTYP] 2.4.2.4), and those of Microsoft's cloud.
_PERSON = re.compile(r"^S-1-(?:5-21|12-1)-[\d-]+$")


class UnreadError(Exception):
    """A fact that cannot be told; the message says why."""


class Asked(Protocol):
    """What a machine is asked through; wsman.client.Client is one."""

    def rows(self, namespace: str, wql: str) -> list[Row]: ...

    def instance(self, resource: str, keys: Mapping[str, str]) -> Row: ...

    def value(self, kind: str, key: str, name: str, hive: int = MACHINE) -> Any: ...

    def keys(self, key: str, hive: int = MACHINE) -> list[str] | None: ...

    def values(self, key: str, hive: int = MACHINE) -> list[str] | None: ...

    def listings(self, *wanted: str) -> dict[str, tuple[str, int | None]]: ...


class Source:
    """One machine, asked no question twice."""

    def __init__(self, client: Asked, now: datetime) -> None:
        self.client, self.now = client, now
        self._kept: dict[tuple[Any, ...], Any] = {}

    def once(self, key: tuple[Any, ...], ask: Callable[[], Given]) -> Given:
        """What was answered before, refusals included."""
        if key not in self._kept:
            try:
                self._kept[key] = ask()
            except (FaultError, UnreadError, WrongTypeError) as error:
                self._kept[key] = error
        kept = self._kept[key]
        if isinstance(kept, Exception):
            raise kept
        return kept

    def rows(self, name: str) -> list[Row]:
        """The rows of a question of QUERIES, in the words that this release of Windows understands."""
        return self.once(("rows", name), lambda: self._first_understood(name))

    def _first_understood(self, name: str) -> list[Row]:
        *older, last = QUERIES[name]
        for namespace, wql in older:
            try:
                return self.client.rows(namespace, wql)
            except FaultError as error:
                if error.fault.kind not in (faults.BAD_QUERY, faults.NOT_HERE):
                    raise
        return self.client.rows(*last)

    def row(self, name: str) -> Row:
        """The only row of a question.

        :raises UnreadError: there is none.
        """
        rows = self.rows(name)
        if not rows:
            raise UnreadError(f"Windows lists no {name}")
        return rows[0]

    def number(self, key: str, name: str, hive: int = MACHINE) -> int | None:
        """A number of the registry, also where it was written as text; None when it is not there."""
        try:
            value = self._value("DWORD", key, name, hive)
        except WrongTypeError:
            value = self._value("String", key, name, hive)
        return None if value is None else whole(value, name)

    def text(self, key: str, name: str, hive: int = MACHINE) -> str | None:
        """A text of the registry, also where it was written as a number; None when it is not there."""
        try:
            value = self._value("String", key, name, hive)
        except WrongTypeError:
            value = self._value("DWORD", key, name, hive)
        return None if value is None else str(value)

    def lines(self, key: str, name: str, hive: int = MACHINE) -> list[str]:
        """A text of the registry written as one value or as a list of lines; nothing when it is not there."""
        try:
            value = self._value("String", key, name, hive)
        except WrongTypeError:
            value = self._value("MultiString", key, name, hive)
        return [str(line) for line in listed(value)]

    def _value(self, kind: str, key: str, name: str, hive: int) -> Any:
        known = self._kept.get(("values", key, hive))
        if isinstance(known, frozenset) and name.lower() not in known:
            return None
        return self.once(("value", kind, key, name, hive), lambda: self.client.value(kind, key, name, hive))

    def names(self, key: str, hive: int = MACHINE) -> frozenset[str]:
        """Names of the values of a key in small letters; after it, what is not there costs no message."""
        return self.once(
            ("values", key, hive),
            lambda: frozenset(name.lower() for name in self.client.values(key, hive) or ()),
        )

    def keys(self, key: str, hive: int = MACHINE) -> list[str] | None:
        """Names of the keys below a key, None when it is not there."""
        return self.once(("keys", key, hive), lambda: self.client.keys(key, hive))

    def loaded(self) -> list[str]:
        """SIDs of the people whose session is open, or whose settings are loaded for another reason."""
        return sorted(name for name in self.keys("", USERS) or () if _PERSON.match(name))

    def people(self) -> list[str]:
        """The same where somebody's settings are wanted.

        :raises UnreadError: nobody's are loaded.
        """
        found = self.loaded()
        if not found:
            raise UnreadError("nobody's session is open, and these settings are those of a person")
        return found


def given(row: Mapping[str, Any], name: str) -> Any:
    """A property that has to be there.

    :raises UnreadError: it is not, or null.
    """
    if row.get(name) in (None, ""):
        raise UnreadError(f"Windows leaves {name} empty")
    return row[name]


def whole(value: Any, name: str) -> int:
    """A whole number from its text."""
    try:
        return int(str(value).strip(), 0)
    except ValueError as error:
        raise UnreadError(f"{name} is no number: {str(value)[:40]!r}") from error


def integer(row: Mapping[str, Any], name: str) -> int:
    """A property that is a whole number."""
    return whole(given(row, name), name)


def truth(row: Mapping[str, Any], name: str) -> bool:
    """A property that is true or false."""
    text = str(given(row, name)).lower()
    if text not in ("true", "false", "1", "0"):
        raise UnreadError(f"{name} is neither true nor false: {text[:40]!r}")
    return text in ("true", "1")


def moment(row: Mapping[str, Any], name: str) -> datetime:
    """A property that is a date with its time; without an offset it is taken for UTC."""
    text = str(given(row, name))
    try:
        read = datetime.fromisoformat(text)
    except ValueError as error:
        raise UnreadError(f"{name} is no date: {text[:40]!r}") from error
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def patch_days(texts: list[str]) -> list[date]:
    """Days of Win32_QuickFixEngineering: month/day/year whatever the language, or a FILETIME in hexadecimal.

    A list of which one entry can only be day/month/year is read so throughout.

    :raises UnreadError: an entry is neither, or the entries contradict each other.
    """
    days, parts = [], []
    for text in filter(None, (each.strip() for each in texts)):
        if re.fullmatch(r"[0-9a-fA-F]{16}", text):
            days.append(date.fromtimestamp(int(text, 16) / 10_000_000 - 11_644_473_600))
        elif found := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?", text):
            parts.append((int(found[1]), int(found[2]), int(found[3])))
        else:
            raise UnreadError(f"InstalledOn is no date: {text[:40]!r}")
    day_first = any(first > 12 for first, _, _ in parts)
    try:
        days += [date(year, second, first) if day_first else date(year, first, second) for first, second, year in parts]
    except ValueError as error:
        raise UnreadError(f"the dates of InstalledOn contradict each other: {error}") from error
    return days
