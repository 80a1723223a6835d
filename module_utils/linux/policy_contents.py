"""What Group Policy objects set, and what remains of it when several are applied one after the other.

Pure: bytes and rows in, settings by readable identifier out. A value that is not understood is an error, never left out.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree

#: Sections of a security template whose values are numbers or quoted text ([MS-GPSB] 2.2.1 to 2.2.3).
_TYPED = {"system access", "kerberos policy", "event audit"}
_NOT_SETTINGS = {"unicode", "version", "profile description"}
_PRIVILEGES = "privilege rights"
#: Types of registry values whose data say their type ([MS-GPREG] 2.2.1).
_PLAIN = ("REG_SZ", "REG_DWORD", "REG_MULTI_SZ")


class PolicyContentsError(ValueError):
    """A file of a policy cannot be understood; the message says which and where."""


@dataclass
class Resultant:
    """Settings in force. Identifiers keep their letters, and are compared without regard to case."""

    _held: dict[str, tuple[str, Any]] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, Any]:
        """The settings by identifier, in the order of the identifiers."""
        return {name: value for _, (name, value) in sorted(self._held.items())}

    def put(self, name: str, value: Any) -> None:
        """A later policy wins over an earlier one."""
        self._held[name.casefold()] = (name, value)

    def remove(self, name: str) -> None:
        """What an earlier policy set is taken back."""
        self._held.pop(name.casefold(), None)

    def remove_below(self, key: str) -> None:
        """All values of a registry key are taken back."""
        prefix = f"{key}\\".casefold()
        self._held = {name: held for name, held in self._held.items() if not name.startswith(prefix)}

    def apply_registry(self, side: str, rows: Iterable[tuple[str, str, str, Any]]) -> None:
        """Rows of a Registry.pol: key, name, type, data; the names that delete are obeyed ([MS-GPREG] 3.2.5.1)."""
        for key, name, kind, data in rows:
            base = f"{side}/registry/{key}"
            command = name.lower()
            if command.startswith("**del."):
                self.remove(f"{base}\\{name[len('**del.') :]}")
            elif command.startswith("**delvals"):
                self.remove_below(base)
            elif command.startswith("**deletevalues"):
                for each in str(data).split(";"):
                    self.remove(f"{base}\\{each}")
            elif command.startswith("**"):
                raise PolicyContentsError(f"Registry.pol: {key}: the command {name} is not known")
            elif name:
                self.put(f"{base}\\{name}", data if kind in _PLAIN else {"type": kind, "data": data})

    def apply_template(self, side: str, content: bytes) -> None:
        """A security template ([MS-GPSB] 2.2)."""
        section = ""
        for number, line in enumerate(_text(content, "GptTmpl.inf").splitlines(), start=1):
            stripped = line.strip()
            if stripped.startswith("[") and stripped.endswith("]"):
                section = stripped[1:-1].strip()
            elif stripped and not stripped.startswith(";") and section.lower() not in _NOT_SETTINGS:
                if not section:
                    raise PolicyContentsError(f"GptTmpl.inf: line {number} stands in no section")
                self._put_line(side, section, stripped)

    def _put_line(self, side: str, section: str, line: str) -> None:
        name, separator, value = (part.strip() for part in line.partition("="))
        if section.lower() == _PRIVILEGES:
            holders = sorted(each.strip().lstrip("*") for each in value.split(",") if each.strip())
            self.put(f"{side}/privilege/{name}", holders)
            return
        shown: Any = value if separator else None
        if section.lower() in _TYPED:
            shown = int(value) if re.fullmatch(r"-?\d+", value) else value.strip('"')
        self.put(f"{side}/security/{section}/{name}", shown)

    def apply_drives(self, side: str, content: bytes, sids: Collection[str]) -> None:
        """A Drives.xml, for an account of these groups ([MS-GPPREF] 2.2.1.4)."""
        text = _text(content, "Drives.xml")
        if "<!DOCTYPE" in text:
            raise PolicyContentsError("Drives.xml declares a document type; a preference file has none")
        try:
            root = ElementTree.fromstring(text)  # noqa: S314 - no entity can be declared without a document type
        except ElementTree.ParseError as error:
            raise PolicyContentsError(f"Drives.xml: {error}") from error
        for item in root.iter("Drive"):
            properties = item.find("Properties")
            if properties is None:
                raise PolicyContentsError(f"Drives.xml: {item.get('name')} has no properties")
            name = f"{side}/drives/{(properties.get('letter') or item.get('name') or '').rstrip(':')}"
            if root.get("disabled") == "1" or item.get("disabled") == "1" or not _meant(item, sids):
                continue
            if properties.get("action") == "D":
                self.remove(name)
            else:
                self.put(name, _drive(item, properties))


def _drive(item: ElementTree.Element, properties: ElementTree.Element) -> dict[str, Any]:
    return {
        "path": properties.get("path", ""),
        "label": properties.get("label", ""),
        "action": properties.get("action", "U"),
        "persistent": properties.get("persistent") == "1",
        "groups": [each.get("sid", "") for each in item.iter("FilterGroup")],
    }


def _meant(item: ElementTree.Element, sids: Collection[str]) -> bool:
    """Item-level targeting ([MS-GPPREF] 2.2.1.1.9): groups are decided by their SID."""
    held = True
    for number, each in enumerate(item.find("Filters") or ()):
        if each.tag != "FilterGroup":
            raise PolicyContentsError(
                f"Drives.xml: {item.get('name')} is targeted by {each.tag}, which is not known here"
            )
        answer = (each.get("sid") in sids) is not (each.get("not") == "1")
        either = each.get("bool", "AND").upper() == "OR"
        held = answer if number == 0 else (held or answer) if either else (held and answer)
    return held


def _text(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError as error:
            raise PolicyContentsError(f"{name} is not whole: {error}") from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
