"""A ruleset goes in force for a while, is kept only over a new connection, and nothing is left half done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible.module_utils.firewall import apply
from ansible.module_utils.firewall.apply import FirewallError

LISTED = {
    "nftables": [{"metainfo": {}}, {"rule": {"handle": 4, "expr": [{"counter": {"packets": 1}}, {"drop": None}]}}]
}


class Host:
    """Stands for the commands of a host: what was run, which fail, and the ruleset in force."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.fails = ""
        self.listed = LISTED
        self.connection = "10.0.0.1 4000 10.0.0.2 22"

    def run(self, *command: str) -> str:
        line = " ".join(command)
        self.ran.append(line)
        if self.fails and self.fails in line:
            raise FirewallError(f"{line} failed")
        return json.dumps(self.listed) if "-j" in command else "table inet old {\n}\n" if "list" in command else ""


@pytest.fixture
def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Host:
    host = Host()
    monkeypatch.setattr(apply, "run", host.run)
    monkeypatch.setattr(apply, "connection", lambda: host.connection)
    monkeypatch.setattr(apply, "STATE", tmp_path)
    monkeypatch.setattr(apply, "FILE", tmp_path / "nftables.conf")
    for name in ("CANDIDATE", "PREVIOUS", "LOADED", "SHOWN", "PENDING"):
        monkeypatch.setattr(apply, name, tmp_path / name.lower())
    return host


def kept(host: Host, content: str = "new") -> None:
    apply.load(content, 60)
    host.connection = "10.0.0.1 4001 10.0.0.2 22"
    apply.confirm()


def test_a_ruleset_waits_to_be_confirmed_and_the_file_stays_as_it_was(host: Host) -> None:
    apply.load("new", 60)
    assert apply.PENDING.exists()
    assert not apply.FILE.exists()
    check, timer, load = (
        next(number for number, line in enumerate(host.ran) if text in line)
        for text in ("nft -c -f", "systemd-run", f"nft -f {apply.CANDIDATE}")
    )
    assert check < timer < load, "nothing goes in force before it was checked and can be taken back"


def test_what_is_confirmed_is_loaded_at_boot(host: Host) -> None:
    kept(host)
    assert apply.FILE.read_text() == "new"
    assert not apply.PENDING.exists()
    assert apply.is_current("new")
    assert not apply.is_current("newer")


def test_the_connection_that_loaded_it_does_not_confirm_it(host: Host) -> None:
    apply.load("new", 60)
    with pytest.raises(FirewallError, match="connect anew"):
        apply.confirm()
    assert apply.PENDING.exists()
    assert not apply.FILE.exists()


def test_what_was_taken_back_cannot_be_confirmed(host: Host) -> None:
    apply.load("new", 60)
    apply.PENDING.unlink()
    with pytest.raises(FirewallError, match="taken back"):
        apply.confirm()
    assert not apply.FILE.exists()


def test_a_ruleset_that_nft_refuses_changes_nothing(host: Host) -> None:
    host.fails = "nft -c -f"
    with pytest.raises(FirewallError):
        apply.load("new", 60)
    assert not apply.PENDING.exists()
    assert not [line for line in host.ran if line.startswith("nft -f")]


def test_nothing_is_loaded_that_could_not_be_taken_back(host: Host) -> None:
    host.fails = "systemd-run"
    with pytest.raises(FirewallError):
        apply.load("new", 60)
    assert not apply.PENDING.exists()
    assert not [line for line in host.ran if line.startswith("nft -f")]


def test_a_load_that_fails_is_taken_back_at_once(host: Host) -> None:
    host.fails = "nft -f"
    with pytest.raises(FirewallError):
        apply.load("new", 60)
    assert apply.ROLLBACK in host.ran


def test_the_way_back_is_the_file_while_it_is_untouched_and_the_listing_after(host: Host) -> None:
    kept(host)
    apply.load("newer", 60)
    assert apply.PREVIOUS.read_text() == "new"
    apply.PENDING.unlink()
    host.listed = {"nftables": [{"rule": {"expr": [{"accept": None}]}}]}
    apply.load("newer", 60)
    assert "table inet old" in apply.PREVIOUS.read_text()


def test_a_second_try_goes_back_to_what_was_there_before_the_first(host: Host) -> None:
    kept(host)
    apply.load("worse", 60)
    apply.load("worst", 60)
    assert apply.PREVIOUS.read_text() == "new"


def test_what_was_changed_in_the_kernel_is_not_current_and_counters_do_not_matter(host: Host) -> None:
    kept(host)
    host.listed = {"nftables": [{"rule": {"handle": 9, "expr": [{"counter": {"packets": 77}}, {"drop": None}]}}]}
    assert apply.is_current("new")
    host.listed = {"nftables": [{"rule": {"handle": 9, "expr": [{"accept": None}]}}]}
    assert not apply.is_current("new")
    assert apply.before_and_after("new")[0] == "table inet old {\n}\n"


def test_the_order_of_a_sets_elements_means_nothing() -> None:
    one, other = ({"nftables": [{"x": {"set": elements, "expr": [1, 2]}}]} for elements in (["a", "b"], ["b", "a"]))
    assert apply.digest_of(one) == apply.digest_of(other)
    turned = {"nftables": [{"x": {"set": ["a", "b"], "expr": [2, 1]}}]}
    assert apply.digest_of(one) != apply.digest_of(turned)


def test_a_disk_that_is_full_leaves_the_file_as_it_was(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    kept(host)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(apply.os, "fsync", full)
    with pytest.raises(FirewallError, match="free some space"):
        apply.write(apply.FILE, "half")
    assert apply.FILE.read_text() == "new"
    assert not list(apply.FILE.parent.glob(".*"))
