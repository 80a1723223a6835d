"""The chain from a clause to a verdict is whole: demanded, bound, measured, carried, and no value twice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.policy.computed import OBSERVERS
from ansible.module_utils.policy.model import OPERATORS, Policies, strict_enough

from tests.conftest import ROOT
from tests.policies.conftest import CLIENTS, policies_of

PLAYBOOKS = sorted((ROOT / "playbooks").rglob("*.yml"))
BOUND = set(
    re.findall(r"charter\.([a-z_]+)\.([a-z_]+)", "\n".join(file.read_text(encoding="utf-8") for file in PLAYBOOKS))
)
CATALOGUE: dict[str, Any] = {
    name: entry
    for file in sorted((ROOT / "policies" / "catalogue").glob("*.yml"))
    for name, entry in yaml.safe_load(file.read_text(encoding="utf-8"))["controls"].items()
}


def test_every_value_of_a_charter_is_bound_to_a_role_or_is_the_effect_of_one_that_is(policies: Policies) -> None:
    unbound = [
        control.id
        for control in policies.controls.values()
        for operator in (control.operator, control.definition.get("carries"))
        if operator and (control.definition.get("effect_of", control.id), operator) not in BOUND
    ]
    assert unbound == []


def test_an_effect_has_the_value_of_its_cause(policies: Policies) -> None:
    apart = [
        control.id
        for control in policies.controls.values()
        if (cause := control.definition.get("effect_of")) and control.expected != policies.controls[cause].expected
    ]
    assert apart == []


def test_every_binding_names_a_control_and_its_operator() -> None:
    wrong = [
        (control, operator)
        for control, operator in sorted(BOUND)
        if operator not in (CATALOGUE.get(control, {}).get("compare"), CATALOGUE.get(control, {}).get("carries"))
    ]
    assert wrong == []


def test_what_a_playbook_binds_every_client_gives() -> None:
    missing = [
        (client, control)
        for client in CLIENTS
        for control, _ in sorted(BOUND)
        if control not in policies_of(client).controls
    ]
    assert missing == []


def test_no_inventory_and_no_role_default_defines_a_bound_variable() -> None:
    bound = {
        match
        for file in PLAYBOOKS
        for match in re.findall(r"^\s*([a-z_]+): \"\{\{ charter\.", file.read_text(encoding="utf-8"), re.MULTILINE)
        if not match.startswith("__")
    }
    assert bound
    elsewhere = [
        (str(file.relative_to(ROOT)), name)
        for folder in ("inventories", "roles")
        for file in sorted((ROOT / folder).rglob("*.yml"))
        if "argument_specs" not in file.name
        for name in re.findall(r"^([a-z_]+):", file.read_text(encoding="utf-8"), re.MULTILINE)
        if name in bound
    ]
    assert elsewhere == []


def test_a_bound_argument_is_required_and_typed_without_default() -> None:
    loose = []
    for name in sorted(_bound_role_variables()):
        options = _argument_of(name)
        if not options or not options.get("required") or "default" in options or "type" not in options:
            loose.append(name)
    assert loose == []


def _bound_role_variables() -> set[str]:
    """What plays give to roles; what they give to a module has no role's name before it."""
    roles = tuple(f"{folder.name}_" for folder in (ROOT / "roles").iterdir())
    return {
        name
        for file in PLAYBOOKS
        for name in re.findall(
            r"^\s+([a-z_]+): \"\{\{ charter\.[a-z_.]+ *\}\}\"", file.read_text(encoding="utf-8"), re.MULTILINE
        )
        if name.startswith(roles)
    }


def _argument_of(variable: str) -> dict[str, Any]:
    for file in (ROOT / "roles").glob("*/meta/argument_specs.yml"):
        options = yaml.safe_load(file.read_text(encoding="utf-8"))["argument_specs"]["main"].get("options", {})
        if variable in options:
            return dict(options[variable])
    return {}


def test_every_control_is_measured_by_something_that_exists() -> None:
    unmeasured = [name for name, entry in CATALOGUE.items() if "compute" in entry and entry["compute"] not in OBSERVERS]
    assert unmeasured == []


def test_no_observation_serves_no_control() -> None:
    assert set(OBSERVERS) - {entry.get("compute") for entry in CATALOGUE.values()} == set()


