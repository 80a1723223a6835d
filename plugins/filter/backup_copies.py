"""In which places the data of each host are saved, worked out from what the hosts that keep backups were seen to hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any


def backup_copies(
    hosts: Iterable[str], places: Iterable[Mapping[str, Any]], hostvars: Mapping[str, Any]
) -> dict[str, Any]:
    """For each host its copies on other machines; a keeper that was not read is named, lest it be taken for empty."""
    found, places = [], list(places)
    held = {each["host"]: _held(each["host"], hostvars) for each in places}
    for host in sorted(hosts):
        others = [each for each in places if each["host"] != host]
        copies = [
            {
                "keeper": each["host"],
                "place": each["place"],
                "snapshots": (held[each["host"]] or {}).get(host, {}).get("snapshots", 0),
            }
            for each in others
        ]
        found.append(
            {
                "host": host,
                "keeper": host in held,
                "copies": copies,
                "unread": [each["host"] for each in others if held[each["host"]] is None],
            }
        )
    return {"hosts": found}


def _held(keeper: str, hostvars: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a keeper was seen to hold, by host; None when it was not read."""
    facts = (hostvars[keeper].get("read_backup_repository") or {}).get("backup_repository") or {}
    return {each["host"]: each for each in facts["repositories"]} if "repositories" in facts else None


class FilterModule:
    """For Ansible."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """By name."""
        return {"backup_copies": backup_copies}
