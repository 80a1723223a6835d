"""Each observation about Group Policy has been seen saying good and bad, and never good without what it reads."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_group_policy import GROUP_POLICY_OBSERVERS
from ansible.module_utils.policy.computed_resultant_policy import RESULTANT_POLICY_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact

from tests.unit.policy import samples_group_policy as samples

OBSERVERS = {**GROUP_POLICY_OBSERVERS, **RESULTANT_POLICY_OBSERVERS}
Change = Callable[[dict[str, Any]], Any]


def healthy() -> dict[str, Any]:
    return {
        "group_policy": samples.group_policy(),
        "directory_checks": samples.directory_checks(),
        "resultant_policy": samples.resultant_policy(),
        "logon_probe": {"tickets": samples.tickets()},
    }


def observe(name: str, *changes: Change) -> Any:
    found = healthy()
    for change in changes:
        change(found)
    return OBSERVERS[name](Facts(found, "", set()))


def held(setting: str, value: Any, unit: str = samples.DESKS) -> Change:
    """Another value on one unit; None takes it away."""

    def change(facts: dict[str, Any]) -> None:
        for row in facts["group_policy"]["effective"]:
            if row["unit"] == unit and row["side"] == setting.split("/", maxsplit=1)[0]:
                if value is None:
                    del row["settings"][setting]
                else:
                    row["settings"].setdefault(setting, {})["value"] = value

    return change


def at(*path: Any) -> Change:
    """Another value at a path of the facts."""
    *steps, last, value = path

    def change(facts: dict[str, Any]) -> None:
        target: Any = facts
        for step in steps:
            target = target[step]
        target[last] = value

    return change


def measured(what: str, value: Any) -> Change:
    """Another answer of the controller about its tickets."""
    return at("logon_probe", "tickets", what, value)


def problem(kind: str, setting: str, **other: Any) -> Change:
    entry = {"policy": "Postes", "setting": setting, "unit": samples.DESKS, **other}
    return lambda facts: facts["group_policy"][kind].append(entry)


CHANGED = problem("differences", rf"computer/registry/{'X'}\Value", expected=1, observed=2)
WHY = {"why": "unlinked", "says": {"fr": "la stratégie n'est pas liée", "en": "the policy is not linked there"}}
DRIVE = "user/drives/N"

GOOD: dict[str, Any] = {
    **{name: [] for name in OBSERVERS},
    "longest_session_lock_delay": 10,
    "longest_workstation_lock_delay": 10,
    "logon_notice_title": "Charte informatique",
    "ticket_lifetime": 10,
    "ticket_renewal_lifetime": 7,
    "service_ticket_lifetime": 10,
    "ticket_clock_skew": 5,
}
BAD: list[tuple[str, Change, Any]] = [
    ("units_without_session_lock", held(samples.LOCK_ACTIVE, "0"), ["Postes: ScreenSaveActive"]),
    ("units_without_session_lock", held(samples.LOCK_SAVER, None), ["Postes: SCRNSAVE.EXE"]),
    ("units_unlocking_without_password", held(samples.LOCK_SECURE, "0"), ["Postes"]),
    ("units_unlocking_without_password", held(samples.LOCK_SECURE, None, samples.PEOPLE), ["Personnes"]),
    ("longest_session_lock_delay", held(samples.LOCK_DELAY, "1830"), 30.5),
    ("longest_session_lock_delay", held(samples.LOCK_DELAY, "0"), None),
    ("longest_session_lock_delay", held(samples.LOCK_DELAY, None), None),
    ("longest_workstation_lock_delay", held(samples.MACHINE_DELAY, "4,1200"), 20),
    ("longest_workstation_lock_delay", held(samples.MACHINE_DELAY, "4,0"), None),
    ("longest_workstation_lock_delay", held(samples.MACHINE_DELAY, None), None),
    ("units_without_logon_notice", held(samples.NOTICE, None), ["Postes: no notice"]),
    ("units_without_logon_notice", held(samples.CAPTION, '1,""'), ["Postes: no notice"]),
    (
        "units_without_logon_notice",
        held(samples.NOTICE, "7,Bonjour."),
        ["Postes: the notice does not name Charte informatique"],
    ),
    ("logon_notice_title", held(samples.CAPTION, '1,"Bienvenue"'), "Charte informatique / Bienvenue"),
    ("missing_network_drives", problem("differences", DRIVE), ["N:"]),
    ("missing_network_drives", problem("not_effective", DRIVE, **WHY), ["N:"]),
    (
        "missing_network_drives",
        lambda facts: [held(f"user/drives/{letter}", None, samples.PEOPLE)(facts) for letter in "NP"],
        ["Personnes: no drive"],
    ),
    ("browsers_keeping_passwords", held(samples.CHROME, 1), ["Postes: Chrome"]),
    ("browsers_keeping_passwords", held(samples.EDGE, None), ["Postes: Edge"]),
    ("browsers_keeping_passwords", held(rf"{samples.FIREFOX}\OfferToSaveLogins", None), ["Postes: Firefox"]),
    ("remote_desktops_keeping_passwords", held(samples.REMOTE, 0), ["Postes"]),
    (
        "account_rules_out_of_order",
        held(f"{samples.ACCESS}/LockoutBadCount", None, samples.DOMAIN),
        ["LockoutBadCount"],
    ),
    (
        "account_rules_out_of_order",
        problem("differences", f"{samples.ACCESS}/MinimumPasswordLength"),
        ["MinimumPasswordLength"],
    ),
    (
        "account_rules_out_of_order",
        problem("not_effective", f"{samples.ACCESS}/MaximumPasswordAge", **WHY),
        ["MaximumPasswordAge"],
    ),
    ("ticket_lifetime", held(f"{samples.TICKETS}/MaxTicketAge", 24, samples.DOMAIN), 24),
    ("ticket_lifetime", held(f"{samples.TICKETS}/MaxTicketAge", 0, samples.DOMAIN), None),
    ("ticket_renewal_lifetime", held(f"{samples.TICKETS}/MaxRenewAge", None, samples.DOMAIN), None),
    ("service_ticket_lifetime", held(f"{samples.TICKETS}/MaxServiceAge", 610, samples.DOMAIN), 610 / 60),
    ("ticket_clock_skew", held(f"{samples.TICKETS}/MaxClockSkew", 60, samples.DOMAIN), 60),
    ("ticket_lifetime", measured("ticket_hours", 24.0), 24),
    ("ticket_lifetime", measured("ticket_hours", 10.5), 10.5),
    ("ticket_renewal_lifetime", measured("renewal_days", 400.0), 400),
    ("service_ticket_lifetime", measured("service_ticket_hours", 11.0), 11),
    ("ticket_clock_skew", measured("clock_skew_minutes", 12), 12),
    ("ticket_clock_skew", measured("clock_skew_minutes", None), None),
    ("group_policy_differences", CHANGED, ["Postes: Value"]),
    (
        "group_policy_differences",
        problem("differences", "links", policy=""),
        ["domain: links"],
    ),
    (
        "group_policy_without_effect",
        lambda facts: [problem("not_effective", name, **WHY)(facts) for name in ("a", "b")],
        ["Postes (Postes): the policy is not linked there [2]"],
    ),
    ("group_policy_versions_apart", at("group_policy", "policies", 0, "version", "sysvol", "user", 9), ["Postes"]),
    ("group_policy_versions_apart", at("group_policy", "policies", 0, "version", "sysvol", None), ["Postes"]),
    ("sysvol_rights_problems", at("directory_checks", "aclcheck", "problems", ["x"]), ["x"]),
    ("sysvol_rights_problems", at("directory_checks", "sysvolcheck", "problems", ["y"]), ["y"]),
    (
        "resultant_policy_differences",
        at("resultant_policy", "computer", "settings", samples.CHROME, 1),
        ["WS1: PasswordManagerEnabled"],
    ),
    (
        "resultant_policy_differences",
        at("resultant_policy", "computer", "settings", r"computer/registry/Software\Y\Z", 1),
        ["WS1: Z"],
    ),
    (
        "resultant_policy_differences",
        lambda facts: facts["resultant_policy"]["users"]["durandpau"]["settings"].pop("user/drives/P"),
        ["Paul Durand: user/drives/P"],
    ),
    (
        "resultant_policy_differences",
        at("resultant_policy", "users", "durandpau", "settings", DRIVE, {"path": r"\\fs1\rh", "label": "Atelier"}),
        ["Paul Durand: user/drives/N"],
    ),
    ("resultant_policy_differences", held(samples.EDGE, None), ["WS1: PasswordManagerEnabled"]),
    (
        "administrators_not_denied",
        at("resultant_policy", "computer", "settings", samples.DENIED[0], [f"{samples.SID}-513"]),
        ["SeDenyInteractiveLogonRight"],
    ),
    (
        "administrators_not_denied",
        lambda facts: facts["resultant_policy"]["computer"]["settings"].pop(samples.DENIED[1]),
        ["SeDenyRemoteInteractiveLogonRight"],
    ),
    ("administrators_logged_on", at("resultant_policy", "logon_rights", 2, "allowed", True), ["adm-morellea (sshd)"]),
    (
        "administrators_logged_on",
        at("resultant_policy", "logon_rights", 1, "allowed", False),
        ["durandpau (login): refused"],
    ),
]


@pytest.mark.parametrize("name", OBSERVERS)
def test_a_healthy_site_is_seen_as_such(name: str) -> None:
    assert observe(name) == GOOD[name]


@pytest.mark.parametrize(("name", "change", "seen"), BAD)
def test_what_is_broken_is_seen(name: str, change: Change, seen: Any) -> None:
    assert observe(name, change) == seen
    assert seen != GOOD[name]


def test_every_observation_was_seen_broken() -> None:
    assert {name for name, _, _ in BAD} == set(OBSERVERS)


def test_a_drive_of_another_department_is_not_missed() -> None:
    take = lambda facts: facts["resultant_policy"]["users"]["durandpau"]["settings"].pop(DRIVE)  # noqa: E731
    assert observe("resultant_policy_differences", take) == []


def test_the_unit_that_decides_is_the_nearest_one() -> None:
    assert observe("resultant_policy_differences", held(samples.EDGE, 1, samples.ROOT_OU)) == []


@pytest.mark.parametrize("name", OBSERVERS)
def test_no_observation_is_made_from_nothing(name: str) -> None:
    for key in healthy():
        facts = {other: value for other, value in healthy().items() if other != key}
        reads: set[tuple[str | int, ...]] = set()
        OBSERVERS[name](Facts(healthy(), "", reads))
        if (key,) in reads:
            with pytest.raises(MissingFact):
                OBSERVERS[name](Facts(facts, "", set()))


@pytest.mark.parametrize(
    "name",
    sorted(
        set(GROUP_POLICY_OBSERVERS)
        - {
            "sysvol_rights_problems",
            "group_policy_differences",
            "group_policy_without_effect",
            "group_policy_versions_apart",
        }
    ),
)
def test_a_controller_that_says_nothing_of_its_units_proves_nothing(name: str) -> None:
    with pytest.raises(MissingFact):
        observe(name, at("group_policy", "effective", []))


@pytest.mark.parametrize("name", OBSERVERS)
def test_no_fact_that_was_read_can_be_taken_away_and_leave_it_good(name: str) -> None:
    trace: set[tuple[str | int, ...]] = set()
    OBSERVERS[name](Facts(healthy(), "", trace))
    for path in trace:
        facts = copy.deepcopy(healthy())
        target: Any = facts
        for step in path[:-1]:
            target = target[step]
        del target[path[-1]]
        try:
            seen = OBSERVERS[name](Facts(facts, "", set()))
        except MissingFact:
            continue
        assert seen != GOOD[name], path


@pytest.mark.parametrize("name", [each for each in OBSERVERS if "ticket" in each])
def test_tickets_that_nobody_asked_for_are_not_judged_by_what_is_written(name: str) -> None:
    with pytest.raises(MissingFact):
        observe(name, lambda facts: facts["logon_probe"].clear())


def test_a_shorter_measured_ticket_does_not_excuse_a_longer_rule() -> None:
    longer = held(f"{samples.TICKETS}/MaxTicketAge", 24, samples.DOMAIN)
    assert observe("ticket_lifetime", longer, measured("ticket_hours", 9.0)) == 24


def test_nobody_tried_is_no_proof() -> None:
    with pytest.raises(MissingFact):
        observe("administrators_logged_on", lambda facts: facts["resultant_policy"]["logon_rights"].clear())
    with pytest.raises(MissingFact):
        observe(
            "administrators_logged_on",
            lambda facts: [row.update(administrator=False) for row in facts["resultant_policy"]["logon_rights"]],
        )
    with pytest.raises(MissingFact):
        observe("resultant_policy_differences", at("resultant_policy", "users", {}))
