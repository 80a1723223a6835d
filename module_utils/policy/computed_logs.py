"""Observations about logs that are worked out from several facts; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say


def longest_kept_line(facts: Facts) -> Any:
    """The age of the oldest line that survives the destroyer, in days; None when nothing is too old for it."""
    return facts["logs"]["destruction"]["longest_kept_days"]


def shortest_kept_line(facts: Facts) -> Any:
    """The age up to which every line is kept, in days: a gap counts."""
    tried = facts["logs"]["destruction"]
    gaps = tried["gaps"].plain()
    return min(gaps) - 1 if gaps else tried["longest_kept_days"]


def old_lines_that_stay(facts: Facts) -> list[str]:
    """Ways in which an old line escapes: forgotten by name, in a file with young ones, no timer, already too old."""
    logs = facts["logs"]
    tried = logs["destruction"]
    reasons = (
        (not tried["forgotten_destroyed"], "undated_file"),
        (not tried["old_lines_destroyed"], "old_among_young"),
        (not tried["every_day"], "not_every_day"),
    )
    return [say(why) for wrong, why in reasons if wrong] + [say("too_old", path) for path in logs["overdue"].plain()]


def logs_not_turned(facts: Facts) -> list[str]:
    """Logs that nothing turns, or whose turned files are not packed."""
    rotation = facts["logs"]["rotation"]
    found = [] if rotation["timer"] else [say("nothing_turns")]
    found += [say("not_turned", path) for path in rotation["not_turned"].plain()]
    found += [say("turned_twice", path) for path in rotation["duplicates"].plain()]
    for log in facts["logs"]["files"].some():
        found += [say("not_packed", path) for path in log["unpacked"].plain()] if log["present"] else []
    return found


def logs_that_open(facts: Facts) -> list[str]:
    """Logs that are missing or open to others, and accounts that can read them beside the search command."""
    found = []
    for log in facts["logs"]["files"].some():
        if not log["present"]:
            found.append(say("log_absent", log["path"]))
            continue
        found += [] if log["closed"] else [say("list", log["path"], f"{log['mode']} {log['owner']}:{log['group']}")]
        found += [say("file_open", path) for path in log["open_files"].plain()]
    found += [say("opened_by_nobody", path) for path in facts["logs"]["readable_by_nobody"].plain()]
    return found + [say("group_reader", account) for account in facts["logs"]["group_readers"].plain()]


def log_alerts(facts: Facts) -> list[str]:
    """What the watch raises now."""
    return [say("alert", each) for each in facts["logs"]["alerts"].plain()]


def _trials(facts: Facts) -> list[Facts]:
    """What every host that sends read and tried; a host of which nothing is known makes the rest unsure."""
    trials = list(facts["log_trials"]["hosts"].some())
    silent = sorted(str(each["host"]) for each in trials if not each["read"])
    if silent:
        raise MissingFact(f"log_trials.hosts: {', '.join(silent)} not read")
    return trials


def logs_that_did_not_arrive(facts: Facts) -> list[str]:
    """Hosts and logs whose last line is not on the log server."""
    _trials(facts)
    return [str(each) for each in facts["log_trail"]["missing"].plain()]


def slowest_delivery(facts: Facts) -> Any:
    """How long the slowest line took, in minutes; None when one did not arrive."""
    if logs_that_did_not_arrive(facts):
        return None
    return max(each["seconds"] for each in facts["log_trail"]["arrivals"].some()) / 60


def what_senders_can_do(facts: Facts) -> list[str]:
    """What a host that sends can do on the log server besides adding lines under its own name."""
    found = [say("stranger", each) for each in facts["log_trail"]["strangers"].plain()]
    found += [str(each) for each in facts["log_trail"]["misfiled"].plain()]
    for trial in _trials(facts):
        tried = trial["intrusion"]
        found += [say("given_lines", trial["host"])] if tried["answer"] else []
        found += [say("logs_on", trial["host"], key) for key in tried["logged_on"].plain()]
        found += [say("reaches_port", trial["host"], port) for port in tried["open_ports"].plain()]
    return found


def unwritten_readings(facts: Facts) -> list[str]:
    """Ways to read without a right, without a reason or without a trace."""
    reading = facts["log_trail"]["reading"]
    reasons = (
        (reading["by_nobody"] or reading["by_nobody_with_sudo"], "searched_without_right"),
        (reading["without_reason"], "searched_without_reason"),
        (not reading["written_down"], "search_unwritten"),
        (not reading["journal_whole"], "searches_changed"),
        (not reading["journal_closed"], "searches_open"),
    )
    return [say(why) for wrong, why in reasons if wrong] + [
        say("may_search", account) for account in reading["undeclared"].plain()
    ]


def worst_log_clock(facts: Facts) -> Any:
    """How far the clock of a host that logs is from its source at most, in seconds; None when one follows none."""
    clocks = [trial["clock"] for trial in _trials(facts)] + [facts["logs"]["clock"]]
    if not all(clock["synchronised"] for clock in clocks):
        return None
    return max(abs(clock["offset_seconds"]) for clock in clocks)


def monitoring_without_notice(facts: Facts) -> list[str]:
    """What was missing when filtering and logging began, who took it upon themselves, and lines from before."""
    began = facts["logs"]["monitoring"]
    override = began["override"]
    found = [str(each) for each in began["obstacles"].plain()] if not override else []
    if override:
        found.append(say("list", override["by"], override["reason"]))
    for log in facts["logs"]["files"].some():
        if log["present"] and log["oldest_day"] and log["oldest_day"] < began["since"]:
            found.append(say("begun_late", log["name"], log["oldest_day"], began["since"]))
    return found


#: By the name that the catalogue gives them.
LOG_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        longest_kept_line,
        shortest_kept_line,
        old_lines_that_stay,
        logs_not_turned,
        logs_that_open,
        log_alerts,
        logs_that_did_not_arrive,
        slowest_delivery,
        what_senders_can_do,
        unwritten_readings,
        worst_log_clock,
        monitoring_without_notice,
    )
}
