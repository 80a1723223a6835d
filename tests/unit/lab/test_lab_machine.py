"""The lab's virtual machines: nothing but the machine itself is ended, and its disks are those of its folder."""

from __future__ import annotations

import importlib.machinery
import importlib.util
import json
import os
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[3]
PLAN = {
    "name": "lab-fs1",
    "bridge": "no-such-bridge",
    "tap": "gno-such-tap",
    "mac": "02:00:0a:00:00:01",
    "kernel": "/images/kernel",
    "initrd": "/images/initrd",
    "accelerator": "tcg",
    "cpu": "max",
    "processors": 2,
    "megabytes": 1024,
}


@pytest.fixture
def program() -> ModuleType:
    loader = importlib.machinery.SourceFileLoader("lab_machine", str(ROOT / "bin" / "lab-machine"))
    spec = importlib.util.spec_from_loader("lab_machine", loader)
    assert spec
    found = importlib.util.module_from_spec(spec)
    loader.exec_module(found)
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "disks").mkdir()
    (tmp_path / "machine.json").write_text(json.dumps(PLAN), encoding="utf-8")
    return tmp_path


def test_a_process_that_has_the_machines_old_number_is_left_alone(program: ModuleType, folder: Path) -> None:
    (folder / "pid").write_text(f"{os.getpid()}\n", encoding="ascii")
    machine = program.Machine(str(folder))
    assert machine.process() is None
    assert machine.cut() == "not running"
    assert machine.down() == "not running"
    assert not (folder / "pid").exists()


def test_the_machine_has_the_disks_of_its_folder_by_their_serial_numbers(program: ModuleType, folder: Path) -> None:
    (folder / "disks" / "WX1.img").touch()
    (folder / "disks" / "WX2.pulled").touch()
    command = " ".join(program.Machine(str(folder)).command())
    assert '"serial": "WX1"' in command
    assert "WX2" not in command


def test_without_its_network_a_machine_is_refused_before_anything_is_made(program: ModuleType, folder: Path) -> None:
    with pytest.raises(program.MachineError, match="no such bridge"):
        program.Machine(str(folder)).up()
    assert not (folder / "pid").exists()


def test_a_machine_that_was_never_made_is_said_to_be_missing(program: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(program.MachineError, match="bring the lab up first"):
        program.Machine(str(tmp_path))
    assert program.main(["up", str(tmp_path)]) == 1


def test_a_disk_cannot_be_pulled_from_a_machine_that_does_not_run(program: ModuleType, folder: Path) -> None:
    (folder / "disks" / "WX1.img").touch()
    with pytest.raises(program.MachineError, match="does not run"):
        program.Machine(str(folder)).pull("WX1")
    assert (folder / "disks" / "WX1.img").exists()


def test_anything_else_is_answered_with_how_it_is_used(program: ModuleType) -> None:
    assert program.main(["explode"]) == 2
