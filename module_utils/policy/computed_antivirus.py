"""Observations about the antivirus, worked out from several facts; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say

_CLEAN = "clean"


def antivirus_not_running(facts: Facts) -> list[str]:
    """Why the engine, or what answers the shares for it, does not run, or would not after a restart."""
    daemon, relay = facts["antivirus"]["daemon"], facts["antivirus"]["relay"]
    asked = relay["wanted"]
    reasons = (
        (not daemon["active"], "antivirus_stopped"),
        (not daemon["enabled"], "antivirus_not_at_boot"),
        (not daemon["socket"], "antivirus_unreachable"),
        (asked and not (relay["active"] and relay["socket"]), "antivirus_relay_stopped"),
        (asked and not relay["enabled"], "antivirus_relay_not_at_boot"),
    )
    return [say(why) for wrong, why in reasons if wrong]


def _unscheduled(facts: Facts, timer: str) -> list[str]:
    state = facts["antivirus"]["timers"][timer]
    reasons = ((not state["enabled"], "not_at_boot"), (not state["active"], "not_scheduled"))
    return [say(why) for wrong, why in reasons if wrong]


def signature_update_troubles(facts: Facts) -> list[str]:
    """Why the signatures will not be, or were not, updated."""
    return [str(each) for each in facts["antivirus"]["update"]["wrong"].plain()] + _unscheduled(facts, "update")


def malware_not_found(facts: Facts) -> list[str]:
    """Samples that a search on the host passed by, or did not put out of reach; and a clean file that it took."""
    found = []
    for each in facts["antivirus"]["detection"].some():
        if each["sample"] == _CLEAN:
            found += [say("clean_taken")] if each["found"] else []
        elif not each["found"]:
            found.append(say(f"malware_missed_{each['sample']}"))
        elif not each["set_aside"]:
            found.append(say(f"malware_lost_{each['sample']}"))
    return found


def malware_let_in(facts: Facts) -> list[str]:
    """Shares that gave malware back; a share that gives nothing back proves nothing."""
    trial = facts["malware_trial"]
    if len(trial["untried"]):
        raise MissingFact("malware_trial.untried: a share had no answer")
    found = []
    for each in trial["attempts"].some():
        if each["sample"] == _CLEAN:
            found += [] if each["readable"] else [say("clean_refused", each["share"])]
        elif each["readable"]:
            found.append(say(f"malware_shared_{each['sample']}", each["share"]))
    return found


def full_search_troubles(facts: Facts) -> list[str]:
    """Why everything will not be, or was not, searched."""
    return [str(each) for each in facts["antivirus"]["scan"]["wrong"].plain()] + _unscheduled(facts, "scan")


def quarantine_openings(facts: Facts) -> list[str]:
    """Ways to what was set aside."""
    kept = facts["antivirus"]["quarantine"]
    reasons = (
        (not kept["closed"], "quarantine_open"),
        (kept["in_a_share"], "quarantine_shared"),
        (kept["listed_by_nobody"], "quarantine_listed"),
    )
    return [say(why) for wrong, why in reasons if wrong]


def ways_to_stop_the_antivirus(facts: Facts) -> list[str]:
    """What an account without rights could do to the antivirus."""
    return [say("antivirus_way", each["way"]) for each in facts["antivirus"]["locks"].some() if each["open"]]


def silent_antivirus(facts: Facts) -> list[str]:
    """Why nobody would be told of an engine that is not there."""
    told = facts["antivirus"]["untold"]
    return ([] if len(told) else [say("antivirus_silent")]) + _unscheduled(facts, "watch")


def unsearched_media(facts: Facts) -> list[str]:
    """Why storage that is plugged in is not searched."""
    media = facts["antivirus"]["media"]
    reasons = (
        (not media["wanted"], "media_unwanted"),
        (not media["active"], "media_unguarded"),
        (not media["enabled"], "not_at_boot"),
    )
    return [say(why) for wrong, why in reasons if wrong]


#: By the name that the catalogue gives them.
ANTIVIRUS_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        antivirus_not_running,
        signature_update_troubles,
        malware_not_found,
        malware_let_in,
        full_search_troubles,
        quarantine_openings,
        ways_to_stop_the_antivirus,
        silent_antivirus,
        unsearched_media,
    )
}
