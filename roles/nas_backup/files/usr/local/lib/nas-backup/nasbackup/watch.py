"""Seen from outside the runs: whether they still happen. What runs no more raises no alert of its own."""

from __future__ import annotations

import time

from nasbackup.settings import Settings
from nasbackup.state import STATE, Tell, read_json, settle, write_json


def watch(settings: Settings, folder: str, age_hours: float, tell: Tell) -> bool:
    """Whether every set was saved lately; what runs no more raises no alert of its own."""
    state, now, wrong, parts = read_json(folder, STATE), time.time(), [], []
    for each in settings.sets:
        for repository in settings.repositories:
            known = state.get("sets", {}).get(each.name, {}).get(repository.name, {}).get("last_ok") or {}
            parts.append(f"age:{each.name}:{repository.name}")
            hours = (now - known["started"]) / 3600 if known else None
            if hours is None or hours > age_hours:
                since = "was never saved" if hours is None else f"was not saved for {round(hours)} hours"
                wrong.append((parts[-1], f"{each.name} {since} to {repository.name}"))
    before = list(state.get("alerts", []))
    settle(state, parts, wrong, tell)
    if state["alerts"] != before:
        write_json(folder, STATE, state)
    return not wrong
