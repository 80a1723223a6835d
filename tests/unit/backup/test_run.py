"""Whatever goes wrong, copies that were whole stay, what is wrong is told once, and the next run heals."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.backup.programs import part, settings

run, restic, repositories, state = part("run"), part("restic"), part("repositories"), part("state")
watch = part("watch")


class World:
    """A repository that does as it is told, in the place of restic and of the server."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.config, self.code, self.told = folder, b"sealed", 0, []  # type: ignore[var-annotated]
        self.snapshots: list[dict[str, Any]] = []
        self.errors: list[str] = []
        self.data = folder / "data"
        self.data.mkdir()
        (self.data / "file").write_text("x", encoding="utf-8")
        self.settings = settings(
            folder, sets=[{"name": "shares", "paths": [str(self.data)]}], attempts=2, pause_seconds=0
        )

    def ask(self, repository: Any, what: str = "config") -> Any:
        import time  # noqa: PLC0415

        body = self.config if what == "config" else b""
        return restic.Answer(200 if self.config else 404, body, time.time())

    def restic(self, repository: Any, *arguments: str, **other: Any) -> Any:
        if arguments[0] == "init":
            self.config = b"made"
        if arguments[0] == "cat":
            return restic.Done(0, [{"id": "1234567890abcdef"}])
        if arguments[0] == "snapshots":
            return restic.Done(0, [{"message_type": "list", "items": self.snapshots}])
        if arguments[0] != "backup" or (self.code and self.code != 3):
            return restic.Done(self.code if arguments[0] == "backup" else 0, [], self.errors)
        name = f"snapshot{len(self.snapshots)}"
        counts = {"total_files_processed": 1, "total_bytes_processed": 1, "data_added": 1, "files_changed": 0}
        self.snapshots.append({"id": name, "time": "2020-11-21T20:00:00Z", "tags": ["shares"], "summary": counts})
        return restic.Done(self.code, [{"message_type": "summary", "snapshot_id": name, **counts}], self.errors)

    def save(self, **how: Any) -> Any:
        return run.save(
            self.settings, str(self.folder), lambda text: None, lambda level, what: self.told.append(what), **how
        )

    def written(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "state.json").read_text(encoding="utf-8")))


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path)
    for module in (run, repositories):
        monkeypatch.setattr(module, "restic", made.restic)
    monkeypatch.setattr(repositories, "ask", made.ask)
    return made


def test_what_was_saved_is_written_down_and_not_saved_again_as_missing(world: World) -> None:
    assert world.save().saved == 1
    assert world.written()["sets"]["shares"]["offsite"]["last_ok"]["snapshot"] == "snapshot0"
    assert world.save(missing=True).saved == 0
    assert world.save().saved == 1


def test_a_copy_that_vanished_or_a_set_that_is_another_is_missing(world: World) -> None:
    world.save()
    world.snapshots.clear()
    assert world.save(missing=True).saved == 1
    world.settings = settings(world.folder, sets=[{"name": "shares", "paths": [str(world.data)], "exclude": ["*.tmp"]}])
    assert world.save(missing=True).saved == 1


@pytest.mark.parametrize(
    ("code", "error", "said"),
    [
        (1, "server response: 413", "disk or quota is full"),
        (1, "no space left on device", "disk or quota is full"),
        (12, "", "does not open it"),
        (11, "", "somebody else has locked it"),
        (130, "", "restic ended with 130"),
    ],
)
def test_a_failure_is_told_once_and_the_next_run_heals(world: World, code: int, error: str, said: str) -> None:
    world.save()
    world.code, world.errors = code, [error] if error else []
    assert world.save().failed
    world.save()
    assert [what for what in world.told if said in what] == world.told[:1]
    entry = world.written()["sets"]["shares"]["offsite"]
    assert (entry["ok"], entry["last_ok"]["snapshot"]) == (False, "snapshot0")
    world.code, world.errors = 0, []
    assert not world.save().failed
    assert world.told[-1].startswith("over: ")
    assert world.written()["alerts"] == []


def test_a_copy_with_less_than_there_is_counts_for_nothing(world: World) -> None:
    world.code, world.errors = 3, ["/srv/x: permission denied"]
    assert world.save().failed
    entry = world.written()["sets"]["shares"]["offsite"]
    assert (entry["last_ok"], entry["incomplete"]) == (None, ["snapshot0", "snapshot1"])


