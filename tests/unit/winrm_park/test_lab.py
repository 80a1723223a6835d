"""The park of a lab: started beside it from what the lab's playbook wrote, under the policies of SYSVOL, and stopped."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
from pathlib import Path

import pytest
import requests
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting

from tests.unit.winrm_park.park_samples import GUID, LOGIN, OTHER_GUID, PASSWORD, call, policy
from tests.winrm_park import VENDOR
from tests.winrm_park.lab import Lab, main

KEY = r"SOFTWARE\Policies\Exemple"
DOMAIN = "DC=example,DC=lan"
DESKS = f"OU=Postes,{DOMAIN}"
ADDRESS = {"ws1": "127.0.91.1", "ws2": "127.0.91.2"}


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    """An authority as a site has one: two files, an RSA key."""
    folder = tmp_path_factory.mktemp("pki")
    made = {"certificate": str(folder / "ca.crt"), "key": str(folder / "ca.key")}
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=essai", "-days", "2",
                    "-keyout", made["key"], "-out", made["certificate"]], check=True, capture_output=True)  # fmt: skip
    return made


def free_port():
    with socket.socket() as asked:
        asked.bind(("127.0.91.1", 0))
        return asked.getsockname()[1]


def write(folder, **change):
    """What the lab's playbook writes of the park."""
    plan = json.loads((folder / "park.json").read_text("utf-8")) | change
    (folder / "park.json").write_text(json.dumps(plan), "utf-8")


def value(folder, number, guid=GUID):
    """A policy that sets one number."""
    policy(folder / "sysvol", guid, computer=[RegistrySetting(KEY, "Number", "REG_DWORD", number)])


@pytest.fixture
def folder(tmp_path, authority):
    """The folder of a park of two machines; whatever a test does, nothing of it runs afterwards."""
    # Deeper than the path of a socket may be long.
    folder = tmp_path / ("deep" * 30)
    folder.mkdir()
    (folder / "accounts").touch(mode=0o600)
    (folder / "accounts").write_text(f"{LOGIN}:{PASSWORD}\n", "utf-8")
    value(folder, 1)
    value(folder, 2, OTHER_GUID)
    (folder / "park.json").write_text("{}", "utf-8")
    write(
        folder,
        port=free_port(),
        draw={"count": 2, "seed": 1, "mute": 0},
        domain={"name": "EXAMPLE", "dns": "example.lan", "sid": "S-1-5-21-1-2-3"},
        authority=authority,
        order=[
            {"unit": DOMAIN, "policies": []},
            {"unit": DESKS, "policies": [OTHER_GUID, GUID]},
            {"unit": f"OU=Sensibles,{DESKS}", "policies": [GUID, OTHER_GUID]},
        ],
        machines=[
            {"name": "ws1", "address": ADDRESS["ws1"], "machine": {"os": "11"}, "unit": f"OU=Atelier,{DESKS}"},
            {"name": "ws2", "address": ADDRESS["ws2"], "machine": {"os": "7"}, "unit": f"OU=Sensibles,{DESKS}"},
        ],
    )
    yield folder
    Lab(str(folder)).down()


def done(capsys, *words):
    """The code with which the program ends, and what it said."""
    code = main([str(each) for each in words])
    said = capsys.readouterr()
    return code, (said.out + said.err).strip()


def number_of(folder, name, authority):
    """The number that the policies give a machine, asked over TLS with its certificate checked."""
    port = json.loads((folder / "park.json").read_text("utf-8"))["port"]
    request = call("GetDWORDValue", sSubKeyName=KEY, sValueName="Number")
    answer = requests.post(f"https://{ADDRESS[name]}:{port}/wsman", request, auth=(LOGIN, PASSWORD), timeout=20,
                           verify=authority["certificate"])  # fmt: skip
    assert answer.status_code == 200, answer.text
    return int(answer.text.partition("uValue>")[2].partition("<")[0])


def nothing_runs(folder):
    """Whether no process, no socket and no number of a process is left."""
    ours = [
        each
        for each in Path("/proc").glob("[0-9]*/cmdline")
        if str(folder).encode() in (each.read_bytes() if each.exists() else b"")
    ]
    return not ours and not {"pid", "control", "made_of"} & {each.name for each in folder.iterdir()}


def test_a_park_starts_once_obeys_and_is_stopped(folder, authority, capsys):
    assert done(capsys, "state", folder) == (0, "not running")
    assert done(capsys, "up", folder) == (0, "started")
    assert done(capsys, "up", folder) == (0, "running")
    assert done(capsys, "state", folder) == (0, "running")
    assert (folder / "control").stat().st_mode & 0o777 == 0o600
    assert number_of(folder, "ws2", authority) == 2
    code, said = done(capsys, "order", folder, "told", "ws2")
    assert (code, json.loads(said)["logons"]) == (0, [LOGIN])
    assert json.loads(done(capsys, "order", folder, "power", "ws2", "off")[1]) == {"done": "power ws2 off"}
    with pytest.raises(requests.ConnectionError):
        number_of(folder, "ws2", authority)
    assert done(capsys, "down", folder) == (0, "stopped")
    assert nothing_runs(folder)
    assert done(capsys, "down", folder) == (0, "not running")


def test_a_unit_that_the_order_does_not_name_takes_the_nearest_above(folder, authority):
    Lab(str(folder)).up()
    assert number_of(folder, "ws1", authority) == 1, "OU=Atelier stands below Postes, where the first policy wins"
    assert number_of(folder, "ws2", authority) == 2


