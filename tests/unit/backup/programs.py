"""The parts of the program nas-backup, as modules; and settings that it can read."""

from __future__ import annotations

import json
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.conftest import ROOT
from tests.unit.host_library import programs  # noqa: F401  (finds the library)

PACKAGE = ROOT / "roles/nas_backup/files/usr/local/lib/nas-backup"


def part(name: str) -> ModuleType:
    """A module of the package, without a cache left beside it."""
    if str(PACKAGE) not in sys.path:
        sys.path.append(str(PACKAGE))
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        return import_module(f"nasbackup.{name}")
    finally:
        sys.dont_write_bytecode = before


def given(**other: Any) -> dict[str, Any]:
    """Settings in good order."""
    return {
        "host": "fs1",
        "repositories": [
            {
                "name": "offsite",
                "place": "offsite",
                "url": "https://192.0.2.1:8000/fs1/",
                "user": "fs1",
                "password_file": "/nowhere/offsite.http",
                "key_file": "/nowhere/offsite.key",
                "ca_file": "/nowhere/ca.crt",
            }
        ],
        "sets": [{"name": "shares", "paths": ["/srv/shares"]}],
        "timezone": "Europe/Paris",
        "working_days": [0, 1, 2, 3, 4],
        "working_from": "08:00",
        "working_to": "19:00",
        "working_upload_kib": 512,
        "attempts": 2,
        "pause_seconds": 0,
        "unreachable_seconds": 1,
        "set_minutes": 1,
        "growth_percent": 30,
        "growth_floor_mib": 10,
        "changed_percent": 40,
        "clock_tolerance_seconds": 300,
        "check_days": 8,
        "check_parts": 4,
        "alert_command": [],
        **other,
    }


def settings(folder: Path, **other: Any) -> Any:
    """The settings as the program reads them."""
    file = folder / "settings.json"
    file.write_text(json.dumps(given(**other)), encoding="utf-8")
    return part("settings").read_settings(str(file))
