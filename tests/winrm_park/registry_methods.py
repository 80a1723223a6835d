"""StdRegProv: the registry as WMI methods show it, their return codes included.

The methods that write are answered as Windows would answer an administrator, and every one is noted: a test of a client
that says it only reads looks at `machine.told.writes`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from tests.winrm_park import NotSimulatedError, faults, registry
from tests.winrm_park.registry import Registry

HIVES = {
    2147483648: registry.CLASSES,
    2147483649: registry.CURRENT_USER,
    2147483650: registry.MACHINE,
    2147483651: registry.USERS,
}
OK, NO_VALUE, NO_KEY, DENIED = 0, 1, 2, 5
_NUMBERS = {"REG_SZ": 1, "REG_EXPAND_SZ": 2, "REG_BINARY": 3, "REG_DWORD": 4, "REG_MULTI_SZ": 7, "REG_QWORD": 11}
#: Method -> types it takes, and the name of what it gives.
_READERS: dict[str, tuple[tuple[str, ...], str]] = {
    "GetStringValue": (("REG_SZ", "REG_EXPAND_SZ"), "sValue"),
    "GetExpandedStringValue": (("REG_EXPAND_SZ", "REG_SZ"), "sValue"),
    "GetMultiStringValue": (("REG_MULTI_SZ",), "sValue"),
    "GetDWORDValue": (("REG_DWORD",), "uValue"),
    "GetQWORDValue": (("REG_QWORD",), "uValue"),
    "GetBinaryValue": (("REG_BINARY",), "uValue"),
}
_WRITERS = {
    "SetStringValue": ("REG_SZ", "sValue"),
    "SetExpandedStringValue": ("REG_EXPAND_SZ", "sValue"),
    "SetMultiStringValue": ("REG_MULTI_SZ", "sValue"),
    "SetDWORDValue": ("REG_DWORD", "uValue"),
    "SetQWORDValue": ("REG_QWORD", "uValue"),
}
#: Places that only the system may read, whoever asks.
_CLOSED = re.compile(r"(?i)^HKLM\\(SAM\\SAM|SECURITY)(\\|$)")
_VARIABLES = {"systemroot": r"C:\Windows", "windir": r"C:\Windows", "programfiles": r"C:\Program Files"}

Answer = list[tuple[str, Any]]
Note = Callable[[str], None]


def invoke(held: Registry, method: str, given: Mapping[str, list[str]], note: Note) -> Answer:
    """The output of a method, a None being an empty element."""
    path = _place(given)
    name = _one(given, "sValueName")
    if _CLOSED.match(path):
        return [("ReturnValue", DENIED)]
    if method in _READERS:
        return _read(held, method, path, name)
    if method == "EnumKey":
        key = held.find(path)
        names: list[Any] = [each.name for each in key.keys.values()] if key else []
        return [*_repeated("sNames", names), ("ReturnValue", OK if key else NO_KEY)]
    if method == "EnumValues":
        return _values(held, path)
    if method == "CheckAccess":
        return [("bGranted", held.find(path) is not None), ("ReturnValue", OK if held.find(path) else NO_KEY)]
    return _write(held, method, path, name, given, note=note)


def _one(given: Mapping[str, list[str]], name: str) -> str:
    return given.get(name, [""])[0]


def _place(given: Mapping[str, list[str]]) -> str:
    number = int(_one(given, "hDefKey") or 2147483650)
    if number not in HIVES:
        raise NotSimulatedError(f"hDefKey {number}")
    return f"{HIVES[number]}\\{_one(given, 'sSubKeyName')}".rstrip("\\")


def _repeated(name: str, values: list[Any]) -> Answer:
    return [(name, each) for each in values] or [(name, None)]


def _read(held: Registry, method: str, path: str, name: str) -> Answer:
    types, element = _READERS[method]
    if held.find(path) is None:
        return [(element, None), ("ReturnValue", NO_KEY)]
    found = held.value(path, name)
    if found is None:
        return [(element, None), ("ReturnValue", NO_VALUE)]
    if found.type not in types:
        return [(element, None), ("ReturnValue", faults.WBEM_TYPE_MISMATCH)]
    data: Any = found.data
    if method == "GetExpandedStringValue":
        data = re.sub(r"%(\w+)%", lambda part: _VARIABLES.get(part[1].lower(), part[0]), str(data))
    listed = list(data) if isinstance(data, (tuple, bytes)) else [data]
    return [*_repeated(element, listed), ("ReturnValue", OK)]


def _values(held: Registry, path: str) -> Answer:
    key = held.find(path)
    if key is None:
        return [("sNames", None), ("Types", None), ("ReturnValue", NO_KEY)]
    found = list(key.values.values())
    names = _repeated("sNames", [each.name for each in found])
    return [*names, *_repeated("Types", [_NUMBERS.get(each.type, 0) for each in found]), ("ReturnValue", OK)]


def _write(held: Registry, method: str, path: str, name: str, given: Mapping[str, list[str]], *, note: Note) -> Answer:
    if method not in (*_WRITERS, "CreateKey", "DeleteKey", "DeleteValue"):
        raise NotSimulatedError(f"StdRegProv method {method}")
    note(f"{method} {path}\\{name}".rstrip("\\"))
    if method == "CreateKey":
        held.create(path)
        return [("ReturnValue", OK)]
    if method == "DeleteKey":
        return [("ReturnValue", OK if held.delete_key(path) else NO_KEY)]
    if method == "DeleteValue":
        return [("ReturnValue", OK if held.delete_value(path, name) else NO_KEY)]
    if held.find(path) is None:
        return [("ReturnValue", NO_KEY)]
    kind, element = _WRITERS[method]
    data: Any = given.get(element, [""])
    if kind != "REG_MULTI_SZ":
        data = int(data[0]) if kind in ("REG_DWORD", "REG_QWORD") else data[0]
    held.set(path, name, kind, tuple(data) if isinstance(data, list) else data)
    return [("ReturnValue", OK)]
