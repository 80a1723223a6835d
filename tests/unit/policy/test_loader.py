"""A wrong policy file is refused with its name, its line and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.module_utils.policy.loader import PolicyError, read_policy

from tests.conftest import ROOT

SCHEMA = ROOT / "policies" / "schema" / "charter.schema.json"
GOOD = """---
document: charter
charter:
  password_max_age:
    clause: A
    says: Le mot de passe change.
    at_most: 90
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "charter.yml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_good_file_is_read(tmp_path: Path) -> None:
    assert read_policy(written(tmp_path, GOOD), SCHEMA)["charter"]["password_max_age"]["at_most"] == 90


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (GOOD.replace("at_most: 90", "at_mots: 90"), 4, "at_mots"),
        (GOOD.replace("at_most: 90", "at_most: ninety"), 7, "not of type 'number'"),
        (GOOD + "    at_most: 80\n", 8, "given twice"),
        (GOOD.replace("    clause: A\n", ""), 4, "clause"),
        (GOOD.replace("change.", "change tous les 90 jours."), 6, "does not match"),
        (GOOD.replace("document: charter", "document: [charter"), 3, "YAML"),
        ("", 1, "empty"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(PolicyError) as refusal:
        read_policy(written(tmp_path, text), SCHEMA, tmp_path)
    assert f"charter.yml:{line}:" in str(refusal.value)
    assert said in str(refusal.value)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("    clause: A\n", "").replace("at_most: 90", "at_most: ninety")
    with pytest.raises(PolicyError) as refusal:
        read_policy(written(tmp_path, text), SCHEMA)
    assert len(refusal.value.problems) == 2


def test_a_file_that_is_not_there_or_not_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="cannot be read"):
        read_policy(tmp_path / "charter.yml", SCHEMA)
    (tmp_path / "charter.yml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(PolicyError, match="UTF-8"):
        read_policy(tmp_path / "charter.yml", SCHEMA)
