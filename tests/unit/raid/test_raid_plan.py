"""What is done with disks, and above all what is refused before one byte is written."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.linux.raid_plan import Plan, Wanted, plan
from ansible.module_utils.linux.raid_read import RaidError


def disk(letter: str, **other: Any) -> dict[str, Any]:
    return {
        "device": f"/dev/sd{letter}",
        "serial": letter.upper(),
        "ids": [letter.upper(), f"scsi-{letter}"],
        "size_bytes": 1000,
        "parts": [],
        "mounts": [],
        "arrays": [],
        **other,
    }


def array(*letters: str, **other: Any) -> dict[str, Any]:
    members = [{"device": f"/dev/sd{each}", "states": ["in_sync"]} for each in letters]
    return {"device": "/dev/md127", "name": "data", "level": "raid1", "uuid": "u", "wanted": 2, "degraded": 0} | {
        "members": members,
        **other,
    }


def wanted(*disks: str, **other: Any) -> Wanted:
    return Wanted(**{"name": "data", "disks": disks, "spares": [], "erase": [], "label": "donnees", **other})


def steps(plan_: Plan) -> list[tuple[str, list[str]]]:
    return plan_.steps


def test_two_equal_empty_disks_become_a_mirror() -> None:
    assert steps(plan(wanted("A", "B"), [disk("a"), disk("b")], [], {})) == [("create", ["/dev/sda", "/dev/sdb"])]


def test_a_spare_is_added_to_a_new_mirror() -> None:
    found = plan(wanted("A", "B", spares=["C"]), [disk("a"), disk("b"), disk("c")], [], {})
    assert steps(found) == [("create", ["/dev/sda", "/dev/sdb"]), ("add", ["/dev/sdc"])]


def test_a_mirror_in_line_asks_for_nothing() -> None:
    there = [disk("a", arrays=["/dev/md127"]), disk("b", arrays=["/dev/md127"])]
    assert steps(plan(wanted("A", "B"), there, [array("a", "b")], {})) == []


@pytest.mark.parametrize(
    ("asked", "there", "held", "told"),
    [
        (wanted("A", "B"), [disk("a"), disk("b", size_bytes=999)], {}, "not of one size"),
        (wanted("A", "B", spares=["C"]), [disk("a"), disk("b"), disk("c", size_bytes=1)], {}, "not of one size"),
        (wanted("A", "B"), [disk("a")], {}, "no disk is called B"),
        (wanted("A"), [disk("a")], {}, "even number"),
        (wanted("A", "B", "C"), [disk("a"), disk("b"), disk("c")], {}, "even number"),
        (wanted("A", "A"), [disk("a")], {}, "named twice"),
        (wanted("A", "B"), [disk("a"), disk("b")], {"/dev/sdb": ["ntfs"]}, "holds something already"),
        (wanted("A", "B"), [disk("a"), disk("b")], {"/dev/sda": ["data"]}, "holds something already"),
        (wanted("A", "B"), [disk("a"), disk("b", parts=["sdb1"])], {}, "partition sdb1"),
        (wanted("A", "B"), [disk("a", mounts=["/"]), disk("b")], {}, "in use"),
        (wanted("A", "B", erase=["A"]), [disk("a", mounts=["/"]), disk("b")], {}, "in use"),
        (wanted("A", "B"), [disk("a", arrays=["/dev/md9"]), disk("b")], {}, "is in /dev/md9"),
        (wanted("A", "B"), [disk("a"), disk("b", ids=["A", "B"])], {}, "is the name of"),
    ],
)
def test_what_could_lose_something_is_refused(asked: Wanted, there: Any, held: Any, told: str) -> None:
    with pytest.raises(RaidError, match=told):
        plan(asked, there, [], held)


def test_a_disk_that_is_named_may_lose_what_it_holds() -> None:
    found = plan(wanted("A", "B", erase=["B"]), [disk("a"), disk("b")], [], {"/dev/sdb": ["ntfs"]})
    assert steps(found) == [("create", ["/dev/sda", "/dev/sdb"])]


def test_a_mirror_that_does_not_run_is_never_made_again_although_its_disks_are_still_named_in_erase() -> None:
    there = [disk("a", array_name="data"), disk("b", array_name="data")]
    held = {"/dev/sda": ["linux_raid_member"], "/dev/sdb": ["linux_raid_member"]}
    with pytest.raises(RaidError, match="does not run"):
        plan(wanted("A", "B", erase=["A", "B"]), there, [], held)


@pytest.mark.parametrize(
    ("given", "told"),
    [({"level": "raid5"}, "level raid5"), ({"name": "other"}, "another mirror, other")],
)
def test_an_array_that_is_something_else_is_refused(given: dict[str, Any], told: str) -> None:
    with pytest.raises(RaidError, match=told):
        plan(wanted("A", "B"), [disk("a"), disk("b")], [array("a", "b", **given)], {})


def test_a_missing_disk_is_told_and_the_mirror_serves() -> None:
    found = plan(wanted("A", "B"), [disk("a")], [array("a", degraded=1)], {})
    assert steps(found) == []
    assert "B is not there" in found.warnings[0]


def test_a_new_disk_takes_the_place_of_the_one_that_failed() -> None:
    failed = array("a", "b", degraded=1)
    failed["members"][1]["states"] = ["faulty"]
    found = plan(wanted("A", "C"), [disk("a"), disk("c")], [failed], {})
    assert steps(found) == [("remove", ["/dev/sdb"]), ("add", ["/dev/sdc"])]


def test_a_new_disk_takes_the_place_of_one_that_is_gone() -> None:
    found = plan(wanted("A", "C"), [disk("a"), disk("c")], [array("a", degraded=1)], {})
    assert steps(found) == [("add", ["/dev/sdc"])]


def test_a_disk_that_still_serves_is_replaced_once_the_new_one_is_in() -> None:
    found = plan(wanted("A", "C"), [disk("a"), disk("b"), disk("c")], [array("a", "b")], {})
    assert steps(found) == [("add", ["/dev/sdc"]), ("replace", ["/dev/sdb"])]


@pytest.mark.parametrize(
    ("there", "held", "told"),
    [
        (disk("c", size_bytes=999), {}, "same size"),
        (disk("c"), {"/dev/sdc": ["ext4"]}, "holds something already"),
        (disk("c", array_uuid="other"), {"/dev/sdc": ["linux_raid_member"]}, "holds something already"),
    ],
)
def test_a_new_disk_that_does_not_fit_is_refused(there: Any, held: Any, told: str) -> None:
    with pytest.raises(RaidError, match=told):
        plan(wanted("A", "C"), [disk("a"), there], [array("a", degraded=1)], held)


def test_a_disk_that_was_in_the_mirror_comes_back() -> None:
    back = disk("b", array_uuid="u")
    found = plan(wanted("A", "B"), [disk("a"), back], [array("a", degraded=1)], {"/dev/sdb": ["linux_raid_member"]})
    assert steps(found) == [("add", ["/dev/sdb"])]
