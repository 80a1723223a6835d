"""Everything about the backup of a host in one go, and the reason for what could not be had.

What is saved is read from the repositories, when it is saved from systemd; what the program wrote down itself is only
believed where it speaks against itself. Run as root on the host.
"""

from __future__ import annotations

import glob
import itertools
import json
import os
import re
import stat
import subprocess
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ansible.module_utils.linux.backup_reader import BackupError, Reader
from ansible.module_utils.linux.fact_readers import read_facts

FOLDER, STATE = "/etc/nas-backup", "/var/lib/nas-backup"
DOMAIN_ARCHIVE = "/var/lib/nas-backup/staging/directory/samba-backup.tar.bz2"
_DOMAIN_PARTS = {"backup.txt", "private/sam.ldb", "private/secrets.ldb", "sysvol.tar.gz"}
#: What is read in each repository, besides what it is itself.
_OF_REPOSITORIES = ("sets", "shares", "directory")
_DAY, _WEEK, _MIB = 86400, 7 * 86400, 1 << 20
_TOLERANCE = 300
_DAILY = re.compile(r"^\*-\*-\* (\d\d:\d\d):00(?: (\S+))?$")


def backup_facts(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts, and for those that could not be read the reason, by the fact's name."""
    known = _read_json(os.path.join(STATE, "state.json"))
    readers: dict[str, Callable[[], Any]] = {
        "schedule": lambda: schedule(given["timezone"]),
        "secrets": lambda: secrets([each["name"] for each in given["repositories"]]),
        "alerts": lambda: alerts(known),
    }
    facts, failures = read_facts(readers, BackupError)
    as_of = min(time.time(), facts.get("schedule", {}).get("under_way_since") or time.time())
    with ThreadPoolExecutor(len(given["repositories"]) or 1) as pool:
        looks = [pool.submit(_look, each, given, known, as_of) for each in given["repositories"]]
        found = [look.result() for look in looks]
    # One that could not be read makes everything that is said of all of them unsure.
    if wrong := [why for why in found if isinstance(why, str)]:
        return facts, {**failures, **dict.fromkeys(("repositories", *_OF_REPOSITORIES), "; ".join(wrong))}
    looked = [each for each in found if not isinstance(each, str)]
    facts["repositories"] = [each["repository"] for each in looked]
    for name in _OF_REPOSITORIES:
        facts[name] = [each for one in looked for each in one[name]]
    return facts, failures


def _look(
    repository: Mapping[str, Any], given: Mapping[str, Any], known: Mapping[str, Any], as_of: float
) -> dict[str, Any] | str:
    reader = Reader(repository, FOLDER)
    try:
        reader.reach()
        return _look_into(reader, given, known, as_of)
    except BackupError as error:
        return str(error)
    except (OSError, ValueError, KeyError) as error:
        return f"{reader.name}: {type(error).__name__}: {error}"


def _look_into(reader: Reader, given: Mapping[str, Any], known: Mapping[str, Any], as_of: float) -> dict[str, Any]:
    snapshots = reader.snapshots(given["host"])
    now = time.time()
    future = [each for each in snapshots if each["at"] > now + _TOLERANCE]
    genuine = [each for each in snapshots if each not in future]
    sets, newest = [], {}
    for name in (each["name"] for each in given["sets"]):
        noted = known.get("sets", {}).get(name, {}).get(reader.name, {})
        whole = [each for each in genuine if name in each["tags"] and each["id"] not in noted.get("incomplete", [])]
        latest = whole[-1] if whole else None
        if latest:
            newest[name] = latest["id"]
        sets.append(
            {
                "set": name,
                "repository": reader.name,
                "place": reader.place,
                "age_hours": round(max(0.0, as_of - latest["at"]) / 3600, 2) if latest else None,
                "snapshots": len(whole),
                "growth_percent": grown(whole, now, given["growth_floor_mib"]),
                **_counts(latest),
            }
        )
    pin = _read_json(os.path.join(STATE, "pins.json")).get(reader.name, {})
    return {
        "sets": sets,
        "shares": shares(reader, newest, given, genuine),
        "directory": directory(reader, newest, given),
        "repository": {
            "name": reader.name,
            "place": reader.place,
            "id": pin.get("id", ""),
            "own_key": reader.own_key(),
            "readable": reader.readable(next(iter(newest.values()), ""), [given["host"], *newest]),
            "future": sorted({tag for each in future for tag in each["tags"]}),
            "check_days": _days_since_check(known.get("checks", {}).get(reader.name, {}), now),
        },
    }


def _days_since_check(check: Mapping[str, Any], now: float) -> float | None:
    """How long ago the data were read back and whole; a check of the future is none."""
    if not check.get("ok") or not check.get("at") or check["at"] > now + _TOLERANCE:
        return None
    return round(max(0.0, now - check["at"]) / _DAY, 2)


def _counts(latest: Mapping[str, Any] | None) -> dict[str, int]:
    summary = (latest or {}).get("summary") or {}
    return {
        "files": summary.get("total_files_processed", 0),
        "bytes": summary.get("total_bytes_processed", 0),
        "added_bytes": summary.get("data_added", 0),
    }


def grown(snapshots: list[dict[str, Any]], now: float, floor_mib: int) -> float:
    """The most that was new in a copy of the last week, in percent of what the one before held; little is nothing."""
    most = 0.0
    for former, latest in itertools.pairwise(snapshots):
        if latest["at"] < now - _WEEK or not latest.get("summary") or not former.get("summary"):
            continue
        before, added = _counts(former)["bytes"], _counts(latest)["added_bytes"]
        if added > floor_mib * _MIB:
            most = max(most, round(100 * added / max(before, 1), 1))
    return most


def shares(
    reader: Reader, newest: Mapping[str, str], given: Mapping[str, Any], snapshots: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Whether what lies in each share, and lay there when it was saved, is in the newest snapshot."""
    if not given["shares"] or "shares" not in newest:
        return [{"share": each["name"], "repository": reader.name, "missing": ["*"]} for each in given["shares"]]
    at = next(each["at"] for each in snapshots if each["id"] == newest["shares"])
    saved = reader.names_in(newest["shares"], [each["path"] for each in given["shares"]])
    found = []
    for each in given["shares"]:
        # What is new since is saved tonight.
        with os.scandir(each["path"]) as entries:
            live = {entry.name for entry in entries if entry.stat(follow_symlinks=False).st_ctime < at}
        missing = sorted(live - saved[each["path"]])[:10] if each["path"] in saved else ["*"]
        found.append({"share": each["name"], "repository": reader.name, "missing": missing})
    return found


def directory(reader: Reader, newest: Mapping[str, str], given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What the newest copy of the directory lacks to be restored."""
    if not any(each["name"] == "directory" for each in given["sets"]):
        return []
    if "directory" not in newest:
        return [{"repository": reader.name, "lacks": ["*"]}]
    try:
        lacks = sorted(_DOMAIN_PARTS - reader.parts_of(newest["directory"], DOMAIN_ARCHIVE))
    except BackupError as error:
        lacks = [str(error)]
    return [{"repository": reader.name, "lacks": lacks}]


def schedule(timezone: str) -> dict[str, Any]:
    """When the backup starts, as systemd has it in force."""
    timer = _show("nas-backup.timer", "ActiveState", "UnitFileState", "Persistent", "TimersCalendar")
    service = _show("nas-backup.service", "ActiveState", "TimeoutStartUSec", "Result", "ExecMainStartTimestamp")
    if service["ActiveState"] == "":
        raise BackupError("systemd does not know nas-backup.service")
    calendars = re.findall(r"OnCalendar=(.*?) ;", timer["TimersCalendar"])
    hour = None
    if timer["ActiveState"] == "active" and len(calendars) == 1 and (daily := _DAILY.match(calendars[0])):
        hour = daily[1] if daily[2] == timezone else f"{daily[1]} {daily[2] or ''}".strip()
    started = service["ExecMainStartTimestamp"].removeprefix("@")
    under_way = service["ActiveState"] == "activating" and started.isdigit()
    return {
        "hour": hour,
        "active": timer["ActiveState"] == "active",
        "enabled": timer["UnitFileState"] == "enabled",
        "persistent": timer["Persistent"] == "yes",
        "bounded": service["TimeoutStartUSec"] not in ("", "infinity"),
        "last_run": service["Result"],
        "under_way_since": int(started) if under_way else None,
    }


def _show(unit: str, *properties: str) -> dict[str, str]:
    said = subprocess.run(
        ["systemctl", "show", "--timestamp=unix", unit, *(f"--property={name}" for name in properties)],
        check=True, capture_output=True, text=True, timeout=20, env={**os.environ, "LC_ALL": "C"},
    ).stdout  # fmt: skip
    found = dict(line.split("=", 1) for line in said.splitlines() if "=" in line)
    return {name: found.get(name, "") for name in properties}


def secrets(repositories: list[str]) -> dict[str, Any]:
    """The keys on the host: who may read them, and what lies beside them."""
    asked = {f"{name}.{kind}" for name in repositories for kind in ("http", "key")}
    open_ = []
    for path in [FOLDER, *(os.path.join(FOLDER, name) for name in sorted(asked | {"settings.json"}))]:
        status = os.stat(path)
        if status.st_uid != 0 or stat.S_IMODE(status.st_mode) & 0o077:
            open_.append(f"{path} {stat.S_IMODE(status.st_mode):04o}")
    strangers = sorted(set(os.listdir(FOLDER)) - asked - {"settings.json"})
    keys = [
        path for pattern in ("/root/*.prune", "/root/.config/restic/*", "/etc/restic/*") for path in glob.glob(pattern)
    ]
    return {
        "files": sorted(asked),
        "open": open_,
        "strangers": [os.path.join(FOLDER, name) for name in strangers] + keys,
    }


def alerts(known: Mapping[str, Any]) -> list[str]:
    """What the program raises now."""
    if not known:
        raise BackupError("the backup never ran: it wrote nothing down")
    return [str(each["what"]) for each in known.get("alerts", [])]


def _read_json(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError, TypeError):
        return {}
