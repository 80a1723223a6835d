"""Who is tried on what, and what the table promises them: planned as a second, plainer reading says."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.ad.access_plan import (
    ACTIONS,
    AccessPlanError,
    Person,
    access_plan,
    common_writers,
    expected_on,
    people_of,
    slug,
)
from ansible.module_utils.ad.share_table import Share
from hypothesis import given
from hypothesis import strategies as st

GROUPS = ("GG_A", "GG_B", "GG_C")
MAILS = ("ann@site.example", "bob@site.example", "eve@site.example")
DEPARTMENTS = {
    "a": {"name": "Atelier", "group": "GG_A", "parent_group": "GG_C"},
    "b": {"name": "Bureau", "group": "GG_B"},
}


def share(name: str = "atelier", **other: Any) -> Share:
    row: dict[str, Any] = {
        "title": name.capitalize(),
        "kind": "department",
        "stem": name,
        "manager": MAILS[0],
        "drive": "P",
        "sensitive": False,
        "read": (),
        "write": (),
        "delete": (),
        **other,
    }
    return Share(name=name, **row)


def person(login: str, **other: Any) -> Person:
    return Person(
        **{"login": login, "status": "active", "mail": f"{login}@site.example", "department": "Atelier", **other}
    )


def oracle(one: Person, row: Share, action: str) -> bool:
    """The table read aloud, right by right."""
    if one.status != "active":
        return False
    if one.administrator:
        return True

    def named(right: str) -> bool:
        for entry in getattr(row, right):
            if entry == "manager":
                if one.mail == row.manager:
                    return True
            elif entry.casefold() in one.groups:
                return True
        return False

    if row.kind == "personal":
        return action == "see" and named("read")
    if action == "delete":
        return named("delete")
    if action == "write":
        return named("write") or named("delete")
    return named("read") or named("write") or named("delete")


NAMES = st.lists(st.sampled_from([*GROUPS, "gg_a"]), max_size=3).map(tuple)
SHARES = st.builds(
    share,
    kind=st.sampled_from(["department", "common", "personal"]),
    manager=st.sampled_from(MAILS),
    read=NAMES,
    write=NAMES,
    delete=st.lists(st.sampled_from([*GROUPS, "manager"]), max_size=3).map(tuple),
)
PEOPLE = st.builds(
    Person,
    login=st.sampled_from(["ann", "bob", "eve"]),
    status=st.sampled_from(["active", "active", "left", "future"]),
    mail=st.sampled_from(MAILS),
    department=st.just("Atelier"),
    groups=st.frozensets(st.sampled_from([name.casefold() for name in GROUPS])),
    administrator=st.booleans(),
)


@given(PEOPLE, SHARES)
def test_what_is_promised_is_what_the_table_says_read_aloud(one: Person, row: Share) -> None:
    assert expected_on(one, row) == {action: oracle(one, row, action) for action in ACTIONS}


@given(
    st.lists(PEOPLE, min_size=1, max_size=12, unique_by=lambda one: one.login), st.lists(SHARES, min_size=1, max_size=3)
)
def test_everybody_belongs_to_one_kind_that_is_promised_the_same(people: list[Person], shares: list[Share]) -> None:
    if not any(one.status == "active" and not one.administrator for one in people):
        with pytest.raises(AccessPlanError):
            access_plan(shares, people)
        return
    plan = access_plan(shares, people)
    assert sum(kind["people"] for kind in plan["kinds"]) == len(people)
    tried = {kind["person"]: kind["expected"] for kind in plan["kinds"]}
    assert tried.keys() <= {one.login for one in people}
    for one in people:
        if one.login in tried:
            assert tried[one.login] == {row.name: expected_on(one, row) for row in shares}


def test_an_empty_table_and_a_directory_that_was_not_read_are_two_things() -> None:
    with pytest.raises(AccessPlanError, match="table of shares is empty"):
        access_plan([], [person("ann")])
    with pytest.raises(AccessPlanError, match="--limit"):
        access_plan([share(read=("GG_A",))], [])


def test_a_trial_by_anybody_is_on_the_common_share_that_most_write_on() -> None:
    shares = [
        share("own", write=("GG_A",)),
        share("few", kind="common", write=("GG_B",)),
        share("most", kind="common", write=("GG_A",)),
    ]
    both = frozenset({"gg_a", "gg_b"})
    people = [person("eve", groups=both), person("bob", groups=frozenset({"gg_a"})), person("ann", groups=frozenset())]
    away = [person("zoe", status="left", groups=both), person("adm", administrator=True)]
    assert common_writers(shares, [*people, *away]) == {"share": "most", "people": ["bob", "eve"]}
    assert common_writers(shares, []) == {"share": "few", "people": []}
    assert common_writers(shares[:1], people) == {"share": "", "people": []}


def test_who_answers_for_a_share_is_a_kind_of_their_own() -> None:
    row = share(write=("GG_A",), delete=("manager",))
    plan = access_plan([row], [person(login, groups=frozenset({"gg_a"})) for login in ("ann", "bob", "eve")])
    assert [(kind["id"], kind["person"], kind["people"]) for kind in plan["kinds"]] == [
        ("atelier", "eve", 2),
        ("atelier-atelier", "ann", 1),
    ]
    assert plan["managers"] == [{"share": "atelier", "manager": MAILS[0], "person": "ann", "status": "active"}]


def test_people_away_are_tried_one_by_one_and_promised_nothing() -> None:
    people = [person("bob", groups=frozenset({"gg_a"})), person("ann", status="left"), person("eve", status="future")]
    plan = access_plan([share(read=("GG_A",))], people)
    assert plan["closed"] == ["ann", "eve"]
    away = [kind for kind in plan["kinds"] if kind["status"] != "active"]
    assert [kind["id"] for kind in away] == ["future", "left"]
    assert all(not granted for kind in away for granted in kind["expected"]["atelier"].values())


def test_a_share_whose_manager_nobody_knows_is_told() -> None:
    plan = access_plan([share(manager="gone@site.example", read=("GG_A",))], [person("bob")])
    assert plan["managers"][0]["status"] == "unknown"


def test_people_get_the_groups_of_their_department_and_of_the_one_above() -> None:
    rows = [{"login": "ann", "status": "active", "mail": MAILS[0].upper(), "department": "Atelier"}]
    found = people_of(rows, DEPARTMENTS, [{"login": "adm.ann"}])
    assert (found[0].groups, found[0].mail) == (frozenset({"gg_a", "gg_c"}), MAILS[0])
    assert found[1].administrator


def test_another_table_has_another_digest() -> None:
    one, other = (access_plan([share(read=(group,))], [person("ann")])["table_digest"] for group in ("GG_A", "GG_B"))
    assert one != other


def test_a_name_becomes_an_identifier() -> None:
    assert slug("Véhicules d'occasion") == "vehicules_d_occasion"
