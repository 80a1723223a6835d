"""One sentence for the director: what a fire tonight would cost, and since when that is known. Figures only with a proof."""

from __future__ import annotations

import math
from collections.abc import Sequence

from ansible.module_utils.policy.report.backup_readings import OFFSITE, Proof, Readings, Saved, SavedSet
from ansible.module_utils.policy.report.tellings import Teller, Told
from ansible.module_utils.policy.report.values import day, number

_HOUR = 3600


def promise(found: Readings, tell: Teller) -> Told:
    """The sentence; what stands in the way of a figure is said instead of it."""
    obstacle = _unknown(found, tell) or _uncopied(found, tell) or _unproven(found, tell)
    if obstacle:
        return obstacle
    lost = [hours for host in found.hosts for each in host.sets if (hours := worst_loss(host, each)) is not None]
    back, proven = time_back(found.hosts)
    if len(lost) != len(found.sets) or back is None or proven is None:
        return Told("not_evaluated", tell.say("promise_unknown", why=tell.words["why_no_time"]))
    text = tell.say(
        "promise",
        lost=_hours(max(lost), tell),
        back=_hours(back, tell),
        date=day(proven.at.date(), tell.language),
    )
    promised = [host.promise_hours for host in found.hosts if host.promise_hours is not None]
    return Told("fail" if promised and back > min(promised) else "pass", text)


def worst_loss(host: Saved, saved: SavedSet) -> float | None:
    """Hours of work that a fire takes at worst, just before the next copy away from the site is there.

    A copy that is on time is as old as the interval then; one that is late already may stay away once more.
    """
    newest = saved.newest(OFFSITE)
    if newest is None or newest.age_hours is None or host.interval_hours is None:
        return None
    late = newest.age_hours > host.interval_hours
    return newest.age_hours + host.interval_hours if late else host.interval_hours


def time_back(hosts: Sequence[Saved]) -> tuple[float | None, Proof | None]:
    """Hours until everything is back, and the proof they come from.

    What drills of the copies away from the house extrapolate is added up, as if one set were restored after the other,
    and the oldest of them dates it; a full rehearsal that took longer counts instead.
    """
    left = [each.proof_after_a_fire for host in hosts for each in host.sets]
    drills = [each for each in left if each and each.seconds is not None]
    if not drills or len(drills) != len(left):
        return None, None
    total, proof = sum(each.seconds or 0 for each in drills), min(drills, key=lambda each: each.at)
    for host in hosts:
        if host.rehearsal and (host.rehearsal.seconds or 0) > total:
            total, proof = host.rehearsal.seconds or 0, host.rehearsal
    return total / _HOUR, proof


def _unknown(found: Readings, tell: Teller) -> Told | None:
    if not found.silent:
        return None
    why = tell.say("why_silent", names=sorted(found.silent))
    return Told("not_evaluated", tell.say("promise_unknown", why=why))


def _uncopied(found: Readings, tell: Teller) -> Told | None:
    """A set that only the site holds burns with it."""
    bare = [each for host in found.hosts for each in host.sets if each.newest(OFFSITE) is None]
    if not bare:
        return None
    return Told("fail", tell.say("promise_burnt", names=sets_named(bare, tell)))


def _unproven(found: Readings, tell: Teller) -> Told | None:
    """A backup that was never restored is no backup yet."""
    failed = [each for each in found.sets if each.proof and not each.proof.ok]
    if failed:
        return Told("fail", tell.say("promise_failed", names=sets_named(failed, tell)))
    if any(host.rehearsal and not host.rehearsal.ok for host in found.hosts):
        return Told("fail", tell.say("promise_rehearsal_failed"))
    never = [each for each in found.sets if not each.proof]
    if not never:
        return None
    if len(never) == len(found.sets):
        return Told("not_evaluated", tell.say("promise_never"))
    return Told("not_evaluated", tell.say("promise_partly", names=sets_named(never, tell)))


def sets_named(sets: Sequence[SavedSet], tell: Teller) -> list[str]:
    """Sets as people call them, with the host."""
    return [tell.say("named", title=set_title(each, tell), host=each.host) for each in sets]


def set_title(saved: SavedSet, tell: Teller) -> str:
    """What a set holds."""
    return tell.words.get(f"set_{saved.name}") or saved.name.replace("_", " ")


def _hours(amount: float, tell: Teller) -> str:
    """Whole hours, never fewer than it takes."""
    whole = max(1, math.ceil(round(amount, 2)))
    word = tell.words["hour_one" if whole == 1 else "hour_many"]
    return f"{number(whole, tell.language)}\u00a0{word}"
