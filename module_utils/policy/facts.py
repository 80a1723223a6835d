"""Facts of a host, read so that what is missing is never taken for an answer.

A missing key raises MissingFact; every path that is read is remembered, so that a test can take each deciding fact
away and see that no control stays green.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_STEP = re.compile(r"^([a-z_]+)(?:\[([a-z_]+)=([a-z_]+)\])?$")


class MissingFact(Exception):
    """The fact that decides was not collected; the message is its path."""


class Facts:
    """A mapping of facts below a path; reading a key that is not there raises MissingFact."""

    def __init__(
        self, data: dict[str, Any], path: str, trace: set[tuple[str | int, ...]], steps: tuple[str | int, ...] = ()
    ) -> None:
        self._data = data
        self._path = path
        self._trace = trace
        self._steps = steps

    def __getitem__(self, key: str) -> Any:
        path = f"{self._path}.{key}" if self._path else key
        if key not in self._data:
            raise MissingFact(path)
        self._trace.add((*self._steps, key))
        return wrap(self._data[key], path, self._trace, (*self._steps, key))


class FactList:
    """A list of facts; some() refuses an empty one."""

    def __init__(
        self, items: list[Any], path: str, trace: set[tuple[str | int, ...]], steps: tuple[str | int, ...]
    ) -> None:
        self._items = items
        self._path = path
        self._trace = trace
        self._steps = steps

    def __iter__(self) -> Iterator[Any]:
        for index, item in enumerate(self._items):
            yield wrap(item, f"{self._path}[{index}]", self._trace, (*self._steps, index))

    def __len__(self) -> int:
        return len(self._items)

    def some(self) -> FactList:
        """The list itself; MissingFact when nothing was found where a live system always has something."""
        if not self._items:
            raise MissingFact(f"{self._path} (empty)")
        return self

    def plain(self) -> list[Any]:
        """The items as they were collected."""
        return list(self._items)


def wrap(value: Any, path: str, trace: set[tuple[str | int, ...]], steps: tuple[str | int, ...]) -> Any:
    """A value as Facts or FactList when it holds others."""
    if isinstance(value, dict):
        return Facts(value, path, trace, steps)
    if isinstance(value, list):
        return FactList(value, path, trace, steps)
    return value


def read_path(facts: Facts, path: str) -> Any:
    """Follow a catalogue path such as logon_probe.samples[kind=brand].accepted.

    A filter keeps the items of a list whose key has that value and makes the rest of the path a list; no item kept
    is a missing fact, because nothing was tried.
    """
    value: Any = facts
    for step in path.split("."):
        match = _STEP.match(step)
        if not match:
            raise ValueError(f"{path}: {step} is not a step of a fact path")
        name, key, wanted = match.groups()
        value = [item[name] for item in value] if isinstance(value, list) else value[name]
        if key:
            value = [item for item in value if item[key] == wanted]
            if not value:
                raise MissingFact(f"{path}: nothing of kind {wanted}")
    return value.plain() if isinstance(value, FactList) else value
