"""The addresses of the lab's simulated workstations on the bridge of their network."""

from __future__ import annotations

import json

import pytest

from tests.winrm_park import VENDOR, lab, profiles

BRIDGE = "garant0"


class Computer:
    """A bridge with the lab's own address, as `ip` shows and changes it."""

    def __init__(self, *held):
        self.held, self.asked = set(held), []

    def ip(self, *words):
        if words == ("-json", "address", "show", "dev", BRIDGE):
            own = [{"family": "inet", "local": "10.91.10.1", "prefixlen": 24},
                   {"family": "inet6", "local": "fe80::1", "prefixlen": 64}]  # fmt: skip
            return json.dumps([{"addr_info": [*own, *(
                {"family": "inet", "local": each, "prefixlen": 32} for each in sorted(self.held))]}])  # fmt: skip
        _address, what, address, *where = words
        assert where == ["dev", BRIDGE]
        self.asked.append((what, address))
        (self.held.add if what == "add" else self.held.remove)(address.removesuffix("/32"))
        return ""


@pytest.fixture
def folder(tmp_path):
    systems = {"ws1": {"os": "11"}, "ws2": {"os": "7"}, "ws3": {"os": "10", "states": ["off"]},
               "ws4": {"os": "10", "states": ["silent"]}}  # fmt: skip
    plan = {
        "draw": {"count": 0, "mute": 0},
        "domain": {"name": "EXAMPLE", "dns": "example.lan", "sid": "S-1-5-21-1-2-3"},
        "machines": [
            {"name": name, "address": f"10.91.10.15{number}", "machine": machine}
            for number, (name, machine) in enumerate(systems.items(), start=1)
        ],
    }
    (tmp_path / "park.json").write_text(json.dumps(plan), "utf-8")
    return tmp_path


def held(monkeypatch, folder, capsys, *before):
    """The computer afterwards, and what the program said of it."""
    computer = Computer(*before)
    monkeypatch.setattr(lab, "_ip", computer.ip)
    assert lab.main(["hold", str(folder), BRIDGE]) == 0
    return computer, capsys.readouterr().out.split("\n")[:-1]


def test_what_is_missing_is_added_but_for_machines_that_are_off(monkeypatch, folder, capsys):
    computer, said = held(monkeypatch, folder, capsys)
    assert computer.held == {"10.91.10.151", "10.91.10.152", "10.91.10.154"}
    assert said == ["add 10.91.10.151", "add 10.91.10.152", "add 10.91.10.154"]


def test_what_is_too_much_is_taken_away_and_the_bridges_own_stays(monkeypatch, folder, capsys):
    before = ["10.91.10.151", "10.91.10.152", "10.91.10.153", "10.91.10.154", "10.91.10.240"]
    computer, said = held(monkeypatch, folder, capsys, *before)
    assert computer.asked == [("delete", "10.91.10.153/32"), ("delete", "10.91.10.240/32")]
    assert said == ["delete 10.91.10.153", "delete 10.91.10.240"]


def test_a_second_time_nothing_is_changed_nor_said(monkeypatch, folder, capsys):
    computer, said = held(monkeypatch, folder, capsys, "10.91.10.151", "10.91.10.152", "10.91.10.154")
    assert computer.asked == []
    assert said == [""]


def test_a_machine_that_the_inventory_does_not_describe_is_as_it_is_drawn(folder):
    plan = json.loads((folder / "park.json").read_text("utf-8"))
    plan |= {"draw": {"count": 3, "seed": 1, "mute": 3}, "machines": [{"name": "pc-002", "machine": {}}]}
    (drawn,) = lab.Lab(str(folder)).profiles(plan)
    assert (drawn["name"], drawn["hardware"]["serial"], drawn["domain"]["sid"]) == (
        "pc-002",
        "SIM0002",
        "S-1-5-21-1-2-3",
    )
    assert drawn["behaviour"] != profiles.profile("pc-002", "10")["behaviour"], "it is off, or refuses"


def test_a_bridge_that_is_not_there_is_one_sentence(folder, capsys):
    assert lab.main(["hold", str(folder), "no-such-bridge"]) == 1
    said = capsys.readouterr().err
    assert said.startswith(f"{VENDOR}: ip -json address show dev no-such-bridge: ")
    assert len(said.splitlines()) == 1
