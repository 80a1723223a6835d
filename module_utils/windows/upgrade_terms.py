"""What the client decided about the renewal of its workstations: budget, costs, hours, waves. Checked, and frozen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from ansible.module_utils.windows.upgrade_data import DISK_GIGABYTE, GIGABYTE, Reader, UpgradeError, as_date

ACTIONS = ("upgrade", "reinstall", "replace")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Window:
    """Hours of some days of the week in which people may be disturbed."""

    days: frozenset[int]
    begins: time
    ends: time

    @property
    def hours(self) -> float:
        """How long it is."""
        return (self.ends.hour * 60 + self.ends.minute - self.begins.hour * 60 - self.begins.minute) / 60


@dataclass(frozen=True)
class Costs:
    """What things cost, before tax."""

    quoted_on: date
    source: str
    tax_percent: float
    desktop: float
    laptop: float
    licence: float
    labour_hour: float


@dataclass(frozen=True)
class Terms:
    """What the client decided."""

    target_build: int
    horizon_days: int
    memory_below: int
    disk_below: int
    budget: float
    currency: str
    budget_with_tax: bool
    costs: Costs
    user_hours: Mapping[str, float]
    technician_hours: Mapping[str, float]
    most_user_hours: float
    spares: int
    priority: tuple[str, ...]
    wave_sizes: tuple[int, ...]
    department_percent: float
    stop_at_failures: int
    notice_days: int
    windows: tuple[Window, ...]
    closed: frozenset[date]
    starts_on: date
    contact: str


def read_terms(data: Any) -> Terms:
    """The client's terms.

    :raises UpgradeError: a key is missing or cannot be meant.
    """
    whole = Reader(data, "upgrade")
    below, budget, waves = whole.part("replace_below"), whole.part("budget"), whole.part("waves")
    hours = {action: whole.part("hours").part(action) for action in ACTIONS}
    sizes = tuple(_wave_size(waves, each) for each in waves.many("sizes"))
    if not sizes:
        raise UpgradeError("upgrade.waves.sizes: is empty; write how many machines the first waves have, as [2, 5, 8]")
    percent = waves.number("department_percent", 1)
    if percent > 100:
        raise UpgradeError("upgrade.waves.department_percent: is above 100")
    if budget.text("tax") not in ("included", "excluded"):
        raise UpgradeError("upgrade.budget.tax: say whether tax is included or excluded")
    return Terms(
        whole.count("target_build", 1),
        whole.count("horizon_days"),
        int(below.number("memory_gb") * GIGABYTE),
        int(below.number("disk_gb") * DISK_GIGABYTE),
        budget.number("amount"),
        budget.text("currency"),
        budget.text("tax") == "included",
        _costs(whole.part("costs")),
        {action: part.number("user") for action, part in hours.items()},
        {action: part.number("technician") for action, part in hours.items()},
        whole.part("user_hours").number("at_most"),
        whole.count("spares"),
        tuple(map(str, whole.many("priority"))),
        sizes,
        percent,
        waves.count("stop_at_failures", 1),
        waves.count("notice_days"),
        tuple(_window(Reader(each, f"upgrade.windows.{n}")) for n, each in enumerate(whole.many("windows"))),
        frozenset(_closed(whole)),
        whole.day("starts_on"),
        whole.text("contact"),
    )


def _wave_size(waves: Reader, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise UpgradeError(f"{waves.path}.sizes: {value!r} is no number of machines from 1")
    return value


def _costs(part: Reader) -> Costs:
    amounts = [part.number(key) for key in ("tax_percent", "desktop", "laptop", "licence", "labour_hour")]
    return Costs(part.day("quoted_on"), part.text("source"), *amounts)


def _window(part: Reader) -> Window:
    unknown = [day for day in part.many("days") if day not in DAYS]
    if unknown:
        raise UpgradeError(f"{part.path}.days: {unknown[0]!r} is no day; write {', '.join(DAYS)}")
    window = Window(frozenset(map(DAYS.index, part.many("days"))), part.hour("from"), part.hour("to"))
    if window.hours <= 0 or not window.days:
        raise UpgradeError(f"{part.path}: ends before it begins, or has no day; two windows make one over midnight")
    return window


def _closed(whole: Reader) -> Iterable[date]:
    for value in whole.many("closed"):
        try:
            yield as_date(value)
        except ValueError:
            raise UpgradeError(f"upgrade.closed: {value!r} is no date such as 2026-12-24") from None
