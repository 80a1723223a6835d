"""Observations of hosts that keep backups of others; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say

#: Pruning is daily; a run that was missed is seen here, one that is merely waiting is not.
_PRUNE_HOURS = 50


def longest_kept_backup(facts: Facts) -> Any:
    """How old the oldest backup gets that the installed program keeps, in days."""
    return facts["backup_repository"]["retention"]["longest_days"]


def daily_backups_kept(facts: Facts) -> Any:
    """How far back there is one of each day, in days."""
    return facts["backup_repository"]["retention"]["daily_days"]


def weekly_backups_kept(facts: Facts) -> Any:
    """How far back there is one at most a week away, in days."""
    return facts["backup_repository"]["retention"]["weekly_days"]


def pruning_out_of_order(facts: Facts) -> list[str]:
    """What keeps old backups from being let go in time, by a key that serves for nothing else."""
    kept = facts["backup_repository"]
    found = [] if kept["timers"]["prune"] else [say("keeper_no_timer")]
    found += [] if kept["key"]["closed"] else [say("keeper_key_open")]
    found += [say("keeper_key_shut", name) for name in kept["key"]["does_not_open"].plain()]
    for run in kept["runs"].some():
        if not run["prune_ok"] or run["prune_hours"] is None:
            found.append(say("keeper_prune_failed", run["host"]))
        elif run["prune_hours"] > _PRUNE_HOURS:
            found.append(say("keeper_prune_late", run["host"], round(run["prune_hours"])))
    return found


def misdated_backups(facts: Facts) -> list[str]:
    """Repositories with backups that bear another date than that of their arrival."""
    found = []
    for run in facts["backup_repository"]["runs"].some():
        if run["prune_hours"] is None:
            raise MissingFact(f"backup_repository.runs: {run['host']} was never pruned")
        found += [say("keeper_future", run["host"], run["future"])] if run["future"] else []
        found += [say("keeper_misdated", run["host"], run["misdated"])] if run["misdated"] else []
    return found


def days_since_check(facts: Facts) -> Any:
    """How long ago the data of the worst repository were last read without error, in days; None when they were not."""
    kept = facts["backup_repository"]
    runs = list(kept["runs"].some())
    if not kept["timers"]["check"] or not all(run["check_ok"] for run in runs):
        return None
    days = [run["check_days"] for run in runs]
    return None if None in days else max(days)


def own_backups_at_risk(facts: Facts) -> list[str]:
    """What a host that is saved can do to its own backups besides adding to them."""
    return [say(f"keeper_{trial['what']}") for trial in facts["backup_access"]["own"].some() if not trial["refused"]]


def backups_open_to_others(facts: Facts) -> list[str]:
    """Ways to a host's backups for another host, or for anybody."""
    found = []
    for trial in facts["backup_access"]["others"].some():
        if not trial["refused"]:
            what, _, name = str(trial["what"]).partition(" ")
            found.append(say(f"keeper_{what}", *([name] if name else [])))
    return found


def readable_backups(facts: Facts) -> list[str]:
    """Files among the backups that can be read without a key."""
    kept = facts["backup_repository"]
    if not any(each["snapshots"] for each in kept["repositories"].some()):
        raise MissingFact("backup_repository.repositories: nothing was saved, so that nothing was looked into")
    return [str(each) for each in kept["readable"].plain()]


def _copies(facts: Facts) -> list[Facts]:
    hosts = list(facts["backup_copies"]["hosts"].some())
    unread = sorted({str(name) for each in hosts for name in each["unread"].plain()})
    if unread:
        raise MissingFact(f"backup_copies.hosts: {', '.join(unread)} not read")
    return hosts


def fewest_copies(facts: Facts) -> Any:
    """In how many places the data of the least saved host are; the host itself counts for none.

    A host that keeps the copies of others is a place of its own for them, and what is saved of it came from them.
    """
    return min(
        sum(bool(copy["snapshots"]) for copy in each["copies"]) + bool(each["keeper"]) for each in _copies(facts)
    )


def hosts_without_offsite_copy(facts: Facts) -> list[str]:
    """Hosts of which nothing is off site."""
    return [
        say("keeper_no_offsite", each["host"])
        for each in _copies(facts)
        if not any(copy["snapshots"] and copy["place"] == "offsite" for copy in each["copies"])
    ]


def oldest_newest_arrival(facts: Facts) -> Any:
    """How long ago the last backup arrived of the host that has waited longest, in hours; None when there is none."""
    hours = [each["newest_hours"] for each in facts["backup_repository"]["repositories"].some()]
    return None if any(each is None for each in hours) else max(hours)


def room_left(facts: Facts) -> Any:
    """How much of the disk is free, in percent."""
    return facts["backup_repository"]["room"]["free_percent"]


def full_repositories(facts: Facts) -> list[str]:
    """Repositories beyond their part, or closed."""
    kept = facts["backup_repository"]
    found = []
    for each in kept["repositories"].some():
        if each["filled_percent"] > 100:
            found.append(say("keeper_over_quota", each["host"], round(each["filled_percent"])))
        elif not each["open"]:
            found.append(say("keeper_shut", each["host"]))
    return found


def keeper_logons(facts: Facts) -> list[str]:
    """Ways to log on to a host that keeps backups which it must not have."""
    kept = facts["backup_repository"]
    return [say("keeper_domain", each) for each in kept["domain"].plain()] + [
        say("keeper_factory_logon", each) for each in kept["factory_logons"].plain()
    ]


def keeper_disks_degraded(facts: Facts) -> list[str]:
    """Mirrors that have lost a disk, and those that the site declares and that are not there."""
    kept = facts["backup_repository"]
    mirrors, declared = kept["mirrors"], kept["declared_mirrors"]
    found = [say("keeper_mirrors_gone", len(mirrors), declared)] if len(mirrors) < declared else []
    return found + [say("keeper_disk", each["name"]) for each in mirrors if not each["whole"]]


def keeper_alerts(facts: Facts) -> list[str]:
    """What the watch raises now."""
    kept = facts["backup_repository"]
    if not kept["timers"]["watch"]:
        return [say("keeper_no_timer")]
    return [str(each) for each in kept["alerts"].plain()]


#: By the name that the catalogue gives them.
BACKUP_REPOSITORY_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        longest_kept_backup,
        daily_backups_kept,
        weekly_backups_kept,
        pruning_out_of_order,
        misdated_backups,
        days_since_check,
        own_backups_at_risk,
        backups_open_to_others,
        readable_backups,
        fewest_copies,
        hosts_without_offsite_copy,
        oldest_newest_arrival,
        room_left,
        full_repositories,
        keeper_logons,
        keeper_disks_degraded,
        keeper_alerts,
    )
}
