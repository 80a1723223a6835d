"""What goes wrong during an audit gives clear verdicts or errors, and nothing half-written."""

from __future__ import annotations

import contextlib
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.compliance.conftest import ENVIRONMENT, SITE, connect, hosts_of, latest, resolved, run_audit, verdicts_of
from tests.conftest import ROOT

pytestmark = pytest.mark.disruptive
DC = hosts_of("domain_controllers")[0]
WORKSTATION = hosts_of("linux_workstations")[0]
SAVED = ("backup", "restore")
#: The others say nothing about what is tried here.
THESE = ("--limit", f"{DC},{WORKSTATION}")
READY = (
    "until ldbsearch -H ldap://localhost -b '' -s base dn >/dev/null 2>&1 || [ $((n=n+1)) -gt 60 ]; do sleep 0.5; done"
)


@contextlib.contextmanager
def wrong_password() -> Iterator[None]:
    file = Path(resolved("site_secrets_dir", DC), "domain_administrator")
    right = file.read_text(encoding="utf-8")
    file.write_text("not-the-password\n", encoding="utf-8")
    try:
        yield
    finally:
        file.write_text(right, encoding="utf-8")


def test_a_wrong_password_is_told_and_judged_as_not_measured(tmp_path: Path) -> None:
    with wrong_password():
        finished = run_audit(*THESE, runs=tmp_path)
    assert finished.returncode == 2, finished.stdout[-2000:] + finished.stderr[-2000:]
    verdicts = verdicts_of(latest(tmp_path))
    # How it is saved is read on the host itself, without a password of the directory.
    of_directory = [each for (_, host), each in verdicts.items() if host == DC and each["topic"] not in SAVED]
    assert {each["verdict"] for each in of_directory} == {"not_evaluated"}
    assert all("refused the credentials" in each["reason"] for each in of_directory)
    assert {each["topic"] for each in of_directory} >= {"passwords", "identity", "group_policy"}
    assert verdicts[("local_administrators", WORKSTATION)]["verdict"] == "pass"
    assert "not-the-password" not in finished.stdout + finished.stderr


def test_a_controller_that_stops_during_an_audit_leaves_no_green(tmp_path: Path) -> None:
    controller = connect(DC)
    process = subprocess.Popen(
        [str(ROOT / "bin" / "garant"), "audit", SITE, "--lab", *THESE, "--runs-directory", str(tmp_path)],
        cwd=ROOT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        time.sleep(4)
        assert controller.run("systemctl stop samba-ad-dc").rc == 0
        output, _ = process.communicate(timeout=900)
    finally:
        controller.run(f"systemctl start samba-ad-dc; {READY}")
    assert process.returncode in (1, 2), output[-2000:]
    verdicts = verdicts_of(latest(tmp_path))
    assert verdicts[("directory_logon", WORKSTATION)]["verdict"] in ("not_evaluated", "fail")
    assert verdicts[("account_lockout", DC)]["verdict"] == "not_evaluated"
    assert "cannot be reached" in verdicts[("account_lockout", DC)]["reason"]
    assert verdicts[("local_administrators", WORKSTATION)]["verdict"] == "pass"


def test_a_full_disk_on_the_controller_stops_the_audit_with_nothing_half_written(tmp_path: Path) -> None:
    runs = tmp_path / "runs"
    runs.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(runs)], check=True)
    try:
        finished = run_audit(*THESE, runs=runs)
        left = [file.name for file in runs.rglob("*") if file.is_file()]
    finally:
        subprocess.run(["umount", str(runs)], check=True)
    assert finished.returncode == 3
    assert "No space left" in finished.stdout + finished.stderr
    assert not {"verdicts.jsonl", "report.html"} & set(left)
    assert not [name for name in left if name.startswith(".")], "a temporary file was left"


def test_a_lab_that_is_not_there_is_told() -> None:
    finished = subprocess.run(
        [str(ROOT / "bin" / "garant"), "audit", "nowhere"], env=ENVIRONMENT, check=False, capture_output=True, text=True
    )
    assert finished.returncode == 3
    assert "known sites" in finished.stderr
