"""Observations about the lists of the web filter, worked out from several facts; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say


def witnesses_not_refused(facts: Facts) -> list[str]:
    """Witness names that were not refused when they were asked for, and a filter that Squid does not ask."""
    canary = facts["web_filter"]["canary"]
    found = [str(each) for each in canary["wrong"].plain()]
    if not found and not canary["asked"]:
        raise MissingFact("web_filter.canary.asked: no witness name was asked for")
    return found + ([] if facts["web_filter"]["helpers"]["of_squid"] else [say("no_matcher")])


def answers_without_lists(facts: Facts) -> list[str]:
    """What was let through with lists that are missing, empty or broken."""
    return [
        say(f"without_{each['lists']}", each["answer"])
        for each in facts["web_filter"]["without_lists"].some()
        if not each["refused"]
    ]


def broken_lists_taken(facts: Facts) -> list[str]:
    """Ways in which a source went bad that changed the lists in force, or that nobody was told of."""
    found = []
    for each in facts["web_filter"]["bad_sources"].some():
        if not each["kept"]:
            found.append(say("source_changed_lists", each["source"]))
        elif not each["alerted"]:
            found.append(say("source_untold", each["source"]))
    return found


def list_update_troubles(facts: Facts) -> list[str]:
    """Why the lists will not be, or were not, updated."""
    update, timers = facts["web_filter"]["update"], facts["web_filter"]["timers"]
    if update["age_hours"] is None:
        raise MissingFact("web_filter.update.age_hours: no update was ever written down")
    found = str(update["error"]).split("; ") if update["error"] else []
    found += [str(each) for each in update["troubles"].plain()]
    states = timers["update"]
    return found + [
        say(why)
        for wrong, why in ((not states["enabled"], "not_at_boot"), (not states["active"], "not_scheduled"))
        if wrong
    ]


def list_differences(facts: Facts) -> list[str]:
    """Where the database in force is not the one that was made from the sources."""
    return [str(each) for each in facts["web_filter"]["differences"].plain()]


#: By the name that the catalogue gives them.
WEB_FILTER_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        witnesses_not_refused,
        answers_without_lists,
        broken_lists_taken,
        list_update_troubles,
        list_differences,
    )
}
