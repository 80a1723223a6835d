"""Each observation of mirrored disks turns when, and only when, what it looks at is broken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_raid import RAID_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import said

from tests.unit.policy import samples_raid as samples


def observed(name: str, raid: dict[str, Any]) -> Any:
    return RAID_OBSERVERS[name](Facts({"raid": raid}, "", set()))


def mirror(**other: Any) -> Callable[[dict[str, Any]], None]:
    return lambda raid: raid["mirrors"][0].update(other)


def member(**other: Any) -> Callable[[dict[str, Any]], None]:
    return lambda raid: raid["mirrors"][0]["members"][1].update(other)


def part(name: str, **other: Any) -> Callable[[dict[str, Any]], None]:
    return lambda raid: raid[name][0].update(other)


@pytest.mark.parametrize(
    ("name", "broken", "told"),
    [
        ("mirrors_out_of_order", mirror(level="raid0"), "/dev/md127 : raid0 au lieu d'un miroir"),
        ("mirrors_out_of_order", mirror(wanted=3), "/dev/md127 : nombre de disques 3, qui n'est pas pair"),
        ("mirrors_out_of_order", member(size_bytes=1), "/dev/md127 : des disques de tailles différentes"),
        ("mirrors_not_whole", mirror(degraded=1), "/dev/md127 : disques qui portent les données : 2 sur 2"),
        ("mirrors_not_whole", mirror(action="recover"), "/dev/md127 : un disque est encore en cours de remplissage"),
        ("mirrors_not_whole", mirror(state="broken"), "/dev/md127 : ne sert plus rien"),
        ("mirrors_not_whole", member(events=7), "/dev/md127 : le disque WX2 est en retard sur les autres"),
        ("mirrors_not_whole", member(events=None), "/dev/md127 : le disque WX2 est en retard sur les autres"),
        ("copies_that_differ", part("scrubs", mismatches=128), "/dev/md127 : secteurs qui diffèrent : 128"),
        (
            "data_off_the_mirror",
            part("folders", device="/dev/vda"),
            "/srv/shares : sur /dev/vda, qui n'est pas un miroir",
        ),
        (
            "data_off_the_mirror",
            part("folders", at_start="/dev/md127"),
            "/srv/shares : monté par /dev/md127, qui peut désigner un autre disque au prochain démarrage",
        ),
        ("disks_in_bad_health", part("disks", status="failed"), "WX1 : annonce lui-même sa panne"),
        ("disks_in_bad_health", part("disks", bad_sectors=8), "WX1 : secteurs défectueux : 8"),
        ("mirror_taken_for_a_copy", part("copies", here=True), "offsite : la copie est sur la machine elle-même"),
    ],
)
def test_what_is_broken_is_told_in_french(name: str, broken: Callable[[dict[str, Any]], None], told: str) -> None:
    raid = samples.raid()
    assert observed(name, raid) == []
    broken(raid)
    assert [said(line, "fr") for line in observed(name, raid)] == [told]


def test_a_failed_disk_is_told_with_its_serial_number() -> None:
    raid = samples.raid()
    raid["mirrors"][0]["members"][1]["states"] = ["faulty"]
    lines = [said(line, "fr") for line in observed("mirrors_not_whole", raid)]
    assert "/dev/md127 : le disque WX2 est en panne" in lines
    assert "/dev/md127 : disques qui portent les données : 1 sur 2" in lines


def test_disks_of_unknown_size_are_not_taken_for_equal() -> None:
    raid = samples.raid()
    raid["mirrors"][0]["members"][1] |= {"size_bytes": None, "states": ["faulty"]}
    assert observed("mirrors_out_of_order", raid) == []
    raid["mirrors"][0]["members"][0]["size_bytes"] = None
    with pytest.raises(MissingFact, match="unknown size"):
        observed("mirrors_out_of_order", raid)


def test_without_a_backup_the_mirror_is_no_copy() -> None:
    raid = samples.raid() | {"copies": []}
    (line,) = observed("mirror_taken_for_a_copy", raid)
    assert said(line, "fr").startswith("aucune sauvegarde sur une autre machine")


def test_a_mirror_never_compared_is_not_measured() -> None:
    raid = samples.raid()
    raid["scrubs"][0] |= {"days_ago": None, "mismatches": None}
    assert observed("oldest_scrub", raid) is None
    with pytest.raises(MissingFact):
        observed("copies_that_differ", raid)


def test_disks_that_say_nothing_are_not_measured() -> None:
    raid = samples.raid()
    for each in raid["disks"]:
        each |= {"status": "not_measured", "reason": "the disk has no SMART"}
    with pytest.raises(MissingFact, match="no SMART"):
        observed("disks_in_bad_health", raid)


@pytest.mark.parametrize(
    "broken", [{"running": False}, {"tried_days_ago": None}, {"looked_days_ago": None}, {"looked_days_ago": 1.5}]
)
def test_an_alert_that_nothing_gives_has_no_age(broken: dict[str, Any]) -> None:
    raid = samples.raid()
    assert observed("mirror_alert_age", raid) == 2.2
    raid["monitor"] |= broken
    assert observed("mirror_alert_age", raid) is None


@pytest.mark.parametrize("name", ["mirrors", "scrubs", "folders", "disks"])
def test_nothing_read_is_never_green(name: str) -> None:
    raid = samples.raid() | {name: []}
    results = []
    for observer in RAID_OBSERVERS:
        try:
            results.append(observed(observer, raid))
        except MissingFact:
            results.append("missing")
    assert "missing" in results
