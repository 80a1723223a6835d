"""The list of employees that the client's human resources keep, read strictly.

Everything wrong with the file is told at once, each with its line, before anything is done with any of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ansible.module_utils.ad.employee_cells import (
    COLUMNS,
    MAIL,
    Draft,
    EmployeeFileError,
    Problem,
    parse_file,
    perhaps,
)
from ansible.module_utils.ad.naming import Identity, assign_logins, by_seniority, keeps_login, keeps_mail, mail_address

__all__ = ["COLUMNS", "Employee", "EmployeeFileError", "load_employees"]


@dataclass(frozen=True)
class Employee:
    """One person of the list, with what the directory needs to know."""

    line: int
    last_name: str
    first_name: str
    department: str
    job: str
    manager: str | None
    mail: str
    starts_on: date
    leaves_on: date | None
    laptop: bool
    vpn: bool
    contract: str
    login: str
    key: str

    def status(self, today: date) -> str:
        """'future', 'active' or 'left'; the last day still counts."""
        if self.starts_on > today:
            return "future"
        return "left" if self.leaves_on is not None and self.leaves_on < today else "active"


def load_employees(
    path: str | Path,
    departments: Mapping[str, Mapping[str, Any]],
    mail_domain: str,
    known: Mapping[str, str] | None = None,
    *,
    known_mails: Mapping[str, str] | None = None,
    reserved: Collection[str] = (),
    conventions: bool = False,
) -> list[Employee]:
    """Read the list in the order of the file, or raise EmployeeFileError with everything that is wrong.

    `known` and `known_mails` are what the directory already holds (key -> login, key -> mail): they never move.
    With `conventions`, one that the convention would not give is not kept.
    `reserved` are logins of accounts that are nobody's (technical, administrators).
    """
    problems: list[Problem] = []
    drafts = parse_file(path, departments, problems)
    _refuse_duplicates(drafts, problems)
    if conventions:
        people = {draft["identity"].key: draft["identity"] for draft in drafts if "identity" in draft}
        known = {
            key: login for key, login in (known or {}).items() if key not in people or keeps_login(people[key], login)
        }
        known_mails = {
            key: mail
            for key, mail in (known_mails or {}).items()
            if key not in people or keeps_mail(people[key], mail, mail_domain)
        }
    _give_mails(drafts, mail_domain, known or {}, known_mails or {}, problems)
    _check_managers(drafts, problems)
    if problems:
        raise EmployeeFileError(path, problems)
    logins = assign_logins([draft["identity"] for draft in drafts], known or {}, reserved)
    return [
        Employee(
            line=draft["line"],
            login=logins[draft["line"]],
            key=draft["identity"].key,
            **{column: draft[column] for column in COLUMNS},
        )
        for draft in drafts
    ]


def _refuse_duplicates(drafts: list[Draft], problems: list[Problem]) -> None:
    first: dict[str, int] = {}
    for draft in drafts:
        if draft["starts_on"] and "identity" in draft:
            line = first.setdefault(draft["identity"].key, draft["line"])
            if line != draft["line"]:
                problems.append((draft["line"], f"same names and first day as line {line}; remove one of the two"))


def _give_mails(
    drafts: list[Draft], domain: str, known: Mapping[str, str], known_mails: Mapping[str, str], problems: list[Problem]
) -> None:
    """Fill in the empty addresses by seniority, and refuse one that two people would share."""
    named = {draft["line"]: draft for draft in drafts if "identity" in draft}
    senior = [named[person.line] for person in by_seniority((d["identity"] for d in named.values()), known)]
    owners: dict[str, str] = {mail.lower(): key for key, mail in known_mails.items()}
    lines: dict[str, int] = {}
    for draft in [*senior, *(draft for draft in drafts if "identity" not in draft and draft["mail"])]:
        person: Identity | None = draft.get("identity")
        key = person.key if person else f"line {draft['line']}"
        if person and not draft["mail"]:
            draft["mail"] = known_mails.get(key, "").lower() or _free_address(person, domain, owners)
            if not MAIL.fullmatch(draft["mail"]):
                problems.append(
                    (draft["line"], f"mail: {draft['mail']} would not be a mail address; fill in the column")
                )
        mail = draft["mail"]
        if mail in lines and lines[mail] != draft["line"]:
            one, other = sorted((lines[mail], draft["line"]))
            problems.append((other, f"mail: {mail} is already that of line {one}; give each their own"))
        elif owners.get(mail, key) != key:
            problems.append(
                (draft["line"], f"mail: {mail} belongs to {owners[mail]} in the directory; give another one")
            )
        owners.setdefault(mail, key)
        lines.setdefault(mail, draft["line"])


def _free_address(person: Identity, domain: str, taken: Collection[str]) -> str:
    rank = 1
    while (mail := mail_address(person.last_name, person.first_name, domain, rank)) in taken:
        rank += 1
    return mail


def _check_managers(drafts: list[Draft], problems: list[Problem]) -> None:
    """Every manager is somebody of the list, and nobody is above themselves."""
    people = {draft["mail"]: draft for draft in drafts if draft["mail"]}
    everybody = all(draft["mail"] for draft in drafts)  # else somebody unreadable may be the manager
    for draft in drafts:
        manager = draft["manager"]
        if manager and manager == draft["mail"]:
            problems.append(
                (draft["line"], f"manager: {manager} is their own manager; leave it empty for the director")
            )
        elif manager and manager not in people and everybody:
            problems.append((draft["line"], f"manager: nobody has the mail {manager}" + perhaps(manager, people)))
    above = {mail: draft["manager"] for mail, draft in people.items() if draft["manager"] != mail}
    for mail, draft in people.items():
        chain = [mail]
        while (manager := above.get(chain[-1])) in people and manager not in chain:
            chain.append(manager)
        if manager == mail and draft["line"] == min(people[one]["line"] for one in chain):
            problems.append((draft["line"], f"manager: {' -> '.join([*chain, mail])} goes round in a circle"))
