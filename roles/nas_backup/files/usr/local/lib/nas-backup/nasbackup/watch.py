"""Seen from outside the runs: whether they still happen. What runs no more raises no alert of its own."""

from __future__ import annotations

import time

from hostlib import Tell, read_state, write_state

from nasbackup.settings import Settings
from nasbackup.state import settle

_AHEAD_HOURS = 1


def watch(settings: Settings, folder: str, age_hours: float, tell: Tell) -> bool:
    """Whether every set was saved lately; what runs no more raises no alert of its own."""
    state, now, wrong, parts = read_state(folder), time.time(), [], []
    for each in settings.sets:
        for repository in settings.repositories:
            known = state.get("sets", {}).get(each.name, {}).get(repository.name, {}).get("last_ok") or {}
            parts.append(f"age:{each.name}:{repository.name}")
            hours = (now - known["started"]) / 3600 if known else None
            if since := _late(hours, age_hours):
                wrong.append((parts[-1], f"{each.name} {since} to {repository.name}"))
    before = list(state.get("alerts", []))
    settle(state, parts, wrong, tell)
    if state["alerts"] != before:
        write_state(folder, state)
    return not wrong


def _late(hours: float | None, age_hours: float) -> str:
    """What is wrong with the age of a copy. A clock that went back must not silence an alert."""
    if hours is None:
        return "was never saved"
    if hours > age_hours:
        return f"was not saved for {round(hours)} hours"
    return f"was saved {round(-hours)} hours from now by a clock that was wrong" if hours < -_AHEAD_HOURS else ""
