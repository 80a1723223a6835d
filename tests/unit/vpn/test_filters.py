"""What playbooks ask of the site's data about remote access."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from ansible.errors import AnsibleFilterError

from tests.conftest import ROOT

HEADER = "last_name,first_name,department,job,manager,mail,starts_on,leaves_on,laptop,vpn,contract\n"
DEPARTMENTS = {"shop": {"name": "Atelier", "group": "GG_Atelier"}}


@pytest.fixture(scope="module")
def filters() -> ModuleType:
    specification = importlib.util.spec_from_file_location("filter_vpn", ROOT / "plugins" / "filter" / "vpn.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def test_the_list_of_employees_says_who_comes_in(filters: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    rows = [
        "Ducret,Zoé,Atelier,Ouvrière,,,2020-02-17,,no,{},permanent",
        "Hugon,Paul,Atelier,Ouvrier,,,2020-02-17,,no,{},permanent",
    ]
    file.write_text(HEADER + "\n".join(rows).format("yes", "no") + "\n", encoding="utf-8")
    assert filters.vpn_people(str(file), DEPARTMENTS, "exemple.fr") == ["zoe.ducret@exemple.fr"]


def test_a_list_that_is_wrong_is_told_with_its_line(filters: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text(HEADER + "Ducret,Zoé,Atelier,,,,2020-02-17,,no,perhaps,permanent\n", encoding="utf-8")
    with pytest.raises(AnsibleFilterError, match="2"):
        filters.vpn_people(str(file), DEPARTMENTS, "exemple.fr")


def test_a_network_is_given_as_openvpn_writes_it(filters: ModuleType) -> None:
    assert (filters.vpn_network("10.9.50.0/24"), filters.vpn_netmask("10.9.50.0/24")) == ("10.9.50.0", "255.255.255.0")


def test_a_network_that_is_none_is_told(filters: ModuleType) -> None:
    with pytest.raises(AnsibleFilterError, match=r"write it as 10\.0\.0\.0/24"):
        filters.vpn_network("10.9.50.1/24")
