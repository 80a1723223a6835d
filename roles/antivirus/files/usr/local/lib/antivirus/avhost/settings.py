"""What the site asks of the antivirus of this host."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any

SETTINGS = "/etc/antivirus/settings.json"
FOLDER = "/var/lib/antivirus"
SIGNATURES = "/var/lib/clamav"
SOCKET = "/run/clamav/clamd.ctl"


class SettingsError(Exception):
    """The settings cannot be used; the message says what is wrong."""


@dataclass(frozen=True)
class Settings:
    """Limits and places; see the role's argument_specs."""

    official: bool
    private_urls: list[str]
    signatures_at_most_hours: float
    scan_at_most_days: float
    watch_at_most_minutes: float
    greatest_loss_percent: float
    scan_paths: list[str]
    media_paths: list[str]
    quarantine: str
    site_signatures: list[str]
    alert_command: list[str]
    largest_bytes: int
    shares_socket: str


def read_settings(path: str = SETTINGS) -> Settings:
    """The settings.

    :raises SettingsError: the file is not there, or not what is expected.
    """
    try:
        with open(path, encoding="utf-8") as file:
            given: dict[str, Any] = json.load(file)
        return _checked(Settings(**given))
    except (OSError, ValueError, TypeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def _checked(settings: Settings) -> Settings:
    kinds = {"bool": bool, "float": (int, float), "int": int, "str": str, "list[str]": list}
    for field in fields(settings):
        value = getattr(settings, field.name)
        if not isinstance(value, kinds[str(field.type)]):
            raise ValueError(f"{field.name} is {value!r}, not {field.type}")
    for name in ("scan_paths", "media_paths"):
        if not all(path.startswith("/") for path in getattr(settings, name)):
            raise ValueError(f"{name}: every path begins with /")
    if not settings.quarantine.startswith("/"):
        raise ValueError("quarantine is not the path of a folder")
    for line in settings.site_signatures:
        if len(line.split(":")) not in (4, 5, 6):
            raise ValueError(f"site_signatures: {line!r} is no line of an .ndb file (name:target:offset:signature)")
    return settings
