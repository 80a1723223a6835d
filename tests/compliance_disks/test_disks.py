"""Disks fail: one is pulled while files are written, replaced, the power is cut meanwhile, a copy decays. Nothing is lost.

The tests follow one another, as on one machine in one bad week.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.compliance_disks.conftest import Machine, module, playbook

Audit = Callable[[], dict[str, dict[str, Any]]]
STATE = "/var/lib/raid-mirror/state.json"
ALERTS = "/var/lib/raid-alerts.txt"
SMALLER, NEW, NEXT = "SMALLER1", "NEWDISK1", "NEWDISK2"
SIZE = 512
DEGRADED = "grep -q '\\[_U\\]\\|\\[U_\\]' /proc/mdstat"
WHOLE = "grep -q '\\[UU\\]' /proc/mdstat"
#: Writes files on the mirror, and what each has to be on the other disk once the mirror has it.
WRITER = r"""
import hashlib, os, sys, time
folder, book = sys.argv[1], open(sys.argv[2], "a")
os.makedirs(folder, exist_ok=True)
end = time.time() + float(sys.argv[3])
number = 0
while time.time() < end:
    data = os.urandom(4096 + number % 7 * 50000)
    with open(f"{folder}/{number}", "wb") as file:
        file.write(data); file.flush(); os.fsync(file.fileno())
    book.write(f"{hashlib.sha256(data).hexdigest()}  {folder}/{number}\n"); book.flush(); os.fsync(book.fileno())
    number += 1
