"""May this step be taken now, and how did it end: between whoever does the work (a play, a rehearsal) and the kept state.

Every call reads the state, decides and keeps the outcome under one lock, so that plays for many machines run side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from ansible.module_utils.windows import upgrade_state as state
from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_setup import DONE, RETRY, setup_said
from ansible.module_utils.windows.upgrade_state import Record
from ansible.module_utils.windows.upgrade_store import Store, planned_records, slot_of
from ansible.module_utils.windows.upgrade_terms import Terms
from ansible.module_utils.windows.upgrade_waves import Machine, plan, within

#: Longer than that nobody waits for a machine that does not answer.
PATIENCE = timedelta(hours=3)
#: Two ways to read when a Windows was installed differ by hours, where clocks are put forward.
_SAME_INSTALLATION = timedelta(days=1)
#: What is saved and looked at earlier says too little of the day itself.
FRESH = timedelta(hours=24)


@dataclass(frozen=True)
class Answer:
    """Whether a step is taken, looked at first, or not taken, and why."""

    go: bool
    why: str
    look: bool = False


@dataclass(frozen=True)
class Seen:
    """What a look at a machine shows; nothing is known of one that does not answer."""

    answers: bool
    build: int | None = None
    #: Whether setup is at work.
    running: bool = False
    #: With what setup ended; None when it was never started.
    exit_code: int | None = None
    #: When its Windows was installed, in seconds since 1970.
    installed_at: int | None = None


class Campaign:
    """A campaign that goes on from where it was."""

    def __init__(self, store: Store, terms: Terms, forced: Sequence[str] = ()) -> None:
        self.store, self.terms, self.forced = store, terms, frozenset(forced)

    def begin(self, host: str, step: str, now: datetime) -> Answer:
        """Note that a step is about to be taken, when it may be."""
        with self.store.locked():
            answer = self.may(host, step, now)
            if answer.go:
                self.store.keep(state.begin(self.store.record(host), step, now))
            return answer

    def may(self, host: str, step: str, now: datetime) -> Answer:
        """Whether a step may be taken; nothing is noted."""
        record = self.store.record(host)
        path = (*state.steps(record), "roll_back")
        if record.status in state.ENDED:
            return Answer(False, f"over_{record.status}")
        if step not in path:
            return Answer(False, "no_step_of_this_machine")
        if step != record.step:
            return Answer(False, "already_over" if path.index(step) < path.index(record.step) else "not_yet")
        if record.begun and step in state.ONCE:
            return Answer(False, "was_begun", look=True)
        why_not = self._refusal(record, step, now)
        return Answer(False, why_not) if why_not else Answer(True, "again" if record.begun else "begun")

    def due(self, now: datetime) -> list[str]:
        """For whom something may be done now, if it is but a look at what was begun."""
        answers = {record.host: self.may(record.host, record.step, now) for record in self.store.records()}
        return [host for host, answer in answers.items() if answer.go or answer.look]

    def finish(self, host: str, step: str, now: datetime, detail: str | None = None) -> Record:
        """A step is over."""
        with self.store.locked():
            return self._kept(state.finish(self.store.record(host), step, now, detail))

    def fail(self, host: str, step: str, now: datetime, reason: str) -> Record:
        """A step failed."""
        with self.store.locked():
            return self._kept(state.fail(self.store.record(host), step, now, reason))

    def postpone(self, host: str, now: datetime, reason: str) -> Record:
        """The user asked for another day."""
        with self.store.locked():
            return self._kept(state.postpone(self.store.record(host), now, reason))

    def postpone_turns(self, days: Mapping[str, date], now: datetime, write: bool) -> list[str]:
        """Note who asked for another day than that of their turn; a turn that has moved since is left as it is."""
        known = {record.host: record for record in self.store.records()}
        unknown = sorted(set(days) - set(known))
        if unknown:
            raise UpgradeError(f"{unknown[0]}: has no turn in the campaign; nothing is to be postponed")
        asked = [host for host, day in days.items() if _turn_of(known[host], day)]
        for host in asked if write else ():
            self.postpone(host, now, "another_day_was_asked_for")
        return asked

    def seen(self, host: str, now: datetime, look: Seen) -> Record:
        """What a look at a machine says of the installation that was begun.

        A machine that runs the new release has it, whatever else was cut off. One that still runs the old one, without a
        trace of setup, was never reached. Any other end is a failure, and silence is one after a while.
        """
        with self.store.locked():
            record = self.store.record(host)
            if record.step not in state.ONCE or not record.begun:
                raise UpgradeError(f"{host}: nothing was begun that would have to be looked at ({record.step})")
            return self._kept(self._after_look(record, now, look))

    def _after_look(self, record: Record, now: datetime, look: Seen) -> Record:
        step = record.step
        if not look.answers:
            # A technician switches the machine off and says so; what is done from afar has to come back by itself.
            patient = step == "by_hand" or now - _since(record) < PATIENCE
            return record if patient else state.fail(record, step, now, "no_return_after_restart")
        if look.running or look.build is None:
            return record
        if step == "by_hand" and not _is_another(record, look):
            return record
        if (look.build >= self.terms.target_build) is (step != "roll_back"):
            return state.finish(record, step, now, str(look.build))
        if look.exit_code is None:
            return state.again(record, step, now)
        return state.fail(record, step, now, _failure(step, look.exit_code), back=True)

    def excuse(self, hosts: Sequence[str]) -> None:
        """Somebody looked at these failures: the waves go on."""
        with self.store.locked():
            known = {record.host for record in self.store.records() if record.status in state.FAILED}
            unknown = sorted(set(hosts) - known)
            if unknown:
                raise UpgradeError(f"{unknown[0]}: has not failed; name machines that were set aside or rolled back")
            self.store.excuse(self.store.excused() | set(hosts))

    def stopped(self) -> Mapping[int, list[str]]:
        """Waves in which too many failed, with the machines."""
        failed: dict[int, list[str]] = {}
        excused = self.store.excused()
        for record in self.store.records():
            if record.status in state.FAILED and record.host not in excused:
                failed.setdefault(record.wave, []).append(record.host)
        return {wave: hosts for wave, hosts in failed.items() if len(hosts) >= self.terms.stop_at_failures}

    def replan(
        self, machines: Sequence[Machine], now: datetime, not_before: date, retry: Sequence[str] = ()
    ) -> list[Record]:
        """Keep the turns that `turns` gives, and say which."""
        with self.store.locked():
            changed, left_out = self.turns(machines, now, not_before, retry)
            known = {record.host for record in self.store.records()}
            self.store.excuse(self.store.excused() - {record.host for record in changed})
            self.store.add([record for record in changed if record.host not in known], left_out)
            return [self._kept(record) for record in changed]

    def turns(
        self, machines: Sequence[Machine], now: datetime, not_before: date, retry: Sequence[str] = ()
    ) -> tuple[list[Record], Mapping[str, str]]:
        """Another turn for who postponed or missed the one they had, and for failures that somebody mended; a first one
        for machines that nothing could be decided of before. And who of those can be given none. Nothing is kept.

        :param machines: the whole park, as the departments count; actions of machines with a turn decide nothing here.
        """
        records = {record.host: record for record in self.store.records()}
        late = _late(records, now, retry)
        lost = sorted(set(late) - {machine.host for machine in machines})
        if lost:
            raise UpgradeError(f"{lost[0]}: is not among the machines of the site; read them all again")
        held = {host: late[host].action if host in late else None for host in records}
        park = [
            replace(each, action=held.get(each.host, each.action), not_before=_another_day(late.get(each.host)))
            for each in machines
        ]
        busy = [slot_of(each) for each in records.values() if each.host not in late and each.status not in state.ENDED]
        planned = plan(park, self.terms, not_before, busy)
        last = max((record.wave for record in records.values()), default=0)
        changed = []
        for first in planned_records(planned):
            turn, record = replace(first, wave=last + first.wave), records.get(first.host)
            if record:
                change = state.retried if record.status in state.FAILED else state.moved
                turn = change(record, turn, now)
            changed.append(turn)
        without = {**self.store.left_out(), **planned.left_out}
        settled = {*records, *(turn.host for turn in changed)}
        return changed, {host: why for host, why in without.items() if host not in settled}

    def _kept(self, record: Record) -> Record:
        self.store.keep(record)
        return record

    def _refusal(self, record: Record, step: str, now: datetime) -> str | None:
        """Why a step is not begun now. What goes back to how it was, or only looks, is never held up."""
        if step in ("verify", "roll_back"):
            return None
        if state.was_postponed(record):
            return "waits_for_another_turn"
        first = step == state.steps(record)[0]
        if not first and record.host not in self.forced and now < slot_of(record)[0] - FRESH:
            return "too_early_for_what_is_saved_to_be_fresh"
        why = self._stop(record) if first or step in state.DISRUPTIVE else None
        if why or step not in state.DISRUPTIVE or record.host in self.forced:
            return why
        return self._hours(record, now)

    def _stop(self, record: Record) -> str | None:
        stopped = self.stopped()
        if record.wave in stopped:
            return f"wave_stopped_by_{len(stopped[record.wave])}_failures"
        return "an_earlier_wave_is_stopped" if any(wave < record.wave for wave in stopped) else None

    def _hours(self, record: Record, now: datetime) -> str | None:
        begins, ends = slot_of(record)
        # Hours that the client closed since it was planned are no longer agreed.
        if not begins <= now < ends or not within(self.terms, now):
            return "outside_the_hours_agreed"
        late = now + timedelta(hours=self.terms.user_hours[record.action]) > ends
        return "too_late_to_end_in_the_hours_agreed" if late else None


def _failure(step: str, exit_code: int) -> str:
    """Why the machine still runs what it ran."""
    if step == "roll_back":
        return "was_not_rolled_back"
    said = setup_said(exit_code)
    # Setup hands over to a restart with a good code: an old release after it means that the restart undid it.
    return "rolled_back_by_setup" if said.verdict in (DONE, RETRY) else f"{said.name}_{said.shown}"


def _late(records: Mapping[str, Record], now: datetime, retry: Sequence[str]) -> dict[str, Record]:
    """Who needs another turn."""
    unknown = sorted(host for host in retry if host not in records)
    if unknown:
        raise UpgradeError(f"{unknown[0]}: has no turn in the campaign; nothing is to be tried again")
    return {
        host: record
        for host, record in records.items()
        if (host in retry and record.status in state.FAILED) or _missed(record, now)
    }


def _another_day(late: Record | None) -> date:
    """The first day after the one that did not suit."""
    return slot_of(late)[0].date() + timedelta(days=1) if late and state.was_postponed(late) else date.min


def _turn_of(record: Record, day: date) -> bool:
    """Whether the machine still has its turn on that day, and has not asked for another one yet."""
    return record.status not in state.ENDED and slot_of(record)[0].date() == day and not state.was_postponed(record)


def _missed(record: Record, now: datetime) -> bool:
    """A turn that passed before anything of the machine was touched, or that its user did not want."""
    if record.status in state.ENDED or record.step in ("verify", "roll_back"):
        return False
    if record.step in state.DISRUPTIVE and record.begun:
        return False
    return state.was_postponed(record) or slot_of(record)[1] <= now


def _is_another(record: Record, look: Seen) -> bool:
    """Whether another Windows answers than the one that the plan was made for, whatever its release."""
    if look.installed_at is None:
        return False
    day = _SAME_INSTALLATION.total_seconds()
    if record.installed_at is None:
        return look.installed_at > _since(record).timestamp() - day
    return abs(look.installed_at - record.installed_at) > day


def _since(record: Record) -> datetime:
    """When the step was begun."""
    for line in reversed(record.history):
        if line["event"] == "begun" and line["step"] == record.step:
            return datetime.fromisoformat(line["at"])
    raise UpgradeError(
        f"{record.host}: its state does not say when {record.step} was begun; restore it from the backup"
    )
