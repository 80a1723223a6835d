"""The closed list of Ansible's modules: what the controller sends is read, anything else fails loudly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.winrm_park.park_samples import LOGIN, PASSWORD, machine
from tests.winrm_park import VENDOR, ansible_modules, commands, profiles
from tests.winrm_park.park import Park

POWERSHELL = "PowerShell -NoProfile -NonInteractive -ExecutionPolicy Unrestricted -EncodedCommand aQBmAA=="
ANSIBLE = Path(sys.executable).parent / "ansible"


def sent(module, become=None, **given):
    """What ansible-core 2.19 sends on the standard input, without the scripts."""
    arguments = {"_ansible_check_mode": False, "_ansible_module_name": module, **given}
    wrapper = {"Script": f"{module}.ps1", "Variables": [{"Name": "complex_args", "Value": arguments}]}
    first = json.dumps({"name": "exec_wrapper", "params": {}, "script": ""}).encode()
    actions = [{"name": "module_wrapper.ps1", "params": wrapper}]
    if become:
        actions.append({"name": "become_wrapper.ps1", "params": {"BecomeUser": become}})
    second = json.dumps({"scripts": {}, "actions": actions}).encode()
    return first + b"\n\0\0\0\0\n" + second


def play(made, module, **given):
    done = commands.run(made, POWERSHELL, LOGIN, sent(module, **given))
    return json.loads(done.output), done.code


def regedit(made, **given):
    return play(made, "ansible.windows.win_regedit", path=r"HKLM:\SOFTWARE\Exemple", **given)[0]


def test_a_value_is_set_once_and_found_set_afterwards():
    made = machine()
    assert regedit(made, name="A", data="5", type="dword")["changed"]
    assert made.registry.data(r"HKLM\SOFTWARE\Exemple", "A") == 5
    assert not regedit(made, name="A", data=5, type="dword")["changed"]
    assert regedit(made, name="A", data=6, type="dword") == {
        "changed": True,
        "data_changed": True,
        "data_type_changed": False,
    }
    assert regedit(made, name="A", data="6", type="string")["data_type_changed"]


def test_check_mode_tells_and_changes_nothing():
    made = machine()
    assert regedit(made, name="A", data=5, type="dword", _ansible_check_mode=True)["changed"]
    assert made.registry.find(r"HKLM\SOFTWARE\Exemple") is None
    regedit(made, name="A", data=5, type="dword")
    assert regedit(made, name="A", state="absent", _ansible_check_mode=True)["changed"]
    assert made.registry.value(r"HKLM\SOFTWARE\Exemple", "A") is not None


def test_values_and_keys_are_made_and_taken_away():
    made = machine()
    assert regedit(made)["changed"]
    assert not regedit(made)["changed"]
    regedit(made, name="L", data=["un", "deux"], type="multistring")
    found = play(made, "ansible.windows.win_reg_stat", path=r"HKLM:\SOFTWARE\Exemple", name="L")[0]
    assert (found["exists"], found["value"]) == (True, ["un", "deux"])
    assert regedit(made, name="L", state="absent")["changed"]
    assert not regedit(made, name="L", state="absent")["changed"]
    assert regedit(made, state="absent")["changed"]
    assert made.registry.find(r"HKLM\SOFTWARE\Exemple") is None


def test_a_service_is_disabled_and_stopped():
    made = machine()
    given = {"name": "spooler", "start_mode": "disabled", "state": "stopped"}
    assert play(made, "ansible.windows.win_service", **given)[0]["changed"]
    assert (made.service_start("Spooler"), made.services["Spooler"]) == (4, "Stopped")
    assert not play(made, "ansible.windows.win_service", **given)[0]["changed"]
    assert play(made, "ansible.windows.win_service", name="nothing")[0]["exists"] is False


def test_a_command_is_one_of_the_closed_list():
    made = machine()
    assert play(made, "ansible.windows.win_command", _raw_params="hostname")[0]["stdout"] == "PC-1\r\n"
    result, code = play(made, "ansible.windows.win_command", _raw_params="dism /online")
    assert (result["rc"], code) == (commands.NOT_RECOGNISED, 1)
    assert made.told.unsimulated == ["command dism /online"]


@pytest.mark.parametrize(
    ("module", "given"),
    [
        ("ansible.windows.win_updates", {}),
        ("ansible.windows.win_regedit", {"path": "HKLM:\\X", "delete_key": False}),
        ("ansible.windows.win_service", {"name": "Spooler", "state": "paused"}),
    ],
)
def test_a_module_or_an_option_that_is_not_simulated_fails_and_is_noted(module, given):
    made = machine()
    result, code = play(made, module, **given)
    assert (result["failed"], code) == (True, 1)
    assert VENDOR in result["msg"]
    assert len(made.told.unsimulated) == 1


def test_files_go_to_a_third_machine_under_an_account_of_its_own_only():
    made, way = machine(), {"src": r"C:\Users", "dest": r"\\fs1\saved\pc-1", "flags": "/E"}
    alone, _code = play(made, "community.windows.win_robocopy", **way)
    assert (alone["failed"], made.renewal.saved) == (True, set())
    assert "denied" in alone["msg"]
    assert not made.told.unsimulated
    ours, _code = play(made, "community.windows.win_robocopy", become="EXAMPLE\\renewal", **way)
    assert (ours["rc"], made.renewal.saved) == (1, {way["dest"]})


@pytest.mark.parametrize("system", ["xp", "7"])
def test_old_systems_have_no_powershell_for_ansible(system):
    made = machine(system)
    result, code = play(made, "ansible.windows.win_ping")
    assert (result["msg"], code) == ("Ansible requires PowerShell v5.1", 1)


@pytest.mark.parametrize("raw", [b"x", b'{"actions": []}', b"[]\n\0\0\0\0\n3"])
def test_powershell_without_a_module_is_refused_as_any_command(raw):
    made = machine()
    assert commands.run(made, POWERSHELL, LOGIN, raw).code == commands.NOT_RECOGNISED
    assert made.told.unsimulated


def test_what_is_sent_is_read_whatever_stands_around_it():
    assert ansible_modules.read(sent("a.b.c", x=1))[0] == "a.b.c"
    with pytest.raises(ansible_modules.NoPayloadError):
        ansible_modules.read(b"")


@pytest.mark.parametrize("connection", ["winrm", "psrp"])
def test_ansible_itself_talks_to_a_machine(tmp_path, connection):
    if connection == "psrp":
        for library in ("pypsrp", "psrpcore"):
            pytest.importorskip(library, reason=f"{library} is not installed")
    with Park([profiles.profile("pc-1", "10")], {LOGIN: PASSWORD}) as park:
        endpoint = park.endpoint("pc-1")
        host = {
            "ansible_host": endpoint.address,
            "ansible_port": endpoint.port,
            "ansible_connection": connection,
            "ansible_winrm_transport": "ntlm",
            "ansible_winrm_ca_trust_path": str(park.ca_file),
            "ansible_psrp_auth": "ntlm",
            "ansible_psrp_protocol": "https",
            "ansible_psrp_ca_cert": str(park.ca_file),
            "ansible_user": LOGIN,
            "ansible_password": PASSWORD,
        }
        inventory = tmp_path / "hosts.json"
        inventory.touch(mode=0o600)
        inventory.write_text(json.dumps({"all": {"hosts": {"pc-1": host}}}), "utf-8")
        arguments = r"path=HKLM:\SOFTWARE\Exemple name=A data=7 type=dword"
        command = [str(ANSIBLE), "-i", str(inventory), "pc-1", "-m", "ansible.windows.win_regedit", "-a", arguments]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert '"changed": true' in done.stdout
        assert park.machine("pc-1").registry.data(r"HKLM\SOFTWARE\Exemple", "A") == 7
        assert park.unsimulated() == {}
        assert len(endpoint.service.shells) == 0


def test_a_script_of_powershell_is_refused_in_plain_words():
    client_of = pytest.importorskip("pypsrp.client", reason="pypsrp is not installed").Client
    pytest.importorskip("psrpcore", reason="psrpcore is not installed")
    with Park([profiles.profile("pc-1", "10")], {LOGIN: PASSWORD}) as park:
        endpoint = park.endpoint("pc-1")
        with client_of(
            endpoint.address, port=endpoint.port, username=LOGIN, password=PASSWORD, auth="ntlm",
            cert_validation=str(park.ca_file),
        ) as client:  # fmt: skip
            output, streams, _failed = client.execute_ps("Get-Date")
        assert output == ""
        assert VENDOR in str(streams.error[0])
        assert [each.split()[0] for each in park.unsimulated()["PC-1"]] == ["PowerShell"]
