"""The table of shares: what it may say, what is refused with a sentence, and what follows from it."""

from __future__ import annotations

import contextlib
from datetime import date
from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError
from ansible.module_utils.ad.employees import load_employees
from ansible.module_utils.ad.share_acl import RIGHTS, SCOPES
from ansible.module_utils.ad.share_rights import definitions_of, department_groups, folders_of, rights_of
from ansible.module_utils.ad.share_table import ShareTableError, read_table
from hypothesis import given
from hypothesis import strategies as st

from plugins.filter.shares import FilterModule
from tests.conftest import ROOT

from .share_samples import HOME, PLANS

GROUPS = ["GG_Accueil", "GG_Ventes", "GG_Tous"]
SITES = sorted(file.parents[2].name for file in ROOT.glob("inventories/*/group_vars/all/shares.yml"))


def site_data(site: str, name: str) -> dict[str, Any]:
    file = ROOT / "inventories" / site / "group_vars" / "all" / f"{name}.yml"
    return dict(yaml.safe_load(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([{**PLANS, "write": ["GG_Vente"]}], r"plans: write: unknown group GG_Vente; did you mean 'GG_Ventes'\?"),
        ([{**PLANS, "read": ["Rien"]}], "unknown group Rien; it must be the group of a department"),
        ([PLANS, {**HOME, "name": "Plans"}], "Plans: the share Plans is there twice"),
        ([PLANS, {**HOME, "drive": "P"}], "moi: the letter P is also that of plans"),
        ([PLANS, {**HOME, "stem": "plans"}], "the stem plans is also that of plans"),
        ([HOME, {**HOME, "name": "b", "stem": "b", "drive": "k"}], "moi and b are both personal"),
        ([{**PLANS, "manager": "Maud"}], "manager: 'Maud' is not the mail address"),
        ([{**PLANS, "drive": "C"}], "'C' is not a drive letter from E to Z"),
        ([{**PLANS, "drive": ""}], "not a drive letter"),
        ([{**PLANS, "name": "é"}], "'é' is not a share's name"),
        ([{**PLANS, "name": "Homes"}], "Homes is a name that file servers keep"),
        ([{**PLANS, "name": "a/../b"}], "is not a share's name"),
        ([{**PLANS, "kind": "public"}], "'public' is none of department, common, personal"),
        ([{**PLANS, "sensitive": "yes"}], "sensitive: 'yes' is neither true nor false"),
        ([{**PLANS, "title": " "}], "title: is empty"),
        ([{**PLANS, "read": "GG_Ventes"}], "read: 'GG_Ventes' is not a list of groups"),
        ([{**PLANS, "read": ["GG_Tous", "gg_tous"]}], "read: GG_Tous is there twice"),
        ([{**PLANS, "read": ["manager"]}], "read: only delete may name the manager"),
        ([{**PLANS, "read": [], "write": []}], "plans: nobody would read it"),
        ([{**HOME, "write": ["GG_Ventes"]}], "moi: everybody writes in their own folder only"),
        ([{**HOME, "read": []}], "moi: nobody would enter"),
        ([{**PLANS, "wirte": []}], "plans: unknown key wirte; did you mean 'write'"),
        ([{"name": "plans"}], "plans: lacks title, kind"),
        (["plans"], "entry 1: is not a mapping"),
        ([], "is not a list of shares"),
        ("plans", "is not a list of shares"),
    ],
)
def test_a_table_that_cannot_be_meant_is_refused(rows: Any, told: str) -> None:
    with pytest.raises(ShareTableError, match=told) as caught:
        read_table(rows, GROUPS)
    assert all(problem.startswith("site_shares (shares.yml)") for problem in caught.value.problems)


def test_everything_wrong_is_told_at_once() -> None:
    with pytest.raises(ShareTableError) as caught:
        read_table([{**PLANS, "drive": "A"}, {**HOME, "kind": "x"}], GROUPS)
    assert len(caught.value.problems) == 2


@given(st.recursive(st.none() | st.booleans() | st.text(max_size=5) | st.integers(), lambda inner: st.lists(inner)
       | st.dictionaries(st.sampled_from([*PLANS, "x"]), inner), max_leaves=30))  # fmt: skip
def test_whatever_is_given_is_read_or_refused(rows: Any) -> None:
    with contextlib.suppress(ShareTableError):
        assert read_table(rows)


def test_rights_are_groups_that_somebody_has() -> None:
    assert [(one["name"], one["members"]) for one in rights_of(read_table([PLANS, HOME], GROUPS))] == [
        ("DL_Plans_R", ["GG_Accueil"]),
        ("DL_Plans_RW", ["GG_Ventes"]),
        ("DL_Plans_D", ["maud.kerso@exemple.fr"]),
        ("DL_Moi_R", ["GG_Tous"]),
    ]


