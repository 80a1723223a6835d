"""The sites' own lists of employees load with the sites' own departments, and hold the cases that break naive code."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
import yaml
from ansible.module_utils.ad.employees import load_employees

SITES = Path(__file__).resolve().parents[3] / "inventories"
# AutoConcept's file has 86 lines: 83 people who work on 21 November 2026 (two of them temporary
# and two apprentices with a last day in 2027), two who left in 2026, and one who starts on 7 December 2026.
TODAY = date(2026, 11, 21)


def site(name):
    facts = SITES / name / "group_vars" / "all"
    settings = {key: value for path in sorted(facts.glob("*.yml")) if path.name != "secrets.yml"
                for key, value in (yaml.safe_load(path.read_text("utf-8")) or {}).items()}  # fmt: skip
    return load_employees(SITES / name / "employees.csv", settings["ad_directory_departments"], settings["mail_domain"])


def test_autoconcept_employs_83_people():
    assert Counter(one.status(TODAY) for one in site("autoconcept")) == {"active": 83, "left": 2, "future": 1}


def test_clairbois_employs_8_people():
    assert Counter(one.status(TODAY) for one in site("clairbois")) == {"active": 8}


@pytest.mark.parametrize("name", ["autoconcept", "clairbois"])
def test_a_site_has_one_director_and_somebody_to_administer_it(name):
    people = site(name)
    assert sum(one.manager is None for one in people) == 1
    assert any(one.department == "it" and one.status(TODAY) == "active" for one in people)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*[0-9]*@.*", one.mail) for one in people)


def test_autoconcept_has_the_cases_that_break_naive_code():
    people = site("autoconcept")
    bases = Counter(re.sub("[0-9]+$", "", one.login) for one in people)
    assert sorted(base for base, times in bases.items() if times > 1) == [
        "bertranjul", "legoffiyan", "marchanpau", "peyrelomar", "rousselnat",
    ]  # fmt: skip
    names = Counter((one.last_name, one.first_name) for one in people)
    assert [name for name, times in names.items() if times > 1] == [("Rousselot", "Nathalie")]
    assert min(len(one.login) for one in people) == 4
    assert {one.contract for one in people if one.leaves_on and one.status(TODAY) == "active"} == {
        "temporary",
        "apprentice",
    }
    spelled = "".join(one.last_name + one.first_name for one in people)
    assert all(character in spelled for character in "œŒæçßøŁđıễ'’- ")
