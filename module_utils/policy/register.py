"""The register: every rule of a client's documents, in one file or in a folder with one file per document."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ansible.module_utils.policy.loader import PolicyError, line_of

Rules = dict[str, Any]


def read_register(client: Path, read: Callable[[Path], dict[str, Any]], root: Path) -> Rules:
    """The rules by id, in the order of the files; none where the client has no register.

    :param read: reads and checks one file.
    :raises PolicyError: the register is both a file and a folder, the folder is empty, or a rule is given twice.
    """
    rules: Rules = {}
    first: dict[str, Path] = {}
    twice = []
    for file in _files(client, root):
        for name, rule in read(file).get("rules", {}).items():
            if name in first:
                twice.append(
                    f"{_place(file, name, root)}: {name}: is also in {_place(first[name], name, root)}; keep one"
                )
            else:
                rules[name], first[name] = rule, file
    if twice:
        raise PolicyError(twice)
    return rules


def _files(client: Path, root: Path) -> list[Path]:
    file, folder = client / "register.yml", client / "register"
    if not folder.exists():
        return [file] if file.exists() else []
    where = folder.relative_to(root)
    if file.exists():
        raise PolicyError([f"{where}: there is a {file.name} beside this folder; move its rules into the folder"])
    files = sorted(folder.glob("*.yml"))
    if not files:
        raise PolicyError([f"{where}: holds no .yml file; write one per document or remove the folder"])
    return files


def _place(file: Path, rule: str, root: Path) -> str:
    return f"{file.relative_to(root)}:{line_of(file, 'rules', rule)}"
