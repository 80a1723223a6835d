"""The registry of a simulated machine: keys and typed values that keep their spelling and do not tell case.

`SYSTEM\\CurrentControlSet` and `HKEY_CLASSES_ROOT` are other names of places, as on Windows; `WOW6432Node` is a key like
another, because WS-Management always shows the 64-bit view.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.ad.group_policy.registry_pol import Data

from tests.winrm_park import ProfileError

MACHINE, USERS, CURRENT_USER, CLASSES = "HKLM", "HKU", "HKCU", "HKCR"
_LONG = {
    "HKEY_LOCAL_MACHINE": MACHINE,
    "HKEY_USERS": USERS,
    "HKEY_CURRENT_USER": CURRENT_USER,
    "HKEY_CLASSES_ROOT": CLASSES,
}
LONG_NAMES = {short: long for long, short in _LONG.items()}
#: Places that are other names of a place: the control set in use, and the classes of the machine.
_LINKS = (
    ("hklm\\system\\currentcontrolset", "HKLM\\SYSTEM\\ControlSet001"),
    ("hkcr", "HKLM\\SOFTWARE\\Classes"),
)
#: How a profile writes the types that YAML has no form for.
_WRITTEN: dict[str, tuple[str, tuple[type, ...]]] = {
    "string": ("REG_SZ", (str,)),
    "expand_string": ("REG_EXPAND_SZ", (str,)),
    "binary": ("REG_BINARY", (str,)),
    "dword": ("REG_DWORD", (int,)),
    "multi_string": ("REG_MULTI_SZ", (list,)),
    "qword": ("REG_QWORD", (int,)),
}


@dataclass
class Value:
    """A value as it was spelled."""

    name: str
    type: str
    data: Data


@dataclass
class Key:
    """A key with what is in it, by folded name."""

    name: str
    keys: dict[str, Key] = field(default_factory=dict)
    values: dict[str, Value] = field(default_factory=dict)


def written(value: Any, where: str) -> tuple[str, Data]:
    """Type and data of a value of a profile: a number, a text, a list of texts, or one of `string:`, `dword:`..."""
    if isinstance(value, bool):
        raise ProfileError(f"{where}: write 0 or 1, the registry has no truth values")
    if isinstance(value, int):
        return "REG_DWORD", value
    if isinstance(value, str):
        return "REG_SZ", value
    if isinstance(value, list):
        return "REG_MULTI_SZ", tuple(str(each) for each in value)
    if isinstance(value, Mapping) and len(value) == 1:
        form, data = next(iter(value.items()))
        kind, taken = _WRITTEN.get(form, ("", ()))
        fits = isinstance(data, taken) and not isinstance(data, bool)
        if fits:
            if form == "binary":
                return kind, bytes.fromhex(data)
            return kind, tuple(data) if isinstance(data, list) else data
    raise ProfileError(f"{where}: {value!r:.60} is no registry value; write a number, a text, a list or one of "
                       f"{', '.join(f'{form}: ...' for form in _WRITTEN)}")  # fmt: skip


class Registry:
    """All hives under one roof; paths begin with HKLM, HKU, HKCU or HKCR, short or long."""

    def __init__(self) -> None:
        self._roots = {name.lower(): Key(name) for name in (MACHINE, USERS, CURRENT_USER)}

    @staticmethod
    def _parts(path: str) -> list[str]:
        hive, _mark, rest = path.strip("\\").partition("\\")
        plain = "\\".join(filter(None, (_LONG.get(hive.upper(), hive.upper()), rest.strip("\\"))))
        for name, target in _LINKS:
            if plain.lower() == name or plain.lower().startswith(name + "\\"):
                plain = target + plain[len(name) :]
        return plain.split("\\")

    def find(self, path: str) -> Key | None:
        """The key at this place, None when there is none."""
        hive, *rest = self._parts(path)
        key = self._roots.get(hive.lower())
        for part in rest:
            if key is None:
                return None
            key = key.keys.get(part.lower())
        return key

    def create(self, path: str) -> Key:
        """The key at this place, made with those above it when it is not there."""
        hive, *rest = self._parts(path)
        if hive.lower() not in self._roots:
            raise ProfileError(f"{path}: a path begins with HKLM, HKU, HKCU or HKCR")
        key = self._roots[hive.lower()]
        for part in rest:
            key = key.keys.setdefault(part.lower(), Key(part))
        return key

    def set(self, path: str, name: str, kind: str, data: Data) -> None:
        self.create(path).values[name.lower()] = Value(name, kind, data)

    def value(self, path: str, name: str) -> Value | None:
        key = self.find(path)
        return None if key is None else key.values.get(name.lower())

    def data(self, path: str, name: str, default: Any = None) -> Any:
        """What a value holds."""
        found = self.value(path, name)
        return default if found is None else found.data

    def delete_value(self, path: str, name: str) -> bool:
        key = self.find(path)
        return key is not None and key.values.pop(name.lower(), None) is not None

    def delete_key(self, path: str) -> bool:
        """Remove a key with all that is below it."""
        above, _mark, name = path.strip("\\").rpartition("\\")
        key = self.find(above) if above else None
        return key is not None and key.keys.pop(name.lower(), None) is not None

    def load(self, content: Mapping[str, Any], where: str) -> None:
        """Write what a profile says: places with their values; a value of null removes it, as does a place of null."""
        for path, values in content.items():
            if values is None:
                self.delete_key(path)
                continue
            self.create(path)
            for name, value in values.items():
                if value is None:
                    self.delete_value(path, str(name))
                else:
                    self.set(path, str(name), *written(value, f"{where}: {path}\\{name}"))

    def walk(self, path: str) -> Iterator[tuple[str, Key]]:
        """A key and all below it, with their places below `path`."""
        top = self.find(path)
        pending = [] if top is None else [("", top)]
        while pending:
            below, key = pending.pop(0)
            yield below, key
            pending[:0] = [(f"{below}\\{each.name}", each) for each in key.keys.values()]
