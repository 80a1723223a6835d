"""The program of the role backup_repository, as it is installed, and a keeper of backups in a folder."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.unit.host_library.programs import LIBRARY

FILES = ROOT / "roles" / "backup_repository" / "files" / "usr" / "local"
PROGRAM = FILES / "sbin" / "backup-repository"
sys.path.append(str(FILES / "lib" / "backup-repository"))

retention: Any = importlib.import_module("backuprepo.retention")
room: Any = importlib.import_module("backuprepo.room")
settings: Any = importlib.import_module("backuprepo.settings")
work: Any = importlib.import_module("backuprepo.work")

#: Stands for restic: says what it is told to in files beside it, and writes down how it was called.
_RESTIC = """#!/bin/sh
cat > /dev/null
while [ "$1" != "--repo" ]; do shift; done
echo "$(basename "$2") $3 $4 $5" >> {folder}/calls
test -e {folder}/fails_$3 && {{ echo "Fatal: $(cat {folder}/fails_$3)" >&2; exit 1; }}
test "$3" = snapshots && cat {folder}/listed || true
"""


class Keeper:
    """A host that keeps the backups of fs1, without restic and without root."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.state, self.bin = folder / "backups", folder / "state", folder / "bin"
        for each in (self.state, self.bin, *(self.folder / "fs1" / name for name in ("data/00", "index", "snapshots"))):
            each.mkdir(parents=True)
        for each in (self.folder / "fs1").rglob("*"):
            each.chmod(0o700)
        (self.bin / "restic").write_text(_RESTIC.format(folder=folder))
        (self.bin / "restic").chmod(0o755)
        self.calls, self.listed = folder / "calls", folder / "listed"
        self.listed.write_text("[]")
        self.told = folder / "told"
        (folder / "key").write_text("a key")
        self.given: dict[str, Any] = {
            "folder": str(self.folder), "account": "nobody", "key_file": str(folder / "key"), "quotas_gb": {"fs1": 1},
            "retention": {"every_days": 7, "daily_days": 30, "weekly_days": 90, "monthly_days": 365, "limit_days": 366,
                          "misdated_hours": 48, "future_minutes": 60},
            "free_percent": 0, "reserve_percent": 0, "arrival_hours": 26, "check_days": 7, "check_parts": 3,
            "late_hours": 50, "gap_days": 10, "retry_lock": "1s", "timeout_seconds": 20,
            "alert_command": ["/bin/sh", "-c", f"cat >> {self.told}"],
        }  # fmt: skip
        self.file = folder / "settings.json"

    def run(self, what: str, *more: str) -> subprocess.CompletedProcess[str]:
        """Run the program as the timers do, with a restic that is none."""
        self.file.write_text(json.dumps(self.given))
        library = FILES / "lib" / "backup-repository"
        code = (
            f"import sys, runpy; sys.path[:0] = {[str(library), LIBRARY]!r}; import backuprepo.restic as r, subprocess as s; "
            f"real = s.run; r.subprocess.run = lambda c, **k: real([{str(self.bin / 'restic')!r}, *c[1:]] "
            "if c[0] == 'restic' else c, **{key: value for key, value in k.items() "
            "if key not in ('user', 'group', 'extra_groups')}); "
            f"sys.argv = ['backup-repository', {what!r}, '--settings', {str(self.file)!r}, '--state', {str(self.state)!r}, "
            f"*{list(more)!r}]; runpy.run_path({str(PROGRAM)!r}, run_name='__main__')"
        )
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)

    def arrives(self, name: str, dated: str, arrived: float) -> None:
        """A snapshot that came at a time and bears a date."""
        identity = name.ljust(64, "0")
        listed = [
            *json.loads(self.listed.read_text()),
            {"id": identity, "time": dated, "hostname": "fs1", "tags": ["shares"]},
        ]
        self.listed.write_text(json.dumps(listed))
        file = self.folder / "fs1" / "snapshots" / identity
        file.write_text("x")
        os.utime(file, (arrived, arrived))

    def written(self) -> dict[str, Any]:
        """What it wrote down."""
        return dict(json.loads((self.state / "state.json").read_text()))
