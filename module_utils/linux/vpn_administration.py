"""Try to open an administrator's session over ssh with each thing that is asked, and without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ansible.module_utils.linux import ssh_session
from ansible.module_utils.linux.vpn_trial import wrong


@dataclass(frozen=True)
class Door:
    """Where a session is to be opened: arguments of ssh that say how the host is reached and known."""

    address: str
    arguments: Sequence[str]


def opens(door: Door, login: str, password: str, code: str) -> bool:
    """Whether these open a session.

    :raises SessionError: no answer that is about them.
    """
    return ssh_session.opens(door.address, door.arguments, login, password, code)


def sessions(door: Door, login: str, password: str, give: Callable[[], Callable[[int], str]]) -> dict[str, bool]:
    """What opens a session; the good attempt comes last too, so that what was refused was not refused by a dead service."""
    one_time = give()
    used = one_time(0)
    found = {"with_password_and_code": opens(door, login, password, used)}
    found["with_used_code"] = opens(door, login, password, used)
    found["with_wrong_code"] = opens(door, login, password, wrong(one_time))
    found["with_password_alone"] = opens(door, login, password, "")
    found["with_code_alone"] = opens(door, login, "", give()(0))
    found["with_password_and_code"] &= opens(door, login, password, give()(0))
    return found
