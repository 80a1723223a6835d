"""The letters on the disk: made once, made again when what they say changes, destroyed after they are handed over."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ansible.module_utils.ad.first_passwords import FirstPassword, private_directory, write_privately
from ansible.module_utils.ad.letters import LAYOUT, LetterError, Stationery, render

#: Digests of what each letter was made from, salted, so that a second run knows there is nothing to do.
INDEX = ".index.json"
_LETTER = re.compile(r"lettre_([a-z0-9][a-z0-9._-]{0,63})\.pdf")
#: A letter that an interrupted run left half written; it may hold a password too.
_UNFINISHED = re.compile(r"\.lettre_[a-z0-9._-]+\.pdf\..+|\.\.index\.json\..+")


@dataclass(frozen=True)
class Plan:
    """What is there, what must be written or destroyed; `stale` letters belong to nobody in the store."""

    entries: Mapping[str, FirstPassword]
    written: list[str]
    unchanged: list[str]
    stale: list[str]
    destroyed: list[str]
    before: list[str]
    after: list[str]


class LetterFolder:
    """A directory of letters for its owner only."""

    def __init__(self, directory: str | Path) -> None:
        self.directory = Path(directory).expanduser().absolute()

    def plan(
        self,
        entries: Collection[FirstPassword],
        stationery: Stationery,
        held: Collection[str] = (),
        barred: Collection[str] = (),
    ) -> Plan:
        """Compare the letters there with those that should be.

        `held` are the other logins of the store; those of `barred` must have no letter.
        """
        wanted = {letter_name(entry.login): entry for entry in entries}
        present, index = self._letters(), self._index()
        current = {
            name for name, entry in wanted.items()
            if name in present and index["letters"].get(name) == self._digests(name, entry, stationery, index["salt"])
        }  # fmt: skip
        doomed = present & {_file_name(login.casefold()) for login in barred} - wanted.keys()
        return Plan(
            entries=wanted,
            written=sorted(wanted.keys() - current),
            unchanged=sorted(current),
            stale=sorted(present - doomed - wanted.keys() - {letter_name(login) for login in held}),
            destroyed=sorted(doomed),
            before=[name + " (out of date)" * (name in wanted and name not in current) for name in sorted(present)],
            after=sorted((present - doomed) | wanted.keys()),
        )

    def write(self, plan: Plan, stationery: Stationery) -> None:
        """Make every missing letter, all composed before the first one is written; then destroy those not wanted."""
        composed = {name: render(plan.entries[name], stationery) for name in plan.written}
        index = self._index()
        for name, content in composed.items():
            write_privately(self.directory / name, content)
            index["letters"][name] = self._digests(name, plan.entries[name], stationery, index["salt"])
        if composed:
            write_privately(self.directory / INDEX, json.dumps(index, indent=1, sort_keys=True).encode())
        self._remove(plan.destroyed)

    def remaining(self, logins: Collection[str] | None = None) -> list[str]:
        """The letters there, of these people or of everybody."""
        names = None if logins is None else {letter_name(login) for login in logins}
        return sorted(name for name in self._letters() if names is None or name in names)

    def destroy(self, logins: Collection[str] | None = None) -> None:
        """Remove the letters of these people; or all, with the index, and the directory when nothing else is in it."""
        doomed = self.remaining(logins)
        if logins is None and self.directory.is_dir():
            doomed += [name for name in os.listdir(self.directory) if name == INDEX or _UNFINISHED.fullmatch(name)]
        self._remove(doomed, folder_too=logins is None)

    def _remove(self, names: Collection[str], folder_too: bool = False) -> None:
        try:
            for name in names:
                (self.directory / name).unlink(missing_ok=True)
            if folder_too and self.directory.is_dir() and not any(self.directory.iterdir()):
                self.directory.rmdir()
        except OSError as error:
            raise LetterError(f"{error.filename}: cannot be removed: {error.strerror}; remove it by hand") from error

    def _letters(self) -> set[str]:
        if not self.directory.exists():
            return set()
        private_directory(self.directory)
        return {name for name in os.listdir(self.directory) if _LETTER.fullmatch(name)}

    def _index(self) -> dict[str, Any]:
        """The digests of the last run; a fresh start when there are none, which makes every letter again."""
        try:
            index = json.loads((self.directory / INDEX).read_text("utf-8"))
            if isinstance(index["letters"], dict) and isinstance(index["salt"], str):
                return index
        except (OSError, ValueError, KeyError, TypeError):
            pass
        return {"salt": secrets.token_hex(16), "letters": {}}

    def _digests(self, name: str, entry: FirstPassword, stationery: Stationery, salt: str) -> dict[str, str]:
        """One digest of what the letter says, one of the file."""
        said = json.dumps([LAYOUT, salt, asdict(entry), asdict(stationery)], sort_keys=True)
        path = self.directory / name
        return {
            "said": hashlib.sha256(said.encode()).hexdigest(),
            "file": hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else "",
        }


def letter_name(login: str) -> str:
    """The file of a login, which must be safe as the name of one."""
    name = _file_name(login)
    if not _LETTER.fullmatch(name):
        raise LetterError(
            f"'{login}' cannot be the login of a letter: letters, digits, dots, hyphens and underscores only"
        )
    return name


def _file_name(login: str) -> str:
    return f"lettre_{login}.pdf"
