"""GptTmpl.inf: the security settings of a policy ([MS-GPSB] 2.2).

An INF file in UTF-16LE with a byte order mark. Sections, keys and values keep their order and spelling; sections whose
lines are no key=value pairs (files, registry keys, services) keep each line whole.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ansible.module_utils.ad.group_policy import GroupPolicyDataError, ini, registry_pol

_NAME = "GptTmpl.inf"
UNICODE, VERSION = "Unicode", "Version"
PRIVILEGE_RIGHTS, REGISTRY_VALUES = "Privilege Rights", "Registry Values"
#: What every template says of itself ([MS-GPSB] 2.2); the console puts the version last.
_FIRST: ini.Section = (UNICODE, ((UNICODE, "yes"),))
_LAST: ini.Section = (VERSION, (("signature", '"$CHICAGO$"'), ("Revision", "1")))
#: Sections of lines such as "path",2,"D:..." ([MS-GPSB] 2.2.7 to 2.2.9).
_LINES = frozenset({"file security", "registry keys", "service general setting"})
#: Sections that the console writes without blanks around the =.
_TIGHT = frozenset({"unicode", "version", "registry values"})
#: The = of a registry value is followed by a type; its name may hold an = of its own.
_TYPED = re.compile(r"=(?=[ \t]*[0-9]+[ \t]*(?:,|$))")


@dataclass(frozen=True)
class Template(ini.Ini):
    """The sections of the file in its order."""

    def privileges(self) -> dict[str, tuple[str, ...]]:
        """Who holds each right of [Privilege Rights]: *S-1-... for an identifier, a name otherwise."""
        return {key: principals(value) for key, value in self.section(PRIVILEGE_RIGHTS)}

    def registry_values(self) -> dict[str, tuple[str, registry_pol.Data]]:
        """Type and data of each value of [Registry Values]."""
        return {key: registry_value(value) for key, value in self.section(REGISTRY_VALUES)}


def template(sections: Mapping[str, Mapping[str, str | None]]) -> Template:
    """A template of these sections, with the two that every template has."""
    middle = tuple(
        (title, tuple(entries.items()))
        for title, entries in sections.items()
        if title.lower() not in (UNICODE.lower(), VERSION.lower())
    )
    return Template((_FIRST, *middle, _LAST))


def unpack(raw: bytes) -> Template:
    """The template of a file in UTF-16, UTF-8 or ANSI."""
    return Template(ini.parse(ini.decode(raw, _NAME), _NAME, _entry).sections)


def pack(wanted: Template) -> bytes:
    """The file, laid out as the management console does."""
    text = ini.write(wanted.sections, _NAME, _line)
    ini.check(wanted, ini.parse(text, _NAME, _entry), _NAME)
    return codecs.BOM_UTF16_LE + text.encode("utf-16-le", "surrogatepass")


def _entry(section: str, line: str) -> ini.Entry:
    if section.lower() in _LINES:
        return line, None
    if section.lower() == REGISTRY_VALUES.lower():
        typed = _TYPED.search(line)
        if typed:
            return line[: typed.start()].rstrip(" \t"), line[typed.end() :].lstrip(" \t")
    return ini.divide(line)


def _line(section: str, entry: ini.Entry) -> str:
    key, value = entry
    if value is None:
        return key
    return f"{key}={value}" if section.lower() in _TIGHT else f"{key} = {value}"


def principals(value: str | None) -> tuple[str, ...]:
    """Those who hold a right ([MS-GPSB] 2.2.6); nobody when the list is empty."""
    return tuple(each for each in (part.strip(" \t") for part in (value or "").split(",")) if each)


def format_principals(holders: Iterable[str]) -> str:
    """The list of those who hold a right; identifiers get their star."""
    listed = [f"*{each}" if each.upper().startswith("S-1-") else each for each in holders]
    for each in listed:
        if not each or each != each.strip(" \t") or "," in each:
            raise GroupPolicyDataError(f"{each!r:.80} cannot be in a list of accounts")
    return ",".join(listed)


_STRING, _EXPANDED, _BINARY, _NUMBER, _STRINGS = 1, 2, 3, 4, 7
#: Within a list of strings a comma of the text is put between quotation marks, so that it does not cut the string.
_QUOTED_COMMA = '","'


def registry_value(text: str | None) -> tuple[str, registry_pol.Data]:
    """Type and data of a line of [Registry Values] ([MS-GPSB] 2.2.5): the number of the type, a comma, the data."""
    digits, _comma, data = (text or "").partition(",")
    digits = digits.strip(" \t")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        raise GroupPolicyDataError(f"[{REGISTRY_VALUES}] {text!r:.80} does not start with a type")
    number = int(digits)
    name = registry_pol.TYPES.get(number, f"REG_{number}")
    if number in (_STRING, _EXPANDED):
        quoted = len(data) >= 2 and data[0] == data[-1] == '"'
        return name, data[1:-1] if quoted else data
    if number == _STRINGS:
        return name, () if not data else tuple(
            part.replace("\0", ",") for part in data.replace(_QUOTED_COMMA, "\0").split(",")
        )
    if number == _NUMBER and re.fullmatch(r"[0-9]{1,10}", data.strip(" \t"), re.ASCII):
        return name, int(data)
    if number == _BINARY:
        parts = [part.strip(" \t") for part in data.split(",")]
        if all(re.fullmatch(r"[0-9a-fA-F]{1,2}", part, re.ASCII) for part in parts):
            return name, bytes(int(part, 16) for part in parts)
    return name, data


def format_registry_value(kind: str, data: registry_pol.Data) -> str:
    """A line of [Registry Values]: the type as a number, then the data."""
    number = registry_pol.type_number(kind)
    if number in (_STRING, _EXPANDED) and isinstance(data, str):
        written = f'{number},"{data}"'
    elif number == _STRINGS and isinstance(data, tuple):
        written = f"{number},{','.join(part.replace(',', _QUOTED_COMMA) for part in data)}"
    elif number == _NUMBER and isinstance(data, int) and 0 <= data < 2**32:
        written = f"{number},{int(data)}"
    elif number == _BINARY and isinstance(data, bytes):
        written = f"{number},{','.join(f'{byte:x}' for byte in data)}"
    elif isinstance(data, str):
        written = f"{number},{data}"
    else:
        raise GroupPolicyDataError(f"[{REGISTRY_VALUES}] {kind} does not take {data!r:.80}")
    # Neither a string of [MS-GPSB] 2.2 nor a line can hold these, whatever this reader would make of them.
    forbidden = "\r\n\0" + ('"' if isinstance(data, (str, tuple)) else "")
    if any(mark in part for part in (data if isinstance(data, tuple) else (str(data),)) for mark in forbidden):
        raise GroupPolicyDataError(
            f"[{REGISTRY_VALUES}] {data!r:.80}: no line break, NUL or quotation mark can be in it"
        )
    if registry_value(written) != (kind, data):
        raise GroupPolicyDataError(f"[{REGISTRY_VALUES}] cannot hold {data!r:.80} as {kind}")
    return written
