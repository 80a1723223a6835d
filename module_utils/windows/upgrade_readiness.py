"""What becomes of a workstation: kept, upgraded in place, set up anew or replaced, from what was read of it.

Two rules are told apart: the client's own, and the publisher's minimum for the release that one moves to. A fact that was
not read never makes a machine fit: it decides nothing, or the machine has the outcome not_evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from ansible.module_utils.windows.upgrade_data import Lifecycle, ProcessorRule, Release, Target, UpgradeError
from ansible.module_utils.windows.upgrade_processor import SUPPORTED, TOO_OLD, judge_processor
from ansible.module_utils.windows.upgrade_terms import Terms

KEEP, UPGRADE, REINSTALL, REPLACE = "keep", "upgrade", "reinstall", "replace"
UNKNOWN_PROCESSOR, UNKNOWN_RELEASE, NOT_EVALUATED, OUT_OF_SCOPE = (
    "unknown_processor",
    "unknown_release",
    "not_evaluated",
    "out_of_scope",
)
OUTCOMES = (KEEP, UPGRADE, REINSTALL, REPLACE, UNKNOWN_PROCESSOR, UNKNOWN_RELEASE, NOT_EVALUATED, OUT_OF_SCOPE)
_WORKSTATION = 1


@dataclass(frozen=True)
class Reason:
    """Why: a code, whose rule it is, what is wanted and what was seen."""

    code: str
    rule: str
    wanted: Any = None
    seen: Any = None


@dataclass(frozen=True)
class Readiness:
    """What becomes of one workstation."""

    host: str
    outcome: str
    reasons: tuple[Reason, ...] = ()
    #: What has to be done by hand before, such as switching on the security chip.
    before: tuple[str, ...] = ()
    #: Facts that were not read, with the reason why.
    missing: Mapping[str, str] = field(default_factory=dict)
    #: An old release that is reached by group policy and WS-Management only, and kept apart until it is gone.
    isolate: bool = False
    release: str | None = None
    supported_until: date | None = None
    needs_licence: bool = False


@dataclass(frozen=True)
class Rules:
    """Everything that a decision is made with."""

    lifecycle: Lifecycle
    processors: Sequence[ProcessorRule]
    terms: Terms
    today: date

    @property
    def target(self) -> Target:
        """The release that machines are moved to.

        :raises UpgradeError: its minima are not known.
        """
        try:
            return self.lifecycle.targets[self.terms.target_build]
        except KeyError:
            raise UpgradeError(
                f"upgrade.target_build: {self.terms.target_build} is no target of the lifecycle; add what it asks of a machine"
            ) from None


class Facts:
    """What was read of a workstation; what was not is remembered with its reason."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self._facts, self._failures = facts, facts.get("failures") or {}
        self.missing: dict[str, str] = {}

    def get(self, path: str) -> Any:
        """A fact, None when it was not read."""
        value: Any = self._facts
        for key in path.split("."):
            value = value.get(key) if isinstance(value, Mapping) else None
        if value is None:
            reasons = [self._failures[key] for key in (path, path.split(".", maxsplit=1)[0]) if key in self._failures]
            self.missing[path] = str(reasons[0]) if reasons else "was not read"
        return value

    def system_disk(self) -> Mapping[str, Any] | None:
        """The disk that Windows is on: the one that says so, else C:, else the only one."""
        disks = self.get("disks") or []
        said = [disk for disk in disks if disk.get("system")]
        named = [disk for disk in disks if str(disk.get("letter", "")).rstrip(":\\").upper() == "C"]
        found = said or named or (list(disks) if len(disks) == 1 else [])
        if not found:
            self.missing.setdefault("disks", "no disk is that of Windows")
            return None
        return dict(found[0])


@dataclass(frozen=True)
class _System:
    """What of the release and the processor is known."""

    build: int | None
    edition: str | None
    release: Release | None
    ends: date | None
    processor: str | None
    age: str | None


def decide(host: str, workstation: Mapping[str, Any], rules: Rules) -> Readiness:
    """What becomes of one workstation."""
    facts = Facts(workstation)
    kind = facts.get("os.product_type")
    if kind is not None and kind != _WORKSTATION:
        return Readiness(host, OUT_OF_SCOPE, (Reason("is_a_server", "scope", _WORKSTATION, kind),))
    system = _system(facts, rules)
    found = _condemned(facts, rules, system) or _undecided(facts, system) or _move(facts, rules, system)
    return replace(
        found,
        host=host,
        missing=facts.missing,
        isolate=bool(system.release and system.release.legacy),
        release=system.release.name if system.release else None,
        supported_until=system.ends,
    )


def _system(facts: Facts, rules: Rules) -> _System:
    build, edition, processor = facts.get("os.build"), facts.get("os.edition_id"), facts.get("processor.name")
    number = _number(build) if build is not None else None
    release = rules.lifecycle.releases.get(number) if number is not None else None
    ends = release.ends.get(rules.lifecycle.clocks.get(str(edition), "")) if release else None
    age = judge_processor(processor, rules.processors) if processor else None
    return _System(number, edition, release, ends, processor, age)


