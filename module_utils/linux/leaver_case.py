"""What is known of one leaver's archive: its parts, to whom it was handed, when it ends; and the journal of all of them.

One folder for each login below the archive folder, root's alone: case.json, and an archive with its manifest for each time
that a folder was found. When nothing is left of a case, only the journal tells that there was one. Standard library only.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.linux.leaver_archive import LeaverError, sync_folder, write_whole

PROGRAM = "leaver-data"


@dataclass
class Part:
    """One archive: the folder as it was found once."""

    number: int
    sha256: str
    files: int
    bytes: int
    archived_on: str
    #: Whether the folder is gone from the share.
    cleared: bool = False
    #: Whether a person who is back has it again.
    returned: bool = False


@dataclass
class Case:
    """Everything kept of one person."""

    login: str
    key: str
    left_on: str
    archived_on: str
    parts: list[Part] = field(default_factory=list)
    handed_to: str | None = None
    handed_on: str | None = None
    handed_parts: int = 0

    @classmethod
    def read(cls, folder: str) -> Case | None:
        """The case that a folder holds, None when it holds none.

        :raises LeaverError: it cannot be understood.
        """
        path = os.path.join(folder, "case.json")
        try:
            with open(path, encoding="utf-8") as file:
                found = json.load(file)
            return cls(**{**found, "parts": [Part(**part) for part in found["parts"]]})
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise LeaverError(f"{path}: cannot be understood ({error}); restore it from the backup") from error

    def write(self, folder: str) -> None:
        """Keep it; whole, or as it was."""
        write_whole(os.path.join(folder, "case.json"), json.dumps(dataclasses.asdict(self), indent=1) + "\n")

    def archive(self, folder: str, part: Part) -> str:
        """The file of one part."""
        return os.path.join(folder, f"{part.number}.tar")


def all_cases(root: str) -> dict[str, Case]:
    """Every case by login. A folder without case.json is a beginning that was cut off."""
    if not os.path.isdir(root):
        return {}
    found = {}
    for name in sorted(os.listdir(root)):
        case = Case.read(os.path.join(root, name))
        if case is not None:
            if case.login != name:
                raise LeaverError(f"{root}/{name}: holds the case of {case.login}; look at it")
            found[name] = case
    return found


def forget(folder: str) -> None:
    """Remove the archives of a case, and at the very end the case itself."""
    for name in sorted(os.listdir(folder)):
        if name != "case.json":
            os.unlink(os.path.join(folder, name))
    sync_folder(folder)
    shutil.rmtree(folder)
    sync_folder(os.path.dirname(folder))


class Journal:
    """Who did what to whose folder, when, with which digest; no name of a file. On the disk before the next step."""

    def __init__(self, path: str, actor: str) -> None:
        self.path, self.actor = path, actor

    def add(self, step: str, login: str, **more: Any) -> None:
        """One line, here and in the system's log."""
        line = json.dumps(
            {
                "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
                "by": self.actor,
                "step": step,
                "of": login,
                **more,
            },
            ensure_ascii=False,
        )
        os.makedirs(os.path.dirname(self.path), 0o750, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o640)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(
                ["logger", "--tag", PROGRAM, "--priority", "authpriv.notice", "--", line], check=False, timeout=10
            )
