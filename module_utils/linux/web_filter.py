"""What the web filter of this host is made of, read by another road than the programs that made it.

The database is read with SQL of our own and compared with what was written down when it was made. What the filter does
without lists, or when a source goes bad, is tried with its own programs in a folder of the trial. Standard library only.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from typing import Any

PROGRAM = "/usr/local/sbin/web-category"
CANARY = "/usr/local/sbin/web-filter-canary"
TIMERS = {"update": "web-filter-update.timer", "canary": "web-filter-canary.timer"}
_DAY = 24 * 3600
_SECONDS = 180


class WebFilterError(Exception):
    """There is no filter to read; the message says what to do."""


def read_filter(folder: str, settings_file: str) -> dict[str, Any]:
    """Lists, database, canary, updater and helper as they are now.

    :raises WebFilterError: the filter was never set up here.
    """
    settings = _json(settings_file)
    state = _json(os.path.join(folder, "state.json"), missing_is_empty=True)
    current = os.path.join(folder, "current")
    facts = read_database(current, settings)
    facts.update(_ages(settings, state))
    last = state.get("update", {})
    facts["update"] = {
        "age_hours": _age(last.get("at"), 3600),
        "error": last.get("error", ""),
        "troubles": sorted(
            f"{name}: {why}" for kind in ("kept", "missing") for name, why in last.get(kind, {}).items()
        ),
        "alerts": [each["what"] for each in state.get("alerts", []) if each.get("part") == "update"],
        "seconds": last.get("seconds"),
    }
    recorded = state.get("canary", {})
    facts["canary"] = {
        "age_minutes": _age(recorded.get("at"), 60),
        "recorded_wrong": recorded.get("wrong"),
        **_sing(),
    }
    facts["timers"] = {name: _timer(unit) for name, unit in TIMERS.items()}
    facts["helpers"] = helpers()
    return facts


def _json(path: str, *, missing_is_empty: bool = False) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            return dict(json.load(file))
    except FileNotFoundError as error:
        if missing_is_empty:
            return {}
        raise WebFilterError(f"{path} is missing; bring the gateway in line first") from error
    except (OSError, ValueError) as error:
        raise WebFilterError(f"{path} cannot be read: {error}; bring the gateway in line first") from error


def _age(then: float | None, unit: int) -> float | None:
    return None if then is None else round((time.time() - then) / unit, 2)


def read_database(current: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Counts of the database in force, and where it is not what was made. Without one, nothing is in force."""
    name = os.path.basename(os.path.realpath(current))
    facts: dict[str, Any] = {
        "generation": None,
        "categories": [],
        "categories_in_force": [],
        "differences": ["no lists are in force"],
    }
    path = os.path.join(current, "categories.sqlite")
    try:
        with open(path, "rb") as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        manifest = _json(os.path.join(current, "manifest.json"))
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
            counts = _counts(database)
            owners: dict[str, list[int]] = {}
            for category, bit in database.execute("SELECT name, list FROM categories"):
                owners.setdefault(category, []).append(bit)
    except (OSError, sqlite3.Error) as error:
        return {**facts, "differences": [f"no lists can be read: {error}"]}
    except WebFilterError as error:
        return {**facts, "differences": [str(error)]}
    differences = [] if digest == manifest.get("sha256") else ["the database is not the one that was made"]
    for each, made in sorted(manifest.get("lists", {}).items()):
        found = counts["by_name"].get(each, 0)
        if found != made["domains"]:
            differences.append(f"{each}: {found} domains, {made['domains']} when it was made")
    categories = [
        {"name": each["name"], "domains": sum(counts["by_bit"].get(bit, 0) for bit in owners.get(each["name"], []))}
        for each in settings["categories"]
    ]
    return {
        "generation": {"name": name, "made_days_ago": _age(manifest.get("made_at"), _DAY), "digest": digest},
        "lists": [{"name": each, "domains": count} for each, count in sorted(counts["by_name"].items())],
        "categories": categories,
        "categories_in_force": [each["name"] for each in categories if each["domains"]],
        "differences": differences,
    }


def _counts(database: sqlite3.Connection) -> dict[str, dict[Any, int]]:
    """Domains of each list, the canaries left out: a canary alone is no list."""
    names = dict(database.execute("SELECT bit, name FROM lists").fetchall())
    by_bit = dict.fromkeys(names, 0)
    rows = database.execute(
        "SELECT lists, count(*) FROM domains WHERE name NOT IN (SELECT name FROM canary) GROUP BY lists"
    )
    for mask, count in rows:
        for bit in names:
            by_bit[bit] += count if mask >> bit & 1 else 0
    return {"by_bit": by_bit, "by_name": {names[bit]: count for bit, count in by_bit.items()}}


def _ages(settings: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    """How long ago each wanted list came from its source; the oldest is unknown when one never came."""
    wanted = sorted({name for each in settings["categories"] for name in each.get("lists", [])})
    ages = {name: _age(state.get("lists", {}).get(name, {}).get("accepted_at"), _DAY) for name in wanted}
    known = [age for age in ages.values() if age is not None]
    return {
        "list_ages_days": ages,
        "oldest_list_days": max(known) if known and len(known) == len(ages) else None,
        "never_fetched": [name for name, age in ages.items() if age is None],
    }


def _sing() -> dict[str, Any]:
    """What the canary finds now; nothing is written down for it."""
    try:
        done = subprocess.run([CANARY, "--dry"], capture_output=True, text=True, timeout=_SECONDS, check=True)
        found = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        return {"wrong": [f"the canary cannot ask: {error}"], "asked": 0, "through_the_proxy": 0}
    return {key: found[key] for key in ("wrong", "asked", "through_the_proxy")}


def _timer(unit: str) -> dict[str, bool]:
    def says(word: str) -> bool:
        return subprocess.run(["systemctl", "--quiet", word, unit], capture_output=True, check=False).returncode == 0

    return {"enabled": says("is-enabled"), "active": says("is-active")}


def helpers(processes: str = "/proc") -> dict[str, int]:
    """How many helpers run, and how many of them for Squid: those whose parent is one of its processes."""
    found = {"running": 0, "of_squid": 0}
    for number in filter(str.isdigit, os.listdir(processes)):
        try:
            with open(os.path.join(processes, number, "cmdline"), "rb") as file:
                words = file.read().split(b"\0")
            if PROGRAM.encode() not in words[:4]:
                continue
            found["running"] += 1
            with open(os.path.join(processes, number, "stat"), encoding="utf-8", errors="replace") as file:
                parent = file.read().rpartition(")")[2].split()[1]
            with open(os.path.join(processes, parent, "comm"), encoding="utf-8", errors="replace") as file:
                found["of_squid"] += file.read().startswith("squid")
        except (OSError, IndexError):  # it ended in the meantime
            continue
    return found


def ask(program: Sequence[str], name: str) -> str:
    """What a helper of our own answers for a host."""
    try:
        done = subprocess.run(
            list(program), input=f"0 http://{name}/ -\n", capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"no answer: {error}"
    return done.stdout.strip().removeprefix("0 ") or "no answer"