def test_a_repository_that_was_replaced_is_refused_until_it_is_accepted(world: World) -> None:
    world.save()
    world.config = b"another"
    assert world.save().failed
    assert "another repository than 1234567890" in world.told[0]
    assert len(world.snapshots) == 1
    assert world.save(accept=["offsite"]).saved == 1


def test_a_repository_that_vanished_is_not_made_anew(world: World) -> None:
    world.save()
    world.config = b""
    assert world.save().failed
    assert "is gone" in world.told[0]
    assert world.config == b""


def test_the_first_time_a_repository_is_made(world: World) -> None:
    world.config = b""
    assert world.save().saved == 1
    assert world.config == b"made"


def test_two_runs_do_not_meet(tmp_path: Path) -> None:
    with state.alone(str(tmp_path)), pytest.raises(state.BusyError), state.alone(str(tmp_path)):
        pass


def test_what_was_not_saved_lately_is_told_by_another_clock(world: World) -> None:
    tell: Callable[[int, str], None] = lambda level, what: world.told.append(what)  # noqa: E731
    assert not watch.watch(world.settings, str(world.folder), 24, tell)
    assert world.told == ["shares was never saved to offsite"]
    world.save()
    assert watch.watch(world.settings, str(world.folder), 24, tell)
    written = world.written()
    written["sets"]["shares"]["offsite"]["last_ok"]["started"] -= 30 * 3600
    (world.folder / "state.json").write_text(json.dumps(written), encoding="utf-8")
    assert not watch.watch(world.settings, str(world.folder), 24, tell)
    assert world.told[-1] == "shares was not saved for 30 hours to offsite"
    written["sets"]["shares"]["offsite"]["last_ok"]["started"] += 130 * 3600
    (world.folder / "state.json").write_text(json.dumps(written), encoding="utf-8")
    assert not watch.watch(world.settings, str(world.folder), 24, tell)
    assert "shares was saved 100 hours from now by a clock that was wrong to offsite" in world.told


def test_a_set_that_was_saved_is_late_no_more_before_the_watch_comes_by_again(world: World) -> None:
    tell: Callable[[int, str], None] = lambda level, what: world.told.append(what)  # noqa: E731
    assert not watch.watch(world.settings, str(world.folder), 24, tell)
    assert [each["part"] for each in world.written()["alerts"]] == ["age:shares:offsite"]
    world.code = 1
    world.save()
    assert "age:shares:offsite" in [each["part"] for each in world.written()["alerts"]], "it was not saved"
    world.code = 0
    world.save()
    assert world.written()["alerts"] == []


def test_what_is_not_saved_for_days_is_told_once_a_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    tell: Callable[[int, str], None] = lambda level, what: world.told.append(what)  # noqa: E731
    now = time.time()
    for hours in (0, 1, 25, 26, 27):
        monkeypatch.setattr(watch.time, "time", lambda passed=hours: now + passed * 3600)
        assert not watch.watch(world.settings, str(world.folder), 24, tell)
    assert world.told == ["shares was never saved to offsite"] * 2


def test_no_secret_is_among_the_arguments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "http").write_text("hush-hush\n", encoding="utf-8")
    (tmp_path / "bin").mkdir()
    fake = tmp_path / "bin" / "restic"
    fake.write_text('#!/bin/sh\necho "$@" > "$RESTIC_PASSWORD_FILE.seen"\n', encoding="utf-8")
    fake.chmod(0o755)
    one = settings(tmp_path).repositories[0]
    repository = type(one)(
        **{**one.__dict__, "password_file": str(tmp_path / "http"), "key_file": str(tmp_path / "key")}
    )
    real = restic.environment(repository)
    assert real["RESTIC_REST_PASSWORD"] == "hush-hush"
    monkeypatch.setattr(restic, "environment", lambda _: {**real, "PATH": f"{tmp_path}/bin:{os.environ['PATH']}"})
    monkeypatch.setenv("PATH", f"{tmp_path}/bin:{os.environ['PATH']}")
    assert restic.restic(repository, "snapshots").code == 0
    assert "hush" not in (tmp_path / "key.seen").read_text(encoding="utf-8")


def test_what_runs_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "restic").write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")
    (tmp_path / "restic").chmod(0o755)
    repository = settings(tmp_path).repositories[0]
    monkeypatch.setattr(restic, "environment", lambda _: {"PATH": f"{tmp_path}:{os.environ['PATH']}"})
    monkeypatch.setattr(restic, "reachable", lambda _: False)
    done = restic.restic(repository, "backup", patience=0.2)
    assert "not reached any more" in done.stopped
