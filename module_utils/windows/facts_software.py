"""Installed programs, from one listing for the machine and from the registry for people who are logged on.

The listing is what `reg query ... /s` prints: lines that begin with HKEY_ name a key, indented ones a value with its
type. No other line is looked at, so that the language of the machine does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible.module_utils.windows.facts_source import Source, UnreadError
from ansible.module_utils.windows.facts_system import architecture
from ansible.module_utils.wsman.client import MACHINE, USERS
from ansible.module_utils.wsman.faults import FaultError

_BELOW = r"Microsoft\Windows\CurrentVersion\Uninstall"
_SYSTEM, _WOW, _OF_PERSON = rf"SOFTWARE\{_BELOW}", rf"SOFTWARE\WOW6432Node\{_BELOW}", rf"Software\{_BELOW}"
_VALUES = ("DisplayName", "DisplayVersion", "Publisher", "SystemComponent", "ParentKeyName")
_KEY = re.compile(r"HKEY_[A-Z_]+\\(.+)")
_VALUE = re.compile(r"(?: {4}|\t)(.+?)(?: {4}|\t)REG_[A-Z_]+(?: {4}|\t)?(.*)")


def programs(text: str) -> dict[str, dict[str, str]]:
    """Values of each key below one of the two lists, from a listing; the lists themselves are left out."""
    found: dict[str, dict[str, str]] = {}
    current: dict[str, str] | None = None
    for line in text.splitlines():
        if key := _KEY.fullmatch(line.rstrip()):
            place, name = _split(key[1])
            current = found.setdefault(name, {}) if place else None
        elif current is not None and (value := _VALUE.fullmatch(line)):
            current.setdefault(value[1], value[2].strip())
    return found


def _split(path: str) -> tuple[str, str]:
    """The list and the program's own key; neither for the list itself and for what is below a program."""
    for top in (_SYSTEM, _WOW):
        name = path[len(top) + 1 :]
        if path.lower().startswith(f"{top}\\".lower()) and "\\" not in name:
            return top, name
    return "", ""


def described(key: str, values: Mapping[str, str], view: str) -> dict[str, Any] | None:
    """A program as the list of programs shows it; None for an update of one, and for what has no name."""
    named = {name.lower(): value for name, value in values.items()}
    name = named.get("displayname", "").strip()
    if not name or named.get("parentkeyname"):
        return None
    hidden = named.get("systemcomponent", "0").lower() not in ("0", "0x0", "")
    return {
        "key": key,
        "name": name,
        "version": named.get("displayversion", "").strip(),
        "publisher": named.get("publisher", "").strip(),
        "view": view,
        "hidden": hidden,
    }


def software(source: Source) -> list[dict[str, Any]]:
    """All programs. One list that cannot be read leaves the fact out: half of them would be taken for all."""
    views = {"system": _SYSTEM} if architecture(source) == "x86" else {"system": _SYSTEM, "wow": _WOW}
    try:
        listings = source.client.listings(*views)
        found = {view: _listed(text, code, view) for view, (text, code) in listings.items()}
    except FaultError:  # no command shell for this account: the same values, one by one
        found = {view: _asked(source, place, MACHINE) for view, place in views.items()}
    for sid in source.loaded():
        found[sid] = _asked(source, rf"{sid}\{_OF_PERSON}", USERS, may_be_absent=True)
    shown = [
        described(key, values, view if view in views else "person")
        for view, keys in found.items()
        for key, values in keys.items()
    ]
    return sorted((each for each in shown if each), key=lambda each: (each["name"].lower(), each["key"], each["view"]))


def _listed(text: str, code: int | None, view: str) -> dict[str, dict[str, str]]:
    if code != 0:
        raise UnreadError(f"the listing of programs ({view}) ended with {code}")
    found = programs(text)
    if view == "system" and not found:
        raise UnreadError("the listing of programs is empty, which it never is")
    return found


def _asked(source: Source, place: str, hive: int, may_be_absent: bool = False) -> dict[str, dict[str, str]]:
    keys = source.keys(place, hive)
    if keys is None and not may_be_absent:
        raise UnreadError(f"{place} is not there")
    found: dict[str, dict[str, str]] = {}
    for key in keys or ():
        path = rf"{place}\{key}"
        source.names(path, hive)
        found[key] = {name: value for name in _VALUES if (value := source.text(path, name, hive)) is not None}
    return found


SOFTWARE: dict[str, Any] = {"software": software}
