"""What roles install runs as it is installed: the library comes before its programs, and lies where they look for it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT

ROLES = ROOT / "roles"
IMPORTS = re.compile(r"^(from|import) hostlib\b", re.MULTILINE)
CODE = sorted(
    file
    for file in ROLES.glob("*/files/usr/local/**/*")
    if file.is_file() and (file.suffix == ".py" or file.parent.name == "sbin")
)
USERS = sorted({file.relative_to(ROLES).parts[0] for file in CODE if IMPORTS.search(file.read_text(encoding="utf-8"))})
PROGRAMS = [
    (role, file.name)
    for role in USERS
    for file in sorted((ROLES / role / "files/usr/local/sbin").iterdir())
    if file.is_file()
]


def install(role: str, folder: Path) -> None:
    """What a role lays down below /usr/local, here below a folder."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROLES / role / "files/usr/local", folder, dirs_exist_ok=True, ignore=ignored)


def run(program: Path) -> subprocess.CompletedProcess[str]:
    """Its usage is told after everything was imported."""
    command = [sys.executable, "-IB", str(program), "--help"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("role", USERS)
def test_a_role_whose_programs_import_the_library_brings_it(role: str) -> None:
    meta = yaml.safe_load((ROLES / role / "meta/main.yml").read_text(encoding="utf-8"))
    assert "host_library" in [each["role"] for each in meta["dependencies"]]


@pytest.mark.parametrize(("role", "name"), PROGRAMS, ids=[name for _, name in PROGRAMS])
def test_an_installed_program_finds_the_library(role: str, name: str, tmp_path: Path) -> None:
    install("host_library", tmp_path)
    install(role, tmp_path)
    done = run(tmp_path / "sbin" / name)
    assert "usage: " in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("role", USERS)
def test_every_part_that_is_there_is_installed(role: str) -> None:
    settings = ROLES / role / "vars/main.yml"
    if not settings.exists():
        return
    parts = yaml.safe_load(settings.read_text(encoding="utf-8"))[f"__{role}_parts"]
    there = [file.stem for file in (ROLES / role / "files").rglob("*.py")]
    assert sorted(parts) == sorted(there)


@pytest.mark.parametrize("role", ["web_filter", "restore_drill"])
def test_what_must_run_without_the_library_does(role: str, tmp_path: Path) -> None:
    """Squid's matcher, and what a lost machine is restored with: playbooks bring that without its role."""
    install(role, tmp_path)
    done = run(tmp_path / "sbin" / {"web_filter": "web-category", "restore_drill": "restore-files"}[role])
    assert done.returncode == 0, done.stderr