def test_a_right_that_nobody_has_is_in_no_access_list() -> None:
    shares = read_table([{**PLANS, "read": [], "delete": []}], GROUPS)
    assert [one["name"] for one in rights_of(shares)] == ["DL_Plans_RW"]
    named = [entry["principal"] for entry in folders_of(shares)[0]["entries"]]
    assert named == ["S-1-5-32-544", "S-1-5-18", "DL_Plans_RW", "S-1-3-4"]


def test_who_writes_deletes_only_what_is_theirs() -> None:
    entries = {one["principal"]: one for one in folders_of(read_table([PLANS], GROUPS))[0]["entries"]}
    delete = 0x10000
    assert not RIGHTS[entries["DL_Plans_RW"]["rights"]] & (delete | 0x40)
    assert not RIGHTS[entries["DL_Plans_R"]["rights"]] & (delete | 0x116)
    assert RIGHTS[entries["DL_Plans_D"]["rights"]] & delete
    assert (RIGHTS[entries["S-1-3-4"]["rights"]] & delete, entries["S-1-3-4"]["scope"]) == (delete, "below")


def test_only_administrators_change_access_lists() -> None:
    changing = 0x40000 | 0x80000
    for folder in folders_of(read_table([PLANS, HOME], GROUPS), ".bin"):
        able = {one["principal"] for one in folder["entries"] if RIGHTS[one["rights"]] & changing}
        assert able == {"S-1-5-32-544", "S-1-5-18"}


def test_the_bin_is_entered_and_not_listed() -> None:
    bins = [one for one in folders_of(read_table([PLANS, HOME], GROUPS), ".bin") if one["path"] == ".bin"]
    assert [one["share"] for one in bins] == ["plans", "moi"]
    people = [entry for one in bins for entry in one["entries"] if entry["principal"].startswith("DL_")]
    assert {entry["principal"] for entry in people} == {"DL_Plans_RW", "DL_Plans_D", "DL_Moi_R"}
    assert all(not RIGHTS[entry["rights"]] & 0x1 and entry["scope"] == "this" for entry in people)
    assert not any(one["spreads"] for one in bins)


def test_the_top_of_personal_folders_gives_nothing_to_what_is_below() -> None:
    entries = folders_of(read_table([HOME], GROUPS))[0]["entries"]
    assert [(one["rights"], SCOPES[one["scope"]]) for one in entries if one["principal"] == "DL_Moi_R"] == [("read", 0)]


def test_a_share_is_seen_by_the_groups_of_its_rights() -> None:
    assert definitions_of(read_table([PLANS], GROUPS)) == [
        {
            "name": "plans",
            "title": "Plans",
            "kind": "department",
            "sensitive": True,
            "groups": ["DL_Plans_R", "DL_Plans_RW", "DL_Plans_D"],
        }
    ]


def test_filters_say_what_is_wrong_and_where() -> None:
    filters = FilterModule().filters()
    departments = {"sales": {"name": "Ventes", "group": "GG_Ventes", "parent_group": "GG_Tous"}}
    with pytest.raises(AnsibleFilterError, match="plans: read: unknown group GG_Accueil"):
        filters["share_rights"]([PLANS], departments)
    assert len(filters["share_rights"]([{**PLANS, "read": ["GG_Tous"]}], departments)) == 3
    assert filters["share_personal"]([PLANS, HOME]) == "moi"
    assert filters["share_personal"]([PLANS]) == ""
    assert [one["path"] for one in filters["share_folders"]([PLANS], ".bin")] == ["", ".bin"]
    assert [one["name"] for one in filters["share_definitions"]([PLANS])] == ["plans"]


@pytest.mark.parametrize("site", SITES)
def test_the_table_of_a_site_names_its_groups_and_people_at_work(site: str) -> None:
    directory, domain = site_data(site, "directory"), site_data(site, "domain")
    departments = directory["ad_directory_departments"]
    shares = read_table(site_data(site, "shares")["site_shares"], department_groups(departments))
    people = load_employees(ROOT / "inventories" / site / "employees.csv", departments, domain["mail_domain"])
    managers = {one.mail for one in people if one.status(date(2026, 11, 21)) == "active"}
    assert {share.manager for share in shares} <= managers
    assert [share.kind for share in shares].count("personal") == 1
    assert "common" in {share.kind for share in shares}


@pytest.mark.parametrize("site", SITES)
def test_everybody_of_a_site_writes_somewhere_and_has_a_folder(site: str) -> None:
    departments = site_data(site, "directory")["ad_directory_departments"]
    shares = read_table(site_data(site, "shares")["site_shares"])
    for department in departments.values():
        groups = {department["group"], department.get("parent_group")}
        assert any(groups & set(share.write) for share in shares if share.kind == "department"), department
        assert any(groups & set(share.write) for share in shares if share.kind == "common"), department
        assert any(groups & set(share.read) for share in shares if share.kind == "personal"), department
