"""Group Policy holds on the live hosts, asked by other roads than the audit's: Samba's own tools, and real sessions."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.ad.probe_account import random_password
from ansible.module_utils.ad.session_probe import Workstation, opens
from ansible.module_utils.linux.ssh_session import SessionError

from tests.compliance.conftest import connect, hosts_of, resolved
from tests.compliance.test_resilience import READY

DC = hosts_of("domain_controllers")[0]
WORKSTATION = hosts_of("linux_workstations")[0]
#: Accounts that live for one test; the second is made an administrator of the domain.
PERSON, ADMINISTRATOR = "essai.session", "essai.session.adm"
#: sssd asks again who somebody is after this long.
MEMORY_SECONDS = 30
SAMBAS_LIST = """
from samba.credentials import Credentials
from samba.gp.gpclass import get_dc_hostname, get_gpo_list
from samba.param import LoadParm
lp, creds = LoadParm(), Credentials()
lp.load_default()
creds.guess(lp)
creds.set_machine_account(lp)
for gpo in get_gpo_list(get_dc_hostname(creds, lp), creds, lp, creds.get_username()):
    print(gpo.name)
"""


def test_every_policys_folder_has_the_access_list_of_its_object() -> None:
    password = Path(resolved("site_secrets_dir", DC), "domain_administrator").read_text(encoding="utf-8").strip()
    command = "PASSWD=%s samba-tool gpo aclcheck -U %s || exit 1"  # 255 would be taken for a failure of ssh
    checked = connect(DC).run(command, password, resolved("ad_administrator", DC))
    code, said = checked.rc, checked.stdout + checked.stderr  # the result itself would show the password
    assert (code, said) == (0, "")


def test_every_file_of_sysvol_has_the_access_list_it_should() -> None:
    checked = connect(DC).run("samba-tool ntacl sysvolcheck || exit 1")
    assert (checked.rc, checked.stderr) == (0, "")


def test_the_database_of_the_directory_is_whole() -> None:
    checked = connect(DC).run("samba-tool dbcheck --cross-ncs || exit 1")
    assert checked.rc == 0, checked.stdout
    assert checked.stdout.splitlines()[-1].endswith("(0 errors)")


def test_sambas_own_client_finds_the_same_policies_for_the_workstation(evidence: dict[str, Any]) -> None:
    listed = connect(WORKSTATION).check_output("python3 -c %s", SAMBAS_LIST).split("\n")
    read = [policy["guid"] for policy in evidence[WORKSTATION]["resultant_policy"]["computer"]["policies"]]
    # Samba orders enforced links in its own way, and its list begins with the host's local policy.
    assert sorted(read) == sorted(guid for guid in listed if guid.startswith("{"))


def in_session(login: str, password: str) -> bool:
    """Whether a real session opens over ssh; one that is refused after a good password is closed without a word."""
    address = resolved("address", WORKSTATION)
    try:
        return opens(Workstation(address, 22, resolved("site_known_hosts_file", WORKSTATION)), login, password)
    except SessionError as error:
        if "Connection closed" in str(error):
            return False
        raise


def soon_in_session(login: str, password: str) -> bool:
    """Whether a session opens before the workstation's memory of who somebody is has ended."""
    end = time.monotonic() + MEMORY_SECONDS
    while not (opened := in_session(login, password)) and time.monotonic() < end:
        time.sleep(2)
    return opened


@contextlib.contextmanager
def two_accounts(password: str) -> Iterator[None]:
    """Two accounts alike, one of which administers the domain; both are gone afterwards."""
    controller = connect(DC)
    everybody = (PERSON, ADMINISTRATOR)
    for login in everybody:
        controller.run(f"samba-tool user delete {login} || true")
    try:
        for login in everybody:
            made = controller.run("samba-tool user create %s %s || exit 1", login, password)
            code, said = made.rc, made.stderr
            assert code == 0, said
        controller.check_output(f"samba-tool group addmembers 'Domain Admins' {ADMINISTRATOR}")
        yield
    finally:
        for login in everybody:
            controller.run(f"samba-tool user delete {login} || true")
            connect(WORKSTATION).run(f"rm -rf /home/{login}")
        # What is left of a membership whose account is gone counts as an error of the database.
        controller.run("samba-tool dbcheck --cross-ncs --fix --yes || true")


@pytest.mark.disruptive
def test_an_administrator_of_the_domain_opens_no_session_on_a_workstation() -> None:
    password = f"P{random_password(31)}"  # one that begins with a hyphen would be an option of samba-tool
    with two_accounts(password):
        assert soon_in_session(PERSON, password), "nobody opens a session: nothing is proven"
        assert not in_session(ADMINISTRATOR, password)
        # The same account with the same password, once it administers nothing: the right was the reason.
        connect(DC).check_output(f"samba-tool group removemembers 'Domain Admins' {ADMINISTRATOR}")
        assert soon_in_session(ADMINISTRATOR, password)


def may_log_on(login: str, service: str = "sshd") -> bool:
    """The account phase of a PAM service, by sssd's own tool."""
    shown = connect(WORKSTATION).run(f"LC_ALL=C sssctl user-checks -a acct -s {service} {login} 2>&1")
    answers = {"pam_acct_mgmt: Success": True, "pam_acct_mgmt: Permission denied": False}
    given = [answer for line, answer in answers.items() if line in shown.stdout]
    assert given, shown.stdout
    return given[0]


@pytest.mark.parametrize("service", ["sshd", "login"])
def test_the_enforcer_refuses_every_administrator_and_nobody_else(evidence: dict[str, Any], service: str) -> None:
    people = [one["login"] for one in evidence[DC]["directory"]["people"] if one["status"] == "active"]
    administrators = [one["login"] for one in resolved("ad_directory_administrators")]
    assert [login for login in administrators if may_log_on(login, service)] == []
    assert [login for login in people[:5] if not may_log_on(login, service)] == []


@pytest.mark.disruptive
def test_the_right_still_holds_while_no_controller_answers(evidence: dict[str, Any]) -> None:
    person = next(one["login"] for one in evidence[DC]["directory"]["people"] if one["status"] == "active")
    administrator = resolved("ad_directory_administrators")[0]["login"]
    before = (may_log_on(person), may_log_on(administrator))
    try:
        connect(DC).check_output("systemctl stop samba-ad-dc")
        without = (may_log_on(person), may_log_on(administrator))
    finally:
        connect(DC).run(f"systemctl start samba-ad-dc; {READY}")
    assert (before, without) == ((True, False), (True, False))


def test_root_and_local_accounts_are_not_asked_about() -> None:
    stack = connect(WORKSTATION).file("/etc/pam.d/common-account").content_string
    lines = [line.split() for line in stack.splitlines() if line and not line.startswith("#")]
    asked = lines.index(["account", "required", "pam_sss.so"])
    assert ["account", "sufficient", "pam_localuser.so"] in lines[:asked]
