"""Observations about restores that are worked out from several facts; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts
from ansible.module_utils.policy.phrases import say, without_file_names


def restores_that_failed(facts: Facts) -> list[str]:
    """Sets of which the last drill proved nothing, what differed, and a drill that does not run by itself."""
    drill = facts["restore_drill"]
    found = [] if drill["weekly"] else [say("no_weekly_drill")]
    found += [say("set_not_restored", each) for each in drill["unproven"].plain()]
    return found + [
        say("restored_otherwise", without_file_names(each)) for each in drill["last"]["differences"].plain()
    ]


def deleted_files_that_stay_lost(facts: Facts) -> list[str]:
    """Shares whose bin does not give a deleted file back, and sets that the backup does not give back."""
    found = [
        say("not_in_bin", each["share"])
        for each in facts["share_access"]["recycle"].some()
        if not (each["found"] and each["restored"])
    ]
    return found + [
        say("set_not_restored", f"{each['set']} ({each['repository']})")
        for each in facts["restore_drill"]["last"]["sets"].some()
        if not each["ok"]
    ]


def age_of_rehearsal(facts: Facts) -> Any:
    """Days since the site was last rebuilt and restored with everything as it was; None when that rehearsal failed."""
    last = facts["restore_drill"]["rehearsal"]
    return last["age_days"] if last["ok"] else None


#: By the name that the catalogue gives them.
RESTORE_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function for function in (restores_that_failed, deleted_files_that_stay_lost, age_of_rehearsal)
}
