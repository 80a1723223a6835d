"""What the role wrote for the drill. A mistake is told by its key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SETTINGS = "/etc/restore-drill/settings.json"
FOLDER = "/var/lib/restore-drill"
#: What the last drill found, without the ending of its file.
LAST = "last"
#: Where the role of the backup puts its own programs, which know the repositories.
CLIENT = "/usr/local/lib/nas-backup"


class SettingsError(Exception):
    """The settings cannot be used; the message names the file and the key."""


@dataclass(frozen=True)
class Settings:
    """All of it. Names are those of the role's arguments."""

    promise_hours: float
    proof_days: int
    rehearsal_days: int
    sample_files: int
    sample_bytes: int
    spare_bytes: int
    minutes: int
    alert_command: tuple[str, ...]


def read_settings(path: str = SETTINGS) -> Settings:
    """The settings of this host.

    :raises SettingsError: they are missing or wrong.
    """
    try:
        with open(path, encoding="utf-8") as file:
            given: Mapping[str, Any] = json.load(file)
        return Settings(
            promise_hours=float(given["promise_hours"]),
            proof_days=int(given["proof_days"]),
            rehearsal_days=int(given["rehearsal_days"]),
            sample_files=int(given["sample_files"]),
            sample_bytes=int(given["sample_megabytes"]) * 1024**2,
            spare_bytes=int(given["spare_megabytes"]) * 1024**2,
            minutes=int(given["minutes"]),
            alert_command=tuple(map(str, given["alert_command"])),
        )
    except KeyError as error:
        raise SettingsError(f"{path}: {error.args[0]} is missing; run the playbook that writes it") from error
    except (OSError, TypeError, ValueError) as error:
        raise SettingsError(f"{path}: {error}; run the playbook that writes it") from error