def test_every_control_of_the_catalogue_is_demanded_by_some_client() -> None:
    demanded = {name for client in CLIENTS for name in policies_of(client).controls}
    assert set(CATALOGUE) - demanded == set()


def test_the_groups_that_controls_apply_to_exist_on_a_site() -> None:
    groups = set()
    for file in (ROOT / "inventories").glob("*/hosts.yml"):
        groups |= set(re.findall(r"^\s+([a-z_]+):$", file.read_text(encoding="utf-8"), re.MULTILINE))
    assert {entry["applies_to"] for entry in CATALOGUE.values()} - groups == set()


def test_the_charter_is_as_strict_as_every_document_or_says_why_not(policies: Policies) -> None:
    loose = [
        f"{control.id}: {demand.document} {demand.rule} demands {demand.operator} {demand.value}, the charter {control.expected}"
        for control in policies.controls.values()
        for demand in control.also_demanded
        if demand.operator
        and demand.set_aside is None
        and (demand.operator != control.operator or not strict_enough(demand.operator, control.expected, demand.value))
    ]
    assert loose == []


def test_a_demand_that_is_met_is_not_set_aside(policies: Policies) -> None:
    idle = [
        f"{control.id}: {demand.document} {demand.rule}"
        for control in policies.controls.values()
        for demand in control.also_demanded
        if demand.set_aside
        and demand.operator == control.operator
        and strict_enough(demand.operator or "", control.expected, demand.value)
    ]
    assert idle == []


def test_every_rule_a_charter_cites_stands_in_the_register(policies: Policies) -> None:
    cited = {control.charter.get("rule") for control in policies.controls.values()} - {None}
    cited |= {demand.rule for control in policies.controls.values() for demand in control.also_demanded if demand.rule}
    assert cited - set(policies.register) == set()


def test_every_rule_is_carried_by_what_exists_or_says_why_not(policies: Policies) -> None:
    wrong = []
    for name, rule in policies.register.items():
        wrong += [
            f"{name}: no control {control}"
            for control in rule.get("carried_by", ())
            if control not in policies.controls
        ]
        wrong += [
            f"{name}: no attestation {item}"
            for item in rule.get("attested_by", ())
            if item not in policies.attestations
        ]
        if not (rule.get("carried_by") or rule.get("attested_by") or rule.get("not_carried")):
            wrong.append(f"{name}: carried by nothing")
    assert wrong == []


def test_every_article_is_met_by_what_exists(policies: Policies) -> None:
    known = set(policies.controls) | set(policies.attestations)
    assert {
        name: set(article["met_by"]) - known
        for name, article in policies.legal.items()
        if set(article["met_by"]) - known
    } == {}
    assert [
        name for name, article in policies.legal.items() if not article["met_by"] and not article.get("planned")
    ] == []


def test_waivers_name_controls_that_exist(policies: Policies) -> None:
    assert [waiver["control"] for waiver in policies.waivers if waiver["control"] not in policies.controls] == []


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_a_title_has_no_figure_of_its_own(name: str) -> None:
    for language in ("fr", "en"):
        assert not re.search(r"\d", CATALOGUE[name]["title"][language])


def test_a_title_shows_the_value_it_speaks_of(policies: Policies) -> None:
    for control in policies.controls.values():
        for language in ("fr", "en"):
            placeholders = set(re.findall(r"\{([a-z_]+)\}", control.definition["title"][language]))
            assert placeholders <= {*OPERATORS}, control.id
            assert control.title(language)


def test_controls_that_exclude_each_other_are_not_both_demanded(policies: Policies) -> None:
    both = [
        (c.id, other)
        for c in policies.controls.values()
        for other in c.definition.get("exclusive_with", ())
        if other in policies.controls
    ]
    assert both == []


def test_nothing_of_a_client_stands_in_code() -> None:
    names = re.compile("|".join(CLIENTS), re.IGNORECASE)
    found = [
        str(file.relative_to(ROOT))
        for folder in ("module_utils", "library", "roles", "playbooks", "bin", "plugins", "inventories/lab")
        for file in sorted((ROOT / folder).rglob("*"))
        if file.is_file() and _is_text(file) and names.search(file.read_text(encoding="utf-8"))
    ]
    assert found == []


def _is_text(file: Path) -> bool:
    return file.suffix not in (".pyc", ".png", ".ttf") and "__pycache__" not in file.parts
