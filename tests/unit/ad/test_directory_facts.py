"""What was read is told in words and units that a check can compare."""

from __future__ import annotations

from datetime import date

import pytest
from ansible.module_utils.ad.directory_facts import directory_facts, people_facts
from ansible.module_utils.ad.directory_model import Layout
from ansible.module_utils.ad.directory_read import read_state

from . import directory_samples as samples
from .directory_fake import BASE, DOMAIN_SID, FakeDirectory


@pytest.fixture
def directory():
    made = FakeDirectory()
    samples.converge(made)
    return made


def facts(directory):
    return directory_facts(directory, read_state(directory, history=True), "Exemple")


def account(directory, login):
    return next(one for one in facts(directory)["accounts"] if one["login"] == login)


def test_the_domain_is_told():
    assert facts(FakeDirectory())["domain"] == {
        "name": "exemple.lan", "netbios": "EXEMPLE", "dn": BASE, "sid": DOMAIN_SID, "functional_level": 7,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("login", "kind"),
    [("talleceve", "person"), ("svc.sauve", "technical"), ("adm.kerso", "administrator"), ("Guest", "builtin")],
)
def test_the_kind_is_told_by_the_place(directory, login, kind):
    assert account(directory, login)["kind"] == kind


def test_an_account_elsewhere_is_unknown(directory):
    directory.move(directory.account("talleceve")[0], f"CN=Users,{BASE}", "CN=x")
    assert account(directory, "talleceve")["kind"] == "unknown"


def test_the_administrator_has_the_key_of_their_owner(directory):
    assert account(directory, "adm.kerso")["employee_key"] == samples.BOSS.key


@pytest.mark.parametrize(
    ("bit", "fact", "value"),
    [
        (0x2, "enabled", False), (0x20, "password_required", False), (0x80, "reversible_encryption", True),
        (0x10000, "password_never_expires", True), (0x400000, "preauthentication_required", False),
    ],
)  # fmt: skip
def test_each_bit_is_told(directory, bit, fact, value):
    assert account(directory, "talleceve")[fact] is not value
    directory.set("talleceve", "userAccountControl", str(0x200 | bit))
    assert account(directory, "talleceve")[fact] is value


def test_computed_bits_come_from_the_computed_attribute(directory):
    directory.set("talleceve", "userAccountControl", str(0x200 | 0x10))
    assert not account(directory, "talleceve")["locked"]
    directory.set("talleceve", "msDS-User-Account-Control-Computed", str(0x800010))
    assert account(directory, "talleceve")["locked"]
    assert account(directory, "talleceve")["password_expired"]


@pytest.mark.parametrize("attribute", ["lastLogon", "lastLogonTimestamp"])
def test_either_logon_time_tells_that_somebody_came(directory, attribute):
    assert (account(directory, "talleceve")["ever_logged_on"], account(directory, "talleceve")["last_logon"]) == (
        False,
        None,
    )
    directory.set("talleceve", attribute, "133497504000000000")
    assert account(directory, "talleceve")["ever_logged_on"]
    assert account(directory, "talleceve")["last_logon"] == "2024-01-15T00:00:00+00:00"


def test_a_first_password_must_be_changed(directory):
    assert account(directory, "talleceve")["must_change_password"]
    directory.set("talleceve", "pwdLastSet", "133497504000000000")
    assert not account(directory, "talleceve")["must_change_password"]


def test_groups_are_direct_and_effective(directory):
    found = account(directory, "talleceve")
    assert found["groups"] == ["GG_Ventes"]
    assert found["all_groups"] == ["DL_Ventes_RW", "Domain Users", "GG_Tous", "GG_Ventes"]


@pytest.mark.parametrize(
    ("name", "kind"), [("GG_Ventes", "people"), ("DL_Ventes_RW", "rights"), ("Domain Users", "other")]
)
def test_the_kind_of_a_group_is_told_by_its_place_and_scope(directory, name, kind):
    assert next(one["kind"] for one in facts(directory)["groups"] if one["name"] == name) == kind


def holders(directory, sid):
    return next(one for one in facts(directory)["privileged"] if one["group_sid"] == sid)["members"]


def test_nested_privileges_are_seen(directory):
    assert holders(directory, "S-1-5-32-544") == ["Administrator", "adm.kerso"]
    directory.account("Schema Admins")[1]["member"].append(directory.account("GG_Tous")[0].encode())
    assert "talleceve" in holders(directory, f"{DOMAIN_SID}-518")


def test_a_privilege_through_the_primary_group_is_seen(directory):
    directory.set("talleceve", "primaryGroupID", "512")
    assert "talleceve" in holders(directory, f"{DOMAIN_SID}-512")


def test_groups_that_are_members_of_each_other_do_not_loop(directory):
    directory.account("GG_Ventes")[1]["member"].append(directory.account("GG_Tous")[0].encode())
    assert "GG_Tous" in account(directory, "talleceve")["all_groups"]


def test_the_people_expected_are_told_with_their_place():
    site = samples.site()
    found = people_facts(samples.PEOPLE, site.departments, Layout(f"OU=Exemple,{BASE}"), date(2026, 11, 21))
    assert [one["status"] for one in found] == ["active", "active", "active", "future", "left"]
    assert found[1] == {
        "login": samples.PEOPLE[1].login, "mail": samples.PEOPLE[1].mail, "department": "L'Accueil",
        "department_ou": f"OU=L'Accueil,OU=Personnes,OU=Exemple,{BASE}", "department_group": "GG_Accueil",
        "status": "active", "key": samples.PEOPLE[1].key,
    }  # fmt: skip
