"""WQL as an enumeration filter carries it: SELECT ... FROM ... WHERE ..., read and tried on rows.

Comparisons do not tell case, a NULL makes every comparison false, and a reference is compared by its class and keys
whatever machine and namespace stand before them.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]
Test = Callable[[Row], bool]

_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?P<number>-?\d+(?:\.\d+)?)|(?P<word>[A-Za-z_]\w*)"""
    r"""|(?P<mark><=|>=|<>|!=|[=<>(),*]))"""
)
_SYMBOLS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_REFERENCE = re.compile(r"^(?:\\\\[^\\]*\\[^:]*:|[^:\"']*:)?(\w+)\.(.+)$")
_PAIR = re.compile(r"""(\w+)=(?:"((?:\\.|[^"\\])*)"|'((?:\\.|[^'\\])*)'|([^,]*))(?:,|$)""")


class WqlError(ValueError):
    """A query that WMI would call invalid."""


@dataclass(frozen=True)
class Reference:
    """The path of an instance, which is what an association holds."""

    class_name: str
    keys: tuple[tuple[str, str], ...]

    def key(self) -> tuple[str, frozenset[tuple[str, str]]]:
        return self.class_name.lower(), frozenset((name.lower(), value.lower()) for name, value in self.keys)


def reference(text: str) -> Reference | None:
    """The reference that a text writes, None when it writes none."""
    found = _REFERENCE.match(text.strip())
    if not found:
        return None
    pairs = tuple((name, _unescape(double or single or bare)) for name, double, single, bare in _PAIR.findall(found[2]))
    return Reference(found[1], pairs) if pairs else None


@dataclass(frozen=True)
class Query:
    """A query that was read: columns (empty for all), properties named in the condition, and the condition."""

    columns: tuple[str, ...]
    class_name: str
    named: tuple[str, ...]
    test: Test


def _unescape(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.named: list[str] = []
        self.at, place, text = 0, 0, text.strip()
        while place < len(text):
            found = _TOKEN.match(text, place)
            if not found or found.lastgroup is None:
                raise WqlError(f"{text[place : place + 20]!r} is not understood")
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> tuple[str, str]:
        token = self.peek()
        self.at += 1
        return token

    def word(self, wanted: str) -> bool:
        """Take a keyword when it is next."""
        kind, text = self.peek()
        if kind == "word" and text.upper() == wanted:
            self.at += 1
            return True
        return False

    def mark(self, wanted: str) -> bool:
        if self.peek() == ("mark", wanted):
            self.at += 1
            return True
        return False

    def name(self) -> str:
        kind, text = self.take()
        if kind != "word":
            raise WqlError(f"a name is expected where {text!r} stands")
        return text

    def columns(self) -> tuple[str, ...]:
        if self.mark("*"):
            return ()
        listed = [self.name()]
        while self.mark(","):
            listed.append(self.name())
        return tuple(listed)

    def either(self) -> Test:
        tests = [self.both()]
        while self.word("OR"):
            tests.append(self.both())
        return tests[0] if len(tests) == 1 else lambda row: any(test(row) for test in tests)

    def both(self) -> Test:
        tests = [self.single()]
        while self.word("AND"):
            tests.append(self.single())
        return tests[0] if len(tests) == 1 else lambda row: all(test(row) for test in tests)

    def single(self) -> Test:
        if self.word("NOT"):
            inner = self.single()
            return lambda row: not inner(row)
        if self.mark("("):
            inner = self.either()
            if not self.mark(")"):
                raise WqlError("a bracket is not closed")
            return inner
        return self.comparison()

    def comparison(self) -> Test:
        kind, text = self.take()
        if kind in ("text", "number"):  # 3 = DriveType
            symbol, name = self.take()[1], self.name()
            return self.compared(name, _MIRRORED.get(symbol, symbol), _literal(kind, text))
        if kind != "word":
            raise WqlError(f"a comparison is expected where {text!r} stands")
        if self.word("IS"):
            negated = self.word("NOT")
            if not self.word("NULL"):
                raise WqlError("IS is followed by NULL or NOT NULL")
            self.named.append(text)
            return lambda row: (row.get(text.lower()) is None) is not negated
        if self.word("LIKE"):
            wanted, pattern = self.take()
            if wanted != "text":
                raise WqlError("LIKE is followed by a text")
            self.named.append(text)
            like = _pattern(_unescape(pattern[1:-1]))
            return lambda row: row.get(text.lower()) is not None and bool(like.fullmatch(str(row[text.lower()])))
        symbol = self.take()[1]
        return self.compared(text, symbol, _literal(*self.take()))

    def compared(self, name: str, symbol: str, wanted: Any) -> Test:
        if symbol not in _SYMBOLS:
            raise WqlError(f"{symbol!r} compares nothing")
        self.named.append(name)
        if wanted is None:  # "= NULL" is taken by WMI as IS NULL
            return lambda row: (row.get(name.lower()) is None) is (symbol == "=")
        return lambda row: _holds(row.get(name.lower()), _SYMBOLS[symbol], wanted)


def _literal(kind: str, text: str) -> Any:
    if kind == "text":
        return _unescape(text[1:-1])
    if kind == "number":
        return float(text) if "." in text else int(text)
    if kind == "word" and text.upper() in ("TRUE", "FALSE", "NULL"):
        return {"TRUE": True, "FALSE": False, "NULL": None}[text.upper()]
    raise WqlError(f"a value is expected where {text!r} stands")


def _pattern(like: str) -> re.Pattern[str]:
    """The pattern of LIKE: % any text, _ one character, [a-z] and [^a-z] sets."""
    parts = re.split(r"(%|_|\[\^?[^\]]+\])", like)
    written = {"%": ".*", "_": "."}
    return re.compile(
        "".join(written.get(part, part if part.startswith("[") else re.escape(part)) for part in parts),
        re.IGNORECASE | re.DOTALL,
    )


def _holds(value: Any, test: Callable[[Any, Any], bool], wanted: Any) -> bool:
    if value is None:
        return False
    if isinstance(value, Reference):
        other = reference(str(wanted))
        return other is not None and test(value.key(), other.key())
    if isinstance(value, list):
        return any(_holds(each, test, wanted) for each in value)
    if isinstance(value, (bool, int)) or isinstance(wanted, (bool, int)):
        try:
            return test(float(value), float(wanted))
        except (TypeError, ValueError):
            return False
    return test(str(value).lower(), str(wanted).lower())


def parse(text: str) -> Query:
    """A query; WqlError when it is none."""
    reader = _Reader(text)
    if not reader.word("SELECT"):
        raise WqlError("a query begins with SELECT")
    columns = reader.columns()
    if not reader.word("FROM"):
        raise WqlError("FROM is missing")
    class_name = reader.name()
    test: Test = lambda row: True  # noqa: E731 -- the empty condition
    if reader.word("WHERE"):
        test = reader.either()
    if reader.peek()[0] != "end":
        raise WqlError(f"{reader.peek()[1]!r} is too much")
    return Query(columns, class_name, tuple(dict.fromkeys(reader.named)), test)
