"""What the drill and the last rehearsal wrote down on a host. A fact that is not there is left out, with its reason."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from typing import Any

from ansible.module_utils.linux.fact_readers import read_facts

_DAY = 86400
#: A clock may be a little ahead; a proof of next week is none.
_AHEAD = -300 / _DAY


class RestoreStateError(Exception):
    """A fact cannot be had; the message is the reason."""


def restore_facts(folder: str, backup_settings: str, now: float | None = None) -> tuple[dict[str, Any], dict[str, str]]:
    """Facts, and for those that could not be read the reason, by the fact's name."""
    moment = time.time() if now is None else now
    readers: dict[str, Callable[[], Any]] = {
        "last": lambda: _last(folder),
        "proven_days": lambda: proven_days(folder, moment),
        "extrapolated_hours": lambda: _hours(_last(folder).get("extrapolated_seconds")),
        "unproven": lambda: unproven(_last(folder), _read(backup_settings)),
        "weekly": _weekly,
        "rehearsal": lambda: rehearsal(folder, moment),
    }
    return read_facts(readers, RestoreStateError, prefix="restore_drill.")


def proven_days(folder: str, now: float) -> float:
    """Days since a drill proved every set; those that found something wrong prove nothing."""
    with open(os.path.join(folder, "history.jsonl"), encoding="utf-8") as file:
        runs = [json.loads(line) for line in file if line.strip()]
    last = _last(folder)
    # The history is what is remembered, and the last result must be the one that is remembered last.
    if not runs or runs[-1]["at"] != last["at"]:
        raise RestoreStateError("the history of the drills does not end with the last one")
    good = [_age(each["at"], now) for each in runs if each["ok"]]
    if not good:
        raise RestoreStateError("no restore has been proven")
    return min(good)


def unproven(last: dict[str, Any], settings: dict[str, Any]) -> list[str]:
    """Sets and repositories of which the last drill proved nothing, as set and repository."""
    proven = {(each["set"], each["repository"]) for each in last["sets"] if each["ok"]}
    wanted = [(each["name"], place["name"]) for each in settings["sets"] for place in settings["repositories"]]
    return [f"{name} ({place})" for name, place in wanted if (name, place) not in proven]


def rehearsal(folder: str, now: float) -> dict[str, Any]:
    """The last full rehearsal."""
    path = os.path.join(folder, "rehearsal.json")
    if not os.path.exists(path):
        raise RestoreStateError("no full rehearsal has taken place")
    found = _read(path)
    return {
        **{key: found[key] for key in ("at", "ok", "seconds", "lost_hours", "differences")},
        "hours": _hours(found["seconds"]),
        "age_days": _age(found["at"], now),
    }


def _age(at: float, now: float) -> float:
    age = (now - float(at)) / _DAY
    if age < _AHEAD:
        raise RestoreStateError("a proof is dated in the future; compare the clocks")
    return round(max(age, 0.0), 3)


def _hours(seconds: float | None) -> float:
    if seconds is None:
        raise RestoreStateError("a set was not restored: how long all of it takes is not known")
    return round(float(seconds) / 3600, 4)


def _last(folder: str) -> dict[str, Any]:
    path = os.path.join(folder, "last.json")
    if not os.path.exists(path):
        raise RestoreStateError("no restore was ever tried")
    return _read(path)


def _read(path: str) -> dict[str, Any]:
    with open(path, encoding="utf-8") as file:
        return dict(json.load(file))


def _weekly() -> bool:
    done = subprocess.run(
        ["systemctl", "is-active", "--quiet", "restore-drill.timer"], capture_output=True, check=False, timeout=30
    )
    return done.returncode == 0
