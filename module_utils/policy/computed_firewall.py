"""Observations about the firewall that are worked out from several facts; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say


def _said(attempt: Facts) -> str:
    names = [attempt[name] for name in ("source_zone", "destination_zone", "protocol", "port")]
    return say("flow", *names, f"({attempt['service']})")


def _tried(facts: Facts, chosen: Callable[[Facts], bool], passed: bool) -> list[str]:
    """Attempts of a kind that ended this way; when none did, every one of them must have been tried."""
    attempts = [each for each in facts["flow_probe"]["attempts"].some() if chosen(each)]
    if not attempts:
        raise MissingFact("flow_probe.attempts: none of this kind")
    found = sorted({_said(each) for each in attempts if each["passed"] is passed})
    missed = [each for each in attempts if each["passed"] is None]
    if missed and not found:
        raise MissingFact(
            f"flow_probe.attempts: {len(missed)} not tried, first {_said(missed[0])}: {missed[0]['detail']}"
        )
    return found


def undeclared_flows_that_passed(facts: Facts) -> list[str]:
    """What passed and is in no flow of the matrix."""
    return _tried(facts, lambda each: not each["expected"], passed=True)


def declared_flows_that_did_not_pass(facts: Facts) -> list[str]:
    """What is in the matrix and did not pass."""
    return _tried(facts, lambda each: bool(each["expected"]), passed=False)


def _refused_by_name(facts: Facts, control: str) -> list[str]:
    return _tried(facts, lambda each: each["control"] == control, passed=True)


def direct_web_that_passed(facts: Facts) -> list[str]:
    """Ways to the Web that pass beside the filter."""
    return _refused_by_name(facts, "direct_web")


def direct_messaging_that_passed(facts: Facts) -> list[str]:
    """Instant messaging that passes straight through."""
    return _refused_by_name(facts, "direct_messaging")


def direct_sharing_that_passed(facts: Facts) -> list[str]:
    """Peer to peer sharing that passes straight through."""
    return _refused_by_name(facts, "direct_sharing")


def direct_mail_that_passed(facts: Facts) -> list[str]:
    """Mail that a workstation sends by itself."""
    return _refused_by_name(facts, "direct_mail")


def guests_that_reached_the_site(facts: Facts) -> list[str]:
    """What passed from a network of guests to one of the site's own."""
    kinds = {str(zone["name"]): zone["kind"] for zone in facts["firewall"]["zones"].some()}

    def inward(each: Facts) -> bool:
        return kinds.get(each["source_zone"]) == "guest" and kinds.get(each["destination_zone"]) != "outside"

    if "guest" not in kinds.values():
        return []
    return _tried(facts, lambda each: inward(each) and not each["expected"], passed=True)


def open_default_policies(facts: Facts) -> list[str]:
    """Directions in which what no rule names is let through."""
    policies = facts["firewall"]["policies"]
    return [
        say(f"policy_{hook}", policies[hook]) for hook in ("input", "forward", "output") if policies[hook] != "drop"
    ]


def ruleset_differences(facts: Facts) -> list[str]:
    """Where the ruleset in force is not the matrix."""
    return [
        say("differs", say("list", each["what"], each["observed"]), each["expected"])
        for each in facts["firewall"]["differences"]
    ]


def openings_for_forged_addresses(facts: Facts) -> list[str]:
    """Zones that packets with another's address come in from, and a way back that nobody checks."""
    found = [say("forged", each["zone"]) for each in facts["firewall"]["forged"].some() if each["passes"]]
    return found + ([] if facts["firewall"]["way_back"] else [say("way_back")])


def other_protocol_let_through(facts: Facts) -> list[str]:
    """IPv6 that passes the ruleset, and IPv6 that the kernel forwards."""
    found = [say("lets_through", each) for each in facts["firewall"]["ipv6"].plain()]
    return found + ([say("forwards_ipv6")] if facts["firewall"]["kernel"]["forwards_ipv6"] else [])


def fastest_refusal_log(facts: Facts) -> Any:
    """How many refusals a second the busiest log rule may write; None when one may write them all."""
    rates = [each["per_second"] for each in facts["firewall"]["logs"].some()]
    return None if None in rates else max(rates)


def refusals_without_a_trace(facts: Facts) -> list[str]:
    """Directions in which refusals are not logged, and a log that nobody writes down."""
    found = [say("unlogged", each) for each in facts["firewall"]["silent"].plain()]
    return found + ([] if facts["firewall"]["log_daemon"] else [say("nothing_logs")])


def what_a_restart_would_change(facts: Facts) -> list[str]:
    """Why a restart would not bring back the ruleset in force."""
    boot = facts["firewall"]["boot"]
    reasons: Iterable[tuple[bool, str]] = (
        (not boot["enabled"], "boot_loads_nothing"),
        (not boot["loads_the_same"], "boot_loads_another"),
        (bool(facts["firewall"]["pending"]), "unconfirmed"),
    )
    return [say(why) for wrong, why in reasons if wrong]


#: By the name that the catalogue gives them.
FIREWALL_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        undeclared_flows_that_passed,
        declared_flows_that_did_not_pass,
        direct_web_that_passed,
        direct_messaging_that_passed,
        direct_sharing_that_passed,
        direct_mail_that_passed,
        guests_that_reached_the_site,
        open_default_policies,
        ruleset_differences,
        openings_for_forged_addresses,
        other_protocol_let_through,
        fastest_refusal_log,
        refusals_without_a_trace,
        what_a_restart_would_change,
    )
}
