"""What the role wrote for the alarms. A mistake is told by its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hostlib import SettingsError, settings_from

SETTINGS = "/etc/share-alarms/settings.json"


@dataclass(frozen=True)
class Threshold:
    """So many in so many seconds are too many."""

    count: int
    seconds: int


@dataclass(frozen=True)
class Settings:
    """All of it. Names are those of the role's arguments."""

    root: str
    folder: str
    audit_file: str
    trace_file: str
    samba_file: str
    names: tuple[str, ...]
    sources: tuple[str, ...]
    certificates: str
    greatest_loss_percent: int
    names_at_most_days: int
    most_changes: Threshold
    most_writes: Threshold
    cut_off: bool
    warn_percent: int
    fail_percent: int
    alert_command: tuple[str, ...]


def read_settings(path: str = SETTINGS) -> Settings:
    """The settings of this host.

    :raises SettingsError: they are missing or wrong.
    """
    settings = settings_from(path, _settings)
    if not 0 < settings.warn_percent < settings.fail_percent <= 100:
        raise SettingsError(f"{path}: warn_percent must be less than fail_percent, both of 100")
    if min(settings.most_changes.count, settings.most_changes.seconds, settings.most_writes.count) < 1:
        raise SettingsError(f"{path}: most_changes and most_writes must be at least 1")
    return settings


def _settings(given: Mapping[str, Any]) -> Settings:
    texts = {
        key: str(given[key]) for key in ("root", "folder", "audit_file", "trace_file", "samba_file", "certificates")
    }
    numbers = {
        key: int(given[key]) for key in ("greatest_loss_percent", "names_at_most_days", "warn_percent", "fail_percent")
    }
    lists = {key: tuple(str(each) for each in given[key]) for key in ("names", "sources", "alert_command")}
    return Settings(
        **texts,
        **numbers,
        **lists,
        most_changes=_threshold(given["most_changes"]),
        most_writes=_threshold(given["most_writes"]),
        cut_off=bool(given["cut_off"]),
    )


def _threshold(given: Mapping[str, Any]) -> Threshold:
    return Threshold(int(given["count"]), int(given["seconds"]))
