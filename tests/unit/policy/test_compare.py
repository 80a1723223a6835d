"""Comparisons: what is missing is never an answer, and 'never' is not zero."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.policy.compare import behaves, meets
from ansible.module_utils.policy.facts import Facts, MissingFact, read_path


@pytest.mark.parametrize(
    ("operator", "observed", "expected", "met"),
    [
        ("at_least", 12, 12, True),
        ("at_least", 11, 12, False),
        ("at_most", 90, 90, True),
        ("at_most", 91, 90, False),
        ("at_most", None, 90, False),
        ("at_least", None, 15, True),
        ("equals", "a", "a", True),
        ("equals", "a", "b", False),
        ("within", ["Root"], ["root", "x"], True),
        ("within", ["root", "y"], ["root"], False),
        ("within", [], ["root"], True),
        ("includes", ["a", "b"], ["a"], True),
        ("includes", ["b"], ["a"], False),
        ("excludes", ["b"], ["a"], True),
        ("excludes", ["a"], ["a"], False),
    ],
)
def test_an_operator_compares(operator: str, observed: Any, expected: Any, met: bool) -> None:
    assert meets(operator, observed, expected, "unlimited") is met


@pytest.mark.parametrize(
    ("operator", "observed"),
    [("at_most", None), ("at_most", "90"), ("at_most", True), ("within", "root"), ("within", None)],
)
def test_what_cannot_be_compared_is_not_measured(operator: str, observed: Any) -> None:
    with pytest.raises(MissingFact):
        meets(operator, observed, [1] if operator == "within" else 1)


@pytest.mark.parametrize(
    ("expect", "observed", "good"),
    [
        (True, True, True),
        (True, False, False),
        (False, False, True),
        (False, True, False),
        ("empty", [], True),
        ("empty", ["x"], False),
        ("each_false", [False, False], True),
        ("each_false", [False, True], False),
        ("each_true", [True], True),
    ],
)
def test_a_behaviour_is_judged(expect: Any, observed: Any, good: bool) -> None:
    assert behaves(expect, observed) is good


@pytest.mark.parametrize(
    ("expect", "observed"),
    [(True, None), (False, 0), (False, []), ("empty", None), ("each_false", []), ("each_false", [None])],
)
def test_a_behaviour_that_was_not_tried_is_not_measured(expect: Any, observed: Any) -> None:
    with pytest.raises(MissingFact):
        behaves(expect, observed)


def facts() -> Facts:
    return Facts(
        {"probe": {"samples": [{"kind": "brand", "accepted": False}, {"kind": "name", "accepted": True}]}}, "", set()
    )


def test_a_path_with_a_filter_reads_the_items_of_that_kind() -> None:
    assert read_path(facts(), "probe.samples[kind=brand].accepted") == [False]


def test_a_filter_that_keeps_nothing_is_a_missing_fact() -> None:
    with pytest.raises(MissingFact, match="kind walk"):
        read_path(facts(), "probe.samples[kind=walk].accepted")
