"""Measure ad_directory on a throwaway domain controller, beside what else could be done. Prints a table in Markdown.

GARANT_TEST_DC=10.0.0.10 GARANT_TEST_CA=ca.crt GARANT_TEST_PASSWORD=... python tests/bench/directory.py 83 2000

Everything is made below a unit of its own that is removed afterwards. GARANT_TEST_CONTAINER names the container of
the domain controller, for the comparison with samba-tool. Needs ansible-playbook in the path.
"""

from __future__ import annotations

import csv
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import ansible.module_utils
import ldap
from ldap.controls import RequestControl

ROOT = Path(__file__).resolve().parent.parent.parent
ansible.module_utils.__path__.append(str(ROOT / "module_utils"))

from ansible.module_utils.ad.connection import Credentials, connect  # noqa: E402
from ansible.module_utils.ad.employees import COLUMNS  # noqa: E402

SAMPLE = 20
UNIT = "Mesure"
TREE_DELETE = "1.2.840.113556.1.4.805"
DEPARTMENTS = {
    f"d{n}": {"name": f"Service {n}", "group": f"GG_Mesure_{n}", "parent_group": "GG_Mesure"} for n in range(12)
}
SYLLABLES = ("ba", "ko", "li", "mu", "ne", "po", "ra", "si", "tu", "va")


def connection() -> dict[str, str]:
    """How to reach the domain controller, from the environment."""
    return {
        "server": os.environ["GARANT_TEST_DC"],
        "bind_user": os.environ.get("GARANT_TEST_USER", "administrator@AUTOCONCEPT.LAN"),
        "bind_password": os.environ["GARANT_TEST_PASSWORD"],
        "ca_file": os.environ["GARANT_TEST_CA"],
    }


def people(count: int) -> Iterator[dict[str, str]]:
    """Invented people, the first of whom manages the others."""
    for number, parts in enumerate(itertools.islice(itertools.product(SYLLABLES, repeat=4), count)):
        yield {
            "last_name": "".join(parts).capitalize(), "first_name": "Zoé" if number % 2 else "Jean-Luc",
            "department": f"Service {number % 12}", "job": "Vendeur", "starts_on": "2020-01-06",
            "manager": "" if number == 0 else "jean-luc.babababa@mesure.example", "contract": "permanent",
            "laptop": "no", "vpn": "no",
        }  # fmt: skip


