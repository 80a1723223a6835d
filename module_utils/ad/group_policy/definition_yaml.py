"""Read a definition with its lines: every problem of every file is told at once, as file:line: what and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.ad.group_policy import GroupPolicyDataError
from ansible.module_utils.ad.group_policy.admx_policies import did_you_mean

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class DefinitionError(GroupPolicyDataError):
    """Definitions that cannot be meant; `problems` has one line each."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class Source:
    """One file: hands out its parts and collects what is wrong with them."""

    def __init__(self, path: str, problems: list[str]) -> None:
        self.path, self.problems = path, problems

    def root(self) -> yaml.Node | None:
        """The document, or None when it cannot be read."""
        line, problem = 1, "is empty; one file describes one policy"
        try:
            node: yaml.Node | None = yaml.compose(Path(self.path).read_text(encoding="utf-8"), Loader=_Loader)
            if node is not None:
                return node
        except OSError as error:
            problem = f"cannot be read ({error.strerror}); check the path"
        except UnicodeDecodeError:
            problem = "is not UTF-8 text; save it again as UTF-8"
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            problem = f"is not valid YAML: {getattr(error, 'problem', None) or str(error).splitlines()[0]}"
        self._note(line, problem)
        return None

    def _note(self, line: int, what: str) -> None:
        self.problems.append(f"{self.path}:{line}: {what}")

    def problem(self, node: yaml.Node, what: str) -> None:
        """Note what is wrong with a part of the file."""
        self._note(node.start_mark.line + 1, what)

    def fields(
        self, node: yaml.Node, allowed: Iterable[str], required: Iterable[str] = (), what: str = "this"
    ) -> dict[str, yaml.Node]:
        """The values of a mapping; unknown, doubled and missing keys are noted."""
        found = dict(self.entries(node, what))
        known = list(allowed)
        for key, (name, _value) in ((name, pair) for name, pair in found.items() if name not in known):
            self.problem(name, f"{what} has no {key!r}{did_you_mean(key, known)} (it takes {', '.join(known)})")
        for key in required:
            if key not in found and isinstance(node, yaml.MappingNode):
                self.problem(node, f"{what} lacks {key!r}")
        return {key: value for key, (_name, value) in found.items() if key in known}

    def entries(self, node: yaml.Node, what: str) -> Iterable[tuple[str, tuple[yaml.Node, yaml.Node]]]:
        """Keys of a mapping with the nodes of key and value; a key given twice is noted."""
        if not isinstance(node, yaml.MappingNode):
            self.problem(node, f"{what} is not a mapping (key: value)")
            return
        seen: set[str] = set()
        for name, value in node.value:
            key = str(name.value) if isinstance(name, yaml.ScalarNode) else "?"
            if key in seen:
                self.problem(name, f"{key!r} is given twice; keep one")
            else:
                yield key, (name, value)
            seen.add(key)

    def items(self, node: yaml.Node | None, what: str) -> list[yaml.Node]:
        """The items of a list; none when there is no list."""
        if node is None:
            return []
        if not isinstance(node, yaml.SequenceNode):
            self.problem(node, f"{what} is not a list (one line per item, each with a dash)")
            return []
        return list(node.value)

    def plain(self, node: yaml.Node) -> Any:
        """A part of the file as plain data."""
        try:
            return yaml.SafeLoader("").construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError) as error:
            self.problem(node, f"cannot be understood: {error}".splitlines()[0])
            return None

    def text(self, node: yaml.Node | None, what: str, default: str = "") -> str:
        """A text that is not empty."""
        if node is None:
            return default
        given = self.plain(node)
        if not isinstance(given, str) or not given.strip():
            self.problem(node, f"{what} is not a text")
            return default
        return given.strip()

    def yes(self, node: yaml.Node | None, what: str, default: bool) -> bool:
        """True or false."""
        if node is None:
            return default
        given = self.plain(node)
        if not isinstance(given, bool):
            self.problem(node, f"{what} is neither true nor false")
            return default
        return given

    def one_of(self, node: yaml.Node | None, what: str, choices: Iterable[str], default: str) -> str:
        """A word of a list of choices."""
        given = self.text(node, what, default)
        known = list(choices)
        if node is not None and given not in known:
            self.problem(node, f"{what} is {given!r}, not one of {', '.join(known)}{did_you_mean(given, known)}")
            return default
        return given
