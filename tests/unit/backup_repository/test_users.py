"""Users of a server of backups, and the places where each host's data are."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.linux import backup_keeper, backup_users

from plugins.filter.backup_copies import backup_copies


def test_a_hash_that_fits_stays_and_whoever_is_not_named_goes() -> None:
    before = backup_users.merged("", {"fs1": "one", "dc1": "two"})
    after = backup_users.merged(before, {"fs1": "one", "gw1": "three"})
    old, new = backup_users.parse(before), backup_users.parse(after)
    assert (sorted(new), new["fs1"]) == (["fs1", "gw1"], old["fs1"])
    assert new["fs1"].startswith("$2b$")


def test_a_password_that_changed_is_hashed_anew() -> None:
    before = backup_users.merged("", {"fs1": "one"})
    after = backup_users.merged(before, {"fs1": "other"})
    assert before != after
    assert backup_users.fits("other", backup_users.parse(after)["fs1"])
    assert not backup_users.fits("one", backup_users.parse(after)["fs1"])


PLACES = [{"host": "store1", "place": "offsite"}, {"host": "log1", "place": "onsite"}]


def read(*hosts: str) -> dict[str, Any]:
    return {"backup_repository": {"repositories": [{"host": host, "snapshots": 3} for host in hosts]}}


def test_a_host_is_no_place_for_its_own_data() -> None:
    hostvars = {
        "store1": {"read_backup_repository": read("fs1", "log1")},
        "log1": {"read_backup_repository": read("fs1")},
    }
    found = {each["host"]: each for each in backup_copies(["fs1", "log1"], PLACES, hostvars)["hosts"]}
    assert [copy["snapshots"] for copy in found["fs1"]["copies"]] == [3, 3]
    assert [copy["keeper"] for copy in found["log1"]["copies"]] == ["store1"]
    assert found["log1"]["keeper"]


def test_a_keeper_that_was_not_read_is_named() -> None:
    found = backup_copies(["fs1"], PLACES, {"store1": {"read_backup_repository": read("fs1")}, "log1": {}})
    assert found["hosts"][0]["unread"] == ["log1"]


@pytest.mark.parametrize(
    ("path", "belongs"),
    [
        ("fs1/config", True),
        (f"fs1/data/ab/{'ab' * 32}", True),
        (f"fs1/snapshots/{'ab' * 32}", True),
        ("fs1/data/notes", False),
        ("fs1/secret.txt", False),
        ("dump.sql", False),
    ],
)
def test_what_is_no_part_of_a_repository_is_seen(path: str, belongs: bool) -> None:
    assert backup_keeper._belongs(path.split("/")) is belongs


def test_plain_data_in_a_pack_are_seen(tmp_path: Any) -> None:
    pack = tmp_path / "fs1" / "data" / "ab"
    pack.mkdir(parents=True)
    (pack / ("ab" * 32)).write_bytes(b"customer;amount\n" * 1000)
    assert backup_keeper._readable({"folder": str(tmp_path)}) == [f"fs1/data/ab/{'ab' * 32}"]
    (pack / ("ab" * 32)).write_bytes(__import__("os").urandom(16000))
    assert backup_keeper._readable({"folder": str(tmp_path)}) == []
