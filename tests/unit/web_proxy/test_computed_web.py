"""Observations of the way to the Web: empty when healthy, what offends when not, and nothing when it was not tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_web import WEB_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact

from tests.unit.policy import samples_web as samples

Change = Callable[[dict[str, Any]], Any]
TYPES = ["exe", "iso", "msi", "scr", "torrent"]


def observed(name: str, change: Change = lambda facts: None) -> Any:
    facts = samples.facts()
    change(facts)
    return WEB_OBSERVERS[name](Facts(facts, "", set()))


def about(facts: dict[str, Any], subject: str) -> dict[str, Any]:
    return next(one for one in facts["web_access"]["attempts"] if one["subject"] == subject)


def reached(subject: str, answer: str = "allowed") -> Change:
    return lambda facts: about(facts, subject).update(answer=answer, page=None)


@pytest.mark.parametrize("name", sorted(set(WEB_OBSERVERS) - {"download_types_refused"}))
def test_a_healthy_way_to_the_web_offends_in_nothing(name: str) -> None:
    assert observed(name) == []


def test_the_types_that_are_refused_are_named() -> None:
    assert observed("download_types_refused") == TYPES


def test_a_type_that_is_refused_for_another_reason_does_not_count() -> None:
    def change(facts: dict[str, Any]) -> None:
        about(facts, "download")["page"]["reason"] = "directory"

    assert observed("download_types_refused", change) == TYPES[1:]


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("web_reached_without_login", reached("anonymous"), "nobody"),
        ("web_reached_without_login", lambda f: f["web_login"].update(wrong_password="allowed"), "wrong_password"),
        ("web_reached_without_login", lambda f: f["web_login"].update(closed_account="unreachable"), "closed_account"),
        ("web_logins_that_do_not_work", lambda f: f["web_login"].update(right_password="asked"), "right password"),
        ("web_logins_that_do_not_work", reached("allowed", "asked"), "www.administration"),
        ("forbidden_categories_reached", reached("category"), "pornography"),
        ("forbidden_categories_reached", reached("category", "unreachable"), "pornography"),
        ("forbidden_categories_reached", lambda f: about(f, "category")["page"].update(reason="filter"), "pornography"),
        ("legitimate_sites_refused", reached("allowed", "unreachable"), "www.administration"),
        ("exceptions_that_do_not_open", reached("exception", "refused"), "hacking"),
        (
            "refusals_without_explanation",
            lambda f: about(f, "admin")["page"].update(names_clause=False),
            "names_clause",
        ),
        ("messaging_reached", reached("messaging"), "chat"),
        ("approved_tools_refused", reached("approved", "refused"), "calls"),
        ("personal_mail_reached", reached("personal_mail"), "mail"),
        ("sharing_reached", reached("sharing"), "tracker"),
        ("downloads_refused_to_support", lambda f: f["web_access"]["attempts"][-1].update(answer="refused"), "exe"),
        ("administrators_with_internet", reached("admin"), "administrator"),
        ("bypasses_that_work", reached("bypass"), "192.0.2.1"),
        ("bypasses_that_work", lambda f: f["web_access"]["direct"][0].update(passed=True), "beside the proxy"),
        ("silences_that_open", lambda f: f["web_proxy"]["silence"]["filter"].update(refused=False), "filter"),
        (
            "browsers_left_without_proxy",
            lambda f: f["web_access"]["configuration"][0].update(served=False),
            "not served",
        ),
        (
            "requests_without_a_name",
            lambda f: f["web_proxy"]["trail"]["requests"][0].update(under_name=False),
            "another name",
        ),
        ("what_the_proxy_keeps_or_tells", lambda f: f["web_proxy"]["settings"].update(kept_pages=True), "kept pages"),
        (
            "what_the_proxy_keeps_or_tells",
            lambda f: f["web_proxy"]["trail"]["contents"].append("access.log"),
            "access.log",
        ),
        ("weak_keys_of_the_proxy", lambda f: f["web_proxy"]["keys"].update(old_seals=True), "old seals"),
    ],
)
def test_what_offends_is_named(name: str, change: Change, said: str) -> None:
    assert said in " ".join(observed(name, change))


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("forbidden_categories_reached", "category"),
        ("bypasses_that_work", "bypass"),
        ("administrators_with_internet", "admin"),
        ("messaging_reached", "messaging"),
        ("legitimate_sites_refused", "allowed"),
    ],
)
def test_what_was_not_tried_is_never_green(name: str, subject: str) -> None:
    def drop(facts: dict[str, Any]) -> None:
        kept = [one for one in facts["web_access"]["attempts"] if one["subject"] != subject]
        facts["web_access"]["attempts"] = kept

    with pytest.raises(MissingFact):
        observed(name, drop)


def test_a_request_without_an_answer_keeps_everything_from_being_green() -> None:
    def change(facts: dict[str, Any]) -> None:
        facts["web_access"]["untried"].append({"kind": "ordinary", "target": "x", "reason": "no answer"})

    with pytest.raises(MissingFact, match="no answer"):
        observed("forbidden_categories_reached", change)
