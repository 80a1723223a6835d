"""What is to be done today about each leaver's folder; pure, so that every case can be tried.

A person who left: the folder is archived as soon as it is seen, a copy is handed to the manager for some days, the archive is
destroyed at its date, counted from the day it was made. A person who is back gets it back. Whatever is not certain is
refused with its reason, and nothing of that person is touched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ansible.module_utils.linux.leaver_case import Case


@dataclass(frozen=True)
class Terms:
    """How long a copy is handed over and an archive is kept, in days from the first archive."""

    handover_days: int
    kept_days: int

    def copy_ends(self, case: Case | None, today: date) -> date:
        """The first day on which the manager reads no more."""
        return _begun(case, today) + timedelta(days=self.handover_days)

    def archive_ends(self, case: Case | None, today: date) -> date:
        """The day of its destruction."""
        return _begun(case, today) + timedelta(days=self.kept_days)


def _begun(case: Case | None, today: date) -> date:
    return date.fromisoformat(case.archived_on) if case else today


@dataclass(frozen=True)
class Seen:
    """What is on the disk of one person: the own folder in the share, and the copy beside it."""

    folder: bool = False
    copy: bool = False


@dataclass
class Steps:
    """What is to be done for one login, in this order; or why nothing is."""

    login: str
    steps: list[str] = field(default_factory=list)
    refused: str | None = None


def plan(
    login: str,
    person: Mapping[str, Any] | None,
    case: Case | None,
    seen: Seen,
    *,
    terms: Terms,
    today: date,
    open_accounts: Collection[str],
) -> Steps:
    """The steps for one login; person is None for somebody the list does not know any more."""
    if refusal := _refusal(login, person, case, today, open_accounts):
        return Steps(login, refused=refusal if case or seen.folder else None)
    status = person["status"] if person else "unknown"
    if status == "active":
        return Steps(login, (["withdraw"] if seen.copy else []) + ["give_back"]) if case else Steps(login)
    if status == "future":
        return Steps(login)
    return Steps(login, _of_leaver(person, case, seen, terms, today))


def _refusal(
    login: str, person: Mapping[str, Any] | None, case: Case | None, today: date, open_accounts: Collection[str]
) -> str | None:
    """Why it is not certain whose folder this is, or that they left."""
    if person and case and person["key"] != case.key:
        return f"the archive is that of another person who had this login ({case.key}); settle it by hand"
    if person and person["status"] == "left" and not (person["left_on"] and person["left_on"] < today.isoformat()):
        return "the list gives no day in the past on which they left; correct it"
    if (not person or person["status"] == "left") and login.casefold() in open_accounts:
        return (
            "the account is open; bring the directory in line with the list first, or take the last day out of the list"
        )
    return None


def _of_leaver(person: Mapping[str, Any] | None, case: Case | None, seen: Seen, terms: Terms, today: date) -> list[str]:
    steps = []
    # A folder that is nobody's of the list is not archived: who it belongs to is not known.
    archives = seen.folder and person is not None
    if case and any(not part.cleared for part in case.parts):
        steps.append("clear")
    elif archives:
        steps.append("archive")
    if case and today >= terms.archive_ends(case, today) and not archives:
        return (["withdraw"] if seen.copy else []) + ["destroy"]
    within = today < terms.copy_ends(case, today)
    if seen.copy and not within:
        steps.append("withdraw")
    elif within and person and person["manager"] and (case or archives) and _to_hand(case, archives, seen):
        steps.append("hand_over")
    return steps


def _to_hand(case: Case | None, archives: bool, seen: Seen) -> bool:
    """Whether there is something that the manager has not; a copy taken away by hand is not laid again."""
    if archives or case is None or case.handed_on is None:
        return True
    return case.handed_parts < len(case.parts)
