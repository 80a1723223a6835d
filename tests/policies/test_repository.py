"""The repository keeps its own rules: modules say what they take, roles say what they need, plays are bound."""

from __future__ import annotations

import ast
import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.basic import AnsibleModule

from tests.conftest import ROOT

MODULES = sorted(file for file in (ROOT / "library").glob("*.py"))
ROLES = sorted(folder for folder in (ROOT / "roles").iterdir() if folder.is_dir())
BIN = Path(sys.executable).parent


class Stop(Exception):
    """Raised where a module would begin to work."""


def constants(file: Path) -> dict[str, str]:
    found = {}
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found[node.targets[0].id] = node.value.value  # type: ignore[attr-defined]
    return found


def argument_spec(file: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The argument spec a module really uses: its main() is run up to AnsibleModule."""
    seen: dict[str, Any] = {}

    def capture(_: AnsibleModule, argument_spec: dict[str, Any], **other: Any) -> None:
        seen.update(spec=argument_spec, **other)
        raise Stop

    monkeypatch.setattr(AnsibleModule, "__init__", capture)
    specification = importlib.util.spec_from_file_location(f"library_{file.stem}", file)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    with pytest.raises(Stop):
        module.main()
    return seen


def documented(file: Path) -> dict[str, Any]:
    """Options as documented, fragments merged."""
    text = yaml.safe_load(constants(file)["DOCUMENTATION"])
    options: dict[str, Any] = dict(text.get("options") or {})
    for name in text.get("extends_documentation_fragment", []):
        fragment = constants_of_class(ROOT / "plugins" / "doc_fragments" / f"{name}.py")
        options = {**yaml.safe_load(fragment)["options"], **options}
    return options


def constants_of_class(file: Path) -> str:
    return re.search(r'DOCUMENTATION = r"""(.*?)"""', file.read_text(encoding="utf-8"), re.DOTALL).group(1)  # type: ignore[union-attr]


def shape(options: dict[str, Any]) -> dict[str, Any]:
    """What of an option must agree between its documentation and its specification."""
    return {
        name: {
            "type": option.get("type", "str"),
            "required": bool(option.get("required", False)),
            "default": option.get("default"),
            "choices": list(option["choices"]) if option.get("choices") else None,
            "elements": option.get("elements"),
            "options": shape(option.get("suboptions") or option.get("options") or {}),
        }
        for name, option in options.items()
    }


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_a_module_documents_exactly_what_it_takes(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shape(documented(file)) == shape(argument_spec(file, monkeypatch)["spec"])


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_a_module_has_its_documentation_examples_and_returns(file: Path) -> None:
    texts = constants(file)
    assert yaml.safe_load(texts["DOCUMENTATION"])["module"] == file.stem
    assert any(file.stem in task for task in yaml.safe_load(texts["EXAMPLES"]))
    assert yaml.safe_load(texts["RETURN"])


@pytest.mark.parametrize("file", MODULES, ids=lambda file: file.stem)
def test_a_module_says_how_it_behaves_in_check_mode(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    says = yaml.safe_load(constants(file)["DOCUMENTATION"])["attributes"]["check_mode"]["support"]
    assert argument_spec(file, monkeypatch).get("supports_check_mode", False) is (says == "full")


def test_secrets_of_modules_are_never_logged(monkeypatch: pytest.MonkeyPatch) -> None:
    open_ = [
        (file.stem, name)
        for file in MODULES
        for name, option in argument_spec(file, monkeypatch)["spec"].items()
        if re.search(r"password$|secret", name) and option.get("type", "str") == "str" and not option.get("no_log")
    ]
    assert open_ == []


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_says_what_it_needs(role: Path) -> None:
    main = yaml.safe_load((role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))["argument_specs"]["main"]
    assert main["short_description"].endswith(".")
    for name, option in main.get("options", {}).items():
        assert name.startswith(f"{role.name}_"), name
        assert option.get("type"), name
        assert option.get("description"), name
    defaults = role / "defaults" / "main.yml"
    given = set(yaml.safe_load(defaults.read_text(encoding="utf-8")) or {}) if defaults.exists() else set()
    required = {name for name, option in main.get("options", {}).items() if option.get("required")}
    assert given & required == set(), "a required argument has a default"
    assert [name for name, option in main.get("options", {}).items() if "default" in option and name in given] == []


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_role_is_used_by_a_playbook_or_by_a_role(role: Path) -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in (ROOT / "playbooks").rglob("*.yml"))
    needed = {
        each["role"]
        for other in ROLES
        for each in yaml.safe_load((other / "meta" / "main.yml").read_text(encoding="utf-8"))["dependencies"]
    }
    assert role.name in needed or re.search(rf"(role|name): {role.name}\b", text)


@pytest.mark.parametrize(
    "site", sorted(file.parent.name for file in (ROOT / "inventories").glob("*/hosts.yml") if file.parent.name != "lab")
)
def test_a_site_has_what_the_playbooks_read(site: str) -> None:
    shown = subprocess.run(
        [str(BIN / "ansible-inventory"), "-i", str(ROOT / "inventories" / site), "--list"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    inventory = json.loads(shown.stdout)
    for host, values in inventory["_meta"]["hostvars"].items():
        assert values["site"] == site, host
        assert (ROOT / "policies" / values["client"] / "charter.yml").exists(), host


def test_no_path_or_name_of_a_workplace_stands_in_the_repository() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    words = re.compile("/" + "work/|/" + "farm/|" + r"\.\./" + "shared|/root/" + "scratch")
    found = []
    for name in listed.stdout.splitlines():
        file = ROOT / name
        if (
            file.is_file()
            and file.suffix not in (".png", ".pdf", ".ttf")
            and words.search(file.read_text(encoding="utf-8", errors="replace"))
        ):
            found.append(name)
    assert [name for name in found if name != ".ci/run"] == []
