"""Read policy files: YAML without duplicate keys, checked against their schema, errors with file and line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import yaml

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class PolicyError(Exception):
    """A policy file is wrong; the message has one line per problem: file:line: what, and what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class _Lines:
    """Where each key and item of a document stands, so that an error can name its line."""

    def __init__(self) -> None:
        self.of: dict[tuple[str | int, ...], int] = {}
        self.duplicates: list[tuple[int, str]] = []

    def walk(self, node: yaml.Node, path: tuple[str | int, ...] = ()) -> None:
        """Note the line of everything below node."""
        self.of.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                name = str(key.value)
                if name in seen:
                    self.duplicates.append((key.start_mark.line + 1, name))
                seen.add(name)
                self.of[(*path, name)] = key.start_mark.line + 1
                self.walk(value, (*path, name))
        elif isinstance(node, yaml.SequenceNode):
            for index, value in enumerate(node.value):
                self.walk(value, (*path, index))

    def nearest(self, path: tuple[str | int, ...]) -> int:
        """The line of the closest known ancestor of path."""
        while path and path not in self.of:
            path = path[:-1]
        return self.of.get(path, 1)


def read_policy(file: Path, schema_file: Path, shown_from: Path | None = None) -> dict[str, Any]:
    """One policy file as plain data.

    :raises PolicyError: unreadable, not YAML, a key given twice, or refused by the schema; every problem at once.
    """
    shown = _shown(file, shown_from)
    try:
        source = file.read_text(encoding="utf-8")
    except OSError as error:
        raise PolicyError(
            [f"{shown}:1: cannot be read ({error.strerror}); create it or name another client"]
        ) from error
    except UnicodeDecodeError as error:
        raise PolicyError([f"{shown}:1: is not UTF-8 text; save it again as UTF-8"]) from error
    try:
        node = yaml.compose(source, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PolicyError([f"{shown}:{line}: is not valid YAML: {error.problem}"]) from error
    if node is None:
        raise PolicyError([f"{shown}:1: is empty; see {schema_file.name} for what it must hold"])
    lines = _Lines()
    lines.walk(node)
    if lines.duplicates:
        raise PolicyError(
            [f"{shown}:{line}: the key {name!r} is given twice; keep one" for line, name in lines.duplicates]
        )
    data = _plain(yaml.load(source, Loader=_Loader))  # noqa: S506  (the loader is a SafeLoader)
    problems = sorted(
        ((lines.nearest(path), said) for path, said in unfit(data, schema_file)), key=lambda each: each[0]
    )
    if problems:
        raise PolicyError([f"{shown}:{line}: {said}" for line, said in problems])
    return data


def line_of(file: Path, *path: str) -> int:
    """The line where a key of a readable policy file stands."""
    lines = _Lines()
    if node := yaml.compose(file.read_text(encoding="utf-8"), Loader=_Loader):
        lines.walk(node)
    return lines.nearest(path)


def unfit(data: Any, schema_file: Path) -> list[tuple[tuple[str | int, ...], str]]:
    """What a schema refuses of some data: the path, and a sentence that begins with it."""
    validator = jsonschema.Draft202012Validator(json.loads(schema_file.read_text(encoding="utf-8")))
    return [
        (tuple(error.absolute_path), f"{'.'.join(map(str, error.absolute_path)) or 'the file'}: {_said(error)}")
        for error in validator.iter_errors(data)
    ]


def _plain(value: Any) -> Any:
    """Dates that YAML recognised, back as the text that was written: schemas and comparisons are about text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if hasattr(value, "isoformat") else value


def _said(error: jsonschema.ValidationError) -> str:
    if error.validator == "additionalProperties":
        return f"{error.message}; remove it or correct its spelling"
    return error.message if len(error.message) < 300 else error.message[:300] + " ..."


def _shown(file: Path, shown_from: Path | None) -> str:
    if shown_from and file.is_relative_to(shown_from):
        return str(file.relative_to(shown_from))
    return str(file)
