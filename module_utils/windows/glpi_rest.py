"""Computers by GLPI's REST interface (apirest.php, GLPI 9.5 to 11): whole tables, joined here, and nothing written.

One request for each table and page costs the same for eighty computers as for one, and asks for no translated word: tables
are joined by their numbers. Only GET is ever sent.
"""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.request
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from ansible.module_utils.windows.glpi_model import MEGABYTE, Computer, GlpiError, build_of, checked, is_portable, text

#: What a request answers: its status, its headers by lower-case name, and its JSON.
Answer = tuple[int, Mapping[str, str], Any]
Get = Callable[[str, Mapping[str, str]], Answer]
_PAGE = 200
_WHOLE, _PART = 200, 206


def https_get(url: str, ca_file: str | None, timeout: float) -> Get:
    """A function that asks GLPI over HTTPS with its certificate checked.

    :raises GlpiError: the address is not one of HTTPS.
    """
    if urlsplit(url).scheme != "https":
        raise GlpiError(f"{url}: is not reached by https; the tokens would be read on the way")
    context = ssl.create_default_context(cafile=ca_file)
    opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=context), _NoRedirect())

    def get(path: str, headers: Mapping[str, str]) -> Answer:
        request = urllib.request.Request(f"{url.rstrip('/')}/{path}", headers=dict(headers), method="GET")  # noqa: S310
        try:
            with opener.open(request, timeout=timeout) as answer:
                return answer.status, _lower(answer.headers.items()), _decoded(answer.read(), path)
        except urllib.error.HTTPError as error:
            return error.code, _lower(error.headers.items()), _decoded(error.read(), path, strict=False)
        except (urllib.error.URLError, OSError) as error:
            raise GlpiError(f"{url}: does not answer ({getattr(error, 'reason', error)})") from error

    return get


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirection would take the tokens elsewhere."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


def _lower(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers}


def _decoded(body: bytes, path: str, strict: bool = True) -> Any:
    try:
        return json.loads(body or b"null")
    except ValueError as error:
        if strict:
            raise GlpiError(f"{path}: the answer is no JSON; is the address that of apirest.php?") from error
        return None


class Glpi:
    """A session that reads tables."""

    def __init__(self, get: Get, user_token: str, app_token: str | None) -> None:
        self._get = get
        self._headers = {"Content-Type": "application/json", **({"App-Token": app_token} if app_token else {})}
        answer = self._ask("initSession", {"Authorization": f"user_token {user_token}"})
        token = answer.get("session_token") if isinstance(answer, Mapping) else None
        if not token:
            raise GlpiError("initSession: the answer has no session_token; is the address that of apirest.php?")
        self._headers["Session-Token"] = str(token)

    def close(self) -> None:
        """End the session; one that GLPI has ended already is as good."""
        self._get("killSession", self._headers)

    def table(self, kind: str) -> list[Mapping[str, Any]]:
        """Every row of a table.

        :raises GlpiError: it may not be read, or is cut short.
        """
        rows: list[Mapping[str, Any]] = []
        while True:
            path = f"{kind}?range={len(rows)}-{len(rows) + _PAGE - 1}&get_hateoas=false&expand_dropdowns=false"
            status, headers, page = self._get(path, self._headers)
            self._check(kind, status, page)
            if not isinstance(page, list) or not all(isinstance(row, Mapping) for row in page):
                raise GlpiError(f"{kind}: the answer is no list of rows")
            rows += page
            if status == _PART and "/" not in headers.get("content-range", ""):
                raise GlpiError(f"{kind}: a part came without Content-Range, and nobody knows how many rows lack")
            total = _total(kind, headers, len(rows))
            if len(rows) >= total:
                return rows
            if not page:
                raise GlpiError(f"{kind}: {len(rows)} rows came of {total}; read it again")

    def _ask(self, path: str, headers: Mapping[str, str]) -> Any:
        status, _, answer = self._get(path, {**self._headers, **headers})
        self._check(path, status, answer)
        return answer

    @staticmethod
    def _check(what: str, status: int, answer: Any) -> None:
        if status in (_WHOLE, _PART):
            return
        # An error is a list of a code and a sentence; the sentence is localised.
        code = answer[0] if isinstance(answer, list) and answer else "no code"
        raise GlpiError(f"{what}: GLPI refuses ({status}, {code}); look at the tokens and the rights of their user")


