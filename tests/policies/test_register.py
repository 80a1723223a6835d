"""The client's documents, rule by rule: nothing is forgotten, nothing is claimed that does not exist."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.policy.loader import PolicyError, read_policy
from ansible.module_utils.policy.model import strict_enough

from tests.policies.conftest import policies_of

POLICIES = Path(__file__).resolve().parents[2] / "policies"
CLIENT = POLICIES / "autoconcept"
DOCUMENTS = {"A0": "itprovider2", "A1": "jassur", "A2": "lgfp", "A3": "procontrole", "A4": "sibio"}
RULES_OF_EACH = {"A0": 160, "A1": 123, "A2": 121, "A3": 57, "A4": 49}
OPERATORS = ("at_least", "at_most", "equals", "within", "includes", "excludes")


def read(name: str, schema: str) -> dict[str, Any]:
    return read_policy(CLIENT / f"{name}.yml", POLICIES / "schema" / f"{schema}.schema.json", CLIENT)


@pytest.fixture(scope="module")
def rules() -> Mapping[str, Any]:
    return policies_of("autoconcept").register


@pytest.fixture(scope="module")
def attestations() -> dict[str, Any]:
    return read("attestations", "attestations")["attestations"]


@pytest.fixture(scope="module")
def legal() -> dict[str, Any]:
    return read("legal", "legal")["legal"]


@pytest.fixture(scope="module")
def contradictions() -> dict[str, Any]:
    return read("contradictions", "contradictions")["contradictions"]


@pytest.fixture(scope="module")
def charter() -> dict[str, Any]:
    return read("charter", "charter")["charter"]


@pytest.fixture(scope="module")
def controls() -> dict[str, Any]:
    schema = POLICIES / "schema" / "catalogue.schema.json"
    topics = [read_policy(file, schema, POLICIES) for file in sorted((POLICIES / "catalogue").glob("*.yml"))]
    assert topics
    return {name: control for topic in topics for name, control in topic["controls"].items()}


def topics_to_come() -> list[str]:
    """The topics that a plan may name, as the schema of legal.yml lists them."""
    schema = json.loads((POLICIES / "schema" / "legal.schema.json").read_text(encoding="utf-8"))
    return schema["properties"]["legal"]["additionalProperties"]["properties"]["planned"]["enum"]


def contract_demands() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every demand of every contract: document, control, demand."""
    for file in sorted((CLIENT / "contracts").glob("*.yml")):
        contract = read_policy(file, POLICIES / "schema" / "contract.schema.json", CLIENT)
        assert contract["document"] == file.stem
        for control, entry in contract["demands"].items():
            for demand in entry if isinstance(entry, list) else [entry]:
                yield file.stem, control, demand


def test_every_rule_of_the_five_documents_is_registered_once(rules: Mapping[str, Any]) -> None:
    wanted = {f"{prefix}-{number:03}" for prefix, count in RULES_OF_EACH.items() for number in range(1, count + 1)}
    assert set(rules) == wanted  # the loader refuses an id given twice


def test_a_rule_is_filed_under_the_document_of_its_number(rules: Mapping[str, Any]) -> None:
    assert not [name for name, rule in rules.items() if rule["document"] != DOCUMENTS[name[:2]]]


def test_a_rule_stands_in_the_file_of_its_document() -> None:
    files = sorted((CLIENT / "register").glob("*.yml"))
    assert {file.stem for file in files} == set(DOCUMENTS.values())
    assert not [
        (file.name, name)
        for file in files
        for name, rule in read(f"register/{file.stem}", "register")["rules"].items()
        if rule["document"] != file.stem
    ]


def test_no_two_rules_of_a_document_are_the_same_entry(rules: Mapping[str, Any]) -> None:
    seen = Counter((rule["document"], rule["section"], rule["says"]) for rule in rules.values())
    assert not [entry for entry, count in seen.items() if count > 1]


def test_a_rule_without_controls_says_why_or_with_which_topic_it_comes(rules: Mapping[str, Any]) -> None:
    planned = re.compile(r"planned with the (\w+) controls")
    topics = {
        name: found[1] for name, rule in rules.items() if (found := planned.fullmatch(rule.get("not_carried", "")))
    }
    assert not {name: topic for name, topic in topics.items() if topic not in topics_to_come()}
    assert not [name for name, rule in rules.items() if "planned" in rule.get("not_carried", "") and name not in topics]


