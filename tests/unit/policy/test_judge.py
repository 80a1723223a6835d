"""Judging: green only when measured, red when broken, and never green when a deciding fact is gone."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from ansible.module_utils.policy.computed import OBSERVERS
from ansible.module_utils.policy.facts import Facts
from ansible.module_utils.policy.judge import decide, judge
from ansible.module_utils.policy.model import Policies, load_policies

from tests.conftest import ROOT
from tests.unit.policy import samples_evidence as samples

TODAY = date(2026, 11, 21)


@pytest.fixture(scope="module")
def policies() -> Policies:
    return load_policies(ROOT, "autoconcept")


def verdicts(policies: Policies, evidence: dict[str, Any]) -> dict[str, str]:
    """By control; of several hosts that do not agree, that of one that does not pass."""
    found: dict[str, str] = {}
    for each in judge(policies, samples.run(), evidence, TODAY):
        if found.get(each["control"], "pass") == "pass":
            found[each["control"]] = each["verdict"]
    return found


def only(policies: Policies, names: Iterable[str]) -> Policies:
    """The same with a few controls only, which are judged in a moment."""
    return replace(policies, controls={name: policies.controls[name] for name in names})


def test_a_healthy_site_is_green(policies: Policies) -> None:
    found = verdicts(policies, samples.evidence())
    assert {name: verdict for name, verdict in found.items() if verdict != "pass"} == {}


def test_a_host_without_evidence_is_not_evaluated(policies: Policies) -> None:
    evidence = samples.evidence()
    del evidence["ws1"]
    found = verdicts(policies, evidence)
    assert found["directory_logon"] == "not_evaluated"
    assert found["password_max_age"] == "pass"


def test_a_site_without_hosts_of_a_kind_is_not_applicable(policies: Policies) -> None:
    run = {**samples.run(), "groups_of": {"dc1": ["domain_controllers"]}}
    found = {each["control"]: each["verdict"] for each in judge(policies, run, samples.evidence(), TODAY)}
    assert found["directory_logon"] == "not_applicable"


def test_the_reason_of_a_failed_collector_reaches_the_verdict(policies: Policies) -> None:
    evidence = samples.evidence()
    del evidence["dc1"]["facts"]["password_policy"]
    evidence["dc1"]["failures"]["password_policy"] = "dc1 refused the credentials"
    reasons = {each["control"]: each["reason"] for each in judge(policies, samples.run(), evidence, TODAY)}
    assert "dc1 refused the credentials" in reasons["password_max_age"]


def deciding_facts(policies: Policies) -> list[tuple[str, str, tuple[str | int, ...]]]:
    """Every fact that each control reads, by control, host and path."""
    found = []
    for control in policies.controls.values():
        for host, groups in samples.run()["groups_of"].items():
            if control.definition["applies_to"] in groups:
                trace: set[tuple[str | int, ...]] = set()
                decide(control, Facts(samples.evidence()[host]["facts"], "", trace))
                found += [(control.id, host, path) for path in sorted(trace, key=str)]
    return found


def without(evidence: dict[str, Any], host: str, path: tuple[str | int, ...]) -> dict[str, Any]:
    changed = copy.deepcopy(evidence)
    target = changed[host]["facts"]
    for step in path[:-1]:
        target = target[step]
    del target[path[-1]]
    return changed


def test_no_control_stays_green_without_any_one_of_its_facts(policies: Policies) -> None:
    facts = deciding_facts(policies)
    assert len(facts) > 2 * len(policies.controls)
    assert {control for control, _, _ in facts} == set(policies.controls)
    green = [
        (control, host, path)
        for control, host, path in facts
        if verdicts(only(policies, [control]), without(samples.evidence(), host, path))[control] == "pass"
    ]
    assert green == []


#: Lists that a healthy site may have empty, and why that proves nothing wrong.
MAY_BE_EMPTY = {
    ("password_policy", "fine_grained"): "a domain needs no rule of passwords besides its own",
    ("share_access", "closed"): "nobody has left yet, and nobody is expected",
    (
        "share_access",
        "recycle",
        "others",
    ): "a share that one kind of people may enter has nobody else to look into its bin",
    ("name_resolution", "answers", "values"): "a name that is refused has none",
    ("name_resolution", "answers", "expected"): "a record may lead to any of the site's controllers",
    ("vpn_access", "peer", "passed"): "the provider's own end need not be open to us",
    ("linux_host", "administrators"): "a machine that nobody may administer is within what is declared",
    ("leaver_data", "copies"): "nobody has left lately",
    ("leaver_data", "archives"): "nobody has left for long",
    ("user_data", "people"): "nobody has worked on the workstation yet",
}


def lists_of(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where the lists of some facts are, those that hold something."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    if isinstance(value, list) and value:
        yield path
    for key, each in pairs:
        yield from lists_of(each, (*path, key))


def test_no_control_stays_green_when_the_lists_it_reads_are_emptied(policies: Policies) -> None:
    read, green = deciding_facts(policies), []
    emptied: set[tuple[str | int, ...]] = set()
    for host, found in samples.evidence().items():
        for path in lists_of(found["facts"]):
            if tuple(step for step in path if isinstance(step, str)) in MAY_BE_EMPTY:
                continue
            readers = {control for control, at, fact in read if at == host and fact[: len(path)] == path}
            evidence = samples.evidence()
            target: Any = evidence[host]["facts"]
            for step in path:
                target = target[step]
            target.clear()
            verdict = verdicts(only(policies, readers), evidence)
            green += [(host, path, control) for control in readers if verdict[control] == "pass"]
            emptied.add(path)
    assert green == []
    assert len(emptied) > 30, "the lists of the samples were not found"


def broken(policies: Policies, host: str, change: Any) -> set[str]:
    evidence = samples.evidence()
    change(evidence[host]["facts"])
    return {name for name, verdict in verdicts(policies, evidence).items() if verdict == "fail"}


def _set(*path: Any) -> Any:
    *steps, last, value = path

    def change(facts: Any) -> None:
        for step in steps:
            facts = facts[step]
        facts[last] = value

    return change


def _add_account(login: str, kind: str, **other: Any) -> Any:
    return lambda facts: facts["directory"]["accounts"].append(samples.account(login, kind, **other))


@pytest.mark.parametrize(
    ("host", "change", "red"),
    [
        ("dc1", _set("password_policy", "domain", "max_age_days", None), {"password_max_age"}),
        ("dc1", _set("password_policy", "domain", "min_length", 8), {"password_min_length"}),
        ("dc1", _set("password_policy", "domain", "lockout_threshold", None), {"account_lockout_threshold"}),
        ("dc1", _set("password_policy", "resultant", 0, "min_length", 12), {"admin_password_min_length"}),
        ("dc1", _set("password_policy", "resultant", 0, "max_age_days", None), {"admin_password_max_age"}),
        (
            "dc1",
            _set("password_policy", "fine_grained", 0, "reversible_encryption", True),
            {"password_reversible_encryption"},
        ),
        ("dc1", _set("logon_probe", "samples", 9, "accepted", True), {"password_character_classes"}),
        ("dc1", _set("logon_probe", "locked_after_attempts", None), {"account_lockout"}),
        ("dc1", _set("logon_probe", "right_password_refused_while_locked", False), {"account_lockout"}),
        ("dc1", _set("logon_probe", "old_password_still_works", True), {"password_reuse"}),
        ("dc1", _set("directory", "guest_enabled", True), {"guest_account"}),
        ("dc1", _add_account("compta1", "unknown", rid=1200), {"nominative_accounts"}),
        ("dc1", _set("directory", "accounts", 2, "enabled", False), {"accounts_match_staff"}),
        ("dc1", _set("directory", "accounts", 4, "enabled", True), {"leavers_disabled"}),
        ("dc1", _set("directory", "accounts", 5, "enabled", True), {"starters_disabled"}),
        ("dc1", _set("directory", "accounts", 2, "mail", "paul@elsewhere.example"), {"mail_convention"}),
        ("dc1", _set("directory", "accounts", 2, "groups", []), {"department_groups"}),
        ("dc1", _set("directory", "accounts", 2, "ou", "CN=Users,DC=site,DC=lan"), {"department_units"}),
        ("dc1", _set("directory", "groups", 1, "members", ["durandpau"]), {"nested_groups"}),
        ("dc1", _set("directory", "groups", 1, "members", []), {"nested_groups"}),
        (
            "dc1",
            _set("directory", "privileged", 0, "members", ["adm-morellea", "durandpau"]),
            {"privileged_accounts", "separate_admin_accounts"},
        ),
        ("dc1", _set("directory", "accounts", 2, "password_required", False), {"accounts_without_password"}),
        ("dc1", _set("directory", "accounts", 2, "password_never_expires", True), {"password_never_expires"}),
        ("dc1", _set("directory", "accounts", 2, "ever_logged_on", False), {"initial_password_pending"}),
        (
            "dc1",
            _set("directory", "accounts", 3, "employee_key", "somebody.else.2020-01-01"),
            {"accounts_match_staff", "separate_admin_accounts"},
        ),
        ("ws1", _set("linux_host", "clock", "synchronised", False), {"clock_offset"}),
        ("ws1", _set("linux_host", "clock", "offset_seconds", -3.0), {"clock_offset"}),
        ("ws1", _set("linux_host", "administrators", ["gg_informatique", "paul"]), {"local_administrators"}),
        (
            "ws1",
            _set("linux_host", "local_accounts", 1, "password", "empty"),
            {"local_accounts", "local_accounts_without_password"},
        ),
        ("ws1", _set("linux_host", "password_hash_method", "md5"), {"local_password_hashing"}),
        ("ws1", _set("linux_host", "automatic_logons", ["getty@tty1.service"]), {"automatic_logon"}),
        ("ws1", _set("session_probe", "opened_with_wrong_password", True), {"wrong_password_logon"}),
        ("ws1", _set("session_probe", "opened_when_disabled", True), {"disabled_account_logon"}),
    ],
)
def test_what_is_broken_turns_exactly_its_control_red(
    policies: Policies, host: str, change: Any, red: set[str]
) -> None:
    assert broken(policies, host, change) == red


def test_a_login_out_of_convention_is_seen_on_the_person_it_belongs_to(policies: Policies) -> None:
    assert "login_convention" in broken(policies, "dc1", _set("directory", "accounts", 2, "login", "pdurand"))


def test_every_observer_is_used_by_the_catalogue(policies: Policies) -> None:
    used = {control.definition.get("compute") for control in policies.controls.values()}
    assert set(OBSERVERS) <= used


def test_the_builtin_administrator_does_not_hide_a_weak_administrator(policies: Policies) -> None:
    evidence = samples.evidence()
    evidence["dc1"]["facts"]["password_policy"]["resultant"] = [
        evidence["dc1"]["facts"]["password_policy"]["resultant"][1]
    ]
    assert verdicts(policies, evidence)["admin_password_min_length"] == "not_evaluated"
