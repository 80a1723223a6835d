"""Observations about passwords that were tried; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.facts import Facts, MissingFact
from ansible.module_utils.policy.phrases import say


def character_classes_demanded(facts: Facts) -> int:
    """How many kinds of characters cannot be left out: one sample per kind was tried without it."""
    samples = [each for each in facts["logon_probe"]["samples"].some() if each["kind"] == "character_classes"]
    if not samples:
        raise MissingFact("logon_probe.samples: nothing of kind character_classes")
    return sum(1 for each in samples if not each["accepted"])


def old_password_uses(facts: Facts) -> list[str]:
    """Ways in which a password that was replaced is still good for something."""
    probe = facts["logon_probe"]
    found = [say("chosen_again")] if probe["previous_password_accepted"] else []
    return found + ([say("still_opens")] if probe["old_password_still_works"] else [])


def attempts_before_lockout(facts: Facts) -> Any:
    """Wrong attempts after which the right password was refused; None when it never was."""
    probe = facts["logon_probe"]
    attempts = probe["locked_after_attempts"]
    return attempts if attempts is not None and probe["right_password_refused_while_locked"] else None


#: By the name that the catalogue gives them.
PASSWORD_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function for function in (character_classes_demanded, old_password_uses, attempts_before_lockout)
}
