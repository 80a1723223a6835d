"""Privileged groups, the guest and accounts that nobody asked for, on a directory in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from ansible.module_utils.ad import directory_model as model
from ansible.module_utils.ad.directory_model import DirectoryInputError

from .directory_fake import FakeDirectory
from .directory_samples import BOSS, PEOPLE, converge, employee, plan_for


@pytest.fixture
def directory():
    """A directory that was brought in line once."""
    made = FakeDirectory()
    converge(made)
    made.writes.clear()
    return made


def test_an_intruder_leaves_the_sites_groups_and_only_them(directory):
    extra = directory.account(BOSS.login)[0].encode()
    directory.account("GG_Ventes")[1]["member"].append(extra)
    directory.account("Schema Admins")[1]["member"].append(extra)
    plan = plan_for(directory)
    assert [str(action) for action in plan.actions] == ["change the members of GG_Ventes (0 join, 1 leave)"]
    assert plan.unknown_privileged == [f"Schema Admins: {BOSS.login}"]


def test_unknown_privileged_members_are_removed_when_asked_but_the_built_in_stays(directory):
    directory.account("Domain Admins")[1]["member"].append(directory.account(BOSS.login)[0].encode())
    converge(directory, remove_unknown_privileged=True, privileged_rids=[512, 544])
    assert directory.members("Domain Admins") == {"Administrator", "adm.kerso"}
    assert directory.members("Administrators") == {"Administrator", "Domain Admins", "Entreprise"}


def test_a_privilege_through_the_primary_group_is_told(directory):
    directory.set("talleceve", "primaryGroupID", "512")
    assert plan_for(directory).unknown_privileged == ["Domain Admins: talleceve (primary group)"]


def test_the_guest_is_disabled(directory):
    directory.set("Guest", "userAccountControl", "544")
    converge(directory)
    assert directory.control("Guest") == 546


def test_an_unknown_account_is_told_and_disabled_only_when_asked(directory):
    converge(directory, [*PEOPLE, employee("Intrus", "Ivan")])
    directory.writes.clear()
    assert plan_for(directory).unknown_accounts == ["intrusiva"]
    assert [str(action) for action in plan_for(directory).actions] == [
        "change the members of GG_Ventes (0 join, 1 leave)"
    ]
    converge(directory, disable_unknown=True)
    assert directory.control("intrusiva") & model.DISABLED
    assert plan_for(directory, disable_unknown=True).unknown_accounts == []


@pytest.mark.parametrize("options", [{"remove_unknown_privileged": True}, {"disable_unknown": True}])
def test_the_session_never_closes_the_account_it_uses(directory, options):
    people = [*PEOPLE, employee("Intrus", "Ivan")]
    converge(directory, people)
    directory.account("Domain Admins")[1]["member"].append(directory.account("intrusiva")[0].encode())
    directory.bound = "intrusiva"
    with pytest.raises(DirectoryInputError, match="intrusiva is the account this session uses"):
        plan_for(directory, **options)


def test_a_suspended_administrator_keeps_their_groups(directory):
    plan = plan_for(directory, suspended_logins=["adm.kerso"], remove_unknown_privileged=True)
    assert [str(action) for action in plan.actions] == ["change account of adm.kerso"]
    assert plan.unknown_privileged == []


def test_an_administrator_who_left_is_not_unknown(directory):
    people = [replace(one, leaves_on=date(2026, 11, 20)) if one is BOSS else one for one in PEOPLE]
    plan = plan_for(directory, people)
    assert plan.unknown_privileged == []
    assert "change the members of Domain Admins (0 join, 1 leave)" in map(str, plan.actions)
