"""Tell what changed between two runs. Nothing that stops being measured goes unsaid."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.policy.report.summary import MEASURED, Verdict

Key = tuple[str, str]

# In the order in which a reader wants them.
KINDS = ("newly_failed", "lost", "excused", "fixed", "recovered", "value_moved", "new_control", "removed_control")


@dataclass(frozen=True)
class Change:
    """One control on one host, before and now (None: not in that run)."""

    control: str
    host: str
    before: Verdict | None
    after: Verdict | None

    @property
    def record(self) -> Verdict:
        record = self.after or self.before
        assert record is not None  # noqa: S101  (one of both always exists)
        return record


@dataclass(frozen=True)
class Drift:
    """Changes by kind.

    newly_failed: fails, and did not. fixed: failed, passes. value_moved: same verdict, other value.
    lost: was measured, is not any more. recovered: could not be measured, passes.
    excused: failed or passed, now waived or said not to apply, without having been fixed.
    """

    first_run: bool = False
    newly_failed: list[Change] = field(default_factory=list)
    fixed: list[Change] = field(default_factory=list)
    value_moved: list[Change] = field(default_factory=list)
    lost: list[Change] = field(default_factory=list)
    recovered: list[Change] = field(default_factory=list)
    excused: list[Change] = field(default_factory=list)
    new_control: list[Change] = field(default_factory=list)
    removed_control: list[Change] = field(default_factory=list)
    host_vanished: list[str] = field(default_factory=list)
    new_host: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.host_vanished or self.new_host or any(getattr(self, kind) for kind in KINDS))


def _same(before: Any, after: Any) -> bool:
    return json.dumps(before, sort_keys=True, default=str) == json.dumps(after, sort_keys=True, default=str)


def _kind(before: Verdict, after: Verdict) -> str | None:
    """Name the change of one control on one host that both runs know."""
    was, now = before["verdict"], after["verdict"]
    if was == now:
        moved = now in MEASURED and not _same(before.get("observed"), after.get("observed"))
        return "value_moved" if moved else None
    if now == "fail":
        return "newly_failed"
    if now == "not_evaluated":
        return "lost" if was in MEASURED else None
    if now == "waived" or (now == "not_applicable" and was == "fail"):
        return "excused"
    if now == "pass":
        return {"fail": "fixed", "not_evaluated": "recovered"}.get(was)
    return None


def _by_key(verdicts: Sequence[Verdict]) -> dict[Key, Verdict]:
    return {(record["control"], record["host"]): record for record in verdicts}


def _appeared(drift: Drift, key: Key, after: Verdict, known_controls: set[str]) -> None:
    if key[0] not in known_controls:
        drift.new_control.append(Change(*key, None, after))
    elif after["verdict"] == "fail":
        drift.newly_failed.append(Change(*key, None, after))


def _disappeared(drift: Drift, key: Key, before: Verdict, controls: set[str], hosts: set[str]) -> None:
    if key[0] not in controls:
        drift.removed_control.append(Change(*key, before, None))
    elif key[1] in hosts and before["verdict"] in MEASURED:
        drift.lost.append(Change(*key, before, None))


def compare(previous: Sequence[Verdict] | None, current: Sequence[Verdict]) -> Drift:
    """Compare two runs, control by control and host by host."""
    if previous is None:
        return Drift(first_run=True)
    old, new = _by_key(previous), _by_key(current)
    old_hosts, new_hosts = (list(dict.fromkeys(host for _, host in run)) for run in (old, new))
    drift = Drift(
        host_vanished=[host for host in old_hosts if host not in set(new_hosts)],
        new_host=[host for host in new_hosts if host not in set(old_hosts)],
    )
    old_controls, new_controls = ({control for control, _ in run} for run in (old, new))
    for key, after in new.items():
        if key not in old:
            _appeared(drift, key, after, old_controls)
        elif kind := _kind(old[key], after):
            getattr(drift, kind).append(Change(*key, old[key], after))
    for key, before in old.items():
        if key not in new:
            _disappeared(drift, key, before, new_controls, set(new_hosts))
    return drift


def by_control(changes: Sequence[Change]) -> Mapping[str, list[Change]]:
    """Group changes for a reader: one line per control, whatever the number of hosts."""
    grouped: dict[str, list[Change]] = {}
    for change in changes:
        grouped.setdefault(change.control, []).append(change)
    return grouped
