"""Who is handed the folder of somebody who left: the nearest manager above who is at work."""

from __future__ import annotations

from datetime import date

import pytest
from ansible.module_utils.ad.employees import Employee
from ansible.module_utils.ad.leaver_people import handed_to, readers_of_copies

TODAY = date(2026, 11, 21)


def person(login: str, manager: str | None, left: bool = False) -> Employee:
    return Employee(
        line=1,
        last_name=login,
        first_name=login,
        department="plant",
        job="job",
        manager=f"{manager}@x.example" if manager else None,
        mail=f"{login}@x.example",
        starts_on=date(2020, 1, 1),
        leaves_on=date(2026, 11, 20) if left else None,
        laptop=False,
        vpn=False,
        contract="permanent",
        login=login,
        key=login,
    )


@pytest.mark.parametrize(
    ("people", "manager"),
    [
        ([person("ann", "bob", left=True), person("bob", "eve"), person("eve", None)], "bob"),
        ([person("ann", "bob", left=True), person("bob", "eve", left=True), person("eve", None)], "eve"),
        ([person("ann", "bob", left=True), person("bob", None, left=True)], None),
        ([person("ann", None, left=True)], None),
        ([person("ann", "bob", left=True), person("bob", "ann", left=True)], None),
    ],
)
def test_the_nearest_manager_at_work_is_handed_the_folder(people: list[Employee], manager: str | None) -> None:
    assert handed_to(people, TODAY)["ann"] == manager


def test_nobody_at_work_is_handed_over() -> None:
    assert handed_to([person("ann", None)], TODAY) == {}


def test_a_copy_is_read_by_the_managers_account() -> None:
    people = [person("ann", "bob", left=True), person("bob", None)]
    assert readers_of_copies(people, TODAY, {"bob": "S-1-5-21-1"}) == {"depart-ann": "S-1-5-21-1"}
    assert readers_of_copies(people, TODAY, {}) == {"depart-ann": None}
