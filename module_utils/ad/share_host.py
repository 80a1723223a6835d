"""Read the state in force of a Samba file server on the host itself: settings, audit log, recycle bins, purge.

Standard library only. A fact that cannot be read is left out, and why stands in the failures.
"""

from __future__ import annotations

import glob
import os
import pwd
import stat
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.module_utils.ad import share_settings as settings

_TIMEOUT_SECONDS = 30
_DAY_SECONDS = 86400
_PURGE = "purge-recycle-bins"
_TIMER = ["UnitFileState", "ActiveState", "NextElapseUSecRealtime", "LastTriggerUSec"]
_SERVICE = ["LoadState", "Result", "ExecStart"]


def run(*command: str, errors: bool = False) -> str:
    """What a command prints; with errors, also what it says on the side."""
    done = subprocess.run(
        command,
        check=True,
        text=True,
        timeout=_TIMEOUT_SECONDS,
        env={**os.environ, "LC_ALL": "C", "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT if errors else subprocess.PIPE,
    )
    return done.stdout


def gather(declared: Sequence[str], audit_file: str, recycle_folder: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts of the host, and why some are missing."""
    facts: dict[str, Any] = {}
    failures: dict[str, str] = {}
    printed: dict[str, Any] = {}

    def read() -> dict[str, Any]:
        printed.update(settings.parse(run("testparm", "--suppress-prompt", "--verbose")))
        shares = settings.share_facts(printed)
        return {
            **settings.server_facts(printed),
            "shares": shares,
            **settings.compare(shares, declared),
        }

    tasks: dict[str, Callable[[], dict[str, Any]]] = {
        "settings": read,
        "service": lambda: {"service": {"smbd": _active("smbd.service"), "nmbd": _active("nmbd.service")}},
        "audit_log": lambda: {"audit_log": log_facts(audit_file)},
        "recycle": lambda: {"recycle": bin_facts([one["path"] for one in facts["shares"]], recycle_folder)},
    }
    for name, task in tasks.items():
        try:
            facts.update(task())
        except subprocess.CalledProcessError as error:
            said = " ".join(str(error.stderr or error.stdout or "").split())[-200:]
            failures[name] = f"{error.cmd[0]} failed: {said}"
        except (OSError, KeyError, ValueError, subprocess.SubprocessError) as error:
            failures[name] = f"{type(error).__name__}: {error}"
    return facts, failures


def _active(unit: str) -> bool:
    return _show(unit, ["ActiveState"])["ActiveState"] == "active"


def _show(unit: str, properties: Sequence[str]) -> dict[str, str]:
    printed = run("systemctl", "show", f"--property={','.join(properties)}", unit)
    return dict(line.split("=", 1) for line in printed.splitlines() if "=" in line)


def log_facts(file: str) -> dict[str, Any]:
    """The audit log: who may read it, and how long it is kept."""
    if not os.path.exists(file):
        return {"path": file, "exists": False}
    state = os.stat(file)
    kept = [file, *glob.glob(f"{glob.escape(file)}?*")]
    modes = [os.stat(one).st_mode for one in kept] + [os.stat(os.path.dirname(file)).st_mode & ~stat.S_IXOTH]
    return {
        "path": file,
        "exists": True,
        "mode": f"{stat.S_IMODE(state.st_mode):04o}",
        "owner": _owner(state.st_uid),
        "open_to_others": any(mode & (stat.S_IRWXO | stat.S_IWGRP) for mode in modes),
        "retention_days": settings.rotation_days(run("logrotate", "--debug", "/etc/logrotate.conf", errors=True), file),
        "oldest_days": _days(min(os.stat(one).st_mtime for one in kept)),
    }


def bin_facts(paths: Sequence[str], folder: str) -> dict[str, Any]:
    """The recycle bins: what purges them and when, the oldest file, and bins that are not their owner's."""
    timer, service = _show(f"{_PURGE}.timer", _TIMER), _show(f"{_PURGE}.service", _SERVICE)
    oldest: float | None = None
    files = 0
    strangers: list[str] = []
    for path in paths:
        for name, state in _owners(os.path.join(path, folder)):
            owner = _owner(state.st_uid).rpartition("\\")[2]
            if owner.casefold() != name.split("_")[0].casefold():
                strangers.append(f"{os.path.basename(path)}/{folder}/{name}: {owner}")
        for found in _files(os.path.join(path, folder)):
            files += 1
            oldest = found.st_ctime if oldest is None else min(oldest, found.st_ctime)
    return {
        "retention_days": settings.purge_days(service),
        "timer_enabled": timer.get("UnitFileState") == "enabled" and timer.get("ActiveState") == "active",
        "next_purge": timer.get("NextElapseUSecRealtime") or None,
        "last_purge": timer.get("LastTriggerUSec") or None,
        "last_purge_worked": service.get("Result") == "success",
        "files": files,
        "oldest_days": _days(oldest),
        "bins_of_others": sorted(strangers),
    }


def _owners(folder: str) -> list[tuple[str, os.stat_result]]:
    if not os.path.isdir(folder):
        return []
    with os.scandir(folder) as entries:
        return [(entry.name, entry.stat(follow_symlinks=False)) for entry in entries if entry.is_dir()]


def _files(folder: str) -> list[os.stat_result]:
    return [os.lstat(os.path.join(above, name)) for above, _, names in os.walk(folder) for name in names]


def _days(moment: float | None) -> float | None:
    return None if moment is None else round(max(0.0, time.time() - moment) / _DAY_SECONDS, 2)


def _owner(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def named(facts: Mapping[str, str]) -> dict[str, str]:
    """Failures under the name of the fact they are missing from."""
    return {f"file_shares.{name}": why for name, why in facts.items()}
