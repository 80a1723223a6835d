"""What a site says about its directory is checked before anything is read or written."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.directory_wanted import build_wanted

from . import directory_samples as samples
from .directory_fake import BASE, DOMAIN_SID

BOARD = {"name": "Direction", "group": "GG_Direction"}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"today": "21/11/2026"}, "write it as 2026-11-30"),
        ({"departments": {"a": {"name": "A"}}}, "a has no group"),
        ({"departments": {"a": BOARD, "b": {"name": "DIRECTION", "group": "GG_B"}}}, "name DIRECTION is there twice"),
        ({"departments": {"a": BOARD, "b": {"name": "B", "group": "gg_direction"}}}, "gg_direction is there twice"),
        ({"departments": {"a": {**BOARD, "parent_group": "DL_Ventes_RW"}}}, "DL_Ventes_RW is a right"),
        ({"departments": {"a": {**BOARD, "parent_group": "GG_Direction"}}}, "GG_Direction is a member of itself"),
        (
            {"departments": {"a": {**BOARD, "parent_group": "GG_B"},
                             "b": {"name": "B", "group": "GG_B", "parent_group": "GG_Direction"}}},
            "is a member of itself",
        ),
        ({"departments": {"a": {"name": "A", "group": "GG/A"}}}, "'GG/A' cannot be the name of an account"),
        ({"technical_accounts": [{"login": "x" * 21, "purpose": "p", "owner": "o"}]}, "1 to 20 characters"),
        ({"technical_accounts": [{"login": "ADM.kerso", "purpose": "p", "owner": "o"}]}, "adm.kerso is there twice"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_is_refused(options, told):
    with pytest.raises(DirectoryInputError, match=told):
        samples.site(**options)


def test_every_problem_is_told_at_once():
    with pytest.raises(DirectoryInputError) as caught:
        samples.site(today="demain", departments={"a": {"name": "A"}})
    assert len(caught.value.problems) == 2


def test_an_administrator_is_an_employee():
    site = samples.site(administrators=[{"login": "adm.x", "mail": "x@exemple.fr", "groups": [512]}])
    with pytest.raises(DirectoryInputError, match=r"x@exemple\.fr, who is not in the list of employees"):
        build_wanted(site, samples.PEOPLE, BASE, DOMAIN_SID)


def test_a_department_may_carry_facts_for_others():
    assert samples.site(departments={"a": {**BOARD, "printer": "lp1"}}, rights=[]).departments["a"].name == "Direction"
