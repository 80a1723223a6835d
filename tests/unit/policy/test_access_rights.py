"""Who reaches a share as the directory opens it, since when, beyond the table or not, and what changed."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.policy.report import access_rights
from ansible.module_utils.policy.report.access_rights import Change, holders, house, record, rights_wanted

from tests.unit.policy.samples.shares import TABLE, account, directory, share

ATELIER, PAIE, COMMUN = TABLE[:3]
DAY, EARLIER = "2026-11-21", "2026-05-04"


def rights(of: dict[str, Any], facts: dict[str, Any]) -> dict[str, str]:
    """login -> first letters of what they may do."""
    found = record([of], facts, DAY, None)[of["name"]]
    return {login: "".join(right[0] for right in held) for login, held in found.items()}


def test_a_right_contains_the_lesser_ones() -> None:
    assert rights(ATELIER, directory()) == {"petitcam": "rw", "morellea": "rwd"}
    assert rights(COMMUN, directory()) == {"petitcam": "r", "morellea": "rwd", "durandpau": "rw"}


def test_a_closed_account_reaches_nothing() -> None:
    assert "gonejul" not in rights(ATELIER, directory())


def test_groups_are_known_whatever_the_case_of_their_names() -> None:
    facts = directory(accounts=[account("petitcam", "Camille Petit", "dl_atelier_r")])
    assert rights(ATELIER, facts) == {"petitcam": "r"}


def test_the_table_gives_by_department_and_to_the_manager_alone() -> None:
    facts = directory()
    assert rights_wanted(ATELIER, house(facts)) == {
        "petitcam": {"read", "write"},
        "morellea": {"read", "write", "delete"},
    }
    assert rights_wanted(PAIE, house(facts)) == {"durandpau": {"read", "write", "delete"}}


def test_the_table_may_name_a_group_of_groups() -> None:
    wanted = rights_wanted(share("tous", "Tous", read=["GG_Maison"], delete=[]), house(directory()))
    assert wanted == {login: {"read"} for login in ("petitcam", "morellea", "durandpau")}


def test_a_group_that_somebody_was_put_into_by_hand_gives_nothing_by_the_table() -> None:
    facts = directory()
    facts["groups"][2]["members"].append("petitcam")
    facts["accounts"][0]["all_groups"] += ["GG_Bureau", "DL_Paie_RW"]
    (line,) = [
        each for each in holders(PAIE, house(facts), record([PAIE], facts, DAY, None)) if each.login == "petitcam"
    ]
    assert line.beyond == ("read", "write")


def test_a_right_that_the_table_does_not_give_is_marked() -> None:
    facts = directory()
    kept = record([ATELIER], facts, DAY, None)
    assert [(each.login, each.beyond) for each in holders(ATELIER, house(facts), kept)] == [
        ("petitcam", ()),
        ("morellea", ()),
    ]
    facts["accounts"][2]["all_groups"].append("DL_Atelier_R")
    kept = record([ATELIER], facts, DAY, None)
    assert [(each.login, each.beyond) for each in holders(ATELIER, house(facts), kept)][-1] == ("durandpau", ("read",))


def test_an_account_that_is_no_person_comes_last_with_its_kind() -> None:
    facts = directory()
    facts["accounts"].insert(0, account("sonde", "Sonde", "DL_Atelier_R", kind="technical"))
    last = holders(ATELIER, house(facts), record([ATELIER], facts, DAY, None))[-1]
    assert (last.login, last.kind, last.beyond) == ("sonde", "technical", ("read",))


def test_a_right_keeps_the_day_it_was_first_seen_and_a_new_one_takes_this_day() -> None:
    facts = directory()
    before = {"atelier": {"petitcam": {"read": EARLIER}}}
    found = record([ATELIER], facts, DAY, before)["atelier"]
    assert found["petitcam"] == {"read": EARLIER, "write": DAY}
    assert found["morellea"] == {"read": DAY, "write": DAY, "delete": DAY}


def test_a_right_lost_and_found_again_is_new() -> None:
    facts = directory()
    without = directory()
    without["accounts"][0]["all_groups"] = []
    first = record([ATELIER], facts, EARLIER, None)
    second = record([ATELIER], without, "2026-08-01", first)
    assert record([ATELIER], facts, DAY, second)["atelier"]["petitcam"] == {"read": DAY, "write": DAY}


def test_what_changed_is_told_by_person() -> None:
    before = {"atelier": {"gonejul": {"read": "x", "write": "x"}, "petitcam": {"read": "x"}}}
    now = record([ATELIER], directory(), DAY, before)
    assert access_rights.changes("atelier", now, before, {"petitcam": "Camille Petit"}) == [
        Change("petitcam", "Camille Petit", ("write",), ()),
        Change("gonejul", "gonejul", (), ("read", "write")),
        Change("morellea", "morellea", ("read", "write", "delete"), ()),
    ]


def test_nobody_who_left_answers_for_a_share() -> None:
    people = house(directory()).people
    assert access_rights.manager_of(ATELIER, people) == people["morellea"]
    assert access_rights.manager_of({**ATELIER, "manager": "GONEJUL@site.example"}, people) is None
    assert access_rights.manager_of({**ATELIER, "manager": ""}, people) is None
