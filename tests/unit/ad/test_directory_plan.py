"""The plan, tried on a directory in memory: what is planned, applied, then planned again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from ansible.module_utils.ad import directory_model as model
from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.directory_actions import CreateAccount, Move
from ansible.module_utils.ad.directory_model import DirectoryInputError
from hypothesis import given, settings
from hypothesis import strategies as st

from .directory_fake import BASE, FakeDirectory
from .directory_samples import BOSS, PEOPLE, converge, employee, plan_for, settle

SALES = f"OU=Ventes\\, neuf,OU=Personnes,OU=Exemple,{BASE}"
LEFT = f"OU=Partis,OU=Exemple,{BASE}"


@pytest.fixture
def directory():
    """A directory that was brought in line once."""
    made = FakeDirectory()
    converge(made)
    made.writes.clear()
    return made


def lines(plan):
    return [line for side in ("before", "after") for line in plan.diff()[side].splitlines()]


def test_a_plan_writes_nothing():
    directory = FakeDirectory()
    assert plan_for(directory).actions
    assert directory.writes == []


def test_a_second_plan_is_empty(directory):
    plan = plan_for(directory)
    assert (list(plan.actions), plan.diff()) == ([], {"before": "", "after": ""})


def test_everybody_has_their_place_group_and_attributes(directory):
    dn, held = directory.account(PEOPLE[1].login)
    assert names.key(dn) == names.key(f"CN=Léo d'Arvor\\, fils,OU=L'Accueil,OU=Personnes,OU=Exemple,{BASE}")
    told = ("sn", "givenName", "displayName", "department", "title", "mail")
    assert {name: held[name][0].decode() for name in told} == {
        "sn": "d'Arvor, fils", "givenName": "Léo", "displayName": "Léo d'Arvor, fils", "department": "L'Accueil",
        "title": "Vendeur", "mail": PEOPLE[1].mail,
    }  # fmt: skip
    assert held["manager"] == [directory.account(BOSS.login)[0].encode()]
    assert held["pwdLastSet"] == [b"0"]
    assert held["employeeNumber"] == [PEOPLE[1].key.encode()]
    assert directory.members("GG_Accueil") == {PEOPLE[1].login}
    assert directory.members("GG_Tous") == {"GG_Ventes", "GG_Accueil"}
    assert directory.members("DL_Ventes_RW") == {"GG_Ventes", "GG_Ventes_RW"}
    assert directory.members("GG_Ventes_RW") == {"svc.sauve"}


def test_groups_have_the_kind_of_their_purpose(directory):
    assert int(directory.account("GG_Ventes")[1]["groupType"][0]) == model.GLOBAL
    assert int(directory.account("DL_Ventes_RW")[1]["groupType"][0]) == model.DOMAIN_LOCAL


def test_who_starts_later_is_disabled_until_the_day(directory):
    assert directory.control("nguyenan") & model.DISABLED
    converge(directory, today="2027-01-04")
    assert not directory.control("nguyenan") & model.DISABLED


def test_who_left_before_ever_having_an_account_gets_none(directory):
    with pytest.raises(StopIteration):
        directory.account("partipau")


def test_an_administrator_has_an_account_apart_in_the_group_told_by_its_number(directory):
    assert directory.members("Domain Admins") == {"Administrator", "adm.kerso"}
    assert directory.account("adm.kerso")[0].endswith(f"OU=Administrateurs,OU=Exemple,{BASE}")
    assert "mail" not in directory.account("adm.kerso")[1]


def test_who_leaves_is_disabled_moved_and_out_of_every_group(directory):
    directory.foreign_group("Ailleurs", "talleceve")
    people = [replace(one, leaves_on=date(2026, 11, 20)) if one.login == "talleceve" else one for one in PEOPLE]
    plan = plan_for(directory, people)
    assert plan.actions[0].attributes[0].after.startswith("disabled"), "the account closes before anything else"
    converge(directory, people)
    assert directory.control("talleceve") & model.DISABLED
    assert directory.account("talleceve")[0].endswith(LEFT)
    assert directory.members("GG_Ventes") == directory.members("Ailleurs") | {"nguyenan"} == {"nguyenan"}
    assert plan_for(directory, people).actions == []


def test_who_comes_back_is_enabled_and_moved_back(directory):
    people = [replace(one, leaves_on=date(2026, 11, 20)) if one.login == "talleceve" else one for one in PEOPLE]
    converge(directory, people)
    assert converge(directory) == []
    assert not directory.control("talleceve") & model.DISABLED
    assert names.below(directory.account("talleceve")[0], SALES)
    assert "talleceve" in directory.members("GG_Ventes")


def test_who_changes_department_moves_with_their_groups_and_stays_manager(directory):
    people = [replace(one, department="desk") if one is BOSS else one for one in PEOPLE]
    converge(directory, people)
    assert "OU=L'Accueil" in directory.account(BOSS.login)[0]
    assert BOSS.login in directory.members("GG_Accueil")
    assert directory.members("GG_Direction") == set()
    assert plan_for(directory, people).actions == []


def test_the_administrator_account_closes_with_its_owner(directory):
    people = [replace(one, leaves_on=date(2026, 11, 20)) if one is BOSS else one for one in PEOPLE]
    converge(directory, people)
    assert directory.control("adm.kerso") & model.DISABLED
    assert directory.members("Domain Admins") == {"Administrator"}
    assert plan_for(directory, people).actions == []


def test_namesakes_get_names_that_are_told_apart_and_never_move():
    directory = FakeDirectory()
    second = employee("Tallec", "Ève", login="talleceve2", key="b", mail="2@exemple.fr")
    third = employee("Tallec", "Éve", login="talleceve3", key="c", mail="3@exemple.fr")
    converge(directory, [second, BOSS])
    converge(directory, [PEOPLE[0], third, second, BOSS])
    names_ = {login: directory.account(login)[1]["displayName"][0].decode() for login in
              ("talleceve", "talleceve2", "talleceve3")}  # fmt: skip
    assert names_ == {"talleceve": "Ève Tallec (talleceve)", "talleceve2": "Ève Tallec",
                      "talleceve3": "Éve Tallec (talleceve3)"}  # fmt: skip
    assert plan_for(directory, [PEOPLE[0], third, second, BOSS]).actions == []


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("department", "Autre"), ("title", "Autre"), ("mail", "autre@exemple.fr"), ("sn", "autre"),
        ("displayName", "A"), ("manager", f"CN=Administrator,CN=Users,{BASE}"), ("userPrincipalName", "a@b"),
        ("accountExpires", "133497504000000000"),
    ],
)  # fmt: skip
def test_a_value_changed_by_hand_is_put_back(directory, attribute, value):
    directory.set("talleceve", attribute, value)
    assert len(lines(plan_for(directory))) == 2, "one line before, one after"
    converge(directory)
    assert plan_for(directory).actions == []


@pytest.mark.parametrize("bit", [model.NO_PASSWORD_REQUIRED, model.REVERSIBLE, model.NEVER_EXPIRES, model.DISABLED,
                                 model.NO_PREAUTHENTICATION])  # fmt: skip
def test_a_dangerous_bit_is_cleared(directory, bit):
    directory.set("talleceve", "userAccountControl", str(0x200 | bit))
    converge(directory)
    assert directory.control("talleceve") == 0x200


def test_other_bits_are_left_alone(directory):
    directory.set("talleceve", "userAccountControl", str(0x200 | 0x40000 | model.REVERSIBLE))
    converge(directory)
    assert directory.control("talleceve") == 0x200 | 0x40000


def test_only_a_technical_account_that_says_so_never_expires(directory):
    assert directory.control("svc.sauve") & model.NEVER_EXPIRES
    assert "pwdLastSet" not in directory.account("svc.sauve")[1], "a service cannot change its password"
    converge(directory, technical_accounts=[{"login": "svc.sauve", "purpose": "Sauvegarde", "owner": "Direction"}])
    assert not directory.control("svc.sauve") & model.NEVER_EXPIRES


@pytest.mark.parametrize("login", ["talleceve", "adm.kerso"])
def test_an_account_never_used_whose_password_was_settled_must_change_it(directory, login):
    settle(directory, login)
    (change,) = plan_for(directory).actions
    assert [(one.name, one.value) for one in change.attributes] == [("pwdLastSet", "0")]
    assert change.dn == directory.account(login)[0]
    converge(directory)
    assert directory.account(login)[1]["pwdLastSet"] == [b"0"]
    assert plan_for(directory).actions == []


def test_a_password_that_its_owner_settled_stays(directory):
    settle(directory, "talleceve", used=True)
    settle(directory, "adm.kerso", used=True)
    assert plan_for(directory).actions == []


@pytest.mark.parametrize("login", ["svc.sauve", "nguyenan"])
def test_the_settled_password_of_a_machine_or_of_a_closed_account_stays(directory, login):
    settle(directory, login)
    assert plan_for(directory).actions == []


def test_a_suspended_account_stays_disabled_in_its_groups(directory):
    converge(directory, suspended_logins=["TallecEve"])
    assert directory.control("talleceve") & model.DISABLED
    assert "talleceve" in directory.members("GG_Ventes")


def test_an_existing_account_without_number_is_taken_over_with_its_password():
    directory = FakeDirectory()
    directory.stranger("TallecEve", "TALLEC Eve", userAccountControl="66080", sn="TALLEC")
    kept = converge(directory, [PEOPLE[0], BOSS])
    assert "talleceve" not in {entry.login for entry in kept}
    assert directory.account("TallecEve")[0].startswith("CN=Ève Tallec,OU=Ventes")
    assert plan_for(directory, [PEOPLE[0], BOSS]).actions == []


@pytest.mark.parametrize(
    ("held", "told"),
    [
        ({"sn": "Autre"}, "its sn is Autre, not Tallec"),
        ({"employeeNumber": "autre.eve.2001"}, "its employee number is autre.eve.2001"),
    ],
)
def test_somebody_elses_account_is_not_taken(held, told):
    directory = FakeDirectory()
    directory.stranger("talleceve", **held)
    with pytest.raises(DirectoryInputError, match=told):
        plan_for(directory)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"rights": [{"name": "DL_X", "description": "x", "members": ["GG_Rien"]}]}, "GG_Rien, which does not exist"),
        ({"rights": [{"name": "Domain Users", "description": "x", "members": []}]}, "not a domain local security one"),
        ({"rights": [{"name": "talleceve", "description": "x", "members": []}]}, "has the name of an account"),
        ({"technical_accounts": [{"login": "Guest", "purpose": "p", "owner": "o"}], "rights": []}, "built-in account"),
        (
            {"technical_accounts": [{"login": "talleceve", "purpose": "p", "owner": "o"}], "rights": []},
            "employee's own",
        ),
        (
            {"administrators": [{"login": "a", "mail": BOSS.mail, "groups": [520]}]},
            "no group of this domain has the SID",
        ),
    ],
)
def test_what_cannot_be_reconciled_is_refused(directory, options, told):
    with pytest.raises(DirectoryInputError, match=told):
        plan_for(directory, **options)


def test_a_manager_is_created_before_those_they_manage():
    actions = plan_for(FakeDirectory()).actions
    created = [action.login for action in actions if isinstance(action, CreateAccount)]
    assert created.index(BOSS.login) < min(created.index(one.login) for one in PEOPLE[:2])


def test_the_spelling_of_a_name_is_corrected_in_place(directory):
    people = [replace(one, first_name="Eve") if one.login == "talleceve" else one for one in PEOPLE]
    assert any(isinstance(action, Move) for action in plan_for(directory, people).actions)
    converge(directory, people)
    assert plan_for(directory, people).actions == []


def test_no_password_is_ever_in_a_plan():
    plan = plan_for(FakeDirectory())
    assert "unicodePwd" not in repr(plan)
    assert "password" not in plan.diff()["after"].replace("password never expires", "")


CHANGE = st.tuples(
    st.integers(0, 5),
    st.sampled_from(["board", "sales", "desk"]),
    st.sampled_from([None, date(2026, 1, 1), date(2027, 1, 1)]),
)


@given(st.lists(CHANGE, min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_whatever_happens_to_people_one_run_is_enough(changes):
    directory = FakeDirectory()
    people = {index: employee(f"Nom{'abcdef'[index]}", "Ève") for index in range(6)}
    for index, department, leaves in changes:
        people[index] = replace(people[index], department=department, leaves_on=leaves)
        everybody = [BOSS, *people.values()]
        converge(directory, everybody)
        assert plan_for(directory, everybody).actions == []
