"""Registry.pol: the registry values that a policy sets ([MS-GPREG] 2.2.1).

A value keeps its own Python type when nothing of it would be lost; data that its type does not explain stays as bytes,
so that a file written by others comes back as it was. The special value names of [MS-GPREG] 3.2.5.1 (``**del.Name``,
``**delvals.`` and the like) are names like others here.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ansible.module_utils.ad.group_policy import GroupPolicyDataError

#: REGFILE_SIGNATURE and REGISTRY_FILE_VERSION ([MS-GPREG] 2.2.1).
HEADER = b"PReg\x01\x00\x00\x00"
_OPEN, _NEXT, _CLOSE = ("[".encode("utf-16-le"), ";".encode("utf-16-le"), "]".encode("utf-16-le"))
_LARGEST = 2**32 - 1

Data = str | int | bytes | tuple[str, ...]

#: Types of the registry by number ([MS-RRP] 3.1.1.5).
TYPES = {
    0: "REG_NONE",
    1: "REG_SZ",
    2: "REG_EXPAND_SZ",
    3: "REG_BINARY",
    4: "REG_DWORD",
    5: "REG_DWORD_BIG_ENDIAN",
    6: "REG_LINK",
    7: "REG_MULTI_SZ",
    8: "REG_RESOURCE_LIST",
    9: "REG_FULL_RESOURCE_DESCRIPTOR",
    10: "REG_RESOURCE_REQUIREMENTS_LIST",
    11: "REG_QWORD",
}
_NUMBERS = {name: number for number, name in TYPES.items()}


@dataclass(frozen=True)
class RegistrySetting:
    """One value: where it goes, its type by name (``REG_<n>`` when it has none) and its data."""

    key: str
    name: str
    type: str
    data: Data


def type_number(name: str) -> int:
    """The number of a type that is told by its name."""
    if name in _NUMBERS:
        return _NUMBERS[name]
    digits = name.removeprefix("REG_")
    if digits.isascii() and digits.isdigit() and str(int(digits[:11])) == digits:
        number = int(digits)
        if number <= _LARGEST and number not in TYPES:
            return number
    raise GroupPolicyDataError(f"{name!r} is no registry type; they are {', '.join(_NUMBERS)}")


def _text(raw: bytes) -> str:
    return raw.decode("utf-16-le", "surrogatepass")


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _string(raw: bytes) -> str:
    text = _text(raw)
    if not text.endswith("\0"):
        raise ValueError("no terminator")
    return text[:-1]


def _strings(raw: bytes) -> tuple[str, ...]:
    listed = _string(raw)
    if not listed:
        return ()
    if not listed.endswith("\0"):
        raise ValueError("no terminator")
    return tuple(listed[:-1].split("\0"))


def _pack_strings(values: tuple[str, ...]) -> bytes:
    if any("\0" in each for each in values):
        raise ValueError("a NUL would cut one of the strings in two")
    return _utf16("".join(f"{each}\0" for each in values) + "\0")


def _number(form: str) -> tuple[Callable[[bytes], int], Callable[[int], bytes]]:
    return lambda raw: int(struct.unpack(form, raw)[0]), lambda value: struct.pack(form, value)


#: How the data of a type is read and written, and the Python type it has in between.
_CODECS: dict[int, tuple[type, Callable[[bytes], Data], Callable[..., bytes]]] = {
    1: (str, _string, lambda value: _utf16(value + "\0")),
    2: (str, _string, lambda value: _utf16(value + "\0")),
    4: (int, *_number("<I")),
    5: (int, *_number(">I")),
    7: (tuple, _strings, _pack_strings),
    11: (int, *_number("<Q")),
}


def data_of(kind: int, raw: bytes) -> Data:
    """What the bytes of a value mean; the bytes themselves when they are not what its type wants."""
    if kind not in _CODECS:
        return raw
    _wanted, decode, encode = _CODECS[kind]
    try:
        data = decode(raw)
        return data if encode(data) == raw else raw
    except (struct.error, ValueError):
        return raw


def bytes_of(kind: int, data: Data) -> bytes:
    """The bytes of a value; bytes are taken as they are, whatever the type."""
    if isinstance(data, bytes):
        return data
    wanted, _decode, encode = _CODECS.get(kind, (bytes, bytes, bytes))
    if not isinstance(data, wanted) or isinstance(data, bool):
        raise ValueError(f"{type(data).__name__} given, {wanted.__name__} wanted")
    try:
        return encode(data)
    except struct.error as error:
        raise ValueError(str(error)) from error


class _Reader:
    """Walks through the file; every failure says at which byte."""

    def __init__(self, raw: bytes, at: int) -> None:
        self.raw, self.at = raw, at

    def take(self, length: int, what: str) -> bytes:
        taken = self.raw[self.at : self.at + length]
        if len(taken) < length:
            raise GroupPolicyDataError(f"the file ends within {what}", offset=self.at)
        self.at += length
        return taken

    def expect(self, mark: bytes) -> None:
        start = self.at
        if self.take(2, "an entry") != mark:
            raise GroupPolicyDataError(f"{_text(mark)!r} expected", offset=start)

    def name(self, what: str) -> str:
        """A NUL-terminated string; data of odd length may put it on an odd byte."""
        end = self.raw.find(b"\0\0", self.at)
        while end >= 0 and (end - self.at) % 2:
            end = self.raw.find(b"\0\0", end + 1)
        if end < 0:
            raise GroupPolicyDataError(f"{what} has no end", offset=self.at)
        text = _text(self.raw[self.at : end])
        self.at = end + 2
        return text

    def number(self, what: str) -> int:
        return int.from_bytes(self.take(4, what), "little")


def unpack(raw: bytes) -> tuple[RegistrySetting, ...]:
    """The values of a Registry.pol file, in its order."""
    if raw[: len(HEADER)] != HEADER:
        raise GroupPolicyDataError("not a Registry.pol file: signature PReg and version 1 expected", offset=0)
    reader, settings = _Reader(raw, len(HEADER)), []
    while reader.at < len(raw):
        reader.expect(_OPEN)
        key = reader.name("a key")
        reader.expect(_NEXT)
        name = reader.name("a value name")
        reader.expect(_NEXT)
        kind = reader.number("a type")
        reader.expect(_NEXT)
        size = reader.number("a size")
        reader.expect(_NEXT)
        data = data_of(kind, reader.take(size, f"the data of {key}\\{name}"))
        reader.expect(_CLOSE)
        settings.append(RegistrySetting(key, name, TYPES.get(kind, f"REG_{kind}"), data))
    return tuple(settings)


def pack(settings: Iterable[RegistrySetting]) -> bytes:
    """The Registry.pol file of these values, in this order."""
    parts = [HEADER]
    for each in settings:
        place = f"{each.key}\\{each.name}"
        if "\0" in each.key or "\0" in each.name:
            raise GroupPolicyDataError(f"{place!r}: a NUL would end the name too early")
        kind = type_number(each.type)
        try:
            data = bytes_of(kind, each.data)
        except ValueError as error:
            raise GroupPolicyDataError(f"{place}: {each.type} does not take {each.data!r:.80}: {error}") from error
        fields = (
            _utf16(each.key + "\0"),
            _utf16(each.name + "\0"),
            kind.to_bytes(4, "little"),
            len(data).to_bytes(4, "little"),
            data,
        )
        parts.append(_OPEN + _NEXT.join(fields) + _CLOSE)
    return b"".join(parts)
