"""The file of employees as text: encoding, delimiter, columns, and how each cell is understood.

A cell that cannot be understood is a problem with its line, never an exception, so that all of them are told at once.
"""

from __future__ import annotations

import csv
import difflib
import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ansible.module_utils.ad.naming import Identity, fold, why_unusable

COLUMNS = (
    "last_name", "first_name", "department", "job", "manager", "mail", "starts_on", "leaves_on", "laptop", "vpn",
    "contract",
)  # fmt: skip
CONTRACTS = ("permanent", "temporary", "apprentice")
_YEARS = range(1940, 2101)
_LONGEST_CELL = 256
#: [MS-ADA1] and [MS-ADA3]: sn, givenName and title.
_LONGEST_NAME = 64
_LONGEST_JOB = 128
_LOCAL = r"[a-z0-9]+(?:[._+-][a-z0-9]+)*"
MAIL = re.compile(rf"(?=[^@]{{1,64}}@){_LOCAL}@(?:[a-z0-9](?:[a-z0-9-]{{0,61}}[a-z0-9])?\.)+[a-z]{{2,63}}")

Problem = tuple[int, str]
Draft = dict[str, Any]


class EmployeeFileError(Exception):
    """The file is refused; .problems lists every (line, reason), str() says them one a line."""

    def __init__(self, path: str | Path, problems: Iterable[Problem]) -> None:
        self.path = str(path)
        self.problems = sorted(set(problems))
        super().__init__(
            "\n".join(f"{path}:{line}: {reason}" if line else f"{path}: {reason}" for line, reason in self.problems)
        )


def parse_file(path: str | Path, departments: Mapping[str, Mapping[str, Any]], problems: list[Problem]) -> list[Draft]:
    """One draft for each line that is not blank, with None for what could not be understood; problems are added."""
    names = [fold(str(department["name"])) for department in departments.values()]
    alike = sorted({name for name in names if not name or names.count(name) > 1})
    if alike:
        problems.append((0, f"several departments of the site read '{alike[0]}'; give each a name of its own"))
    return _parse(_lines(path), _parsers(departments), problems, path)


def _lines(path: str | Path) -> list[str]:
    """The physical lines; a person never spans two of them."""
    try:
        data = Path(path).read_bytes()
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise EmployeeFileError(path, [(0, f"cannot be read: {why}")]) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = len(re.findall(rb"\r\n|\r|\n", data[: error.start])) + 1
        reason = f"is not UTF-8 (byte 0x{data[error.start]:02x}); in Excel, save as 'CSV UTF-8 (delimited by commas)'"
        raise EmployeeFileError(path, [(line, reason)]) from None
    if not text.strip():
        raise EmployeeFileError(path, [(1, f"the file is empty; its first line must be {','.join(COLUMNS)}")])
    return re.split(r"\r\n|\r|\n", text)


def _parse(
    lines: list[str], parsers: Mapping[str, Callable[[str], Any]], problems: list[Problem], path: str | Path
) -> list[Draft]:
    delimiter = max(",;", key=lines[0].count)
    try:
        header = _cells(lines[0], delimiter)
    except ValueError as error:
        raise EmployeeFileError(path, [(1, str(error))]) from None
    problems.extend((1, reason) for reason in _wrong_columns(header))
    if not set(header) & set(COLUMNS):
        raise EmployeeFileError(path, problems)
    drafts: list[Draft] = []
    for line, text in enumerate(lines[1:], start=2):
        if text.strip(f" {delimiter}"):
            row: dict[str, str] = {}
            try:
                row = _row(text, delimiter, header)
            except ValueError as error:
                problems.append((line, str(error)))
            drafts.append(_draft(line, row, parsers, problems))
    if not drafts:
        problems.append((1, "lists nobody; an empty list would close every account, so it is refused"))
    return drafts


def _row(text: str, delimiter: str, header: list[str]) -> dict[str, str]:
    cells = _cells(text, delimiter)
    if len(cells) != len(header):
        raise ValueError(
            f"has {len(cells)} fields, the first line has {len(header)}; a value that holds a '{delimiter}' must be "
            "in double quotes"
        )
    return dict(zip(header, cells, strict=True))


