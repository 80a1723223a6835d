"""The state of a campaign on the controller's disk: one file for the plan, one for each machine, each whole or as it was.

The plan names all machines with a turn and is written first: a machine without a file of its own is one that was not begun,
never one that was forgotten.
"""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_state import Record
from ansible.module_utils.windows.upgrade_waves import Plan

_SCHEMA = 1


class Store:
    """A campaign's folder."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """One at a time; what is read inside stays true until the end of it."""
        os.makedirs(self.folder, 0o700, exist_ok=True)
        descriptor = os.open(os.path.join(self.folder, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def exists(self) -> bool:
        """Whether a campaign was planned."""
        return os.path.exists(self._plan_file)

    def create(self, planned: Plan) -> None:
        """Keep a plan; done once.

        :raises UpgradeError: there is a campaign already.
        """
        if self.exists():
            raise UpgradeError(f"{self.folder}: holds a campaign already; go on with it, or name another folder")
        self._write(
            self._plan_file,
            {
                "schema": _SCHEMA,
                "machines": [_plain(record) for record in planned_records(planned)],
                "left_out": dict(planned.left_out),
                "excused": [],
            },
        )

    def record(self, host: str) -> Record:
        """What is known of one machine.

        :raises UpgradeError: it has no turn, or its file cannot be understood.
        """
        for record in self.records(only=host):
            return record
        raise UpgradeError(f"{host}: has no turn in the campaign of {self.folder}; plan it first")

    def records(self, only: str | None = None) -> list[Record]:
        """What is known of every machine."""
        found = []
        for planned in self._plan()["machines"]:
            if only in (None, planned["host"]):
                file = self._machine_file(planned["host"])
                kept = self._read(file) if os.path.exists(file) else planned
                try:
                    found.append(Record.of(kept))
                except UpgradeError as error:
                    raise UpgradeError(f"{file}: {error}; restore it from the backup") from error
        return found

    def keep(self, record: Record) -> None:
        """Keep what is known of one machine."""
        self._write(self._machine_file(record.host), _plain(record))

    def add(self, records: Sequence[Record], left_out: Mapping[str, str]) -> None:
        """Machines that came to the plan later, and who can be given no turn now."""
        plan = self._plan()
        if records or plan["left_out"] != left_out:
            machines = [*plan["machines"], *map(_plain, records)]
            self._write(self._plan_file, {**plan, "machines": machines, "left_out": dict(left_out)})

    def excused(self) -> frozenset[str]:
        """Machines whose failure somebody has looked at: they stop nothing any more."""
        return frozenset(self._plan()["excused"])

    def excuse(self, hosts: frozenset[str]) -> None:
        """Somebody has looked at these failures, and at no others."""
        plan = self._plan()
        if set(plan["excused"]) != hosts:
            self._write(self._plan_file, {**plan, "excused": sorted(hosts)})

    def left_out(self) -> Mapping[str, str]:
        """Machines that could be given no turn."""
        return dict(self._plan()["left_out"])

    @property
    def _plan_file(self) -> str:
        return os.path.join(self.folder, "campaign.json")

    def _machine_file(self, host: str) -> str:
        if not host or "/" in host or host.startswith("."):
            raise UpgradeError(f"{host!r}: is no name of a machine")
        return os.path.join(self.folder, "machines", f"{host}.json")

    def _plan(self) -> dict[str, Any]:
        if not self.exists():
            raise UpgradeError(f"{self.folder}: holds no campaign; plan one first")
        plan = self._read(self._plan_file)
        if plan.get("schema") != _SCHEMA or not isinstance(plan.get("machines"), list):
            raise UpgradeError(f"{self._plan_file}: cannot be understood; restore it from the backup")
        return plan

    @staticmethod
    def _read(file: str) -> dict[str, Any]:
        try:
            with open(file, encoding="utf-8") as stream:
                found = json.load(stream)
        except (OSError, ValueError) as error:
            raise UpgradeError(f"{file}: cannot be understood ({error}); restore it from the backup") from error
        if not isinstance(found, dict):
            raise UpgradeError(f"{file}: cannot be understood; restore it from the backup")
        return found

    @staticmethod
    def _write(file: str, content: Mapping[str, Any]) -> None:
        os.makedirs(os.path.dirname(file), 0o700, exist_ok=True)
        draft = f"{file}.partial"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as stream:
            stream.write(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(draft, file)
        descriptor = os.open(os.path.dirname(file), os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def planned_records(planned: Plan) -> list[Record]:
    """The beginning of every machine that has a turn."""
    return [
        Record(
            host=turn.machine.host,
            action=str(turn.machine.action),
            wave=wave.number,
            begins=wave.slot.begins.isoformat(timespec="minutes"),
            ends=wave.slot.ends.isoformat(timespec="minutes"),
            users=turn.machine.users,
            spare=turn.spare,
            installed_at=turn.machine.installed_at,
        )
        for wave in planned.waves
        for turn in wave.turns
    ]


def slot_of(record: Record) -> tuple[datetime, datetime]:
    """The hours of a machine's turn."""
    return datetime.fromisoformat(record.begins), datetime.fromisoformat(record.ends)


def _plain(record: Record) -> dict[str, Any]:
    return dataclasses.asdict(record)
