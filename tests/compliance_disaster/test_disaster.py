"""The full rehearsal: the controller and the file server are destroyed with all that they held, then rebuilt from the backups.

People log on with the passwords they had, the domain is the same, files have their bytes and access lists, and the other
machines are trusted as before. The time is written down as evidence, which the audit reads; a failure is evidence too. The
lab has to be up and converged: make lab, then make lab-disaster.
"""

from __future__ import annotations

import json
import secrets
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.compliance.conftest import connect, hosts_of, play, resolved

pytestmark = pytest.mark.disruptive
DC = hosts_of("domain_controllers")[0]
FILES = hosts_of("file_servers")[0]
WORKSTATION = hosts_of("linux_workstations")[0]
SHARES = "/srv/shares"
#: Everything that a file has but its times: owner, mode, access lists, bytes. What the site's own runs write is left out.
MANIFEST = (
    f"cd {SHARES} && find . -printf '%p %U %G %m %y\\n' | sort && "
    "find . -print0 | sort -z | xargs -0 getfattr --no-dereference --dump --match=- --encoding=hex 2>/dev/null; "
    "find . -type f -print0 | sort -z | xargs -0 sha256sum"
)
DATABASE = "/var/lib/samba/private/sam.ldb"


def told(host: str, command: str) -> str:
    done = connect(host).run(command)
    assert done.rc == 0, f"{host}: {command}: {done.stdout[-1500:]}{done.stderr[-1500:]}"
    return str(done.stdout)


def identity() -> str:
    return told(DC, f"ldbsearch -H {DATABASE} -s base objectSid | grep '^objectSid'").strip()


def logs_on(login: str, password: str) -> str:
    """A shell command of the workstation that gets a ticket for somebody, and keeps it until the tests are through."""
    return f"printf '%s\\n' '{password}' | KRB5CCNAME=FILE:/run/rehearsal kinit {login}@{resolved('ad_realm')}"


def destroy(host: str) -> None:
    """The machine with its disks; the connections that are kept open to it die with it."""
    name = resolved("lab_container_name", host)
    subprocess.run(["podman", "rm", "--force", "--volumes", "--time", "1", name], check=True, capture_output=True)


@pytest.fixture(scope="module")
def person() -> dict[str, str]:
    """Somebody of the staff, with a password that is known for the rehearsal."""
    password = f"{secrets.token_urlsafe(18)}-9aZ+"
    login = told(
        DC,
        f"ldbsearch -H {DATABASE} '(&(employeeNumber=*)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))' sAMAccountName"
        " | sed -n 's/^sAMAccountName: //p' | sort | head -1",
    ).strip()
    assert login, "nobody of the staff has an open account"
    told(DC, f"samba-tool user setpassword {login} --newpassword='{password}'")
    # Who never logged on is asked for a password of their own, before the disaster as after it.
    told(WORKSTATION, logs_on(login, password))
    return {"login": login, "password": password}


@pytest.fixture(scope="module")
def rehearsal(person: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """Save, destroy, rebuild; what was before, and what the tests find wrong, is in the result."""
    proof = f"{SHARES}/commun/rehearsal-{secrets.token_hex(4)}.bin"
    told(FILES, f"test -d {SHARES}/commun && head -c 300000 /dev/urandom > {proof}")
    before = {"domain": identity(), "files": told(FILES, MANIFEST), "person": person}
    for host in (DC, FILES):
        told(host, "systemctl start nas-backup.service")
    result_file = tmp_path_factory.mktemp("rehearsal") / "result.json"
    evidence: dict[str, Any] = {"ok": False, "lost_hours": None, "differences": ["the rebuilding itself failed"]}
    began = time.time()
    try:
        for host in (DC, FILES):
            destroy(host)
        connect.cache_clear()
        play("lab_up")
        told_where = ["-e", f"rebuild_hosts={DC},{FILES}", "-e", f"rebuild_result_file={result_file}"]
        play("rebuild", arguments=told_where)
        told_by_playbook = json.loads(result_file.read_text(encoding="utf-8"))
        evidence = {"ok": True, "lost_hours": float(told_by_playbook["lost_hours"]), "differences": []}
        yield {**before, "evidence": evidence, "proof": proof}
    finally:
        write_evidence({**evidence, "at": int(time.time()), "hosts": [DC, FILES]}, time.time() - began)
        connect.cache_clear()
    # What came back was written anew, which looks like a mass change to the first backup after it, and not to the next.
    told(FILES, f"rm -f {proof} && systemctl start nas-backup.service")
    play("restore_drills")


def write_evidence(evidence: dict[str, Any], seconds: float) -> None:
    file = Path(resolved("site_rehearsal_file", DC))
    if evidence["lost_hours"] is None:
        evidence["lost_hours"] = 0.0
    fresh = file.with_suffix(".new")
    fresh.touch(mode=0o600)
    fresh.write_text(json.dumps({**evidence, "seconds": round(seconds, 1)}, indent=1) + "\n", encoding="utf-8")
    fresh.replace(file)


def finds(rehearsal: dict[str, Any], right: bool, what: str) -> None:
    """A difference is evidence before it is a failed test."""
    if not right:
        rehearsal["evidence"]["ok"] = False
        rehearsal["evidence"]["differences"].append(what)
    assert right, what


def test_the_domain_is_the_same(rehearsal: dict[str, Any]) -> None:
    finds(rehearsal, identity() == rehearsal["domain"], "the domain has another identifier")


def test_people_log_on_with_the_password_they_had(rehearsal: dict[str, Any]) -> None:
    person = rehearsal["person"]
    done = connect(WORKSTATION).run(logs_on(person["login"], person["password"]))
    finds(rehearsal, done.rc == 0, f"{person['login']} cannot log on: {done.stderr}")


def test_files_have_their_bytes_owners_and_access_lists(rehearsal: dict[str, Any]) -> None:
    after = told(FILES, MANIFEST)
    lost = sorted(set(rehearsal["files"].splitlines()) - set(after.splitlines()))
    finds(rehearsal, lost == [], f"files came back otherwise: {lost[:5]}")


def test_a_person_reads_a_file_from_a_workstation(rehearsal: dict[str, Any]) -> None:
    person, domain = rehearsal["person"], resolved("ad_domain")
    name = Path(rehearsal["proof"]).name
    done = connect(WORKSTATION).run(
        f"KRB5CCNAME=FILE:/run/rehearsal smbclient //{FILES}.{domain}/commun --use-kerberos=required -c 'ls {name}'; "
        "code=$?; rm -f /run/rehearsal; exit $code"
    )
    finds(rehearsal, done.rc == 0, f"{person['login']} does not find {name}: {done.stdout}{done.stderr}")


def test_member_machines_are_trusted_as_before(rehearsal: dict[str, Any]) -> None:
    done = connect(WORKSTATION).run("wbinfo --check-secret")
    finds(rehearsal, done.rc == 0, f"{WORKSTATION} is not trusted any more: {done.stdout}{done.stderr}")
