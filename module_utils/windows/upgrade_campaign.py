"""May this step be taken now, and how did it end: between whoever does the work (a play, a rehearsal) and the kept state.

Every call reads the state, decides and keeps the outcome under one lock, so that plays for many machines run side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ansible.module_utils.windows import upgrade_state as state
from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_setup import DONE, RETRY, setup_said
from ansible.module_utils.windows.upgrade_state import Record
from ansible.module_utils.windows.upgrade_store import Store, planned_records, slot_of
from ansible.module_utils.windows.upgrade_terms import Terms
from ansible.module_utils.windows.upgrade_waves import Machine, plan

#: Longer than that nobody waits for a machine that does not answer.
PATIENCE = timedelta(hours=3)
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

    def finish(self, host: str, step: str, now: datetime, detail: str | None = None) -> Record:
        """A step is over."""
        with self.store.locked():
            return self._kept(state.finish(self.store.record(host), step, now, detail))

    def fail(self, host: str, step: str, now: datetime, reason: str, back: bool = False) -> Record:
        """A step failed."""
        with self.store.locked():
            return self._kept(state.fail(self.store.record(host), step, now, reason, back))

    def postpone(self, host: str, now: datetime, reason: str) -> Record:
        """The user asked for another day."""
        with self.store.locked():
            return self._kept(state.postpone(self.store.record(host), now, reason))

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
        """Give another turn to who postponed or missed the one they had, and to failures that somebody mended.

        :param machines: the whole park, as the departments count; their actions decide nothing here.
        """
        with self.store.locked():
            records = {record.host: record for record in self.store.records()}
            late = self.late(now, retry)
            if not late:
                return []
            last = max(record.wave for record in records.values())
            known = {machine.host: machine for machine in machines}
            lost = sorted(set(late) - set(known))
            if lost:
                raise UpgradeError(f"{lost[0]}: is not among the machines of the site; read them all again")
            park = [
                Machine(each.host, each.department, each.users, late[each.host].action if each.host in late else None)
                for each in machines
            ]
            self.store.excuse(self.store.excused() - set(late))
            anew = plan(park, self.terms, not_before)
            changed = []
            for turn in planned_records(anew):
                change = (
                    state.retried if turn.host in retry and records[turn.host].status in state.FAILED else state.moved
                )
                record = change(records[turn.host], last + turn.wave, turn.begins, turn.ends, now)
                changed.append(self._kept(record))
            return changed

    def late(self, now: datetime, retry: Sequence[str] = ()) -> dict[str, Record]:
        """Who needs another turn."""
        found = {record.host: record for record in self.store.records()}
        unknown = sorted(host for host in retry if host not in found)
        if unknown:
            raise UpgradeError(f"{unknown[0]}: has no turn in the campaign; nothing is to be tried again")
        return {
            host: record
            for host, record in found.items()
            if (host in retry and record.status in state.FAILED) or _missed(record, now)
        }

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
        if not begins <= now < ends:
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


def _missed(record: Record, now: datetime) -> bool:
    """A turn that passed before anything of the machine was touched, or that its user did not want."""
    if record.status in state.ENDED or record.step in ("verify", "roll_back"):
        return False
    if record.step in state.DISRUPTIVE and record.begun:
        return False
    return state.was_postponed(record) or slot_of(record)[1] <= now


def _since(record: Record) -> datetime:
    """When the step was begun."""
    for line in reversed(record.history):
        if line["event"] == "begun" and line["step"] == record.step:
            return datetime.fromisoformat(line["at"])
    raise UpgradeError(
        f"{record.host}: its state does not say when {record.step} was begun; restore it from the backup"
    )
