"""Rights of people: a right may name somebody by their address, and only somebody who works here."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible.module_utils.ad.directory_model import DirectoryInputError

from .directory_fake import FakeDirectory
from .directory_samples import BOSS, PEOPLE, converge, plan_for


def rights(*members: str) -> list[dict[str, object]]:
    return [{"name": "DL_Plans_D", "description": "Supprimer", "members": list(members)}]


def test_a_person_has_a_right_through_a_group_of_its_own() -> None:
    directory = FakeDirectory()
    converge(directory, rights=rights("GG_Ventes", BOSS.mail.upper(), "svc.sauve"))
    assert directory.members("DL_Plans_D") == {"GG_Ventes", "GG_Plans_D", "svc.sauve"}
    assert directory.members("GG_Plans_D") == {BOSS.login}
    assert list(plan_for(directory, rights=rights("GG_Ventes", BOSS.mail, "svc.sauve")).actions) == []


def test_a_right_follows_who_answers_for_it() -> None:
    directory = FakeDirectory()
    converge(directory, rights=rights(BOSS.mail))
    converge(directory, rights=rights(PEOPLE[0].mail))
    assert directory.members("GG_Plans_D") == {PEOPLE[0].login}


def test_somebody_who_starts_later_may_be_named_already() -> None:
    directory = FakeDirectory()
    converge(directory, rights=rights(PEOPLE[3].mail))
    assert directory.members("GG_Plans_D") == {PEOPLE[3].login}


@pytest.mark.parametrize(
    ("member", "told"),
    [
        ("maud.kersau@exemple.fr", "DL_Plans_D names maud.kersau@exemple.fr, who is not in the list of employees; .*"
                                   "did you mean 'maud.kerso@exemple.fr'"),
        (PEOPLE[4].mail, r"names paul.parti@exemple.fr, who left on 2026-11-20 \(line 2 of the list of employees\)"),
    ],
)  # fmt: skip
def test_somebody_who_does_not_work_here_is_refused_before_anything_is_written(member: str, told: str) -> None:
    directory = FakeDirectory()
    with pytest.raises(DirectoryInputError, match=told):
        plan_for(directory, rights=rights(member))
    assert directory.writes == []


def test_the_last_day_of_who_answers_still_counts() -> None:
    directory = FakeDirectory()
    leaving = replace(PEOPLE[0], leaves_on=PEOPLE[4].leaves_on)
    staff = [leaving, *PEOPLE[1:4]]
    converge(directory, staff, rights=rights(leaving.mail), today="2026-11-20")
    with pytest.raises(DirectoryInputError, match="who left on"):
        plan_for(directory, staff, rights=rights(leaving.mail), today="2026-11-21")
