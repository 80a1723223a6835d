"""A park of machines that are not there, and someone who takes every step of a campaign on them and may be killed anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ansible.module_utils.windows import upgrade_state as state
from ansible.module_utils.windows.upgrade_campaign import Campaign, Seen
from ansible.module_utils.windows.upgrade_state import Record
from ansible.module_utils.windows.upgrade_store import Store, slot_of
from ansible.module_utils.windows.upgrade_waves import Machine

OLD, NEW = 19045, 26200
FAILURES = ("no_space", "power_lost", "setup_error", "no_return", "postpones")


class KilledError(Exception):
    """The controller went away, between any two things that it does."""


@dataclass
class Workstation:
    """What there is of one machine, whatever the controller knows of it."""

    build: int = OLD
    answers: bool = True
    exit_code: int | None = None
    installed_at: int = 1_000_000_000
    #: How often setup really changed the machine.
    installed: int = 0
    notices: set[str] = field(default_factory=set)
    saved: bool = False


class Park:
    """The machines, with what goes wrong on some of them."""

    def __init__(self, hosts: list[str], failing: dict[str, str]) -> None:
        self.machines = {host: Workstation() for host in hosts}
        self.failing = failing
        self.refused: set[str] = set()

    def perform(self, record: Record, step: str) -> str | None:
        """Take a step; the reason when it fails."""
        machine, wrong = self.machines[record.host], self.failing.get(record.host)
        if step == "notice":
            machine.notices.add(state.notice_id(record))
            if wrong == "postpones" and not record.postponed:
                return "postpones"
        elif step == "backup":
            machine.saved = True
        elif step == "backup_check":
            return None if machine.saved else "nothing was saved"
        elif step == "preflight" and wrong == "no_space":
            return "no_space"
        elif step in ("install", "by_hand"):
            self._install(machine, wrong)
        elif step == "verify":
            return None if machine.build == NEW else "old release"
        return None

    @staticmethod
    def _install(machine: Workstation, wrong: str | None) -> None:
        assert machine.saved, "nothing may be installed before the data are saved"
        machine.installed += 1
        if wrong == "power_lost":
            machine.exit_code = 0
        elif wrong == "setup_error":
            machine.exit_code = -1047527167
        elif wrong == "no_return":
            machine.answers = False
        else:
            machine.build, machine.exit_code, machine.installed_at = NEW, 0, 2_000_000_000

    def look(self, host: str) -> Seen:
        """What the machine shows."""
        machine = self.machines[host]
        if not machine.answers:
            return Seen(answers=False)
        return Seen(answers=True, build=machine.build, exit_code=machine.exit_code, installed_at=machine.installed_at)


class Worker:
    """Who takes the steps, and dies where told; another one goes on from the disk alone."""

    def __init__(
        self, store: Store, campaign: Campaign, machines: list[Machine], park: Park, dies: Callable[[str], bool]
    ) -> None:
        self.store, self.campaign, self.machines, self.park, self.dies = store, campaign, machines, park, dies

    def reach(self, point: str) -> None:
        """A point between two things that are done."""
        if self.dies(point):
            raise KilledError(point)

    def run(self) -> None:
        """Everything, until no machine has anything left to do."""
        while open_ := [record for record in self.store.records() if record.status not in state.ENDED]:
            for record in sorted(open_, key=lambda each: (each.begins, each.host)):
                now, _ = slot_of(record)
                self.machine(record.host, now)
            latest = max(slot_of(record)[1] for record in self.store.records())
            self.reach("replan")
            self.campaign.replan(self.machines, latest, latest.date() + timedelta(days=1))

    def machine(self, host: str, now: datetime) -> None:
        """All steps of one machine, as far as they may be taken."""
        while (record := self.store.record(host)).status not in state.ENDED:
            step = record.step
            answer = self.campaign.begin(host, step, now)
            if answer.look:
                self.look(host, step, now)
                # What a technician was asked for and has not done is done now: nobody else puts another Windows there.
                if step == "by_hand" and self.store.record(host).step == step and self.park.machines[host].build != NEW:
                    self.park.perform(self.store.record(host), step)
                continue
            if not answer.go:
                return
            self.reach(f"{host} {step} noted")
            wrong = self.park.perform(self.store.record(host), step)
            self.reach(f"{host} {step} taken")
            if wrong == "postpones":
                self.campaign.postpone(host, now, wrong)
            elif wrong:
                self.campaign.fail(host, step, now, wrong)
            elif step in state.ONCE:
                self.look(host, step, now)
            else:
                self.campaign.finish(host, step, now)
            self.reach(f"{host} {step} over")

    def look(self, host: str, step: str, now: datetime) -> None:
        """Ask the machine what became of the installation, and wait as long as anybody would."""
        seen = self.park.look(host)
        self.reach(f"{host} {step} looked at")
        later = now if seen.answers else now + timedelta(hours=3, minutes=1)
        self.campaign.seen(host, later, seen)
