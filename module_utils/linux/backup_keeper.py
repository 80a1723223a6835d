"""How a host keeps backups of others: what is in force, what was done last, and what anybody could read.

Run as root on that host. A fact that cannot be had is left out; absence is never turned into an answer.
"""

from __future__ import annotations

import json
import os
import subprocess
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ansible.module_utils.linux.backup_users import fits
from ansible.module_utils.linux.fact_readers import read_facts

SETTINGS, STATE = "/etc/backup-repository/settings.json", "/var/lib/backup-repository/state.json"
PROGRAM = "/usr/local/sbin/backup-repository"
_HEXADECIMAL = set("0123456789abcdef")
#: What stands in a repository, and at its top.
_FOLDERS, _FILES = ("data", "index", "snapshots", "keys", "locks"), ("config",)
#: Files that are looked into, and how much of each: what is encrypted does not get smaller.
_LOOKED_INTO, _BYTES, _PACKS = 40, 256 * 1024, 0.97
_SMALLEST = 2048
#: A clock may be a little ahead; what is dated later counts for nothing.
_AHEAD = 300
#: Passwords that machines leave the factory with.
FACTORY = (
    "",
    "admin",
    "password",
    "synology",
    "synology123",
    "qnap",
    "root",
    "toor",
    "raspberry",
    "backup",
    "changeme",
)


class KeeperError(Exception):
    """A fact cannot be had; the message says why."""


def keeper_facts(settings_file: str, state_file: str, declared_mirrors: int) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts, and for those that could not be read the reason, by the fact's name."""
    try:
        settings = _json(settings_file)
    except (OSError, ValueError) as error:
        return {}, {"backup_repository": f"{settings_file}: {error}"}
    readers: dict[str, Callable[[], Any]] = {
        "retention": lambda: _retention(settings_file),
        "room": lambda: _room(settings),
        "repositories": lambda: [_repository(settings, name) for name in sorted(settings["quotas_gb"])],
        "readable": lambda: _readable(settings),
        "runs": lambda: _runs(state_file),
        "timers": lambda: {name: _active(f"backup-repository-{name}.timer") for name in ("prune", "check", "watch")},
        "alerts": lambda: sorted(each["what"] for each in _json(state_file).get("alerts", [])),
        "key": lambda: _key(settings),
        "domain": _domain,
        "factory_logons": _factory_logons,
        "mirrors": _mirrors,
        "declared_mirrors": lambda: declared_mirrors,
    }
    return read_facts(readers, KeeperError, prefix="backup_repository.")


def _json(path: str) -> dict[str, Any]:
    with open(path, encoding="utf-8") as file:
        return dict(json.load(file))


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout


def _active(unit: str) -> bool:
    done = subprocess.run(["systemctl", "is-active", unit], capture_output=True, text=True, timeout=30, check=False)
    return done.stdout.strip() == "active"


def _retention(settings_file: str) -> Any:
    """What the installed program would do with a backup of every day, by the settings in force."""
    return json.loads(_run(PROGRAM, "retention", "--settings", settings_file))


