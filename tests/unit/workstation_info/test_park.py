"""Machines that are on, off, hung or refuse, read at once over HTTPS and NTLM from the simulated park."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.windows.facts import READERS
from ansible.module_utils.windows.facts_park import SIMULATED, Machine, introduced, machines, read_park
from ansible.module_utils.wsman import allowed
from ansible.module_utils.wsman.channel import Account, Channel, HostError, Limits
from ansible.module_utils.wsman.client import Client

from tests.conftest import ROOT
from tests.unit.workstation_info.evidence import denied, leaves
from tests.winrm_park import VENDOR, generate
from tests.winrm_park.park import Park

_USER, _PASSWORD = "audit", "Passe-Audit-12"
_STATES = {
    "pc-on": ("10", [], "measured"),
    "pc-seven": ("7", [], "measured"),
    "pc-off": ("10", ["off"], "closed"),
    "pc-silent": ("10", ["silent"], "off"),
    "pc-hung": ("11", ["hung"], "late"),
    "pc-denied": ("10", ["denied"], "refused"),
    "pc-nobody": ("10", ["refuses_logon"], "refused"),
    "pc-other": ("10", ["wrong_certificate"], "certificate"),
}
LIMITS = Limits(12, 1)


@pytest.fixture(scope="module")
def park() -> Iterator[Park]:
    drawn = [{"name": name, "os": system, "states": states} for name, (system, states, _) in _STATES.items()]
    drawn += [{"name": "pc-slow", "os": "10", "own": {"behaviour": {"slow": {"Win32_QuickFixEngineering": 60}}}}]
    drawn += [{"name": "pc-cut", "os": "10", "own": {"behaviour": {"drop_after_requests": 25}}}]
    drawn += [{"name": "pc-user", "os": "10", "own": {"behaviour": {"access": "remote_user"}}}]
    with Park(generate.built({"machines": drawn}), {_USER: _PASSWORD}) as started:
        yield started


def hosts(park: Park, *wanted: str) -> list[dict[str, Any]]:
    return [{"name": name, "address": park.endpoint(name).address, "port": park.endpoint(name).port} for name in wanted]


def account(park: Park, password: str = _PASSWORD) -> Account:
    return Account(f"EXAMPLE\\{_USER}", password, str(park.ca_file))


def read(park: Park, *wanted: str, limits: Limits = LIMITS, password: str = _PASSWORD) -> dict[str, Any]:
    return read_park(hosts(park, *wanted), account(park, password), limits, 20)[0]


def test_each_machine_ends_in_its_state_and_none_waits_for_another(park: Park) -> None:
    began = time.monotonic()
    results, coverage = read_park(hosts(park, *_STATES), account(park), LIMITS, 20)
    took = time.monotonic() - began
    assert {name: result["state"] for name, result in results.items()} == {
        name: state for name, (_, _, state) in _STATES.items()
    }
    assert coverage == {"measured": 2, "closed": 1, "off": 1, "late": 1, "refused": 2, "certificate": 1}
    assert took < 8


def test_a_machine_that_was_not_read_says_why_in_the_form_of_a_result(park: Park) -> None:
    result = read(park, "pc-silent")["pc-silent"]
    assert result["unreachable"] is True
    assert "workstation" not in result
    assert result["msg"].startswith("off: nothing answers")


def test_facts_and_failures_have_their_places(park: Park) -> None:
    result = read(park, "pc-on")["pc-on"]
    inside, outside = result["workstation"]["failures"], result["failures"]
    assert outside == {f"workstation.{name}": why for name, why in inside.items()}
    assert result["workstation"]["os"]["build"] == 19045
    assert 0 < result["messages"] < 80


def test_nothing_is_written_and_no_other_command_is_run(park: Park) -> None:
    read(park, "pc-on", "pc-seven")
    for machine in park.machines.values():
        assert machine.told.writes == []
        assert set(machine.told.commands) <= set(allowed.LISTINGS.values())


def test_a_wrong_password_is_refused_and_tried_once(park: Park) -> None:
    before = park.machine("pc-on").told.refused_logons
    result = read(park, "pc-on", password="wrong")["pc-on"]
    assert result["state"] == "refused"
    assert park.machine("pc-on").told.refused_logons == before + 1


def test_a_wrong_password_is_not_tried_on_every_machine() -> None:
    names = [f"pc-{number}" for number in range(12)]
    drawn = {"machines": [{"name": name, "os": "10"} for name in names]}
    with Park(generate.built(drawn), {_USER: _PASSWORD}) as park:
        results, coverage = read_park(hosts(park, *names), account(park, "wrong"), LIMITS, 12)
        assert sum(machine.told.refused_logons for machine in park.machines.values()) == 3
    assert coverage == {"refused": 3, "untried": 9}
    assert {result["state"] for result in results.values() if "would lock it" in result["msg"]} == {"untried"}


def test_machines_that_refuse_do_not_keep_the_others_from_being_read() -> None:
    names = [f"pc-{number}" for number in range(12)]
    drawn = {"machines": [{"name": name, "os": "10", "states": ["denied"]} for name in names[:6]]}
    drawn["machines"] += [{"name": name, "os": "10", "states": ["refuses_logon"]} for name in names[6:8]]
    drawn["machines"] += [{"name": name, "os": "10"} for name in names[8:]]
    with Park(generate.built(drawn), {_USER: _PASSWORD}) as park:
        coverage = read_park(hosts(park, *names), account(park), LIMITS, 12)[1]
    assert coverage == {"refused": 8, "measured": 4}


def test_a_first_machine_whose_wmi_hangs_does_not_hold_up_the_others() -> None:
    drawn: dict[str, Any] = {"machines": [{"name": "pc-0", "os": "10", "own": {"behaviour": {"slow": {"Win32_": 60}}}}]}
    drawn["machines"] += [{"name": f"pc-{number}", "os": "10"} for number in range(1, 6)]
    with Park(generate.built(drawn), {_USER: _PASSWORD}) as park:
        results, coverage = read_park(
            hosts(park, *(each["name"] for each in drawn["machines"])), account(park), LIMITS, 6
        )
    assert coverage == {"late": 1, "measured": 5}
    assert max(results[f"pc-{number}"]["seconds"] for number in range(1, 6)) < 5


def test_a_certificate_of_another_authority_ends_it_before_a_password_is_sent(park: Park, tmp_path: Path) -> None:
    other = tmp_path / "ca.pem"
    with Park(generate.built({"machines": [{"name": "x", "os": "10"}]}), {_USER: _PASSWORD}) as elsewhere:
        other.write_bytes(elsewhere.ca_file.read_bytes())
    before = len(park.machine("pc-on").told.logons)
    strange = Account(f"EXAMPLE\\{_USER}", _PASSWORD, str(other))
    result = read_park(hosts(park, "pc-on"), strange, LIMITS, 1)[0]["pc-on"]
    assert result["state"] == "certificate"
    assert len(park.machine("pc-on").told.logons) == before


def test_a_question_that_hangs_costs_its_own_fact_alone(park: Park) -> None:
    result = read(park, "pc-slow", limits=Limits(15, 1, 1))["pc-slow"]
    assert result["state"] == "measured"
    assert result["failures"]["workstation.updates.last_installed_at"].startswith("too_slow: ")
    assert result["workstation"]["updates"]["pending_reboot"] is False
    assert result["workstation"]["software"]


def test_a_machine_that_hangs_costs_no_more_than_its_time(park: Park) -> None:
    park.machine("pc-slow").behaviour["slow"] = {"Win32_": 60}
    began = time.monotonic()
    result = read(park, "pc-slow", limits=Limits(4, 1, 2))["pc-slow"]
    assert time.monotonic() - began < 6
    assert result["state"] == "late"


def test_a_machine_that_loses_power_keeps_what_was_read(park: Park) -> None:
    result = read(park, "pc-cut", limits=Limits(6, 1, 2))["pc-cut"]
    assert result["state"] == "partly"
    assert result["workstation"]["memory_bytes"] > 0
    assert "workstation.software" in result["failures"]


def test_an_account_with_few_rights_gets_few_facts_and_no_false_ones(park: Park) -> None:
    told = leaves(read(park, "pc-on")["pc-on"]["workstation"])
    result = read(park, "pc-user")["pc-user"]["workstation"]
    failures = result["failures"]
    for name in ("encryption", "tpm", "services", "firewall"):
        assert "access_denied" in failures[name], name
        assert name not in result
    for path, value in leaves(result).items():
        if not path.startswith(("failures", "name", "os.", "administrators", "local_accounts")):
            assert told[path] == value, path


def test_who_answers_can_be_asked(park: Park) -> None:
    host = hosts(park, "pc-seven")[0]
    client = Client(Channel(Machine(**host).endpoint, account(park), LIMITS))
    assert client.identify()["ProductVersion"].startswith("OS: 6.1")
    client.close()


def test_a_workstation_of_the_park_says_whose_it_is_whatever_its_turn(park: Park) -> None:
    told = read(park, "pc-on", "pc-seven", "pc-user")
    assert {result["workstation"]["simulated_by"] for result in told.values()} == {VENDOR}


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ({"ProductVendor": "Microsoft Corporation"}, ({"simulated_by": None}, set())),
        ({"ProductVendor": "Wine"}, ({"simulated_by": "Wine"}, set())),
        ({"ProductVendor": None}, ({}, {"simulated_by"})),
        ({}, ({}, {"simulated_by"})),
        (denied(), ({}, {"simulated_by"})),
    ],
)
def test_only_what_names_its_maker_is_taken_for_a_windows(
    identity: dict[str, Any] | Exception, expected: tuple[dict[str, Any], set[str]]
) -> None:
    class Answering:
        def identify(self) -> dict[str, Any]:
            if isinstance(identity, Exception):
                raise identity
            return identity

    facts, failures = introduced(Answering())
    assert (facts, set(failures)) == expected


def test_nothing_is_sent_without_tls(park: Park) -> None:
    with pytest.raises(ValueError, match="only HTTPS"):
        Channel("http://127.0.0.1:5985/wsman", account(park), LIMITS)


def test_the_time_of_a_machine_is_over_for_every_further_question(park: Park) -> None:
    now = [100.0]
    channel = Channel(Machine(**hosts(park, "pc-on")[0]).endpoint, account(park), LIMITS, clock=lambda: now[0])
    client = Client(channel)
    client.identify()
    now[0] += 12
    with pytest.raises(HostError, match="late"):
        client.identify()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"ca_file": "/nowhere/ca.pem"}, "ca_file: /nowhere/ca.pem holds no certificate"),
        ({"ca_file": __file__}, "test_park.py holds no certificate"),
        ({"password": None}, "password: NTLM needs one"),
        ({"password": ""}, "password: NTLM needs one"),
    ],
)
def test_what_cannot_work_is_one_error_before_anything_is_sent(park: Park, change: dict[str, Any], told: str) -> None:
    given = {"user": _USER, "password": _PASSWORD, "ca_file": str(park.ca_file), **change}
    with pytest.raises(ValueError, match=told):
        read_park(hosts(park, "pc-on"), Account(**given), LIMITS, 1)


@pytest.mark.parametrize(("limits", "at_once"), [(LIMITS, 0), (Limits(0, 1), 5), (Limits(5, 0), 5)])
def test_no_time_and_no_place_are_refused(park: Park, limits: Limits, at_once: int) -> None:
    with pytest.raises(ValueError, match="give at least 1"):
        read_park(hosts(park, "pc-on"), account(park), limits, at_once)


def test_a_port_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="the port of pc-1 is none"):
        machines([{"name": "pc-1", "port": 0}])


def test_a_machine_named_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="pc-1 stands twice"):
        machines([{"name": "pc-1", "port": 5986}, {"name": "pc-1", "address": "other", "port": 5986}])


def test_a_surprise_on_one_machine_is_not_the_end_of_the_others(park: Park) -> None:
    def surprised(machine: Machine, *_other: Any) -> dict[str, Any]:
        if machine.name == "pc-on":
            raise RuntimeError("never thought of")
        return {"state": "measured"}

    results, coverage = read_park(hosts(park, "pc-on", "pc-off"), account(park), LIMITS, 2, surprised)
    assert results["pc-on"]["msg"] == "error: RuntimeError: never thought of"
    assert coverage == {"error": 1, "measured": 1}


def test_the_account_never_shows_its_password(park: Park) -> None:
    assert _PASSWORD not in repr(account(park))
    assert _PASSWORD not in json.dumps(read(park, "pc-on", "pc-nobody", "pc-denied"))


def test_the_documented_form_is_the_one_that_is_returned(park: Park) -> None:
    texts = (ROOT / "library" / "workstation_info.py").read_text(encoding="utf-8")
    documented = yaml.safe_load(texts.split('RETURN = r"""')[1].split('"""')[0])["workstations"]["sample"]["pc-12"]
    result = read(park, "pc-on")["pc-on"]
    shown = set(leaves(documented["workstation"])) - {"services.MpsSvc.state", "services.MpsSvc.start"}
    assert set(documented) == set(result)
    known = set(leaves({name: _parts(reader) for name, reader in READERS.items()})) | {SIMULATED}
    assert {path for path in shown if not path.startswith(("failures", "services"))} == known - {"services"}


def _parts(reader: Any) -> Any:
    return dict.fromkeys(reader, 0) if isinstance(reader, dict) else 0
