"""Observations of Windows workstations: empty when in order, what offends when not, and nothing on a word that is shown."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from ansible.module_utils.policy.computed_windows import WINDOWS_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import said
from ansible.module_utils.policy.windows_days import days_waiting, release_day

from tests.unit.policy import samples_windows as samples

Change = Callable[[dict[str, Any]], Any]
TODAY = date(2026, 11, 21)
NUMBERS = {"lock_delay": 5, "antivirus_age": 5, "update_delay": 0}


def observed(name: str, change: Change = lambda facts: None) -> Any:
    facts = samples.facts()
    change(facts)
    return WINDOWS_OBSERVERS[name](Facts(facts, "", set()))


def put(*path: Any) -> Change:
    """A change of one value of what was read of the workstation."""
    *steps, last, value = path

    def change(facts: dict[str, Any]) -> None:
        target: Any = facts["workstation"]
        for step in steps:
            target = target[step]
        target[last] = value

    return change


def register(**values: Any) -> Change:
    return lambda facts: facts["workstation_register"].update(values)


def install(*programs: dict[str, Any]) -> Change:
    return lambda facts: facts["workstation"]["software"].extend(programs)


def both(*changes: Change) -> Change:
    return lambda facts: [change(facts) for change in changes]


@pytest.mark.parametrize("name", sorted(WINDOWS_OBSERVERS))
def test_a_workstation_in_order_offends_in_nothing(name: str) -> None:
    assert observed(name) == NUMBERS.get(name, [])


USB_OPEN = both(put("usb_storage", "start", 3), put("usb_storage", "denied", False))


def storage_until(day: str) -> Change:
    return both(USB_OPEN, register(storage_exception={"until": day, "why": "essai", "approved_by": "DG"}))


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("accounts_without_a_password", put("local_accounts", 0, "password_required", False), "-500"),
        ("automatic_session", put("autologon", True), "opens by itself"),
        ("automatic_session", put("autologon_password_kept", True), "in clear"),
        ("open_usb_storage", USB_OPEN, "can be plugged in"),
        ("open_usb_storage", storage_until("2026-11-20"), "2026-11-20"),
        ("input_devices_blocked", put("usb_input", "start", 4), "keyboards"),
        ("antivirus_asleep", put("antivirus", []), "no antivirus"),
        ("antivirus_asleep", put("antivirus", 0, "on", False), "at work"),
        ("antivirus_asleep", put("antivirus", 0, "fresh", False), "old"),
        ("update_troubles", put("updates", "automatic", 3), "by themselves"),
        ("update_troubles", put("services", "wuauserv", "start", "Disabled"), "disabled"),
        ("firewall_profiles_off", put("firewall", "domain", False), "house"),
        ("firewall_profiles_off", put("firewall", "public", False), "public"),
        ("unprotected_volumes", put("encryption", 0, "protected", False), "C:"),
        ("system_out_of_support", put("os", "build", 7601), "Windows 7"),
        ("system_out_of_support", register(day="2027-10-13"), "25H2"),
        ("unexpected_administrators", register(administrators=["S-1-5-21-7-8-9-1"]), samples.TECHNICIANS),
        (
            "unexpected_administrators",
            lambda f: f["workstation"]["administrators"].append({"sid": "S-1-5-21-7-8-9-500", "local": False}),
            "S-1-5-21-7-8-9-500",
        ),
        ("ways_to_more_rights", put("elevation", "user_account_control", False), "all rights"),
        ("ways_to_more_rights", put("elevation", "installer_elevated", True), "setups"),
        ("proxy_troubles", put("proxy", "per_machine", False), "choose"),
        ("proxy_troubles", put("proxy", "enabled", False), "no proxy"),
        ("proxy_troubles", put("proxy", "server", "else.where:8080"), "else.where"),
        ("proxy_troubles", put("proxy", "auto_url", "http://else.where/p.pac"), "script"),
        ("old_file_protocol", put("smb", "server_v1", True), "served"),
        ("old_file_protocol", put("smb", "client_v1_start", 3), "opens"),
        ("unsigned_file_traffic", put("smb", "signing_required", False), "served"),
        ("unsigned_file_traffic", put("smb", "client_signing_required", False), "opens"),
        ("ways_without_consent", put("remote_control", "desktop", True), "from afar"),
        ("ways_without_consent", put("remote_control", "consent", False), "agreement"),
        ("audit_channel_troubles", put("winrm", "listeners", ["https", "http"]), "HTTP as well"),
        ("audit_channel_troubles", put("winrm", "basic", True), "password"),
        ("audit_channel_troubles", put("winrm", "unencrypted", True), "unencrypted"),
        ("reading_refused", lambda f: f["workstation_reading"].update(state="refused"), "account"),
        ("reading_refused", lambda f: f["workstation_reading"].update(state="certificate"), "certificate"),
        ("unapproved_programs", install(samples.program("Autre", "Autre outil", "Somebody")), "Autre outil"),
        ("banned_programs", install(samples.program("uTorrent", "µTorrent", "")), "µTorrent"),
        ("banned_programs", install(samples.program("{1}", "Divertissement", "Popcorn-Time Ltd")), "Divertissement"),
        ("banned_programs", install(samples.program("{2}", "x", "uTorrent Inc.", hidden=True)), "x"),
        ("licences_short", lambda f: f["workstation_register"]["licences"][0].update(installed=9), "9 installed"),
        (
            "office_out_of_support",
            install(samples.program("{90160000-0011-0000-1000-0000000FF1CE}", "?", "Microsoft Corporation")),
            "Office 2016",
        ),
        ("office_out_of_support", register(day="2029-10-10"), "Office 2024"),
    ],
)
def test_what_offends_is_said_in_both_languages(name: str, change: Change, words: str) -> None:
    lines = observed(name, change)
    assert len(lines) == 1
    assert words in lines[0]
    names = ("unapproved_programs", "banned_programs", "unprotected_volumes", "unexpected_administrators")
    if name not in (*names, "accounts_without_a_password"):
        assert said(lines[0], "fr") != lines[0]


@pytest.mark.parametrize(
    ("lock", "minutes"),
    [
        ((600, None, False), 10),
        ((90, None, False), 1.5),
        ((None, 300, True), 5),
        ((None, 300, False), None),
        ((None, None, True), None),
        ((0, None, False), None),
    ],
)
def test_a_saver_counts_only_when_it_asks_for_the_password(lock: tuple[Any, Any, bool], minutes: Any) -> None:
    values = dict(zip(("inactivity_seconds", "screensaver_seconds", "secure"), lock, strict=True))
    assert observed("lock_delay", put("lock", values)) == minutes


def test_the_machine_s_own_lock_is_enough_where_nobody_s_session_is_open() -> None:
    assert observed("lock_delay", put("lock", {"inactivity_seconds": 600})) == 10


def test_storage_may_be_plugged_in_on_the_last_day_of_an_exception_and_when_a_policy_closes_it() -> None:
    assert observed("open_usb_storage", storage_until("2026-11-21")) == []
    assert observed("open_usb_storage", put("usb_storage", {"denied": True})) == []


def test_signatures_are_those_of_the_antivirus_at_work() -> None:
    asleep = {"on": False, "fresh": True, "signature_age_hours": 1}
    awake = {"on": True, "fresh": True, "signature_age_hours": 70}
    assert observed("antivirus_age", put("antivirus", [asleep, awake])) == 70
    assert observed("antivirus_age", put("antivirus", [asleep])) is None


@pytest.mark.parametrize(("month", "day"), [((2026, 9), 8), ((2026, 11), 10), ((2026, 12), 8), ((2027, 6), 8)])
def test_updates_come_out_on_the_second_tuesday(month: tuple[int, int], day: int) -> None:
    assert release_day(*month) == date(*month, day)


@pytest.mark.parametrize(
    ("installed", "days"),
    [
        ("2026-11-10", 0),
        ("2026-11-21", 0),
        ("2026-11-09", 11),
        ("2026-10-13", 11),
        ("2026-10-12", 39),
        ("2025-12-09", 312),
    ],
)
def test_what_waits_is_counted_from_the_day_it_came_out(installed: str, days: int) -> None:
    assert days_waiting(date.fromisoformat(installed), TODAY) == days
    assert observed("update_delay", put("updates", "last_installed_at", installed)) == days


def test_a_workstation_that_was_never_updated_waits_for_ever() -> None:
    assert observed("update_delay", put("updates", "last_installed_at", None)) is None


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("system_out_of_support", put("os", "build", 12345)),
        ("system_out_of_support", put("os", "edition_id", "Unheard")),
        ("office_out_of_support", install(samples.program("{90990000-0011-0000-1000-0000000FF1CE}", "?", ""))),
        ("office_out_of_support", install(samples.program("Standard2099Volume - fr-fr", "?", ""))),
        ("unexpected_administrators", lambda f: f["workstation"]["administrators"].append({"local": False})),
        ("unprotected_volumes", lambda f: f["workstation"]["encryption"][0].pop("protected")),
        ("unprotected_volumes", lambda f: f["workstation"]["encryption"].pop(0)),
        ("antivirus_age", lambda f: f["workstation"]["antivirus"][0].pop("signature_age_hours")),
        ("update_delay", put("updates", "last_installed_at", "hier")),
        ("open_usb_storage", storage_until("un jour")),
        ("reading_refused", lambda f: f["workstation_reading"].update(state="off")),
        ("reading_refused", lambda f: f["workstation_reading"].update(state="partly")),
        ("reading_refused", lambda f: f["workstation_reading"].update(state="untried")),
        ("update_troubles", put("services", "wuauserv", "start", None)),
        ("licences_short", lambda f: f["workstation_register"]["licences"][0].update(unread=1)),
        ("unapproved_programs", put("software", [])),
        ("banned_programs", register(banned=[])),
    ],
)
def test_what_is_not_known_is_no_answer(name: str, change: Change) -> None:
    with pytest.raises(MissingFact):
        observed(name, change)


def test_machines_that_were_not_read_do_not_matter_where_licences_would_do_for_all_of_them() -> None:
    assert (
        observed("licences_short", lambda f: f["workstation_register"]["licences"][0].update(owned=9, unread=1)) == []
    )
    licence = {"name": "7-Zip", "keys": ["7-Zip"], "owned": 0, "installed": 1, "unread": 3}
    found = observed("licences_short", lambda f: f["workstation_register"]["licences"].append(licence))
    assert found == ["7-Zip: 1 installed, 0 licences"]


def test_an_unknown_member_does_not_hide_one_who_should_not_be_there() -> None:
    members = [{"local": False}, {"sid": "S-1-5-21-7-8-9-513", "local": False}]
    found = observed("unexpected_administrators", lambda f: f["workstation"]["administrators"].extend(members))
    assert found == ["S-1-5-21-7-8-9-513"]


def test_a_name_that_is_shown_makes_no_program_approved() -> None:
    assert observed("unapproved_programs", install(samples.program("{9}", "7-Zip", "Google LLC Fake"))) == ["7-Zip"]


def test_the_parts_that_come_with_every_suite_are_no_suite() -> None:
    parts = [
        samples.program(f"{{90160000-{part}-0000-1000-0000000FF1CE}}", "?", "") for part in ("007E", "008C", "008F")
    ]
    assert observed("office_out_of_support", install(*parts)) == []
