"""A repository that nobody answers for is told at once, and is never taken for one that holds nothing."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.linux import backup_facts as facts
from ansible.module_utils.linux import backup_reader as reader

GIVEN: dict[str, Any] = {
    "host": "fs1",
    "sets": [{"name": "shares"}, {"name": "directory"}],
    "shares": [],
    "timezone": "Europe/Paris",
    "growth_floor_mib": 256,
}


def free_port() -> int:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        return int(unused.getsockname()[1])


def repository(port: int, name: str = "offsite") -> dict[str, Any]:
    url = f"https://127.0.0.1:{port}/fs1/"
    return {"name": name, "place": name, "url": url, "user": "fs1", "ca_file": "/nowhere/ca.crt"}


@pytest.fixture
def no_restic(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(self: reader.Reader, *_: str) -> bytes:
        raise AssertionError(f"{self.name}: restic was asked")

    monkeypatch.setattr(reader.Reader, "restic", run)
    monkeypatch.setattr(facts, "schedule", lambda timezone: {"hour": timezone, "under_way_since": None})


@pytest.mark.usefixtures("no_restic")
def test_an_unreachable_repository_is_told_for_every_fact_that_it_leaves_out() -> None:
    found, failures = facts.backup_facts({**GIVEN, "repositories": [repository(free_port())]})
    for name in ("repositories", "sets", "shares", "directory"):
        assert name not in found
        assert failures[name].startswith("offsite: unreachable, so what it holds is unknown: https://127.0.0.1:")


def test_silence_is_waited_for_a_few_seconds_and_is_unreachable_too(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    waited = []

    def silent(_: tuple[str, int], timeout: float) -> socket.socket:
        waited.append(timeout)
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", silent)
    with pytest.raises(reader.BackupError, match=r"unreachable.*timed out"):
        reader.Reader(repository(8000), str(tmp_path)).reach()
    assert max(waited) <= 10


@pytest.mark.usefixtures("no_restic")
def test_a_repository_where_somebody_answers_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        monkeypatch.setattr(reader.Reader, "snapshots", lambda *_: [])
        monkeypatch.setattr(reader.Reader, "own_key", lambda _: "root@fs1")
        monkeypatch.setattr(reader.Reader, "readable", lambda *_: [])
        asked = {**GIVEN, "repositories": [repository(server.getsockname()[1])]}
        found, failures = facts.backup_facts(asked)
    assert [(each["set"], each["age_hours"]) for each in found["sets"]] == [("shares", None), ("directory", None)]
    assert not {"repositories", "sets"} & set(failures)


@pytest.mark.parametrize(
    ("check", "days"),
    [
        ({"ok": True, "at": 100_000.0 - 86400}, 1.0),
        ({"ok": True, "at": 200_000.0}, None),
        ({"ok": False, "at": 1.0}, None),
        ({}, None),
    ],
)
def test_a_check_of_the_future_or_none_proves_nothing(check: dict[str, Any], days: float | None) -> None:
    assert facts._days_since_check(check, 100_000.0) == days
