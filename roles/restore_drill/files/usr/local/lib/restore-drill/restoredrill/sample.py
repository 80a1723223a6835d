"""What is restored: a random sample of files and one whole folder, within a size; all when all is small."""

from __future__ import annotations

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass

from restoredrill.restic import Node


@dataclass(frozen=True)
class Choice:
    """What is to be restored of a set."""

    nodes: tuple[Node, ...]
    folder: str
    sampled: int
    whole: bool

    @property
    def files(self) -> tuple[Node, ...]:
        """Its files."""
        return tuple(node for node in self.nodes if node.kind == "file")

    @property
    def size(self) -> int:
        """Their bytes."""
        return sum(node.size for node in self.files)


def choose(nodes: Sequence[Node], files: int, size: int, draw: random.Random) -> Choice:
    """A random sample, and a whole folder of those that fit; everything when everything fits."""
    all_files = [node for node in nodes if node.kind == "file"]
    folder = _folder(nodes, size // 2, draw)
    if sum(node.size for node in all_files) <= size and len(all_files) <= files * 100:
        return Choice(tuple(nodes), folder, len(all_files), True)
    inside = tuple(node for node in nodes if folder and _below(node.path, folder))
    left = size - sum(node.size for node in inside)
    others = [node for node in all_files if not (folder and _below(node.path, folder))]
    draw.shuffle(others)
    sampled: list[Node] = []
    for node in others:
        if len(sampled) == files:
            break
        if node.size <= left:
            sampled.append(node)
            left -= node.size
    return Choice((*inside, *sampled), folder, len(sampled), False)


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _folder(nodes: Sequence[Node], size: int, draw: random.Random) -> str:
    """A folder that holds files and is no bigger than that; none when there is none."""
    held: dict[str, int] = {}
    direct: set[str] = set()
    for node in nodes:
        if node.kind == "file":
            parent = os.path.dirname(node.path)
            direct.add(parent)
            while parent not in ("", "/"):
                held[parent] = held.get(parent, 0) + node.size
                parent = os.path.dirname(parent)
    fitting = sorted(path for path in direct if path in held and held[path] <= size)
    return draw.choice(fitting) if fitting else ""
