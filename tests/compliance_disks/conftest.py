"""The virtual machine with mirrored disks: a shell on it, its disks in hand, and its audit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SITE = os.environ.get("SITE", "autoconcept")
SITE_FOLDER = os.environ.get("GARANT_SITE_FOLDER", f"{ROOT}/inventories/{SITE}")
OVERLAYS = [f"{ROOT}/inventories/{name}" for name in ("lab", "lab_virtual", "lab_disks")]
INVENTORIES = [word for folder in (SITE_FOLDER, *OVERLAYS) for word in ("-i", folder)]
BIN = Path(sys.executable).parent
MINUTES = 60


class Machine:
    """One machine of the lab whose disks can be pulled."""

    def __init__(self, name: str, site: str, mirror: dict[str, Any]) -> None:
        self.name, self.mirror = name, mirror
        self.lab = ROOT / "var" / "lab" / site
        self.serials: list[str] = list(mirror["disks"])

    def hands(self, what: str, *words: str) -> str:
        """What somebody in front of the machine does."""
        as_root = [] if os.geteuid() == 0 else ["sudo"]
        return run([*as_root, str(ROOT / "bin" / "lab-machine"), what, str(self.lab / "machines" / self.name), *words])

    def shell(self, command: str, *, fails: bool = False) -> str:
        """A command on the machine."""
        done = subprocess.run(
            ["ssh", "-F", str(self.lab / "ssh_config"), self.name, command],
            check=False,
            capture_output=True,
            text=True,
            timeout=5 * MINUTES,
        )
        assert fails or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def until(self, command: str, seconds: float) -> float:
        """Wait until a command succeeds; how long that took."""
        begun = time.monotonic()
        while self.shell(f"{command} && echo yes", fails=True).strip()[-3:] != "yes":
            assert time.monotonic() - begun < seconds, f"not within {seconds} s: {command}"
            time.sleep(1)
        return time.monotonic() - begun


def run(command: list[str], *, fails: bool = False) -> str:
    """A command on this computer; what it said."""
    done = subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=10 * MINUTES, stdin=subprocess.DEVNULL
    )
    assert (done.returncode != 0) is fails, f"{' '.join(command)}: {done.stdout[-3000:]}{done.stderr[-2000:]}"
    return done.stdout + done.stderr


def playbook(file: str, *words: str) -> str:
    """Run a playbook on the lab."""
    return run([str(BIN / "ansible-playbook"), *INVENTORIES, *_site(), f"{ROOT}/{file}", *words])


def _site() -> list[str]:
    return ["-e", f"site_dir={SITE_FOLDER}"]


def module(host: str, name: str, arguments: dict[str, Any], *, fails: bool = False) -> str:
    """Run one module on a machine of the lab."""
    command = [str(BIN / "ansible"), *INVENTORIES, *_site(), host, "-m", name, "-a", json.dumps(arguments)]
    return run(command, fails=fails)


@pytest.fixture(scope="session")
def machine() -> Machine:
    told, _ = json.JSONDecoder().raw_decode(run([str(BIN / "ansible-inventory"), *INVENTORIES, "--list"]))
    host = told["mirrored_servers"]["hosts"][0]
    values = told["_meta"]["hostvars"][host]
    return Machine(host, values["site"], values["site_mirrors"][0])


@pytest.fixture(scope="session")
def audit(machine: Machine, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], dict[str, dict[str, Any]]]:
    """Audit the disks now: the verdict of each control on them."""

    def measure() -> dict[str, dict[str, Any]]:
        folder = tmp_path_factory.mktemp("runs") / "run"
        playbook(
            "tests/compliance_disks/playbooks/audit.yml", "-e", f"audit_directory={folder}", "-e", f"project={ROOT}"
        )
        verdicts = [json.loads(line) for line in (folder / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()]
        return {each["control"]: each for each in verdicts if each["topic"] == "raid"}

    return measure
