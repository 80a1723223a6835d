"""The file that says since when people's use is filtered and logged on this host, and on what ground."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from datetime import date
from typing import Any

from ansible.module_utils.policy.monitoring import OverrideError, gate


class MonitoringError(Exception):
    """It may not begin, or the file cannot be used; the message says what to do."""


def activate(
    attestations: Mapping[str, Any], source: str, override: Mapping[str, Any], file: str, *, write: bool
) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    """What the file held, and what it holds when filtering and logging may begin or go on.

    :raises MonitoringError: they may not.
    """
    before = read(file)
    if before and before["consulted_on"] and before["informed_on"] and not before["override"]:
        # In order when it began: papers that are renewed later are not too late.
        return before, before
    today = date.today()
    since = date.fromisoformat(before["since"]) if before else today
    try:
        found = gate(attestations, override or None, since, today, source)
        if before and found.obstacles and not (anew := gate(attestations, None, today, today, source)).obstacles:
            # What somebody took upon themselves is in order from now on; lines from before are still seen as such.
            found, since = anew, today
    except OverrideError as error:
        raise MonitoringError(str(error)) from error
    if not found.open:
        raise MonitoringError(
            "filtering and logging of people may not begin. "
            + ". ".join(found.obstacles)
            + ". Who answers for the site may take it upon themselves: site_monitoring_override {by, reason, until}."
        )
    after = {
        "since": since.isoformat(),
        "consulted_on": found.consulted_on,
        "informed_on": found.informed_on,
        "override": found.override if found.obstacles else None,
        "obstacles": [obstacle.partition(": ")[2] for obstacle in found.obstacles],
    }
    if write and after != before:
        _write(file, after)
    return before, after


def read(file: str) -> dict[str, Any] | None:
    """What the file holds; None when nothing began yet.

    :raises MonitoringError: it is damaged.
    """
    try:
        with open(file, encoding="utf-8") as opened:
            content = json.load(opened)
        date.fromisoformat(content["since"])
        return {name: content[name] for name in ("since", "consulted_on", "informed_on", "override", "obstacles")}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise MonitoringError(
            f"{file}: {error}; it says since when people's use is logged: restore it, or write it anew from the "
            f"certificate of activation"
        ) from error


def _write(file: str, content: Mapping[str, Any]) -> None:
    try:
        os.makedirs(os.path.dirname(file), mode=0o755, exist_ok=True)
        draft = f"{file}.new"
        with open(draft, "w", encoding="utf-8") as opened:
            json.dump(content, opened, indent=1, sort_keys=True, ensure_ascii=False)
            opened.write("\n")
            opened.flush()
            os.fsync(opened.fileno())
        os.replace(draft, file)
    except OSError as error:
        raise MonitoringError(f"{file}: cannot be written ({error.strerror})") from error
