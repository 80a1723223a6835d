"""Compare what was observed with what is demanded."""

from __future__ import annotations

import math
from typing import Any

from ansible.module_utils.policy.facts import MissingFact


def meets(operator: str, observed: Any, expected: Any, none_is: str | None = None) -> bool:
    """Does the observed value meet the demand?

    :param none_is: "unlimited" when an absent limit counts as an endless one (a password that never expires).
    :raises MissingFact: nothing was observed, or something that cannot be compared.
    """
    if observed is None:
        if none_is != "unlimited":
            raise MissingFact("no value")
        observed = math.inf
    if operator in ("at_least", "at_most"):
        if isinstance(observed, bool) or not isinstance(observed, int | float):
            raise MissingFact(f"{observed!r} is not a number")
        return observed >= expected if operator == "at_least" else observed <= expected
    if operator == "equals":
        return bool(observed == expected)
    if not isinstance(observed, list):
        raise MissingFact(f"{observed!r} is not a list")
    found = {str(item).casefold() for item in observed}
    wanted = {str(item).casefold() for item in expected}
    if operator == "within":
        return found <= wanted
    if operator == "includes":
        return found >= wanted
    if operator == "excludes":
        return not found & wanted
    raise ValueError(f"unknown operator {operator}")


def behaves(expect: Any, observed: Any) -> bool:
    """Is the observed behaviour the expected one?

    :raises MissingFact: the observation is of another kind, or nothing was tried.
    """
    if expect == "empty":
        if not isinstance(observed, list):
            raise MissingFact(f"{observed!r} is not a list")
        return not observed
    if expect in ("each_true", "each_false"):
        if not isinstance(observed, list) or not observed or not all(isinstance(item, bool) for item in observed):
            raise MissingFact("nothing was tried")
        return all(item is (expect == "each_true") for item in observed)
    if not isinstance(observed, bool):
        raise MissingFact(f"{observed!r} is neither yes nor no")
    return observed is expect