def _total(kind: str, headers: Mapping[str, str], got: int) -> int:
    """How many rows there are: the figure behind the stroke of Content-Range."""
    said = headers.get("content-range", "")
    if "/" not in said:
        return got
    try:
        return int(said.rsplit("/", maxsplit=1)[1])
    except ValueError:
        raise GlpiError(f"{kind}: Content-Range {said!r} has no number of rows") from None


def read_computers(glpi: Glpi) -> list[Computer]:
    """Every computer that is neither a template nor in the bin, with its parts.

    :raises GlpiError: a table may not be read, or a computer cannot be meant.
    """
    tables = {
        name: {row["id"]: row for row in glpi.table(name)}
        for name in ("User", "Group", "Location", "ComputerModel", "ComputerType", "OperatingSystem")
    }
    tables["OperatingSystemVersion"] = {row["id"]: row for row in glpi.table("OperatingSystemVersion")}
    tables["OperatingSystemKernelVersion"] = {row["id"]: row for row in glpi.table("OperatingSystemKernelVersion")}
    tables["DeviceProcessor"] = {row["id"]: row for row in glpi.table("DeviceProcessor")}
    parts = {
        name: _by_computer(glpi.table(name))
        for name in ("Item_OperatingSystem", "Item_DeviceMemory", "Item_DeviceProcessor", "Item_Disk")
    }
    rows = [row for row in glpi.table("Computer") if not row.get("is_deleted") and not row.get("is_template")]
    return checked(_computer(row, tables, parts) for row in rows)


def _by_computer(rows: Iterable[Mapping[str, Any]]) -> Mapping[int, list[Mapping[str, Any]]]:
    found: dict[int, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        if row.get("itemtype") == "Computer" and not row.get("is_deleted"):
            found[int(row["items_id"])].append(row)
    return found


def _computer(
    row: Mapping[str, Any],
    tables: Mapping[str, Mapping[int, Mapping[str, Any]]],
    parts: Mapping[str, Mapping[int, list[Mapping[str, Any]]]],
) -> Computer:
    def named(table: str, holder: Mapping[str, Any], key: str, field: str = "name") -> str | None:
        number = holder.get(key)
        # GLPI 11 lets a computer be of several groups.
        first = number[0] if isinstance(number, list) and number else number
        return text(tables[table].get(first, {}).get(field)) if isinstance(first, int) else None

    number = int(row["id"])
    system = (parts["Item_OperatingSystem"].get(number) or [{}])[0]
    memories = [_megabytes(part.get("size"), number) for part in parts["Item_DeviceMemory"].get(number, ())]
    processors = parts["Item_DeviceProcessor"].get(number) or [{}]
    return Computer(
        name=str(row.get("name") or ""),
        origin=f"GLPI computer {number}",
        serial=text(row.get("serial")),
        system=named("OperatingSystem", system, "operatingsystems_id"),
        build=build_of(
            named("OperatingSystemKernelVersion", system, "operatingsystemkernelversions_id"),
            named("OperatingSystemVersion", system, "operatingsystemversions_id"),
        ),
        memory_bytes=sum(memories) or None,
        processor=named("DeviceProcessor", processors[0], "deviceprocessors_id", "designation"),
        disk_bytes=_system_volume(parts["Item_Disk"].get(number, ()), number),
        user=named("User", row, "users_id"),
        group=named("Group", row, "groups_id"),
        location=named("Location", row, "locations_id"),
        model=named("ComputerModel", row, "computermodels_id"),
        portable=is_portable(named("ComputerType", row, "computertypes_id")),
    )


def _system_volume(volumes: Iterable[Mapping[str, Any]], number: int) -> int | None:
    """The volume that is mounted as C:, else the only one."""
    sized = [(volume, _megabytes(volume.get("totalsize"), number)) for volume in volumes]
    named = [size for volume, size in sized if str(volume.get("mountpoint") or "").upper().startswith("C:")]
    found = named or ([size for _, size in sized] if len(sized) == 1 else [])
    return found[0] or None if found else None


def _megabytes(value: Any, number: int) -> int:
    try:
        return int(value or 0) * MEGABYTE
    except (TypeError, ValueError):
        raise GlpiError(f"GLPI computer {number}: {value!r} is no size in megabytes; correct it in GLPI") from None