def _room(settings: Mapping[str, Any]) -> dict[str, Any]:
    room = os.statvfs(settings["folder"])
    return {"free_percent": 100 * room.f_bavail // max(room.f_blocks, 1), "bytes": room.f_blocks * room.f_frsize}


def _files(folder: str) -> Iterator[str]:
    for at, _, names in os.walk(folder):
        yield from (os.path.join(at, name) for name in names)


def _repository(settings: Mapping[str, Any], name: str) -> dict[str, Any]:
    """Its size beside its quota, and when snapshots arrived: their files' own dates, which no client chooses."""
    folder = os.path.join(settings["folder"], name)
    arrivals = [entry.stat().st_mtime for entry in os.scandir(os.path.join(folder, "snapshots"))]
    past = [at for at in arrivals if at <= time.time() + _AHEAD]
    quota = float(settings["quotas_gb"][name]) * 1e9
    used = sum(os.lstat(path).st_size for path in _files(folder))
    return {
        "host": name,
        "bytes": used,
        "quota_bytes": int(quota),
        "filled_percent": round(100 * used / quota, 1),
        "open": os.stat(os.path.join(folder, "snapshots")).st_mode & 0o200 != 0,
        "snapshots": len(arrivals),
        "newest_hours": round((time.time() - max(past)) / 3600, 2) if past else None,
        "oldest_days": round((time.time() - min(arrivals)) / 86400, 1) if arrivals else None,
        "keys": len(os.listdir(os.path.join(folder, "keys"))),
    }


def _readable(settings: Mapping[str, Any]) -> list[str]:
    """Files that are no part of a repository, and those of one that are not encrypted: such data do not get smaller."""
    found = []
    for name in sorted(os.listdir(settings["folder"])):
        folder = os.path.join(settings["folder"], name)
        files = [folder] if os.path.isfile(folder) else sorted(_files(folder), key=os.path.getmtime, reverse=True)
        packs = 0
        for path in files:
            inside = os.path.relpath(path, settings["folder"])
            part = inside.split(os.sep)
            if not _belongs(part):
                if not _being_written(part):
                    found.append(inside)
            elif part[1] in ("data", "index") and packs < _LOOKED_INTO:
                packs += 1
                found += [inside] if _packs_well(path) else []
    return found[:50]


def _belongs(part: list[str]) -> bool:
    if len(part) == 2:
        return part[1] in _FILES
    return len(part) in (3, 4) and part[1] in _FOLDERS and len(part[-1]) == 64 and set(part[-1]) <= _HEXADECIMAL


def _being_written(part: list[str]) -> bool:
    """An upload that goes on: the digest, and more."""
    return len(part) in (3, 4) and part[1] in _FOLDERS and set(part[-1][:64]) <= _HEXADECIMAL and len(part[-1]) > 64


def _packs_well(path: str) -> bool:
    with open(path, "rb") as file:
        data = file.read(_BYTES)
    return len(data) >= _SMALLEST and len(zlib.compress(data, 6)) < _PACKS * len(data)


def _since(run: Mapping[str, Any], now: float, unit: int, digits: int) -> float | None:
    """How long ago it went well; None when it never did, or by a clock that was ahead."""
    if "ok_at" not in run or run["ok_at"] > now + _AHEAD:
        return None
    return round((now - run["ok_at"]) / unit, digits)


def _runs(state_file: str) -> list[dict[str, Any]]:
    """What was done last with each repository; hours and days are counted from now."""
    now = time.time()
    return [
        {
            "host": name,
            "prune_ok": entry["prune"]["ok"],
            "prune_hours": _since(entry["prune"], now, 3600, 2),
            "prune_error": entry["prune"]["error"],
            "future": len(entry["prune"].get("future", [])),
            "misdated": len(entry["prune"].get("misdated", [])),
            "check_ok": entry["check"]["ok"] and _since(entry["check"], now, 86400, 3) is not None,
            "check_days": _since(entry["check"], now, 86400, 3),
            "check_error": entry["check"]["error"],
            "check_part": f"{entry['check']['part']}/{entry['check']['parts']}",
        }
        for name, entry in sorted(_json(state_file)["repositories"].items())
    ]


def _key(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Whether the key that prunes opens each repository, and nobody else can read it."""
    state = os.stat(settings["key_file"])
    with open(settings["key_file"], encoding="utf-8") as file:
        key = file.read()
    fails = []
    for name in sorted(settings["quotas_gb"]):
        done = subprocess.run(
            ["setpriv", "--reuid", settings["account"], "--regid", settings["account"], "--clear-groups", "restic",
             "--no-cache", "--repo", os.path.join(settings["folder"], name), "key", "list", "--json", "--no-lock"],
            input=key, capture_output=True, text=True, timeout=120, check=False, cwd="/",
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/nonexistent"},
        )  # fmt: skip
        if done.returncode not in (0, 10, 12):
            raise KeeperError(f"{name}: restic key list: {done.stderr.strip()[-200:]}")
        fails += [name] if done.returncode else []
    return {"closed": state.st_uid == 0 and not state.st_mode & 0o077, "does_not_open": fails}


def _domain() -> list[str]:
    """What makes this host part of a domain, or its people known here."""
    found = [path for path in ("/etc/krb5.keytab", "/var/lib/samba/private/secrets.ldb") if os.path.exists(path)]
    with open("/etc/nsswitch.conf", encoding="utf-8") as file:
        for line in file:
            words = line.split("#")[0].split()
            if words and words[0] in ("passwd:", "group:"):
                found += [f"{words[0]} {word}" for word in words[1:] if word in ("winbind", "sss", "ldap")]
    return found


def _factory_logons() -> list[str]:
    """Accounts of this host that open with a password known to everybody, or with none."""
    found = []
    with open("/etc/shadow", encoding="utf-8") as file:
        for line in file:
            login, kept = line.split(":")[:2]
            if kept == "" or (kept.startswith("$") and any(fits(each, kept) for each in (*FACTORY, login))):
                found.append(login)
    return found


def _mirrors() -> list[dict[str, Any]]:
    """Mirrors of disks that this host has, and whether they are whole."""
    found = []
    for name in sorted(os.listdir("/sys/block")) if os.path.isdir("/sys/block") else []:
        folder = f"/sys/block/{name}/md"
        if os.path.isdir(folder):
            with open(f"{folder}/degraded", encoding="ascii") as file:
                found.append({"name": name, "whole": file.read().strip() == "0"})
    return found
