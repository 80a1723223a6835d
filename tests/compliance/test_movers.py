"""Joiner, mover, leaver: a line of the list of employees changes rights by the next converge, and the shares show it.

People are chosen by what the list says of them, so that any site will do. The list itself is not touched: the site is
converged with a changed copy, and then with its own again.
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from ansible.module_utils.ad.access_plan import Expected, Person, expected_on, groups_of
from ansible.module_utils.ad.employees import Employee, load_employees
from ansible.module_utils.ad.share_table import read_table

from tests.compliance.conftest import BIN, ENVIRONMENT, INVENTORIES, connect, hosts_of, resolved
from tests.conftest import ROOT

pytestmark = pytest.mark.disruptive
DC = hosts_of("domain_controllers")[0]
FILE_SERVER = hosts_of("file_servers")[0]
#: What follows the list of employees, and nothing else.
PEOPLE = ("--tags", "people", "--limit", "domain_controllers,file_servers")
JOINER = {"last_name": "Kerbrat-Essai", "first_name": "Tiphaine", "job": "Essai des arrivées", "contract": "temporary"}
OF_ACCOUNT = "dn memberOf userAccountControl accountExpires department title manager mail pwdLastSet employeeNumber"

Attempts = dict[tuple[str, str, str], bool]


@dataclass(frozen=True)
class Cast:
    """Places in the list of who moves and who leaves, the departments between which one moves, by id."""

    mover: int
    leaver: int
    old: str
    new: str
    lost: str  # a share of the old department that the new one does not open
    gained: str


@dataclass(frozen=True)
class Story:
    """What was tried before the list changed, with the changed one, and with the site's own again."""

    cast: Cast
    before: dict[str, Any]
    changed: dict[str, Any]
    after: dict[str, Any]
    accounts: tuple[str, str]
    #: In the share or in the archive while away; in the share again afterwards.
    leavers_folder: tuple[bool, bool]


def choose(employees: list[Employee], departments: dict[str, Any], rows: Any) -> Cast:
    """The first two people at work who lead nobody, answer for no share and administer nothing."""
    table = read_table(rows)
    busy = {one.manager for one in employees} | {share.manager.casefold() for share in table}
    busy |= {one["mail"].casefold() for one in resolved("ad_directory_administrators")}
    free = [
        place
        for place, one in enumerate(employees)
        if one.status(date.today()) == "active" and one.leaves_on is None and one.mail.casefold() not in busy
    ]

    def opened(department: str) -> dict[str, bool]:
        person = Person("x", "active", groups=groups_of(departments[department]))
        return {share.name: expected_on(person, share)["read"] for share in table if share.kind == "department"}

    for mover in free:
        old = employees[mover].department
        others = [place for place in free if employees[place].department != old]
        for new in departments:
            lost = [name for name, held in opened(old).items() if held and not opened(new)[name]]
            gained = [name for name, held in opened(new).items() if held and not opened(old)[name]]
            if lost and gained and others:
                return Cast(mover, others[0], old, new, lost[0], gained[0])
    raise AssertionError("the list has nobody who could move and nobody else who could leave")


def write_changed(source: Path, target: Path, cast: Cast, employees: list[Employee]) -> None:
    """The list with one more line, one other department and one end date."""
    with source.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        columns, rows = list(reader.fieldnames or ()), list(reader)
    assert len(rows) == len(employees), "the list has lines that are no people"
    yesterday = str(date.today() - timedelta(days=1))
    names = {name: one["name"] for name, one in resolved("ad_directory_departments").items()}
    joiner = {**rows[cast.mover], **JOINER, "mail": "", "starts_on": yesterday, "laptop": "no", "vpn": "no"}
    rows[cast.mover]["department"] = names[cast.new]
    rows[cast.leaver]["leaves_on"] = yesterday
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows([*rows, joiner])


