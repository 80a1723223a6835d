"""What the role wrote. A mistake is told by its key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hostlib import settings_from

from backuprepo.retention import Retention

SETTINGS = "/etc/backup-repository/settings.json"
FOLDER = "/var/lib/backup-repository"
GIGABYTE = 1000**3


@dataclass(frozen=True)
class Settings:
    """All of it. Names are those of the role's arguments."""

    folder: str
    account: str
    key_file: str
    #: How much each repository may fill, in bytes, by name.
    quotas: Mapping[str, int]
    retention: Retention
    #: Below it an alert is raised; below the reserve nothing new is taken.
    free_percent: int
    reserve_percent: int
    check_parts: int
    #: A backup, a check and a prune that are older than this are an alert.
    arrival_hours: int
    check_days: int
    late_hours: int
    #: A step of the clock beyond this between two runs is not believed.
    gap_days: int
    retry_lock: str
    timeout_seconds: int
    alert_command: tuple[str, ...]


def read_settings(path: str = SETTINGS) -> Settings:
    """The settings of this host.

    :raises SettingsError: they are missing or wrong.
    """
    return settings_from(path, _settings)


def _settings(given: Mapping[str, Any]) -> Settings:
    kept = {key: int(value) for key, value in given["retention"].items()}
    quotas = {name: int(float(size) * GIGABYTE) for name, size in given["quotas_gb"].items()}
    if not quotas or min([*kept.values(), *quotas.values()]) <= 0:
        raise ValueError("retention and quotas must be above zero")
    return Settings(
        folder=given["folder"],
        account=given["account"],
        key_file=given["key_file"],
        quotas=quotas,
        retention=Retention(**kept),
        free_percent=int(given["free_percent"]),
        reserve_percent=int(given["reserve_percent"]),
        arrival_hours=int(given["arrival_hours"]),
        check_days=int(given["check_days"]),
        check_parts=int(given["check_parts"]),
        late_hours=int(given["late_hours"]),
        gap_days=int(given["gap_days"]),
        retry_lock=given["retry_lock"],
        timeout_seconds=int(given["timeout_seconds"]),
        alert_command=tuple(given["alert_command"]),
    )