def test_no_rule_of_a_category_that_has_its_controls_waits(rules: Mapping[str, Any]) -> None:
    done = {
        *("identity", "filtering", "firewall", "logs", "network-vpn"),
        *("backup", "raid", "nas", "antivirus", "upgrade", "licences"),
    }
    assert not [
        name
        for name, rule in rules.items()
        if rule["category"] in done and rule.get("not_carried", "").startswith("planned")
    ]


def test_nothing_waits_for_topics_that_have_their_controls(rules: Mapping[str, Any]) -> None:
    topics = {file.stem for file in (POLICIES / "catalogue").glob("*.yml")}
    waits = re.compile(rf"with the ({'|'.join(topics)}) controls")
    assert not [
        name for name, rule in rules.items() if waits.search(f"{rule.get('not_carried', '')} {rule.get('remains', '')}")
    ]


def test_what_carries_a_rule_exists(
    rules: Mapping[str, Any], controls: dict[str, Any], attestations: dict[str, Any]
) -> None:
    assert not {
        name: unknown
        for name, rule in rules.items()
        if (
            unknown := set(rule.get("carried_by", ())) - set(controls)
            | set(rule.get("attested_by", ())) - set(attestations)
        )
    }


def test_a_rule_cited_by_the_charter_is_carried_by_that_control(
    rules: Mapping[str, Any], charter: dict[str, Any]
) -> None:
    cited = [(control, entry["rule"]) for control, entry in charter.items() if "rule" in entry]
    assert cited
    assert not [(control, rule) for control, rule in cited if control not in rules[rule].get("carried_by", ())]


def test_a_rule_cited_by_a_contract_is_carried_by_that_control(rules: Mapping[str, Any]) -> None:
    found = list(contract_demands())
    assert found
    assert not [
        (control, demand["rule"])
        for document, control, demand in found
        if rules[demand["rule"]]["document"] != document or control not in rules[demand["rule"]].get("carried_by", ())
    ]


def test_the_charter_is_as_strict_as_every_demand_that_is_not_set_aside(charter: dict[str, Any]) -> None:
    lax = []
    for document, control, demand in contract_demands():
        operator = next((key for key in OPERATORS if key in demand), None)
        if operator is None or "set_aside" in demand:
            continue
        if operator not in charter[control] or not strict_enough(
            operator, charter[control][operator], demand[operator]
        ):
            lax.append((document, control, demand["rule"]))
    assert not lax


def test_only_a_demand_that_the_charter_does_not_meet_is_set_aside(charter: dict[str, Any]) -> None:
    needless = []
    for document, control, demand in contract_demands():
        operator = next((key for key in OPERATORS if key in demand), None)
        if "set_aside" not in demand or operator is None or operator not in charter[control]:
            continue
        if strict_enough(operator, charter[control][operator], demand[operator]):
            needless.append((document, control, demand["rule"]))
    assert not needless


def test_a_contract_names_each_control_as_the_catalogue_measures_it(controls: dict[str, Any]) -> None:
    valued = [(document, control) for document, control, demand in contract_demands() if set(OPERATORS) & set(demand)]
    assert valued
    assert not [(document, control) for document, control in valued if "compare" not in controls[control]]


def test_every_attestation_answers_for_a_rule_or_an_article(
    rules: Mapping[str, Any], legal: dict[str, Any], attestations: dict[str, Any]
) -> None:
    used = {name for rule in rules.values() for name in rule.get("attested_by", ())}
    used |= {name for article in legal.values() for name in article["met_by"]}
    assert set(attestations) <= used


def test_what_must_be_dated_before_exists_and_never_comes_back_to_itself(attestations: dict[str, Any]) -> None:
    def before(name: str, path: tuple[str, ...]) -> None:
        assert name in attestations, f"{path[-1]}: after {name}, which does not exist"
        assert name not in path, f"{' after '.join((*path, name))}: a circle"
        for earlier in attestations[name]["after"]:
            before(earlier, (*path, name))

    for name in attestations:
        before(name, ())


