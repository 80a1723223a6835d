"""Observations about mirrored disks that are worked out from several facts; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say


def mirrors_out_of_order(facts: Facts) -> list[str]:
    """Arrays that are no mirror, that want an odd number of disks, or whose disks are not of one size."""
    found = []
    for mirror in facts["raid"]["mirrors"].some():
        device, members = mirror["device"], list(mirror["members"].some())
        sizes = {each["size_bytes"] for each in members}
        if any(each["size_bytes"] is None and "in_sync" in each["states"].plain() for each in members):
            raise MissingFact(f"raid.mirrors: {device} has a disk of unknown size")
        found += [say("raid_level", device, mirror["level"])] if mirror["level"] != "raid1" else []
        found += [say("odd_disks", device, mirror["wanted"])] if mirror["wanted"] < 2 or mirror["wanted"] % 2 else []
        found += [say("unequal_disks", device)] if len(sizes - {None}) > 1 else []
    return found


def mirrors_not_whole(facts: Facts) -> list[str]:
    """Disks that are missing, failed, still being filled or behind; and what the watch of the disks says."""
    found = []
    for mirror in facts["raid"]["mirrors"].some():
        device, members = mirror["device"], list(mirror["members"])
        working = [each for each in members if "in_sync" in each["states"].plain()]
        if mirror["degraded"] or len(working) < mirror["wanted"]:
            found.append(say("disks_missing", device, len(working), mirror["wanted"]))
        found += [say("disk_failed", device, _name(each)) for each in members if "faulty" in each["states"].plain()]
        if mirror["action"] in ("recover", "resync"):
            found.append(say("rebuilding", device))
        if mirror["state"] in ("broken", "inactive"):
            found.append(say("serves_nothing", device))
        found += [
            say("disk_behind", device, _name(each))
            for each in working
            if each["events"] is None or abs(each["events"] - (mirror["events"] or 0)) > _EVENTS_IN_FLIGHT
        ]
    return found


#: Superblocks are written one after the other: what is read while data are written may be a few events apart.
_EVENTS_IN_FLIGHT = 4


def _name(member: Facts) -> str:
    return str(member["serial"] or member["device"])


def oldest_scrub(facts: Facts) -> Any:
    """How long ago the copies of some mirror were last compared from end to end, in days; None for never."""
    ages = [each["days_ago"] for each in facts["raid"]["scrubs"].some()]
    return None if None in ages else round(max(ages), 1)


def copies_that_differ(facts: Facts) -> list[str]:
    """Mirrors whose copies differ by the last comparison; one never compared is not measured."""
    found = []
    for each in facts["raid"]["scrubs"].some():
        if each["mismatches"] is None:
            raise MissingFact(f"raid.scrubs: {each['device']} was never compared")
        if each["mismatches"]:
            found.append(say("sectors_differ", each["device"], each["mismatches"]))
    return found


def mirror_alert_age(facts: Facts) -> Any:
    """How long ago the alert was tried, in days; None when nothing watches, or it never went through."""
    monitor = facts["raid"]["monitor"]
    tried, looked = monitor["tried_days_ago"], monitor["looked_days_ago"]
    if not monitor["running"] or tried is None or looked is None or looked > 1:
        return None
    return round(tried, 1)


def data_off_the_mirror(facts: Facts) -> list[str]:
    """Shared folders that are not on a mirror now, or would be mounted by a name that changes."""
    mirrors = {each["device"] for each in facts["raid"]["mirrors"].some() if each["level"] == "raid1"}
    found = []
    for folder in facts["raid"]["folders"].some():
        if folder["device"] not in mirrors:
            found.append(say("off_the_mirror", folder["path"], folder["device"]))
        elif not str(folder["at_start"]).startswith(("LABEL=", "UUID=")):
            found.append(say("mounted_by_number", folder["path"], folder["at_start"] or "-"))
    return found


def disks_in_bad_health(facts: Facts) -> list[str]:
    """Disks that say of themselves that they fail, or that have lost sectors; where none says anything, not measured."""
    disks = facts["raid"]["disks"].some()
    said = [each for each in disks if each["status"] != "not_measured"]
    if not said:
        raise MissingFact(f"raid.disks: {next(iter(disks))['reason']}")
    found = [say("disk_ill", _name(each)) for each in said if each["status"] != "passed"]
    return found + [
        say("bad_sectors", _name(each), each["bad_sectors"]) for each in said if each["bad_sectors"] not in (None, 0)
    ]


def mirror_taken_for_a_copy(facts: Facts) -> list[str]:
    """No backup on another machine; or one that is on this one, which burns with it."""
    copies = list(facts["raid"]["copies"])
    found = [say("copy_here", each["name"]) for each in copies if each["here"]]
    return found + ([] if any(not each["here"] for each in copies) else [say("nothing_but_the_mirror")])


#: By the name that the catalogue gives them.
RAID_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        mirrors_out_of_order,
        mirrors_not_whole,
        oldest_scrub,
        copies_that_differ,
        mirror_alert_age,
        data_off_the_mirror,
        disks_in_bad_health,
        mirror_taken_for_a_copy,
    )
}
