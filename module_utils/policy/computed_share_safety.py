"""Observations about the brakes of the shares, worked out from several facts; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say


def suspicious_names_let_in(facts: Facts) -> list[str]:
    """Suspicious names that the server took, and ordinary ones that it did not."""
    trial = facts["share_safety"]["trial"]
    if not trial["names_tried"]:
        raise MissingFact("share_safety.trial.names_tried (none)")
    found = [say("name_taken", each) for each in trial["names_taken"]]
    found += [say("renaming_taken")] if trial["name_by_renaming_taken"] else []
    found += [say("normal_name_refused", each) for each in trial["normal_names_refused"]]
    if not found and (untried := trial["names_untried"].plain()):
        raise MissingFact(f"share_safety.trial.names_untried: {', '.join(untried)}")
    return found


def oldest_names_list(facts: Facts) -> Any:
    """Days since the slowest source of suspicious names gave something usable; None when one never did."""
    return facts["share_safety"]["names_list"]["age_days"]


def mass_changes_unnoticed(facts: Facts) -> list[str]:
    """A burst that raised no alarm, or one that names somebody else; ordinary work that raised one."""
    trial = facts["share_safety"]["trial"]
    found = [] if facts["share_safety"]["services"]["share_watch"] else [say("watch_stopped")]
    alarm = trial["change_alarm"]
    if alarm is None:
        found.append(say("burst_unnoticed", trial["burst"]))
    elif alarm["person"].casefold() != trial["person"].casefold() or alarm["machine"] == "?":
        found.append(say("burst_misnamed", alarm["person"], alarm["machine"]))
    return found + [say("false_alarm", each) for each in trial["false_alarms"]]


def slowest_alarm(facts: Facts) -> Any:
    """Minutes from the deed to the alarm, of the slower of the two kinds; None when one was not raised."""
    trial = facts["share_safety"]["trial"]
    alarms = (trial["name_alarm"], trial["change_alarm"])
    if any(each is None or each["machine"] == "?" for each in alarms):
        return None
    return round(max(each["seconds"] for each in alarms) / 60, 2)


def fullest_share(facts: Facts) -> Any:
    """How full the fullest file system is in blocks or inodes; or from where on it would be urgent, when that is more."""
    safety = facts["share_safety"]
    full = [each[key] for each in safety["room"].some() for key in ("blocks_percent", "inodes_percent")]
    return max(*full, safety["fail_percent"])


def room_warning(facts: Facts) -> Any:
    """From how full on an alert is raised; None when nothing looks."""
    safety = facts["share_safety"]
    return safety["warn_percent"] if safety["services"]["share_room"] else None


def people_without_quota(facts: Facts) -> list[str]:
    """Who has another quota than asked for, shares included; whether there are any, and for newcomers."""
    safety = facts["share_safety"]
    quotas = safety["quotas"]
    found = [] if safety["services"]["share_quotas"] else [say("quotas_not_renewed")]
    found += [say("no_quotas")] if quotas["state"] == "none" else []
    return found + [say("other_quota", each) for each in quotas["wrong"]]


def writes_beyond_quota(facts: Facts) -> list[str]:
    """Writes beyond a quota that were taken, as a person and on a share; and writes within that were not."""
    quotas = facts["share_safety"]["quotas"]
    if quotas["state"] == "none":
        return [say("no_quotas")]
    trial = quotas["trial"]
    found = [] if trial["person_refused"] else [say("beyond_person", trial["person"])]
    found += [] if trial["share_refused"] else [say("beyond_share")]
    within = trial["person_within_taken"], trial["share_within_taken"]
    return found + ([] if all(within) else [say("within_refused")])


#: By the name that the catalogue gives them.
SHARE_SAFETY_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        suspicious_names_let_in,
        oldest_names_list,
        mass_changes_unnoticed,
        slowest_alarm,
        fullest_share,
        room_warning,
        people_without_quota,
        writes_beyond_quota,
    )
}
