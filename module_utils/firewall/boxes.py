"""Sets of packets as boxes: one set of numbers for each thing that a rule may look at. Exact, and without any I/O.

A packet that opens a connection is a point; a box is the product of one set for each axis. Rules and the flow matrix
are both turned into boxes, so that they can be subtracted from each other whatever the way they are written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

#: Disjoint ranges in order, both ends included.
Ranges = tuple[tuple[int, int], ...]

ANY_ADDRESS: Ranges = ((0, 2**32 - 1),)
ANY_PORT: Ranges = ((0, 65535),)
ANY_NUMBER: Ranges = ((0, 255),)
BOTH_FAMILIES: Ranges = ((4, 4), (6, 6))


def ranges(parts: Iterable[tuple[int, int]]) -> Ranges:
    """Ranges in any order, overlapping or not, as disjoint ones in order."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(parts):
        if first > last:
            continue
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def meet(left: Ranges, right: Ranges) -> Ranges:
    """What is in both."""
    if left == right:
        return left
    return tuple((max(a, c), min(b, d)) for a, b in left for c, d in right if max(a, c) <= min(b, d))


def minus(left: Ranges, right: Ranges) -> Ranges:
    """What is in the first and not in the second."""
    found = list(left)
    for low, high in right:
        found = [
            part
            for first, last in found
            for part in ((first, min(last, low - 1)), (max(first, high + 1), last))
            if part[0] <= part[1]
        ]
    return tuple(found)


@dataclass(frozen=True)
class Box:
    """Packets by the interface they came by and leave by, family, protocol, addresses, and port or ICMP type."""

    incoming: Ranges
    outgoing: Ranges
    family: Ranges = BOTH_FAMILIES
    protocol: Ranges = ANY_NUMBER
    source: Ranges = ANY_ADDRESS
    destination: Ranges = ANY_ADDRESS
    port: Ranges = ANY_PORT

    def axes(self) -> tuple[Ranges, ...]:
        """The sets in the order of AXES."""
        return tuple(getattr(self, axis) for axis in AXES)

    def meet(self, other: Box) -> Box | None:
        """The packets in both; None when there is none."""
        found = tuple(meet(a, b) for a, b in zip(self.axes(), other.axes(), strict=True))
        return Box(*found) if all(found) else None

    def minus(self, other: Box) -> list[Box]:
        """The packets that are in this one alone, as disjoint boxes."""
        if self.meet(other) is None:
            return [self]
        found, rest = [], self
        for axis in AXES:
            mine, theirs = getattr(rest, axis), getattr(other, axis)
            outside = minus(mine, theirs)
            if outside:
                found.append(replace(rest, **{axis: outside}))
            rest = replace(rest, **{axis: meet(mine, theirs)})
        return found


AXES = ("incoming", "outgoing", "family", "protocol", "source", "destination", "port")


def meet_all(left: Iterable[Box], right: Iterable[Box]) -> list[Box]:
    """The packets that are in some box of both."""
    others = list(right)
    return [found for a in left for b in others if (found := a.meet(b)) is not None]


def minus_all(left: Iterable[Box], right: Iterable[Box]) -> list[Box]:
    """The packets of the first boxes that are in none of the second."""
    rest = list(left)
    for other in right:
        rest = [part for box in rest for part in box.minus(other)]
    return rest
