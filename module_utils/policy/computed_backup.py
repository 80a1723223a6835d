"""Observations about how hosts are saved that are worked out from several facts; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say

#: Whose key prunes a repository; the keeper of the repository makes it under this name.
_ADMINISTRATOR = "prune"


def schedule_gaps(facts: Facts) -> list[str]:
    """Why a day's backup may not be made: no timer, no catching up, a run that never ends or that failed."""
    found = facts["backup"]["schedule"]
    if not found["last_run"]:
        raise MissingFact("backup.schedule.last_run (empty)")
    reasons = (
        (not found["active"], "backup_not_active"),
        (not found["enabled"], "backup_not_enabled"),
        (not found["persistent"], "backup_not_persistent"),
        (not found["bounded"], "backup_not_bounded"),
        (found["last_run"] != "success", "backup_last_failed"),
    )
    return [say(why) for wrong, why in reasons if wrong]


def oldest_copy(facts: Facts) -> Any:
    """The age of the oldest of the newest copies, in hours; None when one is missing."""
    ages = [each["age_hours"] for each in facts["backup"]["sets"].some()]
    return None if None in ages else max(ages)


def longest_lag(facts: Facts) -> Any:
    """By how much the off-site copy of a set is older than its newest one, in hours; None when there is none off site."""
    by_set: dict[str, list[tuple[str, Any]]] = {}
    for each in facts["backup"]["sets"].some():
        by_set.setdefault(each["set"], []).append((each["place"], each["age_hours"]))
    lags = []
    for copies in by_set.values():
        off_site = [age for place, age in copies if place == "offsite" and age is not None]
        if not off_site:
            return None
        lags.append(min(off_site) - min(age for _, age in copies if age is not None))
    return round(max(lags), 2)


def sets_without_copy(facts: Facts) -> list[str]:
    """Sets of which a repository holds nothing, copies of nothing, and copies dated in the future."""
    found = []
    for each in facts["backup"]["sets"].some():
        if each["age_hours"] is None:
            found.append(say("no_copy_of", each["set"], each["repository"]))
        elif not each["files"]:
            found.append(say("empty_copy_of", each["set"], each["repository"]))
    for repository in facts["backup"]["repositories"].some():
        found += [say("future_copy_of", name, repository["name"]) for name in repository["future"].plain()]
    return found


def shares_left_out(facts: Facts) -> list[str]:
    """Shares with something that is not in their newest copy; how much, and not its name, which may be a person's."""
    found = []
    for each in facts["backup"]["shares"].some():
        missing = each["missing"].plain()
        if "*" in missing:
            found.append(say("share_left_out", each["share"], each["repository"]))
        elif missing:
            found.append(say("share_in_part", each["share"], each["repository"], len(missing)))
    return found


def places_of_shares(facts: Facts) -> int:
    """In how many different repositories the shares are; none counts when none of them is off site."""
    identities = {each["name"]: each["id"] for each in facts["backup"]["repositories"].some()}
    kept = [
        (identities[each["repository"]], each["place"])
        for each in facts["backup"]["sets"].some()
        if each["set"] == "shares" and each["age_hours"] is not None
    ]
    if not all(identities.values()):
        raise MissingFact("backup.repositories: one has no identity")
    return len({identity for identity, _ in kept}) if "offsite" in {place for _, place in kept} else 0


def readable_objects(facts: Facts) -> list[str]:
    """What lies in a repository in clear."""
    return [str(what) for each in facts["backup"]["repositories"].some() for what in each["readable"].plain()]


def largest_growth(facts: Facts) -> float:
    """The most that was new from one copy to the next within a week, in percent; nothing when there is but one copy."""
    return float(max(each["growth_percent"] for each in facts["backup"]["sets"].some()))


def oldest_reading_back(facts: Facts) -> Any:
    """How long ago a part of each repository was read back and found whole, in days; None when one never was."""
    days = [each["check_days"] for each in facts["backup"]["repositories"].some()]
    return None if None in days else max(days)


def directory_copy_gaps(facts: Facts) -> list[str]:
    """What the newest copies of the directory lack."""
    return [
        say("no_directory_copy", each["repository"])
        if what == "*"
        else say("directory_lacks", each["repository"], what)
        for each in facts["backup"]["directory"].some()
        for what in each["lacks"].plain()
    ]


def open_backup_keys(facts: Facts) -> list[str]:
    """Keys and passwords of the backup that others can read."""
    secrets = facts["backup"]["secrets"]
    secrets["files"].some()
    return [str(path) for path in secrets["open"].plain()]


def administration_keys(facts: Facts) -> list[str]:
    """Keys on the host that are not its own, and a key of its own that belongs to an administrator."""
    found = [str(path) for path in facts["backup"]["secrets"]["strangers"].plain()]
    for each in facts["backup"]["repositories"].some():
        owner = each["own_key"]
        if not owner:
            raise MissingFact("backup.repositories.own_key")
        if owner.partition("@")[0] == _ADMINISTRATOR:
            found.append(say("opened_as_administrator", each["name"], owner))
    return found


def backup_alerts(facts: Facts) -> list[str]:
    """What the backup raises now; what is wrong with both copies is told once."""
    return [say("backup_alert", each) for each in dict.fromkeys(facts["backup"]["alerts"].plain())]


#: By the name that the catalogue gives them.
BACKUP_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        schedule_gaps,
        oldest_copy,
        longest_lag,
        sets_without_copy,
        shares_left_out,
        places_of_shares,
        readable_objects,
        largest_growth,
        oldest_reading_back,
        directory_copy_gaps,
        open_backup_keys,
        administration_keys,
        backup_alerts,
    )
}
