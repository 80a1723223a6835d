"""How workstations are reached: what the module is given of each, from what the inventory says."""

from __future__ import annotations

from plugins.filter.windows_workstations import FilterModule

ADDRESSES = FilterModule().filters()["workstation_addresses"]


def test_a_machine_is_reached_by_the_address_that_the_inventory_gives_it() -> None:
    assert ADDRESSES({"ws1": {"ansible_host": "10.91.10.151"}}, ["ws1"], "example.lan") == [
        {"name": "ws1", "address": "10.91.10.151", "service_name": "ws1.example.lan"}
    ]


def test_a_machine_without_an_address_is_reached_by_its_full_name() -> None:
    hosts = {"ws1": {}, "ws2": {"ansible_host": ""}}
    assert [each["address"] for each in ADDRESSES(hosts, hosts, "example.lan")] == [
        "ws1.example.lan", "ws2.example.lan",
    ]  # fmt: skip


def test_only_the_machines_that_are_asked_for_are_given_in_their_order() -> None:
    hosts = {name: {"ansible_host": f"10.0.0.{number}"} for number, name in enumerate(["dc1", "ws1", "ws2"])}
    assert [each["name"] for each in ADDRESSES(hosts, ["ws2", "ws1"], "example.lan")] == ["ws2", "ws1"]