def test_a_policy_that_changed_is_read_again(folder, authority, capsys):
    Lab(str(folder)).up()
    value(folder, 7)
    assert done(capsys, "up", folder) == (0, "started")
    assert number_of(folder, "ws1", authority) == 7
    assert done(capsys, "up", folder) == (0, "running")


def test_a_machine_that_was_upgraded_is_under_its_policies_again(folder, authority, capsys):
    Lab(str(folder)).up()
    assert done(capsys, "order", folder, "upgrade", "ws2", "10")[0] == 0
    assert number_of(folder, "ws2", authority) == 2
    broken_policy(folder)
    code, told = done(capsys, "order", folder, "upgrade", "ws2", "11")
    assert code == 1
    assert "Registry.pol: " in told


def test_another_plan_makes_another_park(folder, capsys):
    first = Lab(str(folder))
    first.up()
    before = first.process()
    write(folder, domain={"name": "AUTRE", "dns": "autre.lan", "sid": "S-1-5-21-4-5-6"})
    assert done(capsys, "up", folder) == (0, "started")
    assert first.process() not in (None, before)


def test_a_park_whose_process_died_is_started_anew(folder, authority, capsys):
    lab = Lab(str(folder))
    lab.up()
    number = lab.process()
    assert number
    os.kill(number, signal.SIGKILL)
    os.waitpid(number, 0)
    assert done(capsys, "order", folder, "unsimulated")[0] == 1
    assert done(capsys, "up", folder) == (0, "started")
    assert number_of(folder, "ws1", authority) == 1


def test_the_number_of_a_process_of_somebody_else_is_left_alone(folder, capsys):
    with subprocess.Popen(["sleep", "60"]) as other:
        (folder / "pid").write_text(str(other.pid), "ascii")
        assert done(capsys, "down", folder) == (0, "not running")
        assert other.poll() is None
        other.terminate()


def unknown_unit(folder):
    machine = {"name": "ws1", "address": ADDRESS["ws1"], "machine": {"os": "11"}, "unit": "OU=Postes,DC=elsewhere"}
    write(folder, machines=[machine])


def without_description(folder):
    write(folder, machines=[{"name": "ws9", "address": ADDRESS["ws1"], "machine": {}, "unit": DESKS}])


def unknown_state(folder):
    machine = {"os": "11", "states": ["curent"]}
    write(folder, machines=[{"name": "ws1", "address": ADDRESS["ws1"], "machine": machine, "unit": DESKS}])


def without_plan(folder):
    (folder / "park.json").unlink()


def broken_policy(folder):
    (folder / "sysvol" / "Policies" / GUID / "Machine" / "Registry.pol").write_bytes(b"PReg\1\0\0\0[broken")


def without_sysvol(folder):
    (folder / "sysvol").rename(folder / "elsewhere")


def open_accounts(folder):
    (folder / "accounts").chmod(0o644)


def broken_key(folder):
    (folder / "ca.key").write_text("nothing", "ascii")
    plan = json.loads((folder / "park.json").read_text("utf-8"))
    write(folder, authority=plan["authority"] | {"key": str(folder / "ca.key")})


@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        (unknown_unit, "ws1: no policy reaches OU=Postes,DC=elsewhere; is it a unit of the domain?"),
        (without_description, "ws9: the inventory gives it no lab_park_machine, and none is drawn"),
        (unknown_state, "ws1: state: 'curent' is none of"),
        (without_plan, "bring the lab up first"),
        (broken_policy, "Registry.pol: "),
        (without_sysvol, "sysvol"),
        (open_accounts, "others may read it; chmod 600"),
        (broken_key, "ca.key: no authority to make certificates with"),
    ],
)
def test_what_cannot_start_is_one_sentence_and_leaves_nothing(folder, capsys, breaks, said):
    breaks(folder)
    code, told = done(capsys, "up", folder)
    assert code == 1
    assert told.startswith(f"{VENDOR}: the park did not start: ")
    assert said in told
    assert "Traceback" not in told
    assert len(told.splitlines()) == 1
    assert nothing_runs(folder)


def test_a_port_that_is_taken_is_named(folder, capsys):
    with socket.socket() as other:
        port = json.loads((folder / "park.json").read_text("utf-8"))["port"]
        other.bind((ADDRESS["ws2"], port))
        other.listen()
        code, told = done(capsys, "up", folder)
    assert code == 1
    assert f"Address already in use: '{ADDRESS['ws2']}:{port}'" in told
    assert nothing_runs(folder)


def test_an_order_that_cannot_be_carried_out_is_no_success(folder, capsys):
    code, told = done(capsys, "order", folder, "told", "ws1")
    assert code == 1
    assert "the park does not run: make lab-workstations" in told
    Lab(str(folder)).up()
    assert done(capsys, "order", folder, "told", "ws9") == (
        1,
        f"{VENDOR}: no machine ws9 in this park, which has WS1, WS2",
    )
    assert done(capsys, "order", folder, "power", "ws1", "maybe") == (1, f"{VENDOR}: no such order: power ws1 maybe")
    assert json.loads(done(capsys, "order", folder, "unsimulated")[1]) == {}


@pytest.mark.parametrize("words", [[], ["up"], ["burn", "somewhere"], ["order", "somewhere"]])
def test_a_wrong_command_line_is_told_how_it_is_meant(capsys, words):
    code, told = done(capsys, *words)
    assert code == 2
    assert "usage: lab.py up|down|state FOLDER" in told
