"""The lab gives itself addresses that the site does not use."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from ansible.errors import AnsibleFilterError

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def lab() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lab_filter", ROOT / "plugins" / "filter" / "lab.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_bridge_takes_the_first_address(lab: ModuleType) -> None:
    assert lab.lab_bridge_address("10.20.30.0/24", []) == "10.20.30.1"


def test_the_bridge_leaves_the_site_its_addresses(lab: ModuleType) -> None:
    assert lab.lab_bridge_address("10.20.30.0/24", ["10.20.30.1", "10.20.30.254"]) == "10.20.30.253"


def test_a_full_network_is_refused(lab: ModuleType) -> None:
    with pytest.raises(AnsibleFilterError, match="no address left"):
        lab.lab_bridge_address("10.20.30.0/30", ["10.20.30.1", "10.20.30.2"])


def test_a_bad_subnet_is_named(lab: ModuleType) -> None:
    with pytest.raises(AnsibleFilterError, match=r"10\.20\.30"):
        lab.lab_bridge_address("10.20.30", [])


def test_an_interface_bears_the_name_of_its_network(lab: ModuleType) -> None:
    options = lab.lab_network_options({"users": "10.91.10.254", "servers": "10.91.20.254"}, "garant-x")
    assert options == [
        "garant-x-users:ip=10.91.10.254,mac=02:00:0a:5b:0a:fe,interface_name=users0",
        "garant-x-servers:ip=10.91.20.254,mac=02:00:0a:5b:14:fe,interface_name=servers0",
    ]


def test_a_hardware_address_follows_the_address(lab: ModuleType) -> None:
    assert lab.lab_hardware_address("10.91.20.10") == "02:00:0a:5b:14:0a"
    assert lab.lab_hardware_address("10.91.20.10") != lab.lab_hardware_address("10.91.10.10")


def test_a_bad_address_is_named(lab: ModuleType) -> None:
    with pytest.raises(AnsibleFilterError, match="300"):
        lab.lab_hardware_address("10.91.20.300")


def test_a_stand_in_is_counted_from_its_network(lab: ModuleType) -> None:
    assert lab.lab_host_address("203.0.113.128/25", 10) == "203.0.113.138"


def test_a_stand_in_beyond_its_network_is_refused(lab: ModuleType) -> None:
    with pytest.raises(AnsibleFilterError, match="no host 3"):
        lab.lab_host_address("10.20.30.0/30", 3)