def tried(employees_file: Path, places: list[int], folder: Path) -> dict[str, Any]:
    """What these people of a list may do on the shares."""
    output = folder / "tried.json"
    output.unlink(missing_ok=True)
    given = {
        "try_employees_file": str(employees_file),
        "try_places": places,
        "try_output": str(output),
        "project_dir": str(ROOT),
    }
    finished = subprocess.run(
        [
            str(BIN / "ansible-playbook"),
            *INVENTORIES,
            "tests/compliance/playbooks/try_people.yml",
            "-e",
            json.dumps(given),
        ],
        cwd=ROOT,
        env=ENVIRONMENT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert finished.returncode == 0, finished.stdout[-4000:] + finished.stderr[-2000:]
    found: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
    assert found["found"]["untried"] == []
    return found


def account(login: str) -> str:
    """What the directory holds of an account, without what every write moves."""
    lines = connect(DC).check_output(f"ldbsearch -H /var/lib/samba/private/sam.ldb sAMAccountName={login} {OF_ACCOUNT}")
    return "\n".join(sorted(line for line in lines.splitlines() if line and not line.startswith("#")))


def personal_folder(login: str) -> str:
    share = next(row["name"] for row in resolved("site_shares") if row["kind"] == "personal")
    path = connect(FILE_SERVER).check_output(f"testparm -s --section-name={share} --parameter-name=path 2>/dev/null")
    assert path.startswith("/"), path
    return f"{path}/{login}"


def forget_the_joiner() -> None:
    """Remove the account that was made for the test, and its folder."""
    query = f"(&(objectCategory=person)(sn={JOINER['last_name']})(givenName={JOINER['first_name']}))"
    found = connect(DC).check_output(f"ldbsearch -H /var/lib/samba/private/sam.ldb '{query}' sAMAccountName")
    for line in found.splitlines():
        if line.startswith("sAMAccountName: "):
            login = line.removeprefix("sAMAccountName: ")
            connect(DC).check_output(f"samba-tool user delete {login}")
            connect(FILE_SERVER).check_output(f"rm -rf '{personal_folder(login)}'")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory, converge: Callable[..., str]) -> Story:
    """The whole life of the three, once for all the tests."""
    folder = tmp_path_factory.mktemp("movers")
    own = Path(resolved("ad_directory_employees_file"))
    changed = folder / "employees.csv"
    departments = resolved("ad_directory_departments")
    employees = load_employees(own, departments, resolved("mail_domain"))
    cast = choose(employees, departments, resolved("site_shares"))
    write_changed(own, changed, cast, employees)
    secrets = Path(resolved("site_secrets_dir"))
    # What is made for the joiner is thrown away: the site's own letters and first passwords stay as they are.
    options = [*PEOPLE]
    for variable, name in (("site_first_passwords_file", "first_passwords.vault"), ("site_letters_dir", "letters")):
        copy = shutil.copytree if (secrets / name).is_dir() else shutil.copy2
        if (secrets / name).exists():
            copy(secrets / name, folder / name)
        options += ["-e", f"{variable}={folder / name}"]
    pair = [cast.mover, cast.leaver]
    before = tried(own, pair, folder)
    logins = [person["login"] for person in before["people"]]
    accounts = "".join(map(account, logins))
    try:
        converge(*options, "-e", f"ad_directory_employees_file={changed}")
        met = tried(changed, [*pair, len(employees)], folder)
        archive = f"{resolved('site_leaver_archive', FILE_SERVER)}/{logins[1]}"
        kept = any(connect(FILE_SERVER).file(place).is_directory for place in (personal_folder(logins[1]), archive))
    finally:
        forget_the_joiner()
        converge(*options)
    back = connect(FILE_SERVER).file(personal_folder(logins[1])).is_directory
    return Story(cast, before, met, tried(own, pair, folder), (accounts, "".join(map(account, logins))), (kept, back))


def attempts(one: dict[str, Any]) -> Attempts:
    return {(row["person"], row["share"], row["action"]): row["granted"] for row in one["found"]["attempts"]}


def unexpected(one: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = one["found"]["attempts"] + one["found"]["personal"]
    return [row for row in rows if row["granted"] is not row["expected"]]


def on_share(one: dict[str, Any], person: int, share: str) -> Expected | dict[str, bool]:
    """What the nth of the people tried may do on a share."""
    login = one["people"][person]["login"]
    return {
        action: granted for (who, where, action), granted in attempts(one).items() if (who, where) == (login, share)
    }


def test_everybody_may_do_what_the_table_promises_before_during_and_after(story: Story) -> None:
    assert [unexpected(one) for one in (story.before, story.changed, story.after)] == [[], [], []]


def test_whoever_moves_loses_the_old_departments_share_that_day(story: Story) -> None:
    assert on_share(story.before, 0, story.cast.lost)["read"] is True
    assert set(on_share(story.changed, 0, story.cast.lost).values()) == {False}


def test_whoever_moves_gets_the_new_departments_share(story: Story) -> None:
    assert on_share(story.before, 0, story.cast.gained)["read"] is False
    assert on_share(story.changed, 0, story.cast.gained)["read"] is True


def test_whoever_leaves_gets_in_nowhere(story: Story) -> None:
    login = story.before["people"][1]["login"]
    assert any(granted for (who, _, _), granted in attempts(story.before).items() if who == login)
    (closed,) = story.changed["found"]["closed"]
    assert closed == {"person": login, "status": "KDC_ERR_CLIENT_REVOKED"}
    assert {granted for (who, _, _), granted in attempts(story.changed).items() if who == login} == {False}


def test_the_folder_of_whoever_leaves_is_kept_and_comes_back_with_them(story: Story) -> None:
    assert story.leavers_folder == (True, True)


def test_whoever_joins_has_the_departments_share_and_a_folder(story: Story) -> None:
    assert on_share(story.changed, 2, story.cast.lost)["read"] is True
    login = story.changed["people"][2]["login"]
    own = {
        row["action"]: row["granted"]
        for row in story.changed["found"]["personal"]
        if row["person"] == row["folder"] == login
    }
    assert own == {"see": True, "read": True, "write": True, "delete": True}


def test_the_site_is_as_it_was(story: Story) -> None:
    assert story.accounts[0] == story.accounts[1]
    assert attempts(story.before) == attempts(story.after)
