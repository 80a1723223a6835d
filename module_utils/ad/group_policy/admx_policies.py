"""Every policy that a definition may name, found by its full name or by its own when no other has it."""

from __future__ import annotations

from difflib import get_close_matches

from ansible.module_utils.ad.group_policy.admx_browsers import BROWSERS
from ansible.module_utils.ad.group_policy.admx_machine import MACHINE
from ansible.module_utils.ad.group_policy.admx_shell import SHELL
from ansible.module_utils.ad.group_policy.admx_table import AdmxError, Policy
from ansible.module_utils.ad.group_policy.admx_windows import WINDOWS
from ansible.module_utils.ad.group_policy.admx_workstations import WORKSTATIONS

POLICIES: dict[str, Policy] = {policy.id: policy for policy in (*WINDOWS, *WORKSTATIONS, *MACHINE, *BROWSERS, *SHELL)}
#: Loopback processing gives users the user settings of the computer they sit at: who wins is then another computation.
_LOOPBACK = {"grouppolicy/userpolicymode", "userpolicymode"}


def find_policy(name: str) -> Policy:
    """The policy of this name.

    :raises AdmxError: there is none, or several; the message says which there are.
    """
    if name.casefold() in _LOOPBACK:
        raise AdmxError(
            "loopback processing is not supported: which policy wins could not be told; link by unit instead"
        )
    if name in POLICIES:
        return POLICIES[name]
    called = [policy for policy in POLICIES.values() if policy.name == name]
    if len(called) == 1:
        return called[0]
    if called:
        raise AdmxError(f"several templates have a policy {name}; write {' or '.join(each.id for each in called)}")
    raise AdmxError(
        f"no policy {name!r} is known{did_you_mean(name, [*POLICIES, *(each.name for each in POLICIES.values())])}"
    )


def did_you_mean(given: str, known: list[str]) -> str:
    """The end of a sentence that proposes the nearest names; nothing when none is near."""
    lower = {name.casefold(): name for name in reversed(known)}
    near = get_close_matches(given.casefold(), lower, n=2, cutoff=0.6)
    return f"; did you mean {' or '.join(lower[name] for name in near)}?" if near else ""
