"""What the role wrote for the backup of this host. A mistake is told by its key."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SETTINGS = "/etc/nas-backup/settings.json"
FOLDER = "/var/lib/nas-backup"
#: What is done before a set is read, so that what is saved fits together.
BEFORE = ("none", "samba_domain", "samba_files", "database_dump", "snapshot_lvm", "snapshot_btrfs")
PLACES = ("offsite", "onsite")


class SettingsError(Exception):
    """The settings cannot be used; the message names the file and the key."""


@dataclass(frozen=True)
class Repository:
    """Where copies go. The server admits the user by a password; the key opens what it keeps."""

    name: str
    place: str
    url: str
    user: str
    password_file: str
    key_file: str
    ca_file: str


@dataclass(frozen=True)
class Set:
    """What is saved together, under one tag."""

    name: str
    paths: tuple[str, ...]
    exclude: tuple[str, ...]
    before: str
    options: Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """All of it. Names are those of the role's arguments."""

    host: str
    repositories: tuple[Repository, ...]
    sets: tuple[Set, ...]
    timezone: str
    working_days: tuple[int, ...]
    working_from: str
    working_to: str
    working_upload_kib: int
    attempts: int
    pause_seconds: int
    unreachable_seconds: int
    set_minutes: int
    growth_percent: float
    growth_floor_mib: int
    changed_percent: float
    clock_tolerance_seconds: int
    check_days: int
    check_parts: int
    alert_command: tuple[str, ...]

    def set_named(self, name: str) -> Set:
        """A set.

        :raises SettingsError: there is none of that name.
        """
        for each in self.sets:
            if each.name == name:
                return each
        raise SettingsError(f"no set is called {name}; there are {', '.join(each.name for each in self.sets)}")


def read_settings(path: str = SETTINGS) -> Settings:
    """The settings of this host.

    :raises SettingsError: they are missing or wrong.
    """
    try:
        with open(path, encoding="utf-8") as file:
            given: Mapping[str, Any] = json.load(file)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read ({error.strerror})") from error
    except ValueError as error:
        raise SettingsError(f"{path}: is not JSON ({error})") from error
    try:
        settings = _settings(given)
        _check(settings)
    except KeyError as error:
        raise SettingsError(f"{path}: {error.args[0]} is missing") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise SettingsError(f"{path}: {error}") from error
    return settings


def _settings(given: Mapping[str, Any]) -> Settings:
    return Settings(
        host=str(given["host"]),
        repositories=tuple(
            Repository(**{name: str(each[name]) for name in Repository.__dataclass_fields__})
            for each in given["repositories"]
        ),
        sets=tuple(
            Set(
                name=str(each["name"]),
                paths=tuple(map(str, each["paths"])),
                exclude=tuple(map(str, each.get("exclude") or ())),
                before=str(each.get("before") or "none"),
                options=dict(each.get("options") or {}),
            )
            for each in given["sets"]
        ),
        timezone=str(given["timezone"]),
        working_days=tuple(int(day) for day in given["working_days"]),
        working_from=_hour(given["working_from"]),
        working_to=_hour(given["working_to"]),
        alert_command=tuple(map(str, given["alert_command"])),
        **{
            name: (float if name.endswith("percent") else int)(given[name])
            for name in (
                "working_upload_kib",
                "attempts",
                "pause_seconds",
                "unreachable_seconds",
                "set_minutes",
                "growth_percent",
                "growth_floor_mib",
                "changed_percent",
                "clock_tolerance_seconds",
                "check_days",
                "check_parts",
            )
        },
    )


def _hour(text: Any) -> str:
    hours, _, minutes = str(text).partition(":")
    if not (0 <= int(hours) < 25 and 0 <= int(minutes or "-1") < 60):
        raise ValueError(f"{text!r} is not an hour such as 08:00")
    return f"{int(hours):02}:{int(minutes):02}"


def _check(settings: Settings) -> None:
    for kind, names in (
        ("repositories", [each.name for each in settings.repositories]),
        ("sets", [each.name for each in settings.sets]),
    ):
        if not names:
            raise ValueError(f"{kind} is empty")
        if twice := sorted({name for name in names if names.count(name) > 1}):
            raise ValueError(f"{kind}: {', '.join(twice)} stands twice")
    for repository in settings.repositories:
        if repository.place not in PLACES:
            raise ValueError(f"repository {repository.name}: place is {repository.place}, not {' or '.join(PLACES)}")
        if not repository.url.startswith("https://"):
            raise ValueError(f"repository {repository.name}: {repository.url} is not an address by https")
    for each in settings.sets:
        if each.before not in BEFORE:
            raise ValueError(f"set {each.name}: before is {each.before}, not one of {', '.join(BEFORE)}")
        if not each.paths and each.before not in ("samba_domain", "database_dump"):
            raise ValueError(f"set {each.name}: paths is empty")
        if wrong := [path for path in each.paths if not path.startswith("/")]:
            raise ValueError(f"set {each.name}: {wrong[0]} does not begin at the root")
    if settings.attempts < 1:
        raise ValueError("attempts is less than one")
