"""What a Cisco ASA would be told is what the collection's modules take, and permits what the matrix permits."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.firewall.asa import access_lists, interface_lines, left_out, object_groups

from tests.conftest import ROOT
from tests.unit.firewall import samples

#: The argument specs of cisco.asa as published; no release of the ansible package in use carries the collection.
SPECS: dict[str, Any] = json.loads(Path(__file__).with_name("cisco_asa_6_1_0.json").read_text(encoding="utf-8"))


def errors(module: str, arguments: Mapping[str, Any]) -> list[str]:
    return list(ArgumentSpecValidator(SPECS[module]).validate(arguments).error_messages)


def test_the_modules_take_what_the_matrix_gives_them() -> None:
    matrix = samples.matrix()
    assert errors("asa_ogs", {"config": object_groups(matrix), "state": "replaced"}) == []
    assert errors("asa_acls", {"config": access_lists(matrix), "state": "overridden"}) == []


@pytest.mark.parametrize(
    ("module", "arguments"),
    [
        ("asa_ogs", {"config": [{"object_type": "net"}]}),
        ("asa_acls", {"config": {"acls": [{"aces": []}]}}),
        ("asa_acls", {"config": {"acls": [{"name": "x", "aces": [{"grant": "allow"}]}]}}),
        ("asa_acls", {"config": {"acls": [{"name": "x", "aces": [{"source": {"subnet": "x"}}]}]}}),
        ("asa_acls", {"state": "present"}),
    ],
)
def test_what_the_modules_do_not_take_is_told(module: str, arguments: Mapping[str, Any]) -> None:
    assert errors(module, arguments) != []


def test_the_roles_tasks_ask_what_the_collection_documents() -> None:
    asked = {
        name: task[name]
        for task in yaml.safe_load((ROOT / "roles" / "firewall" / "tasks" / "asa.yml").read_text(encoding="utf-8"))
        for name in task
        if name.startswith("cisco.asa.")
    }
    assert {name.split(".")[-1] for name in asked} == set(SPECS)
    for name, given in asked.items():
        options = SPECS[name.split(".")[-1]]
        assert set(given) <= set(options), name
        if "state" in given:
            assert given["state"] in options["state"]["choices"]


def entries(zone: str) -> list[dict[str, Any]]:
    (found,) = [each for each in access_lists(samples.matrix())["acls"] if each["name"] == f"{zone}_in"]
    return sorted(found["aces"], key=lambda entry: entry["line"])


def members() -> dict[str, list[IPv4Network]]:
    (groups,) = object_groups(samples.matrix())
    found = {}
    for group in groups["object_groups"]:
        objects = group["network_object"]
        subnets = [each.replace(" ", "/") for each in objects.get("address", [])]
        found[group["name"]] = [IPv4Network(each) for each in (*objects.get("host", []), *subnets)]
    return found


def holds(entry: Mapping[str, Any], source: str, destination: str, protocol: str, port: int) -> bool:
    """Whether the device would find the packet in an entry."""
    if entry["protocol"] not in (protocol, "ip"):
        return False
    for side, address in (("source", source), ("destination", destination)):
        group = entry[side].get("object_group")
        if group and not any(IPv4Address(address) in network for network in members()[group]):
            return False
    ports = entry["destination"].get("port_protocol", {})
    if "eq" in ports:
        return int(ports["eq"]) == port
    return ports["range"]["start"] <= port <= ports["range"]["end"] if "range" in ports else True


def granted(zone: str, *packet: Any) -> str:
    return next(str(entry["grant"]) for entry in entries(zone) if holds(entry, *packet))


def cases() -> Iterator[tuple[Any, ...]]:
    yield "users", "10.80.1.9", "10.80.2.10", "tcp", 445, "permit"
    yield "users", "10.80.1.9", "10.80.2.10", "tcp", 50000, "permit"
    yield "users", "10.80.1.9", "10.80.2.11", "tcp", 50000, "deny"
    yield "users", "10.80.1.9", "198.51.100.7", "tcp", 443, "deny"
    yield "guest", "10.80.4.9", "198.51.100.7", "tcp", 443, "permit"
    yield "guest", "10.80.4.9", "10.80.2.10", "tcp", 443, "deny"  # outside is not "any"
    yield "guest", "10.80.1.9", "198.51.100.7", "tcp", 443, "deny"
    yield "internet", "198.51.100.7", "10.80.2.10", "tcp", 443, "deny"
    yield "servers", "10.80.2.10", "198.51.100.7", "tcp", 443, "deny"


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_the_lists_permit_what_the_matrix_permits(case: tuple[Any, ...]) -> None:
    *packet, expected = case
    assert granted(*packet) == expected


def test_every_list_ends_with_a_refusal_that_is_logged() -> None:
    for zone in samples.matrix().zones:
        last = entries(zone)[-1]
        assert (last["grant"], last["protocol"], last["log"]) == ("deny", "ip", "default")


def test_lists_are_bound_addresses_checked_and_translated() -> None:
    lines = interface_lines(samples.matrix())
    assert "access-group guest_in in interface guest" in lines
    assert "ip verify reverse-path interface internet" in lines
    assert "nat (any,internet) after-auto source dynamic inner interface" in lines
    assert "ssh 10.80.1.8 255.255.255.252 users" in lines


def test_what_no_list_holds_is_told() -> None:
    told = left_out(samples.matrix())
    assert any("users to gateway tcp/3128" in each for each in told)
    assert any("gateway to internet" in each for each in told)
    assert not any("ssh" in each or "tcp/22" in each for each in told)
