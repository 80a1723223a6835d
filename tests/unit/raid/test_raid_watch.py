"""The program that watches disks tells what fails at once, again each day, once when it is over, and compares copies."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import threading
import time
from pathlib import Path
from types import ModuleType

import jinja2
import pytest
import yaml

from tests.unit.host_library import programs  # noqa: F401  (finds the library)

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = ROOT / "roles" / "raid_mirror" / "files" / "usr" / "local" / "sbin" / "raid-watch"


class Disks:
    """A kernel with one mirror of two disks, as files."""

    def __init__(self, folder: Path) -> None:
        self.root, self.md = folder / "block", folder / "block" / "md127" / "md"
        for name, value in {
            "level": "raid1",
            "raid_disks": "2",
            "degraded": "0",
            "array_state": "clean",
            "sync_action": "idle",
            "last_sync_action": "idle",
            "mismatch_cnt": "0",
            "dev-sda/state": "in_sync",
            "dev-sdb/state": "in_sync",
        }.items():
            self.set(name, value)

    def set(self, name: str, value: str) -> None:
        (self.md / name).parent.mkdir(parents=True, exist_ok=True)
        # At once, as the kernel's are: no reader finds it empty.
        fresh = self.root / "fresh"
        fresh.write_text(f"{value}\n", encoding="ascii")
        fresh.replace(self.md / name)

    def compares(self, mismatches: int, action: str = "check") -> threading.Thread:
        """The kernel: goes through the copies once it is told to."""

        def work() -> None:
            while (self.md / "sync_action").read_text(encoding="ascii").strip() != action:
                time.sleep(0.001)
            self.set("mismatch_cnt", str(mismatches))
            self.set("last_sync_action", action)
            self.set("sync_action", "idle")

        thread = threading.Thread(target=work, daemon=True)
        thread.start()
        return thread


@pytest.fixture
def disks(tmp_path: Path) -> Disks:
    return Disks(tmp_path)


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("raid_watch", str(PROGRAM))
    spec = importlib.util.spec_from_loader("raid_watch", loader)
    assert spec
    program = importlib.util.module_from_spec(spec)
    loader.exec_module(program)
    monkeypatch.setattr(program.syslog, "syslog", lambda *_: None)
    settings = tmp_path / "settings.json"
    command = ["/usr/bin/tee", "--append", str(tmp_path / "told")]
    settings.write_text(json.dumps({"mirrors": 1, "alert_command": command}), encoding="utf-8")
    monkeypatch.setattr(program.settings, "__defaults__", (str(settings),))
    return program


def told(folder: Path) -> list[str]:
    file = folder / "told"
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def state(folder: Path) -> dict[str, object]:
    return dict(json.loads((folder / "state" / "state.json").read_text(encoding="utf-8")))


def look(watch: ModuleType, disks: Disks, folder: Path) -> list[str]:
    return list(watch.look(str(folder / "state"), str(disks.root)))


def test_whole_mirrors_are_silent(watch: ModuleType, disks: Disks, tmp_path: Path) -> None:
    assert look(watch, disks, tmp_path) == []
    assert told(tmp_path) == []


def test_a_failed_disk_is_told_once_and_when_it_is_over(watch: ModuleType, disks: Disks, tmp_path: Path) -> None:
    disks.set("degraded", "1")
    disks.set("dev-sdb/state", "faulty")
    look(watch, disks, tmp_path)
    look(watch, disks, tmp_path)
    assert told(tmp_path) == ["md127: 1 of 2 disks hold the data", "md127: failed: sdb"]
    disks.set("degraded", "0")
    disks.set("dev-sdb/state", "in_sync")
    look(watch, disks, tmp_path)
    assert told(tmp_path)[2:] == ["over: md127: 1 of 2 disks hold the data", "over: md127: failed: sdb"]


def test_what_lasts_is_told_again_the_next_day(
    watch: ModuleType, disks: Disks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disks.set("degraded", "1")
    look(watch, disks, tmp_path)
    now = time.time()
    monkeypatch.setattr(watch.time, "time", lambda: now + 25 * 3600)
    look(watch, disks, tmp_path)
    assert len(told(tmp_path)) == 2


def test_a_mirror_that_is_not_there_is_told(watch: ModuleType, disks: Disks, tmp_path: Path) -> None:
    disks.set("level", "")
    assert look(watch, disks, tmp_path) == ["1 of 1 mirrors are not there"]


def test_a_trial_of_the_alert_is_written_down_when_it_went_through(
    watch: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch.event(["TestMessage", "/dev/md127"], str(tmp_path / "state"))
    assert "tried_at" in state(tmp_path)
    assert "trial" in told(tmp_path)[0]
    monkeypatch.setattr(watch, "settings", lambda: {"alert_command": ["/bin/false"]})
    watch.event(["TestMessage", "/dev/md127"], str(tmp_path / "other"))
    assert "tried_at" not in json.loads((tmp_path / "other" / "state.json").read_text(encoding="utf-8"))


def test_copies_that_are_alike_are_said_to_be(watch: ModuleType, disks: Disks, tmp_path: Path) -> None:
    kernel = disks.compares(0)
    assert watch.scrub(str(tmp_path / "state"), str(disks.root), pause=0.001) == 0
    kernel.join()
    result = state(tmp_path)["scrubs"]["md127"]  # type: ignore[index]
    assert (result["mismatches"], result["why"]) == (0, "")
    assert result["ended"] >= result["started"]


def test_copies_that_differ_are_told(watch: ModuleType, disks: Disks, tmp_path: Path) -> None:
    disks.compares(128)
    assert watch.scrub(str(tmp_path / "state"), str(disks.root), pause=0.001) == 1
    assert told(tmp_path) == ["md127: 128 sectors differ"]


def test_copies_made_alike_are_proven_by_the_next_comparison(watch: ModuleType, disks: Disks, tmp_path: Path) -> None:
    disks.compares(128, "repair")
    assert watch.scrub(str(tmp_path / "state"), str(disks.root), repair=True, pause=0.001) == 0
    assert state(tmp_path)["scrubs"]["md127"]["mismatches"] == 128  # type: ignore[index]
    disks.compares(0)
    assert watch.scrub(str(tmp_path / "state"), str(disks.root), pause=0.001) == 0
    assert state(tmp_path)["scrubs"]["md127"]["mismatches"] == 0  # type: ignore[index]


def test_a_comparison_that_cannot_be_made_does_not_undo_the_one_before(
    watch: ModuleType, disks: Disks, tmp_path: Path
) -> None:
    disks.compares(0)
    watch.scrub(str(tmp_path / "state"), str(disks.root), pause=0.001)
    before = state(tmp_path)["scrubs"]["md127"]  # type: ignore[index]
    disks.set("degraded", "1")
    assert watch.scrub(str(tmp_path / "state"), str(disks.root), pause=0.001) == 1
    after = state(tmp_path)["scrubs"]["md127"]  # type: ignore[index]
    assert (after["ended"], after["why"]) == (before["ended"], "a disk is missing")
    assert told(tmp_path) == ["md127: the copies were not compared (a disk is missing)"]


@pytest.mark.parametrize(
    ("days", "calendar"),
    [
        (45, "Sun *-*-1..7 01:00:00"),
        (35, "Sun *-*-1..7 01:00:00"),
        (34, "Sun 01:00:00"),
        (7, "Sun 01:00:00"),
        (6, "01:00:00"),
    ],
)
def test_copies_are_compared_as_often_as_is_asked(days: int, calendar: str) -> None:
    defaults = yaml.safe_load((ROOT / "roles/raid_mirror/defaults/main.yml").read_text(encoding="utf-8"))
    template = jinja2.Environment(autoescape=True).from_string(defaults["raid_mirror_scrub_calendar"])
    assert template.render(raid_mirror_scrub_interval_days=days) == calendar
