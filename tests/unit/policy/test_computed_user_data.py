"""Observations of people's and leavers' data: in order, what offends, and nothing when it was not looked at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.computed_user_data import USER_DATA_OBSERVERS
from ansible.module_utils.policy.facts import Facts, MissingFact

from tests.unit.policy import samples_group_policy, samples_user_data

Change = Callable[[dict[str, Any]], Any]
FIGURES = {"oldest_leaver_folder": 0, "oldest_leaver_copy": 4, "oldest_leaver_archive": 4, "largest_local_data": 2}
SHELL = "user/registry/Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\User Shell Folders\\"


def facts() -> dict[str, Any]:
    return {
        **samples_user_data.file_server(),
        **samples_user_data.workstation(),
        "group_policy": samples_group_policy.group_policy(),
    }


def observed(name: str, change: Change = lambda found: None) -> Any:
    found = facts()
    change(found)
    return USER_DATA_OBSERVERS[name](Facts(found, "", set()))


def users(found: dict[str, Any]) -> dict[str, Any]:
    """What holds for the people of the first unit."""
    return next(
        entry["settings"]
        for entry in found["group_policy"]["effective"]
        if entry["side"] == "user" and entry["scope"] == "site"
    )


@pytest.mark.parametrize("name", sorted(set(USER_DATA_OBSERVERS) - set(FIGURES)))
def test_what_is_in_order_offends_in_nothing(name: str) -> None:
    assert observed(name) == []


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_figures_are_what_was_found(name: str) -> None:
    assert observed(name) == FIGURES[name]


@pytest.mark.parametrize(
    ("name", "change", "figure"),
    [
        ("oldest_leaver_folder", lambda f: f["leaver_data"]["in_share"].append({"login": "x", "days": 9}), 9),
        ("oldest_leaver_copy", lambda f: f["leaver_data"]["copies"][0].update(days=31), 31),
        ("oldest_leaver_archive", lambda f: f["leaver_data"]["archives"][0].update(days=181), 181),
        ("oldest_leaver_archive", lambda f: f["leaver_data"].update(archives=[]), 0),
        ("largest_local_data", lambda f: f["user_data"].update(people=[]), 0),
        ("largest_local_data", lambda f: f["user_data"]["people"].append({"bytes": 50_000_001}), 51),
    ],
)
def test_the_oldest_and_the_largest_count(name: str, change: Change, figure: int) -> None:
    assert observed(name, change) == figure


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("leaver_data_astray", lambda f: f["leaver_data"]["archives"][0].update(closed=False), "open to others"),
        ("leaver_data_astray", lambda f: f["leaver_data"]["copies"][0].update(to=None), "handed to nobody"),
        ("local_data_untold", lambda f: f["user_data"]["told"].update(not_told=True), "not told"),
        ("local_data_untold", lambda f: f["user_data"]["told"].update(told_in_vain=True), "all the same"),
        ("units_without_redirected_folders", lambda f: users(f).pop(f"{SHELL}Personal"), "Personal stays"),
        (
            "units_without_redirected_folders",
            lambda f: users(f)[f"{SHELL}Desktop"]["value"].update(data=r"%USERPROFILE%\Desktop"),
            "Desktop stays",
        ),
    ],
)
def test_what_offends_is_named(name: str, change: Change, said: str) -> None:
    assert [each for each in observed(name, change) if said in each]


@pytest.mark.parametrize("name", sorted(USER_DATA_OBSERVERS))
def test_what_was_not_looked_at_is_no_answer(name: str) -> None:
    with pytest.raises(MissingFact):
        USER_DATA_OBSERVERS[name](Facts({}, "", set()))
