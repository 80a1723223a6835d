"""What is to be done about each leaver's folder, day by day; nothing is done that is not certain."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from ansible.module_utils.linux.leaver_case import Case, Part
from ansible.module_utils.linux.leaver_plan import Seen, Steps, Terms, plan

TODAY = date(2026, 11, 21)
TERMS = Terms(handover_days=30, kept_days=180)
IN_SHARE, COPY, GONE = Seen(folder=True), Seen(copy=True), Seen()
LEFT = {"key": "k1", "status": "left", "left_on": "2026-11-20", "manager": "boss"}
BACK = {**LEFT, "status": "active", "left_on": None}


def case(archived_on: str = "2026-11-21", *, cleared: bool = True, handed: int = 1) -> Case:
    part = Part(1, "aa", 1, 1, archived_on, cleared)
    handed_on = archived_on if handed else None
    return Case("ann", "k1", "2026-11-20", archived_on, [part], "boss" if handed else None, handed_on, handed)


def planned(
    person: dict[str, Any] | None,
    known: Case | None,
    seen: Seen,
    today: date = TODAY,
    open_accounts: tuple[str, ...] = (),
) -> Steps:
    return plan("ann", person, known, seen, terms=TERMS, today=today, open_accounts=open_accounts)


@pytest.mark.parametrize(
    ("person", "known", "seen", "today", "steps"),
    [
        (LEFT, None, IN_SHARE, TODAY, ["archive", "hand_over"]),
        (LEFT, None, GONE, TODAY, []),
        (LEFT, case(), COPY, TODAY, []),
        # The manager took the copy away: it is not laid again.
        (LEFT, case(), GONE, TODAY, []),
        # Cut off between the archive and the end of the folder, or before the copy was whole.
        (LEFT, case(cleared=False, handed=0), IN_SHARE, TODAY, ["clear", "hand_over"]),
        (LEFT, case(handed=0), COPY, TODAY, ["hand_over"]),
        # Somebody restored the folder.
        (LEFT, case(), Seen(folder=True, copy=True), TODAY, ["archive", "hand_over"]),
        ({**LEFT, "manager": None}, None, IN_SHARE, TODAY, ["archive"]),
        (LEFT, case(), COPY, date(2026, 12, 20), []),
        (LEFT, case(), COPY, date(2026, 12, 21), ["withdraw"]),
        (LEFT, case(), GONE, date(2027, 5, 19), []),
        (LEFT, case(), GONE, date(2027, 5, 20), ["destroy"]),
        (LEFT, case(), COPY, date(2027, 6, 1), ["withdraw", "destroy"]),
        # Nobody whom the list knows any more: what is kept ends at its date, a folder is not archived.
        (None, case(), COPY, date(2027, 6, 1), ["withdraw", "destroy"]),
        (None, None, IN_SHARE, TODAY, []),
        # Back before the end; and about to be.
        (BACK, case(), COPY, TODAY, ["withdraw", "give_back"]),
        (BACK, case(), IN_SHARE, date(2030, 1, 1), ["give_back"]),
        (BACK, None, IN_SHARE, TODAY, []),
        ({**LEFT, "status": "future"}, case(), COPY, date(2030, 1, 1), []),
    ],
)
def test_each_day_has_its_steps(
    person: dict[str, Any] | None, known: Case | None, seen: Seen, today: date, steps: list[str]
) -> None:
    found = planned(person, known, seen, today)
    assert (found.steps, found.refused) == (steps, None)


@pytest.mark.parametrize(
    ("person", "known", "seen", "open_accounts", "said"),
    [
        (LEFT, None, IN_SHARE, ("ann",), "the account is open"),
        (None, case(), GONE, ("ann",), "the account is open"),
        ({**LEFT, "left_on": "2026-11-21"}, None, IN_SHARE, (), "no day in the past"),
        ({**LEFT, "left_on": None}, None, IN_SHARE, (), "no day in the past"),
        ({**LEFT, "left_on": "2027-01-31"}, case("2020-01-01"), GONE, (), "no day in the past"),
        ({**LEFT, "key": "k2"}, case(), IN_SHARE, (), "another person"),
        ({**BACK, "key": "k2"}, case(), GONE, (), "another person"),
    ],
)
def test_what_is_not_certain_is_refused(
    person: dict[str, Any] | None, known: Case | None, seen: Seen, open_accounts: tuple[str, ...], said: str
) -> None:
    found = planned(person, known, seen, open_accounts=open_accounts)
    assert found.steps == []
    assert said in str(found.refused)


def test_somebody_who_left_nothing_is_not_refused() -> None:
    assert planned(LEFT, None, GONE, open_accounts=("ann",)) == Steps("ann")
