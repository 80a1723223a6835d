"""An invented site on a real domain controller, in a unit of its own, for the tests marked live_directory."""

from __future__ import annotations

import os
import random
from pathlib import Path

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import Credentials, connect, open_directory
from ansible.module_utils.ad.directory_reconcile import describe, reconcile
from ansible.module_utils.ad.first_passwords import FirstPasswordStore
from ldap.controls import RequestControl

HEADER = "last_name,first_name,department,job,manager,mail,starts_on,leaves_on,laptop,vpn,contract"
TREE_DELETE = "1.2.840.113556.1.4.805"
TODAY = "2026-11-21"


class Site:
    """An invented site on the domain controller, and its list of employees."""

    def __init__(self, folder: Path) -> None:
        self.mark = "".join(random.choices("bcdfghjklm", k=4))  # noqa: S311
        self.unit, self.folder = f"Essai {self.mark}", folder
        (folder / "vault").write_text("essai\n", encoding="utf-8")
        self.list, self.store = folder / "employees.csv", FirstPasswordStore(folder / "s" / "first", folder / "vault")
        self.people = {
            "boss": self.line("Kerso", "Maud", "Direction", manager=""),
            "eve": self.line("Tallec", "Ève", "Ventes, neuf"),
            "leo": self.line("d'Arvor", "Léo", "#Accueil"),
            "twin1": self.line("Morvan", "Anaïs", "#Accueil", starts="2019-01-07"),
            "twin2": self.line("Morvan", "Anais", "#Accueil", starts="2020-01-06"),
            "future": self.line("Nguyen", "An", "#Accueil", starts="2027-01-04"),
        }
        self.options = {
            "server": os.environ["GARANT_TEST_DC"],
            "bind_user": os.environ.get("GARANT_TEST_USER", "administrator@AUTOCONCEPT.LAN"),
            "bind_password": os.environ["GARANT_TEST_PASSWORD"],
            "ca_file": os.environ["GARANT_TEST_CA"],
            "root_ou": self.unit,
            "employees_file": str(self.list),
            "mail_domain": f"{self.mark}.example",
            "departments": {
                "board": {"name": "Direction", "group": self.name("GG_Direction")},
                "sales": {
                    "name": "Ventes, neuf",
                    "group": self.name("GG_Ventes"),
                    "parent_group": self.name("GG_Tous"),
                },
                "desk": {"name": "#Accueil", "group": self.name("GG_Accueil"), "parent_group": self.name("GG_Tous")},
            },
            "rights": [{"name": self.name("DL_V"), "description": "Écrire", "members": [self.name("GG_Ventes")]}],
            "technical_accounts": [{"login": self.name("svc"), "purpose": "Essai", "owner": "Essai"}],
            "administrators": [
                {"login": self.name("adm"), "mail": f"maud.kerso{self.mark}@{self.mark}.example", "groups": [518]}
            ],
            "privileged_rids": [518],
            "first_passwords_file": str(folder / "s" / "first"),
            "vault_password_file": str(folder / "vault"),
            "today": TODAY,
        }
        self.write()

    def name(self, what: str) -> str:
        return f"{what}_{self.mark}"

    def line(self, last: str, first: str, department: str, **other: str) -> str:
        """A line of the list; starts, leaves and manager where they matter."""
        above = other.get("manager", f"maud.kerso{self.mark}@{self.mark}.example")
        days = f"{other.get('starts', '2018-01-08')},{other.get('leaves', '')}"
        return f'{last}{self.mark},{first},"{department}",Métier,{above},,{days},no,no,permanent'

    def login(self, last: str, first: str, suffix: str = "") -> str:
        return f"{last}{self.mark}"[:7] + first[:3] + suffix

    def write(self, **changed: str) -> None:
        self.list.write_text("\n".join([HEADER, *{**self.people, **changed}.values()]) + "\n", encoding="utf-8")

    def run(self, check: bool = False, **options: object) -> list[str]:
        """The steps of one run."""
        return [str(step) for step in reconcile({**self.options, **options}, check).actions]

    def facts(self, **options: object) -> dict:
        return describe({**self.options, **options})

    def account(self, login: str) -> dict:
        return next(one for one in self.facts()["accounts"] if one["login"] == login)

    def credentials(self) -> Credentials:
        return Credentials.from_arguments(self.options)

    def change(self, login: str, **values: str) -> None:
        """What somebody does by hand."""
        with open_directory(self.credentials()) as directory:
            directory.modify(self.account(login)["dn"], {name: [value.encode()] for name, value in values.items()})

    def remove(self) -> None:
        with open_directory(self.credentials()) as directory:
            handle = connect(self.credentials())
            handle.delete_ext_s(names.under_base(self.unit, directory.base),
                                serverctrls=[RequestControl(TREE_DELETE, True, None)])  # fmt: skip
            handle.unbind_s()
