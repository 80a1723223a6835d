"""Observations of the antivirus: empty when in order, what offends when not, and nothing when it was not tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_antivirus import ANTIVIRUS_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import said

from tests.unit.policy import samples_antivirus as samples

Change = Callable[[dict[str, Any]], Any]


def observed(name: str, change: Change = lambda facts: None) -> Any:
    facts = samples.file_server()
    change(facts)
    return ANTIVIRUS_OBSERVERS[name](Facts(facts, "", set()))


def attempt(facts: dict[str, Any], sample: str) -> dict[str, Any]:
    return next(each for each in facts["malware_trial"]["attempts"] if each["sample"] == sample)


@pytest.mark.parametrize("name", sorted(ANTIVIRUS_OBSERVERS))
def test_an_antivirus_in_order_offends_in_nothing(name: str) -> None:
    assert observed(name) == []


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("antivirus_not_running", lambda f: f["antivirus"]["daemon"].update(active=False), "stopped"),
        ("antivirus_not_running", lambda f: f["antivirus"]["daemon"].update(enabled=False), "come back"),
        ("antivirus_not_running", lambda f: f["antivirus"]["daemon"].update(socket=False), "asked"),
        ("antivirus_not_running", lambda f: f["antivirus"]["relay"].update(active=False), "shares cannot ask"),
        ("antivirus_not_running", lambda f: f["antivirus"]["relay"].update(socket=False), "shares cannot ask"),
        ("antivirus_not_running", lambda f: f["antivirus"]["relay"].update(enabled=False), "does not come back"),
        ("signature_update_troubles", lambda f: f["antivirus"]["update"].update(wrong=["no route"]), "no route"),
        (
            "signature_update_troubles",
            lambda f: f["antivirus"]["timers"].update(update={"active": True, "enabled": False}),
            "",
        ),
        ("malware_not_found", lambda f: f["antivirus"]["detection"][0].update(found=False), "not found"),
        ("malware_not_found", lambda f: f["antivirus"]["detection"][1].update(set_aside=False), "archive"),
        ("malware_not_found", lambda f: f["antivirus"]["detection"][2].update(found=True), "clean"),
        ("malware_let_in", lambda f: attempt(f, "plain").update(readable=True), "atelier: the test file was given"),
        ("malware_let_in", lambda f: attempt(f, "nested").update(readable=True), "archive"),
        ("malware_let_in", lambda f: attempt(f, "clean").update(readable=False), "clean"),
        ("full_search_troubles", lambda f: f["antivirus"]["scan"].update(wrong=["clamd does not answer"]), "answer"),
        (
            "full_search_troubles",
            lambda f: f["antivirus"]["timers"].update(scan={"active": False, "enabled": True}),
            "",
        ),
        ("quarantine_openings", lambda f: f["antivirus"]["quarantine"].update(closed=False), "open"),
        ("quarantine_openings", lambda f: f["antivirus"]["quarantine"].update(in_a_share=True), "share"),
        ("quarantine_openings", lambda f: f["antivirus"]["quarantine"].update(listed_by_nobody=True), "sees into"),
        ("ways_to_stop_the_antivirus", lambda f: f["antivirus"]["locks"][1].update(open=True), "SHUTDOWN"),
        ("silent_antivirus", lambda f: f["antivirus"].update(untold=[]), "nobody is told"),
        ("silent_antivirus", lambda f: f["antivirus"]["timers"].update(watch={"active": False, "enabled": True}), ""),
        ("unsearched_media", lambda f: f["antivirus"]["media"].update(wanted=False), "nothing is to be searched"),
        ("unsearched_media", lambda f: f["antivirus"]["media"].update(active=False), "waits"),
        ("unsearched_media", lambda f: f["antivirus"]["media"].update(enabled=False), ""),
    ],
)
def test_what_offends_is_said_in_both_languages(name: str, change: Change, words: str) -> None:
    lines = observed(name, change)
    assert len(lines) == 1
    assert words in lines[0]
    assert said(lines[0], "fr") != lines[0] or lines[0] == "no route"


def test_without_shares_nothing_needs_to_answer_them() -> None:
    def no_shares(facts: dict[str, Any]) -> None:
        facts["antivirus"]["relay"].update(wanted=False, socket=False, active=False, enabled=False)

    assert observed("antivirus_not_running", no_shares) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("antivirus_not_running", lambda f: f["antivirus"].pop("relay")),
        ("malware_let_in", lambda f: f["malware_trial"]["untried"].append({"share": "atelier", "reason": "no answer"})),
        ("malware_let_in", lambda f: f["malware_trial"].update(attempts=[])),
        ("malware_not_found", lambda f: f["antivirus"].update(detection=[])),
        ("ways_to_stop_the_antivirus", lambda f: f["antivirus"].update(locks=[])),
        ("silent_antivirus", lambda f: f["antivirus"].pop("untold")),
    ],
)
def test_what_was_not_tried_is_no_answer(name: str, change: Change) -> None:
    with pytest.raises(MissingFact):
        observed(name, change)
