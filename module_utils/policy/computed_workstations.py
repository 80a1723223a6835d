"""Observations about workstations that are worked out from several facts; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.computed_windows import WINDOWS_OBSERVERS
from ansible.module_utils.policy.facts import Facts
from ansible.module_utils.policy.phrases import say


def sessions_opened_without_the_password(facts: Facts) -> list[str]:
    """Ways in which the workstation opened a session without the right password."""
    probe = facts["session_probe"]
    found = [say("wrong_password")] if probe["opened_with_wrong_password"] else []
    return found + ([say("no_password")] if probe["opened_without_password"] else [])


def _local_accounts(facts: Facts) -> list[Facts]:
    return list(facts["linux_host"]["local_accounts"].some())


def local_accounts_without_password(facts: Facts) -> list[str]:
    """Local accounts whose password field is empty."""
    return [account["login"] for account in _local_accounts(facts) if account["password"] == "empty"]


def local_password_accounts(facts: Facts) -> list[str]:
    """Local accounts that a password, or none, opens."""
    return [account["login"] for account in _local_accounts(facts) if account["password"] != "locked"]


def local_hash_methods(facts: Facts) -> list[str]:
    """How local passwords are kept, and how new ones will be."""
    used = {account["password"] for account in _local_accounts(facts)} - {"locked", "empty"}
    return sorted(used | {facts["linux_host"]["password_hash_method"]})


def clock_offset(facts: Facts) -> Any:
    """How far the clock is from its source, in seconds; None when it follows none."""
    clock = facts["linux_host"]["clock"]
    return abs(clock["offset_seconds"]) if clock["synchronised"] else None


#: By the name that the catalogue gives them.
WORKSTATION_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    **{
        function.__name__: function
        for function in (
            sessions_opened_without_the_password,
            local_accounts_without_password,
            local_password_accounts,
            local_hash_methods,
            clock_offset,
        )
    },
    **WINDOWS_OBSERVERS,
}
