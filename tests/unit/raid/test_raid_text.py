"""What mdadm, the kernel, lsblk and smartctl say, read from what they really said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from ansible.module_utils.linux import raid_text

SAMPLES = Path(__file__).parent / "samples"


def sample(name: str) -> str:
    return (SAMPLES / name).read_text(encoding="utf-8")


def test_a_whole_mirror_is_read_from_the_kernel() -> None:
    (found,) = raid_text.mdstat(sample("mdstat-clean.txt"))
    assert (found["device"], found["level"], found["active"]) == ("md127", "raid1", True)
    assert (found["wanted"], found["working"], found["action"]) == (2, 2, "idle")
    assert [each["name"] for each in found["members"]] == ["sdb", "sda"]


def test_a_rebuild_is_read_from_the_kernel() -> None:
    (found,) = raid_text.mdstat(
        "md127 : active raid1 sdc[2] sdb[3](S) sda[0](F)\n"
        "      523264 blocks super 1.2 [2/1] [U_]\n"
        "      [===>......]  recovery = 12.6% (66560/523264) finish=0.1min speed=66560K/sec\n"
    )
    assert (found["working"], found["action"], found["percent"]) == (1, "recovery", 12.6)
    assert {each["name"]: each["flags"] for each in found["members"]} == {
        "sdc": [],
        "sdb": ["spare"],
        "sda": ["failed"],
    }


def test_a_rebuild_that_waits_is_one() -> None:
    (found,) = raid_text.mdstat("md0 : active raid1 sda[0] sdb[1]\n  1 blocks [2/2] [UU]\n  resync=PENDING\n")
    assert found["action"] == "resync"


def test_an_array_that_does_not_serve_is_not_active() -> None:
    (found,) = raid_text.mdstat("md127 : inactive sda[0](S)\n      523264 blocks super 1.2\n")
    assert (found["active"], found["level"], found["wanted"]) == (False, None, None)


def test_no_array_is_no_array() -> None:
    assert raid_text.mdstat("Personalities : [raid1]\nunused devices: <none>\n") == []


def test_the_superblock_of_a_member_is_read() -> None:
    said = raid_text.pairs(sample("examine-clean.txt"))
    assert said["Raid Level"] == "raid1"
    assert said["Events"].isdigit()
    assert said["Array UUID"] == raid_text.pairs(sample("detail-clean.txt"))["UUID"]


def test_what_mdadm_exports_is_read() -> None:
    said = raid_text.exported(sample("export-clean.txt"))
    assert said["MD_LEVEL"] == "raid1"
    assert said["MD_NAME"].endswith(":data")


def test_disks_are_known_by_names_that_do_not_change() -> None:
    disks = raid_text.lsblk(sample("lsblk-clean.json"), {"/dev/sda": ["scsi-0QEMU_X"]})
    first = next(disk for disk in disks if disk["device"] == "/dev/sda")
    assert "scsi-0QEMU_X" in first["ids"]
    assert first["serial"] in first["ids"]
    assert first["arrays"] == ["/dev/md127"]
    assert first["mounts"] == ["/srv/shares"]
    assert len({disk["size_bytes"] for disk in disks if disk["arrays"]}) == 1


def test_a_disk_without_health_data_is_not_measured() -> None:
    assert raid_text.smart(sample("smartctl-clean.json"))["status"] == "not_measured"
    assert raid_text.smart("smartctl: cannot open")["status"] == "not_measured"


@pytest.mark.parametrize(("passed", "status"), [(True, "passed"), (False, "failed")])
def test_a_disk_with_health_data_says_how_it_is(passed: bool, status: str) -> None:
    told = {
        "smart_support": {"available": True},
        "smart_status": {"passed": passed},
        "power_on_time": {"hours": 812},
        "ata_smart_attributes": {
            "table": [
                {"name": "Reallocated_Sector_Ct", "raw": {"value": 3}},
                {"name": "Current_Pending_Sector", "raw": {"value": 1}},
                {"name": "Spin_Up_Time", "raw": {"value": 99}},
            ]
        },
    }
    found = raid_text.smart(json.dumps(told))
    assert (found["status"], found["bad_sectors"], found["power_on_hours"]) == (status, 4, 812)


def test_what_a_folder_is_on_is_read() -> None:
    found = raid_text.mounted(sample("findmnt-clean.json"))
    assert found["target"] == "/srv/shares"
    assert found["source"].startswith("/dev/md")
