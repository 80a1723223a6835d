"""The module itself: one result for all machines, one error for what is wrong here, and no password in either."""

from __future__ import annotations

import importlib.util
import json
from types import ModuleType
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args

from tests.conftest import ROOT
from tests.winrm_park import generate
from tests.winrm_park.park import Park

_PASSWORD = "Passe-Audit-12"


def module() -> ModuleType:
    found = importlib.util.spec_from_file_location("workstation_info", ROOT / "library" / "workstation_info.py")
    assert found is not None
    assert found.loader is not None
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    return made


def run(arguments: dict[str, Any], capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    with patch_module_args(arguments), pytest.raises(SystemExit):
        module().main()
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert _PASSWORD not in json.dumps({key: each for key, each in result.items() if key != "invocation"})
    assert result["invocation"]["module_args"]["password"] == "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"
    return result


@pytest.mark.parametrize("check_mode", [True, False])
def test_machines_are_read_and_counted_in_check_mode_too(check_mode: bool, capsys: pytest.CaptureFixture[str]) -> None:
    drawn = {"machines": [{"name": "pc-1", "os": "10"}, {"name": "pc-2", "os": "10", "states": ["off"]}]}
    with Park(generate.built(drawn), {"audit": _PASSWORD}) as park:
        hosts = [
            {"name": name, "address": each["ansible_host"], "port": each["ansible_port"]}
            for name, each in park.hosts().items()
        ]
        given = {"hosts": hosts, "user": "EXAMPLE\\audit", "password": _PASSWORD, "ca_file": str(park.ca_file)}
        result = run({**given, "_ansible_check_mode": check_mode}, capsys)
    assert result["changed"] is False
    assert result["coverage"] == {"measured": 1, "closed": 1}
    assert result["workstations"]["pc-1"]["workstation"]["os"]["build"] == 19045
    assert result["workstations"]["pc-2"]["unreachable"] is True


def test_what_is_wrong_here_is_one_error(capsys: pytest.CaptureFixture[str]) -> None:
    given = {"hosts": [{"name": "pc-1"}], "user": "audit", "password": _PASSWORD, "ca_file": "/nowhere.pem"}
    result = run(given, capsys)
    assert result["failed"] is True
    assert "/nowhere.pem holds no certificate" in result["msg"]
    assert "workstations" not in result
