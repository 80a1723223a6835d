"""Search storage as soon as it is there: every new mount below the folders where the system puts what people plug in.

The kernel tells of mounts by itself (poll on the list of mounts, proc(5)); nothing asks in between.
"""

from __future__ import annotations

import select
from collections.abc import Callable, Iterable, Iterator

MOUNTS = "/proc/self/mountinfo"


def mounted(lines: Iterable[str], below: Iterable[str]) -> set[tuple[str, str]]:
    """Number and place of the mounts below some folders."""
    found = set()
    for line in lines:
        number, _, _, _, place = line.split()[:5]
        place = place.encode().decode("unicode_escape").encode("latin-1").decode("utf-8", "surrogateescape")
        if any(place.startswith(folder.rstrip("/") + "/") for folder in below):
            found.add((number, place))
    return found


def arrivals(below: list[str], mounts: str = MOUNTS) -> Iterator[str]:
    """Places of new mounts, as they come; those that are there at the beginning too."""
    known: set[tuple[str, str]] = set()
    with open(mounts, encoding="utf-8") as file:
        change = select.poll()
        change.register(file, select.POLLPRI | select.POLLERR)
        while True:
            file.seek(0)
            now = mounted(file.read().splitlines(), below)
            yield from (place for _, place in sorted(now - known))
            known = now
            change.poll()


def guard(below: list[str], search: Callable[[str], None]) -> None:
    """Search whatever comes."""
    for place in arrivals(below):
        search(place)
