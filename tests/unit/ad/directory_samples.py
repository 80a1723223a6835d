"""An invented site and its people, for the tests of the directory."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ansible.module_utils.ad.directory_actions import Plan
from ansible.module_utils.ad.directory_apply import apply_plan
from ansible.module_utils.ad.directory_plan import make_plan
from ansible.module_utils.ad.directory_read import read_state
from ansible.module_utils.ad.directory_site import Site
from ansible.module_utils.ad.directory_wanted import build_wanted
from ansible.module_utils.ad.employees import Employee
from ansible.module_utils.ad.first_passwords import FirstPassword
from ansible.module_utils.ad.naming import fold, login_base

TODAY = "2026-11-21"
#: A moment of 2024 as the directory writes it.
FILE_TIME = "133497504000000000"
OPTIONS: dict[str, Any] = {
    "root_ou": "Exemple",
    "mail_domain": "exemple.fr",
    "today": TODAY,
    "departments": {
        "board": {"name": "Direction", "group": "GG_Direction"},
        "sales": {"name": "Ventes, neuf", "group": "GG_Ventes", "parent_group": "GG_Tous"},
        "desk": {"name": "L'Accueil", "group": "GG_Accueil", "parent_group": "GG_Tous"},
    },
    "rights": [{"name": "DL_Ventes_RW", "description": "Écrire", "members": ["GG_Ventes", "svc.sauve"]}],
    "technical_accounts": [
        {"login": "svc.sauve", "purpose": "Sauvegarde", "owner": "Direction", "password_never_expires": True}
    ],
    "administrators": [{"login": "adm.kerso", "mail": "maud.kerso@exemple.fr", "groups": [512]}],
    "privileged_rids": [512, 518, 519],
}


def employee(last: str, first: str, department: str = "sales", **changes: Any) -> Employee:
    started = changes.pop("starts_on", date(2020, 1, 6))
    made = Employee(
        line=2, last_name=last, first_name=first, department=department, job="Vendeur", manager="maud.kerso@exemple.fr",
        mail=f"{fold(first)}.{fold(last)}@exemple.fr", starts_on=started, leaves_on=None, laptop=False, vpn=False,
        contract="permanent", login=login_base(last, first), key=f"{fold(last)}.{fold(first)}.{started}",
    )  # fmt: skip
    return replace(made, **changes)


BOSS = employee("Kerso", "Maud", "board", manager=None, job="Directrice")
PEOPLE = [
    employee("Tallec", "Ève"),
    employee("d'Arvor, fils", "Léo", "desk"),
    BOSS,
    employee("Nguyen", "An", starts_on=date(2027, 1, 4)),
    employee("Parti", "Paul", leaves_on=date(2026, 11, 20)),
]


def site(**options: Any) -> Site:
    return Site.from_options({**OPTIONS, **options})


def plan_for(directory: Any, people: list[Employee] | None = None, **options: Any) -> Plan:
    state = read_state(directory)
    return make_plan(
        state, build_wanted(site(**options), PEOPLE if people is None else people, state.base, state.domain_sid)
    )


def settle(directory: Any, login: str, used: bool = False) -> None:
    """A password set by hand, that its owner did or did not open a session with."""
    directory.set(login, "pwdLastSet", FILE_TIME)
    directory.set(login, "lastLogonTimestamp", FILE_TIME if used else "0")


def converge(directory: Any, people: list[Employee] | None = None, **options: Any) -> list[FirstPassword]:
    """Plan, apply, and give the first passwords made."""
    kept: list[FirstPassword] = []
    apply_plan(directory, plan_for(directory, people, **options).actions, kept.extend)
    return kept