def test_staff_are_consulted_then_told_before_filtering_starts(attestations: dict[str, Any]) -> None:
    assert "works_council_consultation" in attestations["individual_notice"]["after"]
    assert "individual_notice" in attestations["monitoring_activation"]["after"]


def test_an_attestation_with_a_date_but_no_document_is_refused(tmp_path: Path) -> None:
    entry = (CLIENT / "attestations.yml").read_text(encoding="utf-8")
    file = tmp_path / "attestations.yml"
    file.write_text(entry.replace("signed_on: null", "signed_on: 2026-01-05", 1), encoding="utf-8")
    with pytest.raises(PolicyError, match="evidence"):
        read_policy(file, POLICIES / "schema" / "attestations.schema.json", tmp_path)


def test_an_article_is_met_by_things_that_exist(
    legal: dict[str, Any], controls: dict[str, Any], attestations: dict[str, Any], rules: Mapping[str, Any]
) -> None:
    known = set(controls) | set(attestations)
    assert not {name: unknown for name, article in legal.items() if (unknown := set(article["met_by"]) - known)}
    assert not {name: unknown for name, article in legal.items() if (unknown := set(article["rules"]) - set(rules))}


def test_an_article_is_not_met_by_a_citation_that_it_replaces(legal: dict[str, Any]) -> None:
    replaced = {citation for article in legal.values() for citation in article["replaces"]}
    assert replaced
    assert not [name for name, article in legal.items() if article["reference"] in replaced]


def test_all_forty_five_contradictions_are_settled_or_open_with_a_topic(contradictions: dict[str, Any]) -> None:
    assert list(contradictions) == [f"C{number:02}" for number in range(1, 46)]


def test_contradictions_and_rules_name_each_other(rules: Mapping[str, Any], contradictions: dict[str, Any]) -> None:
    from_rules = {(name, rule) for rule, entry in rules.items() for name in entry.get("contradictions", ())}
    from_contradictions = {
        (name, rule)
        for name, entry in contradictions.items()
        for said in entry["says"].values()
        for rule in said["rules"]
    }
    assert from_rules == from_contradictions


def test_a_contradiction_files_each_rule_under_its_own_document(contradictions: dict[str, Any]) -> None:
    assert not [
        (name, rule)
        for name, entry in contradictions.items()
        for document, said in entry["says"].items()
        for rule in said["rules"]
        if DOCUMENTS[rule[:2]] != document
    ]


#: Contradictions that touch what has its controls, and others that nothing of it decides alone.
SETTLED_ON_CONTROLS = {
    "identity": {"C01", "C02", "C03", "C04", "C05"},
    "backup": {"C15", "C16", "C17", "C18", "C32"},
    "raid": {"C17"},
    "nas": {"C17", "C23"},
    "antivirus": {"C19"},
    "workstation": {"C07", "C11", "C12", "C35"},
    "upgrade": {"C20"},
}


@pytest.mark.parametrize("category", SETTLED_ON_CONTROLS)
def test_contradictions_are_settled_on_existing_controls(
    rules: Mapping[str, Any], contradictions: dict[str, Any], controls: dict[str, Any], category: str
) -> None:
    touching = {
        name for rule in rules.values() if rule["category"] == category for name in rule.get("contradictions", ())
    } - {"C21", "C40"}  # how many workstations there are, and who looks after them, is not for a control to say
    assert SETTLED_ON_CONTROLS[category] <= touching
    assert not [
        name for name in touching if "settled" not in contradictions[name] or not contradictions[name]["controls"]
    ]
    assert not {
        name: unknown for name, entry in contradictions.items() if (unknown := set(entry["controls"]) - set(controls))
    }


def test_no_policy_text_carries_an_address_a_number_to_call_or_an_account() -> None:
    personal = re.compile(
        r"[\w.+-]+@[\w-]+\.\w{2,}|\b0\d([ .]?\d\d){4}\b|\bFR\d{2}[ \dA-Z]{9,}|\b\d{13,14}\b|\bHARCP", re.IGNORECASE
    )
    files = sorted(CLIENT.rglob("*.yml"))
    assert files
    found = {file.name: hit[0] for file in files if (hit := personal.search(file.read_text(encoding="utf-8")))}
    assert not found
