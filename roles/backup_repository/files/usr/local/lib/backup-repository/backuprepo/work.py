"""One run: prune, or check a part of the data, of every repository."""

from __future__ import annotations

import os
from typing import Any

from backuprepo import room
from backuprepo.restic import ResticError, run, snapshots
from backuprepo.retention import decide
from backuprepo.settings import Settings

_AT_ONCE = 200


def prune(settings: Settings, state: dict[str, Any], now: float, *, believe_clock: bool = False) -> list[str]:
    """Let go of what is old enough; what somebody should know."""
    if not believe_clock and not room.clock_is_believed(state, settings, now):
        return [
            "the clock has jumped since the last run, and nothing was pruned; "
            "if it is right now, run backup-repository prune --believe-clock"
        ]
    state["last_prune_clock"] = int(now)
    wrong = []
    for name in sorted(settings.quotas):
        entry = state.setdefault("repositories", {}).setdefault(name, {})
        done = entry["prune"] = {**entry.get("prune", {}), "at": int(now), "ok": False, "error": ""}
        try:
            _prune_one(settings, name, done, now)
            done.update(ok=True, ok_at=int(now))
        except (ResticError, OSError, ValueError, KeyError) as error:
            done["error"] = str(error)
            wrong.append(f"{name}: pruning failed: {error}")
        # What was found last is not over because nothing could be found now.
        wrong += _strange(name, done)
    return wrong


def _strange(name: str, done: dict[str, Any]) -> list[str]:
    """Snapshots that somebody should look at."""
    return [
        f"{name}: {len(done[which])} snapshots {what}, the first {done[which][-1][:8]}"
        for which, what in (
            ("future", "are dated in the future"),
            ("misdated", "do not bear the date of their arrival"),
        )
        if done.get(which)
    ]


def _prune_one(settings: Settings, name: str, done: dict[str, Any], now: float) -> None:
    repository = os.path.join(settings.folder, name)
    closed = room.is_closed(repository)
    found = snapshots(settings, name)
    decision = decide(found, settings.retention, now)
    by_id = {each.id: each for each in found}
    try:
        if closed:
            room.set_closed(repository, False)
        run(settings, name, "unlock")
        for begin in range(0, len(decision.remove), _AT_ONCE):
            run(settings, name, "forget", *decision.remove[begin : begin + _AT_ONCE])
        # Where there is no room to write data anew, only what is wholly unused goes.
        tight = room.free_percent(settings.folder) < 2 * settings.reserve_percent
        run(settings, name, "prune", *(["--max-repack-size", "0"] if tight else []))
    finally:
        if closed:
            room.set_closed(repository, True)
    arrivals = [each.arrived for each in found]
    done.update(
        kept=len(decision.keep),
        removed=len(decision.remove),
        future=decision.future,
        misdated=decision.misdated,
        newest=int(max(arrivals, default=0)),
        oldest=int(min((by_id[each].arrived for each in decision.keep), default=0)),
    )


def check(settings: Settings, state: dict[str, Any], now: float) -> list[str]:
    """Read the next part of the data and compare it with its digests; what somebody should know."""
    wrong = []
    for name in sorted(settings.quotas):
        entry = state.setdefault("repositories", {}).setdefault(name, {})
        part = entry.get("check", {}).get("part", 0) % settings.check_parts + 1
        done = entry["check"] = {
            **entry.get("check", {}), "at": int(now), "part": part, "parts": settings.check_parts, "ok": False, "error": ""
        }  # fmt: skip
        try:
            run(settings, name, "check", f"--read-data-subset={part}/{settings.check_parts}")
            done.update(ok=True, ok_at=int(now))
        except (ResticError, OSError) as error:
            # The same part again next time: damage does not go away by being passed over.
            done.update(error=str(error), part=part - 1)
            wrong.append(f"{name}: the data are damaged or cannot be read: {error}")
    return wrong
