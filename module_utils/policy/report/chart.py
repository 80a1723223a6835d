"""The history as stacked bars: geometry only. Widths are percentages: the figures keep their size on a phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.policy.report.summary import Summary, history_entry

HEIGHT = 190  # of the tallest bar, in pixels
TOP = 26  # room for the figure above a bar
LABEL = 15  # a segment lower than this has no figure inside
LEAST = 3  # a verdict that exists is seen
SHOWN = 12  # runs, the latest
STACK = ("pass", "waived", "not_evaluated", "fail")  # from the bottom; what does not apply is in the table only


@dataclass(frozen=True)
class Segment:
    verdict: str
    amount: int
    y: float
    height: float

    @property
    def labelled(self) -> bool:
        return self.height >= LABEL


@dataclass(frozen=True)
class Bar:
    when: str
    x: float
    width: float
    centre: float
    top: float
    failed: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Chart:
    bars: tuple[Bar, ...]
    rows: tuple[tuple[str, Mapping[str, int]], ...]
    by_rule: bool

    @property
    def baseline(self) -> int:
        return TOP + HEIGHT


def draw(history: Sequence[Mapping[str, Any]], summary: Summary) -> Chart:
    """One bar per earlier run and one for this one, last.

    Runs are counted by rule when all of them were, else by measurement.
    """
    latest = history_entry(summary)
    runs = [*sorted(history, key=lambda run: str(run["finished_at"])), latest]
    by_rule = all("rules" in run for run in runs)
    rows = tuple((str(run["finished_at"]), run["rules" if by_rule else "counts"]) for run in runs[-SHOWN:])
    tallest = max(sum(int(counts.get(verdict, 0)) for verdict in STACK) for _, counts in rows) or 1
    slot = 100 / len(rows)
    width = min(slot * 0.62, 11)
    bars = []
    for place, (when, counts) in enumerate(rows):
        y = float(TOP + HEIGHT)
        segments = []
        for verdict in STACK:
            if amount := int(counts.get(verdict, 0)):
                height = max(HEIGHT * amount / tallest, LEAST)
                y -= height
                segments.append(Segment(verdict, amount, round(y, 1), round(height, 1)))
        centre = slot * (place + 0.5)
        bars.append(
            Bar(
                when,
                round(centre - width / 2, 2),
                round(width, 2),
                round(centre, 2),
                round(y, 1),
                int(counts.get("fail", 0)),
                tuple(segments),
            )
        )
    return Chart(tuple(bars), rows, by_rule)
