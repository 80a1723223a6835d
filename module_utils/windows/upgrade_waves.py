"""Who is seen to when: waves that are small first, spread over departments, in the director's order, within agreed hours.

What always holds, whatever the park: a machine is in one wave or in none, with its reason; a wave never holds all machines of a
department that has several; nobody waits longer than agreed, unless a spare machine is lent, and no more are lent at a time
than there are.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_terms import ACTIONS, Terms

#: No campaign is planned further ahead: who needs more hours opens more of them.
_HORIZON = timedelta(days=366)
#: Machines that cannot wait, first.
_URGENCY = {True: 0, False: 1}


@dataclass(frozen=True)
class Machine:
    """A workstation, as far as its turn depends on it."""

    host: str
    department: str
    users: tuple[str, ...]
    #: upgrade, reinstall or replace; None for one that is left as it is, and counts for its department all the same.
    action: str | None
    isolate: bool = False
    #: When its Windows was installed, in seconds since 1970.
    installed_at: int | None = None
    #: The first day that suits.
    not_before: date = date.min


@dataclass(frozen=True)
class Slot:
    """Some hours of a day."""

    begins: datetime
    ends: datetime

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.ends - self.begins).total_seconds() / 3600


@dataclass(frozen=True)
class Turn:
    """A machine in its wave."""

    machine: Machine
    spare: bool


@dataclass
class Wave:
    """Machines that are seen to in the same hours."""

    number: int
    slot: Slot
    turns: list[Turn] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """All waves, and who has none, with the reason."""

    waves: tuple[Wave, ...]
    left_out: Mapping[str, str]


def slots(terms: Terms, not_before: date) -> Iterator[Slot]:
    """The agreed hours, the first ones first."""
    begin = max(terms.starts_on, not_before)
    days = (begin + timedelta(days=number) for number in range(_HORIZON.days))
    for day in days:
        if day in terms.closed:
            continue
        for window in sorted(terms.windows, key=lambda each: each.begins):
            if day.weekday() in window.days:
                yield Slot(datetime.combine(day, window.begins), datetime.combine(day, window.ends))


def within(terms: Terms, moment: datetime) -> bool:
    """Whether people may be disturbed now; the moment is that of the site's clocks."""
    return moment.date() not in terms.closed and any(
        moment.weekday() in window.days and window.begins <= moment.time() < window.ends for window in terms.windows
    )


def plan(
    machines: Sequence[Machine], terms: Terms, not_before: date, busy: Sequence[tuple[datetime, datetime]] = ()
) -> Plan:
    """Give every machine its turn.

    :param busy: hours in which other machines have theirs: spare machines and departments are counted in a wave alone
    :raises UpgradeError: a host is given twice, or an action is none.
    """
    _check(machines)
    sizes = Counter(machine.department for machine in machines)
    left_out: dict[str, str] = {}
    waiting = []
    for machine in _ordered(machines, terms):
        why = _impossible(machine, sizes, terms)
        if why:
            left_out[machine.host] = why
        else:
            waiting.append(machine)
    waves: list[Wave] = []
    for slot in slots(terms, not_before):
        if not waiting:
            break
        if any(slot.begins < ends and begins < slot.ends for begins, ends in busy):
            continue
        limit = terms.wave_sizes[min(len(waves), len(terms.wave_sizes) - 1)]
        turns = _fill(waiting, slot, limit, sizes, terms)
        if turns:
            waves.append(Wave(len(waves) + 1, slot, turns))
            taken = {turn.machine.host for turn in turns}
            waiting = [machine for machine in waiting if machine.host not in taken]
    left_out.update({machine.host: "no_slot_within_a_year" for machine in waiting})
    return Plan(tuple(waves), left_out)


def _check(machines: Sequence[Machine]) -> None:
    for host, times in Counter(machine.host for machine in machines).items():
        if times > 1:
            raise UpgradeError(f"{host}: is given {times} times; keep one")
    for machine in machines:
        if machine.action not in (None, *ACTIONS):
            raise UpgradeError(f"{machine.host}: {machine.action!r} is no action; write {', '.join(ACTIONS)}")


def _ordered(machines: Iterable[Machine], terms: Terms) -> list[Machine]:
    """The director's order, then old releases, then one of each department in turn."""
    place = {name.casefold(): number for number, name in enumerate(terms.priority)}
    seen: Counter[str] = Counter()
    keyed = []
    for machine in sorted(machines, key=lambda each: (_URGENCY[each.isolate], each.host)):
        if machine.action is None:
            continue
        names = (machine.host, machine.department, *machine.users)
        rank = min((place[name.casefold()] for name in names if name.casefold() in place), default=len(place))
        keyed.append(((rank, _URGENCY[machine.isolate], seen[machine.department], machine.host), machine))
        seen[machine.department] += 1
    return [machine for _, machine in sorted(keyed, key=lambda each: each[0])]


def _hours(machine: Machine, terms: Terms) -> float:
    return terms.user_hours[machine.action] if machine.action else 0.0


def needs_spare(machine: Machine, sizes: Mapping[str, int], terms: Terms) -> bool:
    """Whether somebody must be lent a machine: the work takes longer than agreed, or nobody of the department is left."""
    return _hours(machine, terms) > terms.most_user_hours or sizes[machine.department] == 1


def _impossible(machine: Machine, sizes: Mapping[str, int], terms: Terms) -> str | None:
    longest = max((window.hours for window in terms.windows), default=0.0)
    if _hours(machine, terms) > longest:
        return "longer_than_every_window"
    if needs_spare(machine, sizes, terms) and not terms.spares:
        return "no_spare_machine"
    return None


def most_of(department: str, sizes: Mapping[str, int], terms: Terms) -> int:
    """How many machines of a department may be away at a time: never all, but for one that stands alone."""
    share = math.floor(sizes[department] * terms.department_percent / 100)
    return max(1, min(share, sizes[department] - 1))


def _fill(waiting: Sequence[Machine], slot: Slot, limit: int, sizes: Mapping[str, int], terms: Terms) -> list[Turn]:
    turns: list[Turn] = []
    away: Counter[str] = Counter()
    people: set[str] = set()
    lent = 0
    for machine in waiting:
        spare = needs_spare(machine, sizes, terms)
        if (
            len(turns) < limit
            and _hours(machine, terms) <= slot.hours
            and away[machine.department] < most_of(machine.department, sizes, terms)
            and people.isdisjoint(machine.users)
            and machine.not_before <= slot.begins.date()
            and lent + spare <= terms.spares
        ):
            turns.append(Turn(machine, spare))
            away[machine.department] += 1
            people.update(machine.users)
            lent += spare
    return turns
