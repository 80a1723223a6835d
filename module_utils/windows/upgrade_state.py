"""The way of one machine through its renewal: which step is next, which was begun, how it ended. Pure: no disk, no clock.

A step is noted before it is taken and when it is over. Whatever is cut off between the two leaves a step that was begun; what
may be repeated is repeated, and what may not (the installation) is decided by looking at the machine.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ansible.module_utils.windows.upgrade_data import UpgradeError

#: What is done of a machine, in order, by what becomes of it.
PATHS: Mapping[str, tuple[str, ...]] = {
    "upgrade": ("notice", "backup", "backup_check", "preflight", "scan", "install", "verify"),
    "reinstall": ("notice", "backup", "backup_check", "by_hand", "verify"),
    "replace": ("notice", "backup", "backup_check", "by_hand", "verify"),
}
#: Steps that take the machine away from its user.
DISRUPTIVE = frozenset({"install", "by_hand", "roll_back"})
#: Steps that are never taken again without looking first.
ONCE = frozenset({"install", "by_hand", "roll_back"})
_INSTALLS = frozenset({"install", "by_hand"})
WAITING, ACTIVE, DONE, ROLLED_BACK, SET_ASIDE = "waiting", "active", "done", "rolled_back", "set_aside"
STATUSES = (WAITING, ACTIVE, DONE, ROLLED_BACK, SET_ASIDE)
ENDED = frozenset({DONE, ROLLED_BACK, SET_ASIDE})
FAILED = frozenset({ROLLED_BACK, SET_ASIDE})


@dataclass(frozen=True)
class Record:
    """Everything that is known of one machine's renewal."""

    host: str
    action: str
    wave: int
    begins: str
    ends: str
    users: tuple[str, ...] = ()
    spare: bool = False
    status: str = WAITING
    #: The next step, or the one that was begun.
    step: str = "notice"
    begun: bool = False
    reason: str | None = None
    #: When the Windows was installed that the plan was made for, in seconds since 1970.
    installed_at: int | None = None
    #: How often the user asked for another day.
    postponed: int = 0
    #: How often the installation was really started.
    installs: int = 0
    history: tuple[Mapping[str, Any], ...] = field(default=())

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Record:
        """A record as it was kept.

        :raises UpgradeError: it cannot be understood.
        """
        try:
            found = cls(**{**data, "users": tuple(data["users"]), "history": tuple(data["history"])})
        except (TypeError, KeyError) as error:
            raise UpgradeError(f"cannot be understood ({error})") from error
        if found.action not in PATHS or found.status not in STATUSES or found.step not in (*steps(found), "roll_back"):
            raise UpgradeError(f"cannot be understood ({found.action}, {found.status}, {found.step})")
        return found


def steps(record: Record) -> tuple[str, ...]:
    """The steps of a machine."""
    return PATHS[record.action]


def begin(record: Record, step: str, at: datetime) -> Record:
    """A step is about to be taken.

    :raises UpgradeError: it is not this machine's next step.
    """
    _expect(record, step)
    noted = _noted(record, at, step, "begun")
    return replace(noted, status=ACTIVE, begun=True, installs=record.installs + (step in _INSTALLS))


def again(record: Record, step: str, at: datetime) -> Record:
    """A step that was begun turned out never to have reached the machine."""
    _expect_begun(record, step)
    noted = _noted(record, at, step, "never_reached_the_machine")
    return replace(noted, begun=False, installs=record.installs - (step in _INSTALLS))


def finish(record: Record, step: str, at: datetime, detail: str | None = None) -> Record:
    """A step that was begun is over."""
    _expect_begun(record, step)
    noted = _noted(record, at, step, "over", detail)
    if step == "roll_back":
        return replace(noted, status=ROLLED_BACK, begun=False)
    path = steps(record)
    place = path.index(step) + 1
    if place == len(path):
        return replace(noted, status=DONE, begun=False, reason=None)
    return replace(noted, step=path[place], begun=False)


def fail(record: Record, step: str, at: datetime, reason: str, back: bool = False) -> Record:
    """A step failed. A machine that came back as it was is rolled back; what failed the verification is to be rolled back.

    :param back: the machine answers, with the release that it had.
    """
    _expect_begun(record, step)
    noted = replace(_noted(record, at, step, "failed", reason), begun=False, reason=reason)
    if step == "verify" and record.action == "upgrade":
        return replace(noted, step="roll_back")
    return replace(noted, status=ROLLED_BACK if back and step == "install" else SET_ASIDE)


def postpone(record: Record, at: datetime, reason: str) -> Record:
    """The user asked for another day; nothing of the machine was touched yet.

    :raises UpgradeError: the machine is being seen to, or its renewal is over.
    """
    if record.status in ENDED or (record.step in DISRUPTIVE and record.begun) or record.step in ("verify", "roll_back"):
        raise UpgradeError(f"{record.host}: cannot be postponed any more ({record.status}, {record.step})")
    noted = _noted(record, at, record.step, "postponed", reason)
    return replace(noted, status=WAITING, step="notice", begun=False, reason=reason, postponed=record.postponed + 1)


def moved(record: Record, turn: Record, at: datetime) -> Record:
    """The machine has another turn; its user is told of it.

    :param turn: the machine as it was planned anew
    """
    if record.status in ENDED or record.step in ("verify", "roll_back") or (record.step in DISRUPTIVE and record.begun):
        raise UpgradeError(f"{record.host}: has no other turn ({record.status}, {record.step})")
    return _with_turn(record, turn, at, "moved")


def retried(record: Record, turn: Record, at: datetime) -> Record:
    """Somebody mended what was in the way of a machine that had been set aside or came back as it was.

    :raises UpgradeError: the machine is done or still on its way.
    """
    if record.status not in FAILED:
        raise UpgradeError(f"{record.host}: nothing is to be tried again ({record.status})")
    return replace(_with_turn(record, turn, at, "tried_again"), reason=None, installs=0)


def _with_turn(record: Record, turn: Record, at: datetime, event: str) -> Record:
    noted = _noted(record, at, record.step, event, f"{turn.wave}: {turn.begins}")
    return replace(
        turn, postponed=record.postponed, reason=record.reason, installs=record.installs, history=noted.history
    )


def was_postponed(record: Record) -> bool:
    """Whether the machine waits for a turn in the place of one that its user did not want."""
    return bool(record.history) and record.history[-1]["event"] == "postponed"


def notice_id(record: Record) -> str:
    """The same for the same turn, so that a notice that is sent again after a cut is known as the same."""
    return f"{record.host}.{record.wave}.{record.postponed}".lower()


def _expect(record: Record, step: str) -> None:
    if record.status in ENDED:
        raise UpgradeError(f"{record.host}: its renewal is over ({record.status}); nothing is begun")
    if step != record.step:
        raise UpgradeError(f"{record.host}: the next step is {record.step}, not {step}")


def _expect_begun(record: Record, step: str) -> None:
    _expect(record, step)
    if not record.begun:
        raise UpgradeError(f"{record.host}: the step {step} was never begun; begin it first")


def _noted(record: Record, at: datetime, step: str, event: str, detail: str | None = None) -> Record:
    line: dict[str, Any] = {"at": at.isoformat(timespec="seconds"), "step": step, "event": event}
    return replace(record, history=(*record.history, {**line, "detail": detail} if detail else line))
