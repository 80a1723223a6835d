"""Computers of a GLPI export: a CSV whose headings are in the language of whoever exported, in any order.

GLPI writes UTF-8 with a byte order mark, semicolons and quotes; cells that hold several values have one a line.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping

from ansible.module_utils.windows.glpi_model import (
    MEGABYTE,
    Computer,
    GlpiError,
    build_of,
    checked,
    is_portable,
    plain,
    text,
)

#: Headings by what they mean, as GLPI writes them in English and French; compared without accents and case.
_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "nom"),
    "serial": ("serial number", "numero de serie"),
    "system": ("operating system name", "operating system", "systeme d exploitation nom", "systeme d exploitation"),
    "version": ("operating system version", "systeme d exploitation version", "version du systeme d exploitation"),
    "kernel": ("operating system kernel version", "kernel version", "systeme d exploitation version du noyau",
               "version du noyau"),
    "memory": ("memory", "component memory", "components memory", "memoire", "composants memoire"),
    "processor": ("processor", "component processor", "components processor", "processeur", "composants processeur"),
    "disk": ("volumes global size", "global size", "volumes taille totale", "taille totale", "volume taille globale"),
    "user": ("user", "utilisateur", "alternate username", "usager"),
    "group": ("group", "groupe"),
    "location": ("location", "lieu"),
    "model": ("model", "modele"),
    "type": ("type",),
}  # fmt: skip
_UNITS = {"mio": MEGABYTE, "mib": MEGABYTE, "mo": MEGABYTE, "mb": MEGABYTE, "": MEGABYTE,
          "gio": 1024 * MEGABYTE, "gib": 1024 * MEGABYTE, "go": 1024 * MEGABYTE, "gb": 1024 * MEGABYTE}  # fmt: skip
_SIZE = re.compile(r"(\d[\d\s\u00a0\u202f]*(?:[.,]\d+)?)[\s\u00a0\u202f]*([A-Za-z]*)\s*$")


def read_export(data: bytes, file: str) -> list[Computer]:
    """Every computer of an export.

    :raises GlpiError: it is no such export, or a line of it cannot be meant; every problem, a line each.
    """
    try:
        content = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise GlpiError(f"{file}: is not UTF-8 text; export it from GLPI once more as CSV") from error
    first = content.split("\n", maxsplit=1)[0]
    delimiter = max(";,\t", key=first.count)
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter, strict=True)
    try:
        columns = _columns(next(rows, []), file)
        return checked(_computers(rows, columns, file))
    except csv.Error as error:
        raise GlpiError(f"{file}:{rows.line_num}: is no CSV ({error}); export it from GLPI once more") from error


def _columns(headings: list[str], file: str) -> dict[str, int]:
    """Where each thing stands; headings that mean nothing here are passed over."""
    found: dict[str, int] = {}
    shown = [plain(heading) for heading in headings]
    for what, names in _HEADINGS.items():
        places = [shown.index(name) for name in names if name in shown]
        if places:
            found[what] = places[0]
    if "name" not in found:
        raise GlpiError(f"{file}:1: has no column Name (Nom); export the computers of GLPI with their headings")
    return found


def _computers(rows: Iterator[list[str]], columns: Mapping[str, int], file: str) -> Iterator[Computer]:
    problems = []
    before = 1
    for row in rows:
        line, before = before + 1, getattr(rows, "line_num", before)
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= columns["name"] or not row[columns["name"]].strip():
            problems.append(f"{file}:{line}: has no name; correct the computer in GLPI")
            continue
        try:
            yield _computer({what: _cell(row, place) for what, place in columns.items()}, f"{file}:{line}")
        except ValueError as error:
            problems.append(f"{file}:{line}: {error}")
    if problems:
        raise GlpiError("\n".join(problems))


def _cell(row: list[str], place: int) -> str | None:
    return text(row[place]) if place < len(row) else None


def _computer(cells: Mapping[str, str | None], origin: str) -> Computer:
    processor = cells.get("processor")
    return Computer(
        name=str(cells["name"]),
        origin=origin,
        serial=cells.get("serial"),
        system=cells.get("system"),
        build=build_of(cells.get("kernel"), cells.get("version"), cells.get("system")),
        memory_bytes=_size(cells.get("memory"), together=True),
        processor=processor.splitlines()[0].strip() if processor else None,
        disk_bytes=_size(cells.get("disk"), together=False),
        user=cells.get("user"),
        group=cells.get("group"),
        location=cells.get("location"),
        model=cells.get("model"),
        portable=is_portable(cells.get("type")),
    )


def _size(cell: str | None, together: bool) -> int | None:
    """Bytes of a cell with a size on each line, in megabytes when no unit stands there: all of them, or the first."""
    if cell is None:
        return None
    sizes = []
    for line in cell.splitlines():
        found = _SIZE.search(line.strip())
        if not found or found[2].lower() not in _UNITS:
            raise ValueError(f"{line.strip()!r} is no size such as 4096 or 4 Go; correct it in GLPI")
        sizes.append(round(float(re.sub(r"\s", "", found[1]).replace(",", ".")) * _UNITS[found[2].lower()]))
    return sum(sizes) if together else sizes[0]
