"""Observations of the web filter: empty when healthy, what offends when not, and nothing when it was not tried."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_web_filter import WEB_FILTER_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact

from tests.unit.policy import samples_web_filter as samples

Change = Callable[[dict[str, Any]], Any]


def observed(name: str, change: Change = lambda facts: None) -> Any:
    facts = samples.facts()
    change(facts["web_filter"])
    return WEB_FILTER_OBSERVERS[name](Facts(facts, "", set()))


@pytest.mark.parametrize("name", sorted(WEB_FILTER_OBSERVERS))
def test_a_healthy_filter_offends_in_nothing(name: str) -> None:
    assert observed(name) == []


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("witnesses_not_refused", lambda f: f["canary"]["wrong"].append("hate: open"), "hate: open"),
        ("witnesses_not_refused", lambda f: f["helpers"].update(of_squid=0), "no matcher"),
        (
            "answers_without_lists",
            lambda f: f["without_lists"][0].update(refused=False, answer="OK category_=none"),
            "lists missing: OK",
        ),
        ("broken_lists_taken", lambda f: f["bad_sources"][1].update(kept=False), "empty: the former list"),
        ("broken_lists_taken", lambda f: f["bad_sources"][0].update(alerted=False), "cut short: nobody"),
        ("list_update_troubles", lambda f: f["update"].update(error="no answer"), "no answer"),
        ("list_update_troubles", lambda f: f["update"]["troubles"].append("toulouse/adult: empty"), "adult: empty"),
        ("list_update_troubles", lambda f: f["timers"]["update"].update(enabled=False), "at boot"),
        ("list_update_troubles", lambda f: f["timers"]["update"].update(active=False), "not scheduled"),
        ("list_differences", lambda f: f["differences"].append("another database"), "another database"),
    ],
)
def test_what_offends_is_said(name: str, change: Change, said: str) -> None:
    (line,) = observed(name, change)
    assert said in line


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("witnesses_not_refused", lambda f: f["canary"].update(asked=0)),
        ("answers_without_lists", lambda f: f["without_lists"].clear()),
        ("broken_lists_taken", lambda f: f["bad_sources"].clear()),
        ("list_update_troubles", lambda f: f["update"].update(age_hours=None)),
        ("list_differences", lambda f: f.pop("differences")),
    ],
)
def test_what_was_not_tried_is_never_an_answer(name: str, change: Change) -> None:
    with pytest.raises(MissingFact):
        observed(name, change)
