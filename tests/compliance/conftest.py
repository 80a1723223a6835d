"""The live site under test: the lab that reproduces it, its audit and its converge.

SITE names the site (autoconcept when unset); the lab must be up.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import testinfra

from tests.conftest import ROOT

SITE = os.environ.get("SITE", "autoconcept")
INVENTORIES = ["-i", str(ROOT / "inventories" / SITE), "-i", str(ROOT / "inventories" / "lab")]
BIN = Path(sys.executable).parent
ENVIRONMENT = {
    **os.environ,
    "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
    "ANSIBLE_FORCE_COLOR": "0",
    "GARANT_PYTHON": sys.executable,
}
LOG = logging.getLogger(__name__)
Verdicts = dict[tuple[str, str], dict[str, Any]]
#: What only a rehearsal tells (make lab-disaster): nothing is known of it in a lab that was never destroyed.
REHEARSED = ("disaster_rehearsal", "disaster_recovery_time")


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Say what took how long: hours go by in these tests, and nobody should have to guess on what."""
    begin = time.monotonic()
    try:
        yield
    finally:
        LOG.info("%s: %.0f s", what, time.monotonic() - begin)


@cache
def inventory() -> dict[str, Any]:
    """The inventory as Ansible reads it."""
    shown = subprocess.run(
        [str(BIN / "ansible-inventory"), *INVENTORIES, "--list"],
        cwd=ROOT,
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
        text=True,
    )
    return dict(json.loads(shown.stdout))


def hosts_of(group: str) -> list[str]:
    """Names of the hosts of a group, its children's included."""
    entry = inventory().get(group, {})
    found = set(entry.get("hosts", []))
    for child in entry.get("children", []):
        found.update(hosts_of(child))
    return sorted(found)


@cache
def resolved(name: str, host: str = "dc1") -> Any:
    """A variable of a host, templates resolved."""
    shown = subprocess.run(
        [str(BIN / "ansible"), host, *INVENTORIES, "-m", "ansible.builtin.debug", "-a", f"var={name}"],
        cwd=ROOT,
        env={**ENVIRONMENT, "ANSIBLE_CALLBACK_RESULT_FORMAT": "json"},
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(shown.stdout[shown.stdout.index("{") :])[name]


@cache
def connect(name: str) -> Any:
    """A testinfra host over the same ssh that Ansible uses."""
    return testinfra.get_host(f"ssh://{name}", ssh_config=str(ROOT / "var" / "lab" / SITE / "ssh_config"))


def run_audit(*arguments: str, runs: Path | None = None) -> subprocess.CompletedProcess[str]:
    """bin/garant audit, as a user runs it."""
    where = ["--runs-directory", str(runs)] if runs else []
    with timed(" ".join(["audit", *arguments])):
        return subprocess.run(
            [str(ROOT / "bin" / "garant"), "audit", SITE, "--lab", *where, *arguments],
            cwd=ROOT,
            env=ENVIRONMENT,
            check=False,
            capture_output=True,
            text=True,
        )


def verdicts_of(directory: Path) -> Verdicts:
    """The verdicts of a run by control and host."""
    lines = (directory / "verdicts.jsonl").read_text(encoding="utf-8").splitlines()
    return {(each["control"], each["host"]): each for each in map(json.loads, lines)}


def latest(runs: Path) -> Path:
    """The latest run of the site below a folder of runs."""
    return sorted(runs.glob(f"{SITE}/*/verdicts.jsonl"))[-1].parent


@pytest.fixture(scope="session")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("runs")


@pytest.fixture(scope="session")
def audit(runs: Path) -> Callable[..., Verdicts]:
    """Audit the live site, or some of its hosts, and return its verdicts."""

    def audited(*hosts: str) -> Verdicts:
        finished = run_audit(*(["--limit", ",".join(hosts)] if hosts else []), runs=runs)
        assert finished.returncode in (0, 1, 2), finished.stdout[-3000:] + finished.stderr[-3000:]
        return verdicts_of(latest(runs))

    return audited


def red(verdicts: Verdicts) -> set[tuple[str, str]]:
    """What is red, but for the simulated workstations, some of which always are, and for what only a rehearsal tells."""
    simulated = hosts_of("windows_workstations")
    return {
        (control, host)
        for (control, host), verdict in verdicts.items()
        if verdict["verdict"] in ("fail", "not_evaluated") and host not in simulated and control not in REHEARSED
    }


@pytest.fixture(scope="session")
def first_run(audit: Callable[..., Verdicts], runs: Path) -> Path:
    """The run of one audit for all the tests that only read."""
    audit()
    return latest(runs)


@pytest.fixture(scope="session")
def first_audit(first_run: Path) -> Verdicts:
    """The verdicts of the first run."""
    return verdicts_of(first_run)


@pytest.fixture(scope="session")
def evidence(first_run: Path) -> dict[str, Any]:
    """The facts behind the first run, by host."""
    files = (first_run / "evidence").glob("*.json")
    return {file.stem: json.loads(file.read_text(encoding="utf-8"))["facts"] for file in files}


def play(*playbooks: str, arguments: Sequence[str] = ()) -> str:
    """Run playbooks one after the other, and return what Ansible printed."""
    with timed(" ".join(["converge", *playbooks])):
        finished = subprocess.run(
            [str(BIN / "ansible-playbook"), *INVENTORIES, *(f"playbooks/{name}.yml" for name in playbooks), *arguments],
            cwd=ROOT,
            env=ENVIRONMENT,
            check=False,
            capture_output=True,
            text=True,
        )
    assert finished.returncode == 0, finished.stdout[-6000:] + finished.stderr[-2000:]
    return finished.stdout


@pytest.fixture(scope="session")
def converge() -> Callable[..., str]:
    """Converge the whole site and return what Ansible printed."""
    return lambda *arguments: play("site", arguments=arguments)


#: What site.yml holds, where the hosts of one row need nothing of what the row beside it does; the rows of one group at once.
LANES = (
    (("domain",),),
    (
        ("log_servers", "gateways", "backup_repositories", "backup_keepers"),
        ("disks", "file_servers", "leaver_data"),
        ("workstations",),
    ),
    (("web_access",), ("backups", "restore_drills")),
)


def side_by_side(*arguments: str, only: Collection[str] = ()) -> list[str]:
    """Converge as site.yml does, on both processors (a converge waits half of the time); what Ansible printed.

    :param only: the playbooks of site.yml that are run; all, when none is named
    """
    printed: list[str] = []
    with ThreadPoolExecutor() as pool:
        for lanes in LANES:
            chosen = [[name for name in lane if not only or name in only] for lane in lanes]
            printed += pool.map(lambda names: play(*names, arguments=arguments), filter(None, chosen))
    return printed


@pytest.fixture(scope="session")
def heal() -> Callable[..., None]:
    """Converge some hosts, by some of the playbooks of site.yml or by all."""

    def healed(hosts: set[str], only: Collection[str] = ()) -> None:
        side_by_side("--limit", ",".join(["localhost", *sorted(hosts)]), only=only)

    return healed
