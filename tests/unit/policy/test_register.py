"""The register is one file, or one file per document; it is never both, never empty, and names a rule once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.policy.loader import PolicyError, read_policy
from ansible.module_utils.policy.register import read_register

from tests.conftest import ROOT

SCHEMA = ROOT / "policies" / "schema" / "register.schema.json"
RULE = """  {}: {{document: lgfp, section: "1", category: backup, says: "{}", verification: probe,
           not_carried: this rule is an example}}
"""


@pytest.fixture
def client(tmp_path: Path) -> Path:
    folder = tmp_path / "policies" / "client"
    folder.mkdir(parents=True)
    return folder


def put(file: Path, *rules: str) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text("---\nrules:\n" + "".join(RULE.format(name, file.stem) for name in rules), encoding="utf-8")


def read(client: Path) -> dict[str, Any]:
    root = client.parents[1]
    return read_register(client, lambda file: read_policy(file, SCHEMA, root), root)


def refused(client: Path) -> list[str]:
    with pytest.raises(PolicyError) as refusal:
        read(client)
    return refusal.value.problems


def test_a_small_client_has_its_rules_in_one_file(client: Path) -> None:
    put(client / "register.yml", "A2-002", "A2-001")
    assert list(read(client)) == ["A2-002", "A2-001"]


def test_a_client_without_documents_has_no_rules(client: Path) -> None:
    assert read(client) == {}


def test_a_folder_is_read_document_by_document(client: Path) -> None:
    put(client / "register" / "lgfp.yml", "A2-001")
    put(client / "register" / "jassur.yml", "A1-001", "A1-002")
    assert {name: rule["says"] for name, rule in read(client).items()} == {
        "A1-001": "jassur",
        "A1-002": "jassur",
        "A2-001": "lgfp",
    }


def test_a_file_beside_the_folder_is_refused(client: Path) -> None:
    put(client / "register.yml", "A2-001")
    put(client / "register" / "lgfp.yml", "A2-002")
    (said,) = refused(client)
    assert said.startswith("policies/client/register:")
    assert "register.yml beside this folder" in said


def test_an_empty_folder_is_refused(client: Path) -> None:
    (client / "register").mkdir()
    (said,) = refused(client)
    assert said.startswith("policies/client/register: holds no .yml file")


def test_a_rule_of_two_files_is_refused_with_both_lines(client: Path) -> None:
    put(client / "register" / "jassur.yml", "A1-001", "A2-001")
    put(client / "register" / "lgfp.yml", "A2-001", "A1-001")
    first, second = "policies/client/register/jassur.yml", "policies/client/register/lgfp.yml"
    assert refused(client) == [
        f"{second}:3: A2-001: is also in {first}:5; keep one",
        f"{second}:5: A1-001: is also in {first}:3; keep one",
    ]


def test_a_rule_twice_in_one_file_is_refused_too(client: Path) -> None:
    put(client / "register" / "lgfp.yml", "A2-001", "A2-001")
    (said,) = refused(client)
    assert said.startswith("policies/client/register/lgfp.yml:5:")
    assert "given twice" in said
