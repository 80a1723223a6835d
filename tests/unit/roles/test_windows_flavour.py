"""Tasks for Windows ask modules that exist for what they document; no Windows host is needed to know."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT

FILES = sorted(ROOT.glob("roles/*/tasks/windows*.yml"))
COLLECTIONS = ("microsoft.ad.", "ansible.windows.", "community.windows.")
TYPES: dict[str, type | tuple[type, ...]] = {"bool": bool, "int": int, "float": (int, float), "dict": dict}


def tasks_of(file: Path) -> list[dict[str, Any]]:
    return list(flat(yaml.safe_load(file.read_text(encoding="utf-8"))))


def flat(tasks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every task, those of blocks too."""
    for task in tasks:
        inner = [task[key] for key in ("block", "rescue", "always") if key in task]
        if not inner:
            yield task
        for part in inner:
            yield from flat(part)


def modules_of(tasks: list[dict[str, Any]]) -> list[tuple[str, Any]]:
    """What is asked of the collections: module and arguments."""
    return [(key, task[key]) for task in tasks for key in task if key.startswith(COLLECTIONS)]


def documentation_of(names: set[str]) -> dict[str, Any]:
    """The documentation of modules as installed; one that is unknown is left out."""
    shown = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-doc")), "--json", "--type", "module", *sorted(names)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    return {name: found["doc"] for name, found in json.loads(shown.stdout or "{}").items() if "doc" in found}


def problems(tasks: list[dict[str, Any]], documentation: Mapping[str, Any]) -> list[str]:
    """What the documentation does not say, one sentence each."""
    found = []
    for module, given in modules_of(tasks):
        if module not in documentation:
            found.append(f"{module} does not exist")
        else:
            found += check(module, given or {}, documentation[module].get("options") or {})
    return found


def check(where: str, given: Any, options: Mapping[str, Any]) -> Iterator[str]:
    """Names, required ones, and the type and choices of what is written out."""
    if not isinstance(given, Mapping):
        yield f"{where}: arguments are not a mapping"
        return
    spelled = {alias: name for name, option in options.items() for alias in [name, *(option.get("aliases") or ())]}
    yield from (f"{where}: no option {name}" for name in given if name not in spelled)
    there = {spelled.get(name) for name in given}
    yield from (f"{where}: lacks {name}" for name in options if options[name].get("required") and name not in there)
    for name, value in given.items():
        if name in spelled and not computed(value):
            yield from check_value(f"{where}.{name}", value, options[spelled[name]])


def check_value(where: str, value: Any, option: Mapping[str, Any]) -> Iterator[str]:
    kind, within = option.get("type", "str"), option.get("suboptions")
    if kind == "list":
        for item in value if isinstance(value, list) else [value]:
            if not computed(item):
                yield from check_value(where, item, {**option, "type": option.get("elements", "raw")})
    elif kind in TYPES and (not isinstance(value, TYPES[kind]) or (kind == "int" and isinstance(value, bool))):
        yield f"{where}: {value!r} is no {kind}"
    elif kind == "dict" and within:
        yield from check(where, value, within)
    elif option.get("choices") and str(value) not in map(str, option["choices"]):
        yield f"{where}: {value!r} is no choice"


def computed(value: Any) -> bool:
    return isinstance(value, str) and "{{" in value


@pytest.fixture(scope="module")
def documentation() -> dict[str, Any]:
    asked = {module for file in FILES for module, _ in modules_of(tasks_of(file))}
    return documentation_of({*asked, "microsoft.ad.user", "ansible.windows.win_regedit", "ansible.windows.win_nothing"})


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parts[-3]}/{file.stem}")
def test_tasks_for_windows_ask_what_the_collections_document(file: Path, documentation: dict[str, Any]) -> None:
    asked = tasks_of(file)
    assert modules_of(asked), "nothing of this file is checked"
    assert problems(asked, documentation) == []


def test_the_domain_of_windows_is_made_through_the_collection_for_it() -> None:
    asked = {module for file in FILES for module, _ in modules_of(tasks_of(file))}
    assert "microsoft.ad.domain" in asked


@pytest.mark.parametrize(
    ("module", "arguments", "told"),
    [
        ("ansible.windows.win_nothing", {}, "ansible.windows.win_nothing does not exist"),
        (
            "ansible.windows.win_regedit",
            {"path": "HKLM:\\X", "vlaue": 1},
            "ansible.windows.win_regedit: no option vlaue",
        ),
        ("ansible.windows.win_regedit", {"name": "X"}, "ansible.windows.win_regedit: lacks path"),
        (
            "ansible.windows.win_regedit",
            {"path": "HKLM:\\X", "type": "word"},
            "ansible.windows.win_regedit.type: 'word' is no choice",
        ),
        (
            "ansible.windows.win_regedit",
            {"path": "HKLM:\\X", "delete_key": "perhaps"},
            "ansible.windows.win_regedit.delete_key: 'perhaps' is no bool",
        ),
        ("ansible.windows.win_regedit", "path=HKLM:\\X", "ansible.windows.win_regedit: arguments are not a mapping"),
        (
            "microsoft.ad.user",
            {"name": "x", "groups": {"put": ["y"]}},
            "microsoft.ad.user.groups: no option put",
        ),
    ],
)
def test_what_is_not_documented_is_told(module: str, arguments: Any, told: str, documentation: dict[str, Any]) -> None:
    nested = [{"name": "A block", "block": [{"name": "A block in it", "rescue": [{"name": "X", module: arguments}]}]}]
    assert problems(list(flat(nested)), documentation) == [told]


@pytest.mark.parametrize(
    "arguments",
    [
        {"key": "HKLM:\\X", "value": "X", "data": 0, "datatype": "dword"},
        {"path": "{{ somewhere }}", "state": "{{ something }}"},
    ],
    ids=["by other names", "computed"],
)
def test_what_is_documented_is_accepted(arguments: Any, documentation: dict[str, Any]) -> None:
    assert problems([{"ansible.windows.win_regedit": arguments}], documentation) == []
