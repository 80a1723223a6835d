"""What a run read of backups, host by host: sets, their copies, and what a restore has proven. No words are chosen here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from ansible.module_utils.policy.phrases import without_file_names
from ansible.module_utils.policy.report.readings import Evidence
from ansible.module_utils.policy.report.tellings import Source, sources
from ansible.module_utils.policy.report.values import moment

#: Hosts of this group are saved: one that says nothing of it is missed.
GROUP = "saved_hosts"
#: Hosts of this one keep the copies of others: what they hold themselves came from those, and its other copy is off site.
KEEPERS = "backup_copies"
OFFSITE, ONSITE = "offsite", "onsite"
_HOUR, _DAY_HOURS = 3600, 24


@dataclass(frozen=True)
class Copy:
    """The newest copy of a set in one repository; without an age there is none."""

    repository: str
    place: str
    age_hours: float | None
    size: float | None
    added: float | None


@dataclass(frozen=True)
class Proof:
    """What a restore has shown of a set, or of a whole machine."""

    at: datetime
    ok: bool
    seconds: float | None
    differences: tuple[str, ...] = ()


@dataclass(frozen=True)
class SavedSet:
    """One set of a host."""

    host: str
    name: str
    copies: tuple[Copy, ...]
    #: By repository.
    proofs: Mapping[str, Proof]

    @property
    def proof(self) -> Proof | None:
        """The worst of its proofs, because either copy may be the one that is left; None while one was never restored."""
        found = [self.proofs.get(each.repository) for each in self.copies]
        known = [each for each in found if each]
        if any(not each.ok for each in known):
            return next(each for each in known if not each.ok)
        return min(known, key=lambda each: each.at) if known and len(known) == len(found) else None

    @property
    def proof_after_a_fire(self) -> Proof | None:
        """The proof of the copy that is left when the house is gone."""
        left = self.newest(OFFSITE)
        return self.proofs.get(left.repository) if left else None

    def newest(self, place: str) -> Copy | None:
        """The newest copy in a place."""
        there = [(each.age_hours, each) for each in self.copies if each.place == place and each.age_hours is not None]
        return min(there, key=lambda each: each[0])[1] if there else None


@dataclass(frozen=True)
class Saved:
    """A host whose backups were read."""

    host: str
    interval_hours: float | None
    sets: tuple[SavedSet, ...]
    rehearsal: Proof | None
    promise_hours: float | None
    alerts: tuple[str, ...]
    keeper: bool = False

    def whole(self, saved: SavedSet) -> bool:
        """Whether a set has the copies that it should."""
        return bool(saved.newest(OFFSITE) and (self.keeper or saved.newest(ONSITE)))


@dataclass(frozen=True)
class Readings:
    """All of it: hosts that said what they save, and those of which nothing is known, each with the reason."""

    hosts: tuple[Saved, ...]
    silent: Mapping[str, str]

    @property
    def sets(self) -> tuple[SavedSet, ...]:
        """Every set of every host."""
        return tuple(each for host in self.hosts for each in host.sets)


def readings(evidence: Evidence, groups_of: Mapping[str, Iterable[str]]) -> Readings | None:
    """What the run knows; None for one that asked nobody."""
    asked = sources(evidence, "backup")
    silent = {each.host: each.failure for each in asked if not isinstance(each.facts, Mapping)}
    expected = [host for host, groups in sorted(groups_of.items()) if GROUP in groups]
    known = {each.host for each in asked}
    silent |= {host: "" for host in expected if host not in known}
    if not asked:
        return None
    drills = {each.host: each for each in sources(evidence, "restore_drill")}
    hosts = [
        _saved(each, drills.get(each.host), keeper=KEEPERS in groups_of.get(each.host, ()))
        for each in asked
        if isinstance(each.facts, Mapping)
    ]
    silent |= {each.host: "" for each in hosts if not each.sets}
    return Readings(tuple(each for each in hosts if each.sets), silent)


def _saved(found: Source, drill: Source | None, *, keeper: bool) -> Saved:
    proven = drill or Source(found.host, found.collected_at, None)
    last = proven.mapping("last")
    copies: dict[str, list[Copy]] = {}
    for each in found.rows("sets"):
        copies.setdefault(str(each.get("set")), []).append(_copy(each))
    tried = Source(found.host, "", last)
    proofs = _proofs(tried.rows("sets"))
    return Saved(
        host=found.host,
        interval_hours=_interval(found),
        sets=tuple(SavedSet(found.host, name, tuple(kept), proofs.get(name, {})) for name, kept in copies.items()),
        rehearsal=_proof(proven.mapping("rehearsal"), "seconds"),
        promise_hours=_promise(tried),
        keeper=keeper,
        alerts=tuple(dict.fromkeys(map(without_file_names, (*found.names("alerts"), *proven.names("alerts"))))),
    )


def _promise(tried: Source) -> float | None:
    promised = tried.amount("promise_seconds")
    return None if promised is None else promised / _HOUR


def _interval(found: Source) -> float | None:
    """Hours from one copy to the next: a timer that is in force starts one every day at its hour."""
    daily = found.get("schedule.hour") and found.flag("schedule.active") and found.flag("schedule.enabled")
    return _DAY_HOURS if daily else None


def _copy(row: Mapping[str, Any]) -> Copy:
    read = Source("", "", row)
    age = read.amount("age_hours")
    return Copy(
        repository=str(row.get("repository")),
        place=str(row.get("place")),
        age_hours=age if age is not None and age >= 0 else None,
        size=None if age is None else read.amount("bytes"),
        added=None if age is None else read.amount("added_bytes"),
    )


def _proofs(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Proof]]:
    """By set and repository."""
    found: dict[str, dict[str, Proof]] = {}
    for each in rows:
        if proof := _proof(each, "extrapolated_seconds"):
            found.setdefault(str(each.get("set")), {})[str(each.get("repository"))] = proof
    return found


def _proof(entry: Mapping[str, Any], seconds: str) -> Proof | None:
    at = stamp(entry.get("at"))
    if at is None:
        return None
    read = Source("", "", entry)
    wrong = [*read.names("differences"), *([str(entry["error"])] if entry.get("error") else [])]
    return Proof(at, entry.get("ok") is True, read.amount(seconds), tuple(map(without_file_names, wrong)))


def stamp(found: Any) -> datetime | None:
    """A moment, given in seconds since the epoch or as text; None for what is neither."""
    try:
        if isinstance(found, bool) or found is None:
            return None
        if isinstance(found, int | float):
            return datetime.fromtimestamp(found, UTC) if found > 0 else None
        read = moment(str(found))
    except (ValueError, OverflowError, OSError):
        return None
    return read if read.tzinfo else read.replace(tzinfo=UTC)
