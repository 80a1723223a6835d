"""The launcher: one process, a whole park, orders by lines."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from winrm.exceptions import InvalidCredentialsError, WSManFaultError
from winrm.protocol import Protocol

from tests.unit.winrm_park.park_samples import GUID, LOGIN, PASSWORD, policy, query
from tests.winrm_park import VENDOR, profiles, serve
from tests.winrm_park.park import Park

ROOT = Path(__file__).resolve().parents[3]
NAME = query("SELECT Name FROM Win32_ComputerSystem").decode()


@pytest.fixture
def accounts(tmp_path):
    path = tmp_path / "accounts"
    path.touch(mode=0o600)
    path.write_text(f"{LOGIN}:{PASSWORD}\n", "utf-8")
    return path


@pytest.fixture
def here(tmp_path, monkeypatch):
    """A folder with a policy, to be in."""
    policy(tmp_path / "SYSVOL", GUID)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def started(accounts, tmp_path):
    """A park of 80 machines in a process of its own, and what it said of itself."""
    command = [sys.executable, "-m", "tests.winrm_park.serve", "--machines", "80", "--seed", "4", "--mute", "8",
               "--accounts", str(accounts), "--write-inventory", str(tmp_path / "hosts.yml")]  # fmt: skip
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process, json.loads(process.stdout.readline())
        process.terminate()
        process.wait(20)
    assert process.returncode == 0


def ordered(process, line):
    process.stdin.write(line + "\n")
    process.stdin.flush()
    return json.loads(process.stdout.readline())


def test_one_process_serves_eighty_machines_and_obeys_orders(started, tmp_path):
    process, said = started
    hosts = said["hosts"]
    assert said["simulated_by"] == VENDOR
    assert len(hosts) == len({(each["ansible_host"], each["ansible_port"]) for each in hosts.values()}) == 80
    assert yaml.safe_load((tmp_path / "hosts.yml").read_text("utf-8"))["all"]["hosts"] == hosts
    for name in list(hosts)[:8]:
        assert ordered(process, f"power {name} on") == {"done": f"power {name} on"}
        if ordered(process, f"told {name}")["requests"] == 0:
            host = hosts[name]
            client = Protocol(
                f"https://{host['ansible_host']}:{host['ansible_port']}/wsman", transport="basic", username=LOGIN,
                password=PASSWORD, server_cert_validation="ignore", read_timeout_sec=2, operation_timeout_sec=1,
            )  # fmt: skip
            with contextlib.suppress(InvalidCredentialsError, WSManFaultError):
                client.send_message(NAME)
        told = ordered(process, f"told {name}")
        assert told["requests"] == 1 or told["refused_logons"] or told["logons"]
    assert ordered(process, "unsimulated") == {}
    assert "no such order" in ordered(process, "power pc-001 maybe")["error"]
    assert "no machine pc-999" in ordered(process, "told pc-999")["error"]


def test_a_machine_can_be_upgraded_and_keeps_what_is_its_own(tmp_path):
    own = {"sessions": [{"login": "user01"}], "hardware": {"serial": "ABC"}}
    with Park([profiles.profile("pc-1", "7", own=own)], {LOGIN: PASSWORD}) as park:
        assert serve.order(park, "upgrade pc-1 10") == {"done": "upgrade pc-1 10"}
        machine = park.machine("pc-1")
        assert machine.profile["os"]["build"] == 19045
        assert machine.registry.data(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion", "CurrentBuild") == "19045"
        assert machine.profile["hardware"]["serial"] == "ABC"
        assert machine.profile["hardware"]["firmware"] == "bios"
        assert "error" in serve.order(park, "upgrade pc-1 95")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--machines", "2", "--mute", "3"], "cannot have"),
        (["--park", "nowhere.yml"], "nowhere.yml"),
        (["--machines", "1", "--sysvol", "SYSVOL", "--policy", "{0}"], "no policy"),
        (["--machines", "1", "--keytab", "nowhere"], "Kerberos|no such keytab"),
    ],
)
@pytest.mark.usefixtures("here")
def test_what_cannot_be_served_is_one_sentence_and_code_1(accounts, capsys, arguments, said):
    assert serve.main([*arguments, "--accounts", str(accounts)]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"{VENDOR}: ")
    assert any(part in error for part in said.split("|"))


def test_passwords_that_others_may_read_are_refused(accounts, capsys):
    accounts.chmod(0o644)
    assert serve.main(["--machines", "1", "--accounts", str(accounts)]) == 1
    assert "chmod 600" in capsys.readouterr().err
