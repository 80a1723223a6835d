"""GPT.INI: the version of a policy as its folder has it ([MS-GPOL] 2.2.4).

The number holds two counts, the user's in its high half and the computer's in its low half; a client applies a side
when its count has moved. The same number is the object's versionNumber. Keys that are not ours are kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from ansible.module_utils.ad.group_policy import GroupPolicyDataError, ini

_SECTION, _VERSION, _DISPLAY_NAME = "General", "Version", "displayName"
_HALF = 0xFFFF
_LARGEST = 2**32 - 1


@dataclass(frozen=True)
class GptIni(ini.Ini):
    """The file, and what its keys mean."""

    @property
    def version(self) -> int:
        """Both counts as the one number that is stored."""
        text = self.get(_SECTION, _VERSION)
        if text is None:
            return 0
        if not re.fullmatch(r"-?[0-9]{1,10}", text, re.ASCII) or not -(2**31) <= int(text) <= _LARGEST:
            raise GroupPolicyDataError(f"GPT.INI: {text!r:.80} is no version")
        return int(text) & _LARGEST  # some tools write it signed, as the directory does

    @property
    def user_version(self) -> int:
        return halves(self.version)[0]

    @property
    def machine_version(self) -> int:
        return halves(self.version)[1]

    @property
    def display_name(self) -> str | None:
        return self.get(_SECTION, _DISPLAY_NAME)

    def with_versions(self, user: int, machine: int) -> Self:
        """The same file with these counts."""
        return self.replaced(_SECTION, _VERSION, str(version(user, machine)))


def version(user: int, machine: int) -> int:
    """The stored number of two counts."""
    if not (0 <= user <= _HALF and 0 <= machine <= _HALF):
        raise GroupPolicyDataError(f"versions go from 0 to {_HALF}: user {user}, machine {machine}")
    return user << 16 | machine


def halves(number: int) -> tuple[int, int]:
    """The user's and the computer's count of a stored number; the directory stores it signed."""
    return number >> 16 & _HALF, number & _HALF


def following(count: int) -> int:
    """The count after this one; 0 is kept for a side that never held anything."""
    return count + 1 if count < _HALF else 1


def new(user: int, machine: int, display_name: str = "New Group Policy Object") -> GptIni:
    """The file of a new policy, as the management console writes it."""
    entries = ((_VERSION, str(version(user, machine))), (_DISPLAY_NAME, display_name))
    return GptIni(((_SECTION, entries),))


def unpack(raw: bytes) -> GptIni:
    """The file; its version must be readable."""
    found = GptIni(ini.parse(ini.decode(raw, "GPT.INI"), "GPT.INI").sections)
    _ = found.version
    return found


def pack(gpt: GptIni) -> bytes:
    """The bytes of the file: ANSI as [MS-GPOL] 2.2.4 wants it, UTF-8 for a display name that ANSI cannot hold."""
    text = ini.write(gpt.sections, "GPT.INI", lambda _section, entry: ini.plain(entry))
    _ = gpt.version
    ini.check(gpt, ini.parse(text, "GPT.INI"), "GPT.INI")
    for encoding in ("cp1252", "utf-8"):
        try:
            raw = text.encode(encoding)
        except UnicodeEncodeError:
            continue
        if ini.decode(raw, "GPT.INI") == text:
            return raw
    raise GroupPolicyDataError("GPT.INI: the display name cannot be written as ANSI nor as UTF-8")
