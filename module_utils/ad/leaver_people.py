"""Who left, who is at work, and who is handed the folder of somebody who left; from the list and the directory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from ansible.module_utils.ad.connection import Credentials, open_directory
from ansible.module_utils.ad.directory_model import State
from ansible.module_utils.ad.directory_read import read_state
from ansible.module_utils.ad.directory_reconcile import load_people
from ansible.module_utils.ad.directory_site import Site
from ansible.module_utils.ad.employees import Employee
from ansible.module_utils.ad.leaver_names import copy_name


def handed_to(people: Sequence[Employee], today: date) -> dict[str, str | None]:
    """By login of everybody who left, the login of the nearest manager above who is at work; None when there is none."""
    by_mail = {one.mail.casefold(): one for one in people}
    found = {}
    for person in people:
        if person.status(today) == "left":
            above, seen = person.manager, set()
            while above and (manager := by_mail.get(above.casefold())) and manager.login not in seen:
                seen.add(manager.login)
                if manager.status(today) == "active":
                    break
                above = manager.manager
            else:
                manager = None
            found[person.login] = manager.login if manager else None
    return found


def readers_of_copies(people: Sequence[Employee], today: date, accounts: Mapping[str, str]) -> dict[str, str | None]:
    """By name of the folder of a copy, the SID of who may read it; accounts are SIDs by login in lower case."""
    return {
        copy_name(login): accounts.get(manager.casefold()) if manager else None
        for login, manager in handed_to(people, today).items()
    }


def describe(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the module leaver_people_info returns."""
    site = Site.from_options(options)
    with open_directory(Credentials.from_arguments(options)) as directory:
        state = read_state(directory)
        people = load_people(site, options["employees_file"], state, conventions=True)
    managers = handed_to(people, site.today)
    return {
        "today": site.today.isoformat(),
        "people": [_person(one, site.today, managers.get(one.login)) for one in people],
        "open_accounts": sorted(_open(state)),
    }


def _open(state: State) -> Iterable[str]:
    return {account.login.casefold() for account in state.accounts if account.enabled}


def _person(one: Employee, today: date, manager: str | None) -> dict[str, Any]:
    return {
        "login": one.login,
        "key": one.key,
        "status": one.status(today),
        "left_on": one.leaves_on.isoformat() if one.leaves_on else None,
        "manager": manager,
    }
