"""The directory is brought in line on a real domain controller, below a unit of its own that is removed afterwards.

Every change is tried four times: check mode changes nothing, apply changes, apply again does not, broken by hand it is
seen and healed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import ldap
import pytest
from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import DirectoryError, open_directory
from ansible.module_utils.ad.directory_apply import PartialFailureError
from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.directory_reconcile import reconcile
from ansible.module_utils.ad.employees import EmployeeFileError

from .directory_live_site import Site

pytestmark = pytest.mark.live_directory

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    made = Site(tmp_path_factory.mktemp("site"))
    assert made.run(check=True), "check mode plans"
    assert made.unit not in "".join(made.facts()["organizational_units"]), "check mode writes nothing"
    assert not made.store.exists()
    made.run()
    yield made
    made.remove()


@pytest.fixture(autouse=True)
def _back_in_line(site):
    """Each test starts and ends with the site as it was described first."""
    yield
    site.write()
    site.run()


def four_times(site, login, fact, broken, right):
    """Broken by hand, seen, left alone by check mode, healed, then quiet."""
    assert site.account(login)[fact] == broken
    assert site.run(check=True) == site.run(check=True) != []
    assert site.account(login)[fact] == broken
    assert site.run() != []
    assert site.account(login)[fact] == right
    assert site.run() == []


def test_a_second_run_has_nothing_to_do(site):
    assert site.run() == []


def test_the_first_password_opens_a_session_that_must_change_it(site):
    login = site.login("tallec", "eve")
    entry = site.store.latest()[login]
    handle = ldap.initialize(f"ldaps://{site.options['server']}")
    handle.set_option(ldap.OPT_X_TLS_CACERTFILE, site.options["ca_file"])
    handle.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
    with pytest.raises(ldap.INVALID_CREDENTIALS, match="data 773"):
        handle.simple_bind_s(f"{login}@{site.facts()['domain']['name']}", entry.password)
    with pytest.raises(ldap.INVALID_CREDENTIALS, match="data 52e"):
        handle.simple_bind_s(f"{login}@{site.facts()['domain']['name']}", entry.password + "x")


def test_the_store_holds_every_new_account_once_and_is_encrypted(site):
    entries = site.store.read()
    assert len(entries) == len({entry.login for entry in entries}) == 8
    assert entries[0].password.encode() not in site.store.path.read_bytes()
    assert site.store.path.stat().st_mode & 0o777 == 0o600


def test_people_are_where_the_list_says(site):
    facts = site.facts()
    held = {one["login"]: one for one in facts["accounts"]}
    assert len(facts["people"]) == 6
    for person in facts["people"]:
        account = held[person["login"]]
        assert names.key(account["ou"]) == names.key(person["department_ou"])
        assert account["groups"] == [person["department_group"]]
        assert (account["kind"], account["employee_key"], account["mail"]) == ("person", person["key"], person["mail"])
        assert (account["enabled"], account["must_change_password"]) == (person["status"] == "active", True)
        assert account["password_required"]
        assert not account["ever_logged_on"]


def test_namesakes_are_told_apart(site):
    one, two = site.login("morvan", "ana"), site.login("morvan", "ana", "2")
    assert site.account(one)["display_name"] == f"Anaïs Morvan{site.mark}"
    assert site.account(two)["display_name"] == f"Anais Morvan{site.mark} ({two})"


def test_a_disabled_account_is_enabled_again(site):
    login = site.login("tallec", "eve")
    site.change(login, userAccountControl="514")
    four_times(site, login, "enabled", False, True)


@pytest.mark.parametrize(
    ("control", "fact", "broken"),
    [
        (0x220, "password_required", False),
        (0x280, "reversible_encryption", True),
        (0x10200, "password_never_expires", True),
    ],
)
def test_dangerous_bits_are_cleared(site, control, fact, broken):
    login = site.login("tallec", "eve")
    site.change(login, userAccountControl=str(control))
    four_times(site, login, fact, broken, not broken)


def test_an_account_moved_by_hand_comes_back(site):
    login = site.login("darvor", "leo")
    dn = site.account(login)["dn"]
    with open_directory(site.credentials()) as directory:
        directory.move(dn, f"CN=Users,{directory.base}", "CN=Parti ailleurs")
    four_times(site, login, "kind", "unknown", "person")
    assert site.account(login)["dn"] == dn


def test_a_member_added_by_hand_is_taken_out(site):
    login = site.login("tallec", "eve")
    with open_directory(site.credentials()) as directory:
        group = next(one["dn"] for one in site.facts()["groups"] if one["name"] == site.name("GG_Direction"))
        directory.modify_values(group, "member", add=[site.account(login)["dn"].encode()])
    four_times(site, login, "groups", [site.name("GG_Direction"), site.name("GG_Ventes")], [site.name("GG_Ventes")])


def test_an_intruder_among_the_privileged_is_told_and_removed_when_asked(site):
    login = site.login("tallec", "eve")
    with open_directory(site.credentials()) as directory:
        schema = next(one for one in site.facts()["privileged"] if one["group_sid"].endswith("-518"))
        group = next(one["dn"] for one in site.facts()["groups"] if one["sid"] == schema["group_sid"])
        directory.modify_values(group, "member", add=[site.account(login)["dn"].encode()])
    plan = reconcile(site.options, False)
    assert (list(plan.actions), [one.rpartition(": ")[2] for one in plan.unknown_privileged]) == ([], [login])
    assert len(site.run(remove_unknown_privileged=True)) == 1
    schema = next(one for one in site.facts()["privileged"] if one["group_sid"].endswith("-518"))
    assert login not in schema["members"]
    assert site.name("adm") in schema["members"]


def test_who_changes_department_moves_with_their_group(site):
    login = site.login("tallec", "eve")
    site.write(eve=site.line("Tallec", "Ève", "#Accueil"))
    four_times(site, login, "groups", [site.name("GG_Ventes")], [site.name("GG_Accueil")])
    assert "\\#Accueil" in site.account(login)["ou"]


def test_a_manager_may_move_without_changing_those_they_manage(site):
    site.write(boss=site.line("Kerso", "Maud", "#Accueil", manager=""))
    assert len(site.run()) == 4, "a move, a department, and two groups"
    assert site.run() == []


def test_who_leaves_is_closed_moved_and_out_of_every_group_then_comes_back(site):
    login = site.login("tallec", "eve")
    site.write(eve=site.line("Tallec", "Ève", "Ventes, neuf", leaves="2026-11-20"))
    four_times(site, login, "enabled", True, False)
    gone = site.account(login)
    assert (names.leaf(gone["ou"]), gone["groups"]) == ("Partis", [])
    site.write()
    four_times(site, login, "enabled", False, True)
    assert site.account(login)["groups"] == [site.name("GG_Ventes")]


def test_who_starts_later_opens_on_their_day(site):
    login = site.login("nguyen", "an")
    assert not site.account(login)["enabled"]
    site.run(today="2027-01-04")
    assert site.account(login)["enabled"]


def test_wrong_credentials_are_told_without_the_password(site):
    with pytest.raises(DirectoryError, match=r"refused the credentials .*check the bind user") as caught:
        site.run(bind_password="Faux-mot-2026!")
    assert "Faux-mot" not in str(caught.value)


def test_an_unreachable_server_is_told(site):
    with pytest.raises(DirectoryError, match=r"127\.0\.0\.1 cannot be reached over LDAP"):
        site.run(server="127.0.0.1", timeout_seconds=2)


def test_a_bad_list_is_refused_before_anything_is_written(site):
    site.write(eve=site.line("Tallec", "Ève", "Ventes, neuf", leaves="2026-02-31"))
    with pytest.raises(EmployeeFileError, match=r"employees\.csv:3"):
        site.run()


def test_a_run_that_failed_half_way_is_resumed(site):
    login = site.login("zephir", "ada")
    with open_directory(site.credentials()) as directory:
        dn = names.child("CN", login, f"CN=Computers,{directory.base}")
        directory.add(dn, {"objectClass": [b"computer"], "sAMAccountName": [login.encode()],
                           "userAccountControl": [b"4096"]})  # fmt: skip
        try:
            site.write(new1=site.line("Aubin", "Zoé", "#Accueil"), new2=site.line("Zephir", "Ada", "#Accueil"))
            with pytest.raises(PartialFailureError, match=rf"cannot create the account {login}: .*\(1 of 3 steps"):
                site.run()
            before = {entry.login: entry.password for entry in site.store.read()}
        finally:
            directory.delete(dn)
    assert len(site.run()) == 2
    assert site.account(login)["groups"] == [site.name("GG_Accueil")]
    after = site.store.latest()
    assert after[login].password != before[login], "the account was not made: its password is another one"
    assert after[site.login("aubin", "zoe")].password == before[site.login("aubin", "zoe")]
    assert site.run() == []


def test_a_login_in_use_by_somebody_else_is_refused(site):
    with pytest.raises(DirectoryInputError, match="built-in account"):
        site.run(technical_accounts=[{"login": "krbtgt", "purpose": "x", "owner": "x"}])


def test_the_module_and_its_reader_agree_and_tell_no_password(site, tmp_path):
    not_read = ("rights", "technical_accounts", "administrators", "privileged_rids", "first_passwords_file",
                "vault_password_file")  # fmt: skip
    site.write(new1=site.line("Calvez", "Ugo", "#Accueil"))
    logins = "read.directory.accounts | map(attribute='login')"
    expected = [
        "done is changed",
        "read is not changed",
        "done.steps | length == 2",
        f"(read.directory.people | map(attribute='login') | difference({logins})) == []",
    ]
    reading = {name: value for name, value in site.options.items() if name not in not_read}
    tasks = [
        {"ad_directory": site.options, "register": "done", "diff": True},
        {"ad_directory_info": reading, "register": "read"},
        {"ansible.builtin.assert": {"that": expected}},
    ]
    play = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]
    (tmp_path / "play.json").write_text(json.dumps(play), encoding="utf-8")
    done = subprocess.run(
        ["ansible-playbook", "-vvv", "-i", "localhost,", "-e", f"ansible_python_interpreter={sys.executable}",
         str(tmp_path / "play.json")],
        env={**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"calvez{site.mark}"[:7] + "ugo" in done.stdout
    for secret in (site.options["bind_password"], *(entry.password for entry in site.store.read())):
        assert str(secret) not in done.stdout + done.stderr


@pytest.mark.parametrize("spelled", ["LÉO D'ARVOR", "Leo d'Arvor"])
def test_a_name_spelled_otherwise_by_hand_is_spelled_right_again(site, spelled):
    login = site.login("darvor", "leo")
    before = site.account(login)
    with open_directory(site.credentials()) as directory:
        directory.move(before["dn"], before["ou"], f"CN={spelled}{site.mark}")
    four_times(site, login, "dn", f"CN={spelled}{site.mark},{before['ou']}", before["dn"])


def test_the_spelling_of_a_person_is_corrected_in_place(site):
    login = site.login("tallec", "eve")
    site.write(eve=site.line("Tallec", "Eve", "Ventes, neuf"))
    four_times(site, login, "display_name", f"Ève Tallec{site.mark}", f"Eve Tallec{site.mark}")
