"""How groups are named stands in one place, and whoever needs a name asks there."""

from __future__ import annotations

import re

import pytest
from ansible.module_utils.ad import group_names
from ansible.module_utils.ad.share_table import RIGHTS

from tests.conftest import ROOT


@pytest.mark.parametrize(
    ("right", "name"), [("read", "DL_Plans_R"), ("write", "DL_Plans_RW"), ("delete", "DL_Plans_D")]
)
def test_a_right_on_a_share_has_its_group(right: str, name: str) -> None:
    assert group_names.rights_group("Plans", right) == name
    assert set(group_names.ENDS) == set(RIGHTS)


def test_those_who_have_a_right_by_name_are_in_a_group_named_after_it() -> None:
    assert group_names.holders_of("DL_Plans_RW") == "GG_Plans_RW"


def test_no_other_code_knows_the_prefixes() -> None:
    code = [file for folder in ("module_utils", "plugins", "library") for file in (ROOT / folder).rglob("*.py")]
    knows = {file.name for file in code if re.search(r"""["'](?:GG_|DL_)""", without_examples(file.read_text()))}
    assert knows == {"group_names.py"}


def without_examples(text: str) -> str:
    """Code without what a module documents, which names groups of an invented site."""
    return re.sub(r'(?:DOCUMENTATION|EXAMPLES|RETURN) = r""".*?"""', "", text, flags=re.DOTALL)
