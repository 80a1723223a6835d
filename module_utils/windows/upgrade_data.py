"""What the publisher of Windows says: until when it mends its releases, what they ask of a machine, which processors will do.

Plain data in, frozen objects out. Every error names the key, as in "upgrade.windows.0.from", and what to write there.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

GIGABYTE = 1024**3
#: A disk of 20 GB is sold by the thousand million.
DISK_GIGABYTE = 10**9
CLOCKS = ("home_pro", "enterprise", "long_term", "long_term_iot")


class UpgradeError(Exception):
    """What was given cannot be meant; the message names it and says what to do."""


class Reader:
    """A part of a document that knows its path, so that an error can say where."""

    def __init__(self, data: Any, path: str) -> None:
        if not isinstance(data, Mapping):
            raise UpgradeError(f"{path}: is no mapping; see the file of another client")
        self.data, self.path = data, path

    def _refuse(self, key: str, wanted: str) -> UpgradeError:
        given = f"{self.data[key]!r} is not" if key in self.data else "lacks"
        return UpgradeError(f"{self.path}.{key}: {given} {wanted}")

    def part(self, key: str) -> Reader:
        """What stands below a key."""
        return Reader(self.data.get(key), f"{self.path}.{key}")

    def number(self, key: str, least: float = 0) -> float:
        """A number that is not below least."""
        value = self.data.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or value < least:
            raise self._refuse(key, f"a number from {least:g}")
        return float(value)

    def count(self, key: str, least: int = 0) -> int:
        """A whole number."""
        value = self.number(key, least)
        if value != int(value):
            raise self._refuse(key, "a whole number")
        return int(value)

    def text(self, key: str) -> str:
        """Some text."""
        value = self.data.get(key)
        if not isinstance(value, str) or not value:
            raise self._refuse(key, "a text")
        return value

    def many(self, key: str) -> list[Any]:
        """A list."""
        value = self.data.get(key)
        if not isinstance(value, list | tuple):
            raise self._refuse(key, "a list")
        return list(value)

    def day(self, key: str) -> date:
        """A date."""
        try:
            return as_date(self.data.get(key))
        except ValueError:
            raise self._refuse(key, "a date such as 2026-11-30") from None

    def hour(self, key: str) -> time:
        """A time of day."""
        try:
            return time.fromisoformat(self.text(key))
        except ValueError:
            raise self._refuse(key, 'a time such as "08:00", in quotes') from None


def as_date(value: Any) -> date:
    """A date of YAML, or its text."""
    if isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


@dataclass(frozen=True)
class Release:
    """One release of Windows for workstations, and until when it is mended."""

    build: int
    name: str
    legacy: bool
    ends: Mapping[str, date]


@dataclass(frozen=True)
class Target:
    """What a release asks of a machine."""

    build: int
    memory: int
    disk: int
    free: int
    cores: int
    architecture: str
    firmware: str
    tpm: float
    in_place_from: int


@dataclass(frozen=True)
class Lifecycle:
    """All releases, and those that one may move to."""

    checked_on: date
    releases: Mapping[int, Release]
    targets: Mapping[int, Target]
    clocks: Mapping[str, str]
    without_domain: frozenset[str]


@dataclass(frozen=True)
class ProcessorRule:
    """A line of the list: the first whose pattern fits decides."""

    pattern: re.Pattern[str]
    verdict: str | None
    at_least: int | None


def read_lifecycle(data: Any) -> Lifecycle:
    """The publisher's dates and minima.

    :raises UpgradeError: a key is missing or cannot be meant.
    """
    whole = Reader(data, "lifecycle")
    releases, targets = {}, {}
    for index, each in enumerate(whole.many("releases")):
        one = Reader(each, f"lifecycle.releases.{index}")
        build = one.count("build", 1)
        if build in releases:
            raise UpgradeError(f"{one.path}.build: {build} is given twice; keep one")
        ends = {clock: one.day(clock) for clock in CLOCKS if clock in one.data}
        releases[build] = Release(build, one.text("name"), bool(one.data.get("legacy", False)), ends)
    for index, each in enumerate(whole.many("targets")):
        one = Reader(each, f"lifecycle.targets.{index}")
        build = one.count("build", 1)
        if build not in releases:
            raise UpgradeError(f"{one.path}.build: {build} is no build of lifecycle.releases; add its dates")
        targets[build] = Target(
            build,
            int(one.number("memory_gb") * GIGABYTE),
            int(one.number("disk_gb") * DISK_GIGABYTE),
            int(one.number("free_gb") * DISK_GIGABYTE),
            one.count("cores"),
            one.text("architecture"),
            one.text("firmware"),
            one.number("tpm"),
            one.count("in_place_from"),
        )
    editions = whole.part("editions")
    clocks = {edition: clock for clock in editions.data for edition in editions.many(clock)}
    return Lifecycle(whole.day("checked_on"), releases, targets, clocks, frozenset(whole.many("without_domain")))


def read_processors(data: Any) -> tuple[ProcessorRule, ...]:
    """The list of processors.

    :raises UpgradeError: a line is no pattern, or says nothing.
    """
    rules = []
    for index, each in enumerate(Reader(data, "processors").many("rules")):
        one = Reader(each, f"processors.rules.{index}")
        try:
            pattern = re.compile(one.text("pattern"))
        except re.error as error:
            raise UpgradeError(f"{one.path}.pattern: is no regular expression ({error})") from error
        verdict, least = one.data.get("verdict"), one.data.get("at_least")
        if (verdict is None) == (least is None) or verdict not in (None, "supported", "too_old"):
            raise UpgradeError(f"{one.path}: give either verdict (supported, too_old) or at_least")
        if (least is not None) != ("number" in pattern.groupindex):
            raise UpgradeError(f"{one.path}: at_least and a group called number in the pattern go together")
        rules.append(ProcessorRule(pattern, verdict, least))
    return tuple(rules)