def _condemned(facts: Facts, rules: Rules, system: _System) -> Readiness | None:
    """Replaced, for whatever reason is known; what was not read does not save a machine either."""
    reasons = [*_client_rule(facts, rules.terms), *_publisher_rule(facts, rules.target)]
    if system.age == TOO_OLD:
        reasons.append(Reason("processor_too_old", "client", None, system.processor))
    return Readiness("", REPLACE, tuple(reasons)) if reasons else None


def _undecided(facts: Facts, system: _System) -> Readiness | None:
    """What a person has to look at, or what has to be read first."""
    if system.age is not None and system.age != SUPPORTED:
        unknown = Reason("processor_not_in_the_list", "client", None, system.processor)
        return Readiness("", UNKNOWN_PROCESSOR, (unknown,))
    if system.build is not None and system.release is None:
        return Readiness("", UNKNOWN_RELEASE, (Reason("release_not_in_the_list", "publisher", None, system.build),))
    if facts.missing.keys() & _DECIDING:
        return Readiness("", NOT_EVALUATED)
    if system.ends is None and system.release and not system.release.legacy:
        told = Reason("edition_not_in_the_list", "publisher", None, system.edition)
        return Readiness("", UNKNOWN_RELEASE, (told,)) if system.edition else Readiness("", NOT_EVALUATED)
    return None


#: Without these a machine is not declared fit; a reason to replace it may still be found.
_DECIDING = frozenset({"memory_bytes", "disks", "os.build", "processor.name"})


def _number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise UpgradeError(f"os.build: {value!r} is no build number; read the workstation again") from None


def _client_rule(facts: Facts, terms: Terms) -> Iterable[Reason]:
    memory, disk = facts.get("memory_bytes"), facts.system_disk()
    if memory is not None and memory < terms.memory_below:
        yield Reason("memory", "client", terms.memory_below, memory)
    size = disk.get("size_bytes") if disk else None
    if disk and size is None:
        facts.missing.setdefault("disks", "the size of the disk was not read")
    if size is not None and size < terms.disk_below:
        yield Reason("disk", "client", terms.disk_below, size)


def _publisher_rule(facts: Facts, target: Target) -> Iterable[Reason]:
    memory, disk, cores = facts.get("memory_bytes"), facts.system_disk(), facts.get("processor.cores")
    size = disk.get("size_bytes") if disk else None
    # A disk of 64 GB holds a volume of a little less, beside those of recovery and start: an eighth is not held against it.
    if size is not None and size < target.disk * 7 // 8:
        yield Reason("disk", "publisher", target.disk, size)
    if memory is not None and memory < target.memory:
        yield Reason("memory", "publisher", target.memory, memory)
    if cores is not None and cores < target.cores:
        yield Reason("cores", "publisher", target.cores, cores)


def _move(facts: Facts, rules: Rules, system: _System) -> Readiness:
    """Keep, upgrade or set up anew, for a machine whose parts are good enough."""
    target, ends = rules.target, system.ends
    licensed = facts.get("activation.licensed")
    without_domain = system.edition in rules.lifecycle.without_domain
    outlives = ends is not None and ends >= rules.today + timedelta(days=rules.terms.horizon_days)
    if outlives and licensed is not False and not without_domain:
        return Readiness("", KEEP if licensed else NOT_EVALUATED)
    anew = list(_anew(facts, target, system, licensed))
    reasons = list(anew)
    if not outlives:
        reasons.append(Reason("support_ends", "publisher", None, ends.isoformat() if ends else None))
    if without_domain:
        reasons.append(Reason("edition_joins_no_domain", "client", None, system.edition))
    return Readiness(
        "",
        REINSTALL if anew else UPGRADE,
        tuple(reasons),
        tuple(_before(facts, target, without_domain)),
        needs_licence=licensed is False or without_domain,
    )


def _anew(facts: Facts, target: Target, system: _System, licensed: bool | None) -> Iterable[Reason]:
    if system.build is not None and system.build < target.in_place_from:
        yield Reason("no_path_in_place", "publisher", target.in_place_from, system.build)
    architecture = facts.get("os.architecture")
    if architecture is not None and architecture != target.architecture:
        yield Reason("other_architecture", "publisher", target.architecture, architecture)
    firmware = facts.get("firmware")
    if firmware is not None and firmware != target.firmware:
        yield Reason("firmware_mode", "publisher", target.firmware, firmware)
    # A system that nobody bought may have been altered: it is not carried over.
    if licensed is False:
        yield Reason("not_activated", "client", True, False)


def _before(facts: Facts, target: Target, without_domain: bool) -> Iterable[str]:
    # Setup keeps the edition: a key changes it, and then the machine can join the domain.
    if without_domain:
        yield "change_edition"
    present, version = facts.get("tpm.present"), facts.get("tpm.version")
    if present is False or (present and version is not None and _version(version) < target.tpm):
        yield "enable_tpm"
    elif present is None or version is None:
        yield "look_at_tpm"
    if facts.get("firmware") not in (None, target.firmware):
        yield "switch_firmware_mode"
    elif facts.get("firmware") is None:
        yield "look_at_firmware"
    disk = facts.system_disk()
    if disk and disk.get("free_bytes") is not None and disk["free_bytes"] < target.free:
        yield "free_disk_space"


def _version(value: Any) -> float:
    """The specification of the chip: "2.0", or a list that begins with it ("2.0, 0, 1.38")."""
    try:
        return float(str(value).split(",")[0])
    except ValueError:
        return 0.0