"""


def verdicts(found: dict[str, dict[str, Any]]) -> dict[str, str]:
    return {name: each["verdict"] for name, each in found.items()}


def disk_of(machine: Machine, serial: str) -> str:
    return machine.shell(
        f"lsblk --nodeps --noheadings --output PATH,SERIAL | awk '$2 == \"{serial}\" {{print $1}}'"
    ).strip()


def written(machine: Machine, folder: str) -> int:
    """How many files are as they were written, read from the disks; none may differ."""
    machine.shell("sync; echo 3 > /proc/sys/vm/drop_caches")
    said = machine.shell(f"sha256sum --check --quiet /root/{folder}.sums && wc -l < /root/{folder}.sums")
    return int(said)


def write(machine: Machine, folder: str, seconds: int) -> None:
    machine.shell(f"cat > /root/writer.py <<'END'\n{WRITER}\nEND")
    place = f"{machine.mirror['mount']}/{folder}"
    machine.shell(f"systemd-run --quiet --unit=writer python3 /root/writer.py {place} /root/{folder}.sums {seconds}")


def test_a_sound_mirror_is_green_and_counts_for_no_copy(machine: Machine, audit: Audit) -> None:
    machine.until("systemctl show -p Result,ActiveState raid-scrub.service | grep -q ActiveState=inactive", 300)
    found = audit()
    assert verdicts(found) == {
        "mirror_layout": "pass",
        "mirror_members": "pass",
        "mirror_scrub_age": "pass",
        "mirror_scrub_clean": "pass",
        "mirror_alert": "pass",
        "mirror_holds_data": "pass",
        # The disks of a virtual machine say nothing of their health, and nothing here is backed up.
        "disk_health": "not_evaluated",
        "mirror_is_no_copy": "fail",
    }


def test_disks_of_unequal_size_are_refused_before_anything_is_written(machine: Machine) -> None:
    machine.hands("put", SMALLER, str(SIZE // 2))
    machine.hands("put", NEW, str(SIZE))
    machine.until(f"lsblk --nodeps --output SERIAL | grep -q {NEW}", 60)
    wanted = {"name": "other", "disks": [SMALLER, NEW], "label": "other", "mount": "/srv/other"}
    assert "not of one size" in module(machine.name, "raid_mirror", wanted, fails=True)
    for serial in (SMALLER, NEW):
        device = disk_of(machine, serial)
        assert machine.shell(f"cmp --bytes=1048576 {device} /dev/zero") == ""
        assert machine.shell(f"wipefs --noheadings {device}") == ""
    machine.hands("pull", SMALLER)
    machine.hands("pull", NEW)


def test_a_disk_that_is_pulled_while_files_are_written_loses_nothing(machine: Machine, audit: Audit) -> None:
    write(machine, "pulled", 25)
    machine.until("test $(wc -l < /root/pulled.sums) -gt 5", 60)
    machine.hands("pull", machine.serials[1])
    machine.until(DEGRADED, 60)
    machine.until("! systemctl is-active --quiet writer", 120)
    assert written(machine, "pulled") > 5
    machine.until(f"grep -q '1 of 2 disks hold the data' {ALERTS}", 60)
    found = audit()
    assert verdicts(found)["mirror_members"] == "fail"
    assert verdicts(found)["mirror_holds_data"] == "pass"


def test_the_new_disk_is_filled_and_all_is_green_again(machine: Machine, audit: Audit) -> None:
    machine.hands("put", NEW, str(SIZE))
    machine.until(f"lsblk --nodeps --output SERIAL | grep -q {NEW}", 60)
    playbook("playbooks/replace_disk.yml", "-l", machine.name, "-e", f"old={machine.serials[1]}", "-e", f"new={NEW}")
    machine.serials[1] = NEW
    assert machine.shell(f"{WHOLE} && echo whole").strip() == "whole"
    assert written(machine, "pulled") > 5
    assert "over: " in machine.shell(f"cat {ALERTS}")
    assert verdicts(audit())["mirror_members"] == "pass"


def test_a_power_cut_while_a_disk_is_filled_loses_nothing(machine: Machine) -> None:
    machine.hands("pull", machine.serials[0])
    machine.until(DEGRADED, 60)
    machine.hands("put", NEXT, str(SIZE))
    machine.until(f"lsblk --nodeps --output SERIAL | grep -q {NEXT}", 60)
    array = machine.shell("basename /sys/block/md*").strip()
    # Slow enough to be cut in the middle.
    machine.shell(
        f"echo 3000 > /sys/block/{array}/md/sync_speed_max && mdadm /dev/{array} --add {disk_of(machine, NEXT)}"
    )
    write(machine, "cut", 600)
    machine.until("test $(wc -l < /root/cut.sums) -gt 5 && grep -q recovery /proc/mdstat", 90)
    assert "recovery" in machine.shell("sync; cat /proc/mdstat")
    machine.hands("cut")
    machine.hands("up")
    machine.until("true", 300)
    machine.until(f"mountpoint -q {machine.mirror['mount']} && {WHOLE}", 300)
    machine.serials[0] = NEXT
    assert written(machine, "cut") > 5
    assert written(machine, "pulled") > 5
    assert "RebuildFinished" in machine.shell(f"cat {STATE}") or "SpareActive" in machine.shell(f"cat {STATE}")


def test_a_copy_that_decayed_is_found_and_mended(machine: Machine, audit: Audit) -> None:
    member = disk_of(machine, machine.serials[1])
    machine.shell(
        f"dd if=/dev/urandom of={member} bs=64K count=1 seek=$((300 * 16)) oflag=direct conv=notrunc status=none"
    )
    assert "1" in machine.shell("raid-watch scrub; echo $?")
    assert "sectors differ" in machine.shell(f"tail -n 3 {ALERTS}")
    assert verdicts(audit())["mirror_scrub_clean"] == "fail"
    machine.shell("raid-watch repair && raid-watch scrub")
    assert written(machine, "pulled") > 5
    assert verdicts(audit())["mirror_scrub_clean"] == "pass"


def test_a_foreign_disk_is_refused_unless_it_is_named(machine: Machine) -> None:
    machine.hands("put", SMALLER, str(SIZE // 2))
    machine.hands("put", "FOREIGN1", str(SIZE // 2))
    machine.until("lsblk --nodeps --output SERIAL | grep -q FOREIGN1", 60)
    machine.shell(f"mkfs.ext4 -q -L keep {disk_of(machine, 'FOREIGN1')}")
    wanted = {"name": "other", "disks": [SMALLER, "FOREIGN1"], "label": "other", "mount": "/srv/other"}
    assert "holds something already (ext4)" in module(machine.name, "raid_mirror", wanted, fails=True)
    assert "keep" in machine.shell(f"blkid {disk_of(machine, 'FOREIGN1')}")
    module(machine.name, "raid_mirror", {**wanted, "erase": ["FOREIGN1"]})
    assert "SUCCESS" in module(machine.name, "raid_mirror", {**wanted, "erase": ["FOREIGN1"]})