def write_list(path: Path, count: int) -> None:
    """The list of employees of that many invented people."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(people(count))


def extrapolated(seconds: float, total: int, start: float = 0) -> str:
    """What the sample would cost for everybody, the start being paid once."""
    return f" for {SAMPLE}, so about {start + (seconds - start) / SAMPLE * total:.0f} s for {total}"


class Bench:
    """One folder, one domain controller, and the table that comes out."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rows: list[tuple[str, str]] = []
        (folder / "vault").write_text("mesure\n", encoding="utf-8")
        (folder / "vault").chmod(0o600)

    def options(self, list_: Path) -> dict[str, object]:
        return {
            **connection(), "employees_file": str(list_), "departments": DEPARTMENTS, "mail_domain": "mesure.example",
            "root_ou": UNIT, "first_passwords_file": str(self.folder / "store" / "first.yml"),
            "vault_password_file": str(self.folder / "vault"),
        }  # fmt: skip

    def playbook(self, tasks: list[dict[str, object]], check: bool = False) -> float:
        """Seconds that a whole ansible-playbook takes, its start included."""
        path = self.folder / "play.json"
        play = [{"hosts": "localhost", "connection": "local", "gather_facts": False, "tasks": tasks}]
        path.write_text(json.dumps(play), encoding="utf-8")
        path.chmod(0o600)
        command = [
            "ansible-playbook",
            "-i",
            "localhost,",
            "-e",
            f"ansible_python_interpreter={sys.executable}",
            str(path),
        ]
        environment = {**os.environ, "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
        started = time.perf_counter()
        subprocess.run(command + ["--check"] * check, check=True, env=environment, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started

    def add(self, what: str, seconds: float, note: str = "") -> None:
        self.rows.append((what, f"{seconds:.1f} s{note}"))
        print(f"| {what} | {seconds:.1f} s{note} |", flush=True)

    def module(self, count: int) -> None:
        """From nothing, unchanged, check mode, and what reading costs."""
        list_ = self.folder / f"employees{count}.csv"
        write_list(list_, count)
        reconcile = [{"ad_directory": self.options(list_)}]
        self.add(f"ad_directory, {count} people from nothing", self.playbook(reconcile))
        self.add(f"ad_directory, {count} people unchanged", self.playbook(reconcile))
        self.add(f"ad_directory, {count} people, check mode", self.playbook(reconcile, check=True))
        read = [{"ad_directory_info": {**connection(), "root_ou": UNIT}}]
        self.add(f"ad_directory_info, {count} people", self.playbook(read))
        self.clean()

    def one_task_per_person(self, total: int) -> None:
        """community.general.ldap_entry, one task per person, without groups, moves or attributes kept in line."""
        base = self.base()
        self.ldap(lambda handle: handle.add_s(f"OU={UNIT},{base}", [("objectClass", [b"organizationalUnit"])]))
        reach = connection()
        entry = {
            "server_uri": f"ldaps://{reach['server']}", "bind_dn": reach["bind_user"],
            "bind_pw": reach["bind_password"], "ca_path": reach["ca_file"],
            "dn": f"CN=m{{{{ item }}}},OU={UNIT},{base}",
            "objectClass": ["top", "person", "organizationalPerson", "user"],
            "attributes": {"sAMAccountName": "m{{ item }}", "givenName": "Zoé", "sn": "{{ item }}"},
        }  # fmt: skip
        tasks: list[dict[str, object]] = [{"community.general.ldap_entry": entry, "loop": list(range(SAMPLE))}]
        start = self.playbook([{"ansible.builtin.meta": "noop"}])
        for state in ("from nothing", "unchanged"):
            seconds = self.playbook(tasks)
            self.add(f"ldap_entry in a loop, {state}", seconds, extrapolated(seconds, total, start))
        self.clean()

    def samba_tool(self, container: str, total: int) -> None:
        """samba-tool on the domain controller itself, one command per person."""
        script = "; ".join(f"samba-tool user create mesure{n} 'Aq9-{n}xPlovZu'" for n in range(SAMPLE))
        started = time.perf_counter()
        subprocess.run(["podman", "exec", container, "bash", "-ec", script], check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - started
        self.add("samba-tool user create in a loop, on the controller", seconds, extrapolated(seconds, total))
        script = "; ".join(f"samba-tool user delete mesure{n}" for n in range(SAMPLE))
        subprocess.run(["podman", "exec", container, "bash", "-ec", script], check=True, stdout=subprocess.DEVNULL)

    def base(self) -> str:
        found: list[str] = []
        self.ldap(lambda handle: found.append(handle.read_rootdse_s()["defaultNamingContext"][0].decode()))
        return found[0]

    def ldap(self, action: Callable[..., object]) -> None:
        handle = connect(Credentials(**connection()))
        action(handle)
        handle.unbind_s()

    def clean(self) -> None:
        """Remove the unit and everything below."""
        self.ldap(lambda handle: handle.set_option(ldap.OPT_TIMEOUT, 600) or handle.delete_ext_s(
            f"OU={UNIT},{handle.read_rootdse_s()['defaultNamingContext'][0].decode()}",
            serverctrls=[RequestControl(TREE_DELETE, True, None)]))  # fmt: skip


def main() -> None:
    """Measure each size given, then the other ways on the first size."""
    sizes = [int(size) for size in sys.argv[1:]] or [83]
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        print("| what | wall time |\n|---|---|")
        for size in sizes:
            bench.module(size)
        bench.one_task_per_person(sizes[0])
        if container := os.environ.get("GARANT_TEST_CONTAINER"):
            bench.samba_tool(container, sizes[0])


if __name__ == "__main__":
    main()