def _cells(text: str, delimiter: str) -> list[str]:
    """The trimmed cells of one line."""
    hidden = sorted({c for c in text if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Zl", "Zp"}})
    if hidden:
        shown = ", ".join(f"U+{ord(character):04X}" for character in hidden[:5])
        raise ValueError(f"holds invisible control characters ({shown}); type the value again")
    try:
        return [cell.strip() for cell in next(csv.reader([text], delimiter=delimiter, strict=True), [])]
    except csv.Error as error:
        raise ValueError(f"double quotes do not match ({error}); a value starts and ends on its line") from None


def _wrong_columns(header: list[str]) -> Iterable[str]:
    missing = [column for column in COLUMNS if column not in header]
    for column in sorted(set(header) - set(COLUMNS)):
        yield f"unknown column '{column[:_LONGEST_NAME]}'" + perhaps(column, missing)
    for column in missing:
        yield f"missing column '{column}'; the columns are {','.join(COLUMNS)}"
    for column in sorted({column for column in header if header.count(column) > 1 and column in COLUMNS}):
        yield f"column '{column}' is there twice"


def _draft(
    line: int, row: Mapping[str, str], parsers: Mapping[str, Callable[[str], Any]], problems: list[Problem]
) -> Draft:
    draft: Draft = {"line": line, **dict.fromkeys(COLUMNS)}
    for column, parse in parsers.items():
        if column in row:
            try:
                if len(row[column]) > _LONGEST_CELL:
                    raise ValueError(f"is longer than {_LONGEST_CELL} characters")
                draft[column] = parse(row[column])
            except ValueError as error:
                problems.append((line, f"{column}: {error}"))
    starts_on, leaves_on = draft["starts_on"], draft["leaves_on"]
    if starts_on and leaves_on and leaves_on < starts_on:
        problems.append((line, f"leaves_on: {leaves_on} is before the first day, {starts_on}"))
    if draft["last_name"] and draft["first_name"]:
        draft["identity"] = Identity(line, draft["last_name"], draft["first_name"], starts_on or date.max)
    return draft


def _parsers(departments: Mapping[str, Mapping[str, Any]]) -> dict[str, Callable[[str], Any]]:
    """How each column is understood; a parser raises ValueError with the reason."""
    ids = {fold(str(department["name"])): identifier for identifier, department in departments.items()}
    names = [str(department["name"]) for department in departments.values()]
    return {
        "last_name": _name,
        "first_name": _name,
        "department": functools.partial(_department, ids, names),
        "job": _job,
        "manager": _mail,
        "mail": _mail,
        "starts_on": _date,
        "leaves_on": lambda text: _date(text) if text else None,
        "laptop": _yes_no,
        "vpn": _yes_no,
        "contract": functools.partial(_one_of, CONTRACTS),
    }


def _name(text: str) -> str:
    if not text:
        raise ValueError("is empty")
    reason = why_unusable(text)
    if reason:
        raise ValueError(f"'{text}': {reason}")
    if len(text) > _LONGEST_NAME:
        raise ValueError(f"has {len(text)} characters, the directory keeps {_LONGEST_NAME}")
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _job(text: str) -> str:
    if len(text) > _LONGEST_JOB:
        raise ValueError(f"has {len(text)} characters, the directory keeps {_LONGEST_JOB}")
    return text


def _department(ids: Mapping[str, str], names: list[str], text: str) -> str:
    if not text:
        raise ValueError(f"is empty; it is one of {', '.join(names)}")
    if fold(text) not in ids:
        raise ValueError(
            f"unknown department '{text}'" + (perhaps(text, names) or f"; it is one of {', '.join(names)}")
        )
    return ids[fold(text)]


def _mail(text: str) -> str | None:
    if text and not MAIL.fullmatch(text.lower()):
        raise ValueError(f"'{text}' is not a mail address like prenom.nom@example.com")
    return text.lower() or None


def _date(text: str) -> date:
    french = re.fullmatch(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})", text)
    if french:
        raise ValueError(f"'{text}': write {french[3]}-{french[2]:0>2}-{french[1]:0>2} (year-month-day)")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        raise ValueError(f"'{text}' is not a date written year-month-day, like 2026-09-01")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"'{text}' does not exist in the calendar") from None
    if day.year not in _YEARS:
        raise ValueError(f"'{text}' is not a year of somebody's working life")
    return day


def _yes_no(text: str) -> bool:
    return _one_of(("yes", "no"), text) == "yes"


def _one_of(choices: tuple[str, ...], text: str) -> str:
    if text.lower() not in choices:
        raise ValueError(f"'{text}' is not one of {', '.join(choices)}")
    return text.lower()


def perhaps(wrong: str, right: Iterable[str]) -> str:
    """A suggestion to add to a refusal, compared without case nor accents."""
    folded = {fold(one): one for one in right}
    close = difflib.get_close_matches(fold(wrong[:_LONGEST_CELL]), folded, n=1)
    return f"; did you mean '{folded[close[0]]}'?" if close else ""
