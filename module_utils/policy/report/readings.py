"""Find in a run's evidence what a page needs: which host was asked, when, what it said, or why it said nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Evidence = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Reading:
    """One collector's answer; facts are None when it failed, and failure says why."""

    host: str
    collected_at: str
    facts: Any
    failure: str = ""


def reading(evidence: Evidence, key: str) -> Reading | None:
    """The first answer of a collector, else its first failure; None when nobody was asked (an older run)."""
    failed = None
    for host, found in sorted(evidence.items()):
        when = str(found.get("collected_at") or "")
        if key in found.get("facts", {}):
            return Reading(host, when, found["facts"][key])
        if failed is None and key in found.get("failures", {}):
            failed = Reading(host, when, None, str(found["failures"][key]))
    return failed


def share_table(evidence: Evidence) -> list[Mapping[str, Any]] | None:
    """The site's table of shares as the run knew it, None when the run knew none."""
    found = reading(evidence, "share_table")
    return list(found.facts) if found and found.facts else None


def collected(evidence: Evidence, host: str) -> str:
    """When a host was read; empty when it was not."""
    return str(evidence.get(host, {}).get("collected_at") or "")


def reviewed(table: list[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Shares whose rights somebody reviews: in personal folders everybody has but their own."""
    return [share for share in table if share.get("kind") != "personal"]


def simulated(evidence: Evidence) -> tuple[int, int]:
    """How many of the Windows workstations that were read say that they are played, and how many were read."""
    told = [host["facts"]["workstation"] for host in evidence.values() if "workstation" in host.get("facts", {})]
    return sum(bool(each.get("simulated_by")) for each in told), len(told)
