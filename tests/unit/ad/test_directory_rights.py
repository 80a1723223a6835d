"""Rights of people: a right may name somebody by their address, and only somebody who works here."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible.module_utils.ad.directory_model import DirectoryInputError

from .directory_fake import FakeDirectory
from .directory_samples import BOSS, PEOPLE, converge, plan_for


def rights(*members: str) -> list[dict[str, object]]:
    return [{"name": "DL_Plans_D", "description": "Supprimer", "members": list(members)}]


def test_people_and_services_have_a_right_through_a_group_of_its_own() -> None:
    directory = FakeDirectory()
    converge(directory, rights=rights("GG_Ventes", BOSS.mail.upper(), "svc.sauve"))
    assert directory.members("DL_Plans_D") == {"GG_Ventes", "GG_Plans_D"}
    assert directory.members("GG_Plans_D") == {BOSS.login, "svc.sauve"}
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


def test_somebody_who_never_worked_here_is_refused_before_anything_is_written() -> None:
    directory = FakeDirectory()
    told = "DL_Plans_D names maud.kersau@exemple.fr, who is not in the list .*did you mean 'maud.kerso@exemple.fr'"
    with pytest.raises(DirectoryInputError, match=told):
        plan_for(directory, rights=rights("maud.kersau@exemple.fr"))
    assert directory.writes == []


def test_whoever_leaves_loses_the_right_the_next_day_and_nothing_else_stops() -> None:
    directory = FakeDirectory()
    leaving = replace(PEOPLE[0], leaves_on=PEOPLE[4].leaves_on)
    staff = [leaving, *PEOPLE[1:4]]
    converge(directory, staff, rights=rights(leaving.mail), today="2026-11-20")
    assert directory.members("GG_Plans_D") == {leaving.login}
    converge(directory, staff, rights=rights(leaving.mail), today="2026-11-21")
    assert directory.members("GG_Plans_D") == set()
    assert directory.members("DL_Plans_D") == {"GG_Plans_D"}
