"""Who is to be tried on which share, and what the table and the list of employees promise them.

Nothing here looks at the directory's groups: what is promised comes from the table and the department of each person,
so that a group that is wrong in the directory shows as a difference. Pure: no I/O, nothing but the standard library.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.ad.share_table import MANAGER, RIGHTS, Share

#: What is tried, in the order in which a person would: find it, open it, change it, throw it away.
ACTIONS = ("see", "read", "write", "delete")
#: Statuses of the list of employees, and how a report calls those who may not come in.
CLOSED = {"left": "Personnes parties", "future": "Personnes attendues"}
ADMINISTRATOR = "administrator"
#: Why nobody is known, and what to do about it.
NOBODY_READ = (
    "people are read from the directory, so its controller must be among the machines of this run (--limit names it, too) "
    "and answer"
)
_NOTHING = dict.fromkeys(ACTIONS, False)
_EVERYTHING = dict.fromkeys(ACTIONS, True)

Expected = dict[str, dict[str, bool]]


class AccessPlanError(Exception):
    """The matrix cannot be planned; the message says what is missing and what to do."""


@dataclass(frozen=True)
class Person:
    """One person or second account: where they belong, and the address by which the table names a manager."""

    login: str
    status: str
    mail: str = ""
    department: str = ""
    groups: frozenset[str] = frozenset()
    administrator: bool = False

    @property
    def at_work(self) -> bool:
        """Whether somebody works here under this account; a second account administers, and does no work of a department."""
        return self.status == "active" and not self.administrator


def people_of(
    people: Iterable[Mapping[str, Any]],
    departments: Mapping[str, Mapping[str, Any]],
    administrators: Iterable[Mapping[str, Any]],
) -> list[Person]:
    """Everybody who can be tried: the people whom the directory module names, and the administration accounts."""
    groups = {str(one["name"]): groups_of(one) for one in departments.values()}
    found = [
        Person(one["login"], one["status"], str(one["mail"]).casefold(), one["department"], groups[one["department"]])
        for one in people
    ]
    return found + [Person(one["login"], "active", administrator=True) for one in administrators]


def groups_of(department: Mapping[str, Any]) -> frozenset[str]:
    """The groups that membership of a department brings: its own, and the one above it."""
    named = (department.get("group"), department.get("parent_group"))
    return frozenset(str(name).casefold() for name in named if name)


def expected_on(person: Person, share: Share) -> dict[str, bool]:
    """What the table promises one person on one share."""
    if person.status != "active":
        return dict(_NOTHING)
    if person.administrator:
        return dict(_EVERYTHING)
    held = {right for right in RIGHTS if _holds(person, share, right)}
    if share.kind == "personal":  # everybody's own folder is inside; nobody puts anything beside them
        return {**_NOTHING, "see": "read" in held}
    reads, writes = bool(held), bool(held & {"write", "delete"})
    return {"see": reads, "read": reads, "write": writes, "delete": "delete" in held}


def _holds(person: Person, share: Share, right: str) -> bool:
    named = {name.casefold() for name in getattr(share, right)}
    return bool(named & person.groups) or (MANAGER in named and person.mail == share.manager.casefold())


def common_writers(shares: Sequence[Share], people: Sequence[Person]) -> dict[str, Any]:
    """The common share that most people at work write on, the first of equals, and their logins in order.

    Nobody, on no share, when the table has no common one.
    """
    writers = {
        share.name: sorted(one.login for one in people if one.at_work and expected_on(one, share)["write"])
        for share in shares
        if share.kind == "common"
    }
    share = max(writers, key=lambda name: len(writers[name]), default="")
    return {"share": share, "people": writers.get(share, [])}


def access_plan(shares: Sequence[Share], people: Sequence[Person]) -> dict[str, Any]:
    """What is to be tried, as the modules hand it to each other.

    People of one department with the same rights are one kind, and the last of them by login is tried; people who
    have left or are still expected make a kind each, and every one of them is tried for a ticket.

    :raises AccessPlanError: nobody is at work, or there is no share.
    """
    if not shares:
        raise AccessPlanError("there is nothing to try: the table of shares is empty")
    if not any(one.at_work for one in people):
        raise AccessPlanError(f"nobody at work is known, so that nobody can be tried: {NOBODY_READ}")
    alike: dict[tuple[str, str], list[Person]] = {}
    for person in sorted(people, key=lambda one: one.login.casefold()):
        alike.setdefault(_likeness(person, shares), []).append(person)
    personal = [share for share in shares if share.kind == "personal"]
    return {
        "shares": [{"name": one.name, "kind": one.kind, "sensitive": one.sensitive} for one in shares],
        "personal": personal[0].name if personal else "",
        "kinds": sorted(
            (_kind(members, shares, personal) for members in alike.values()), key=lambda kind: str(kind["id"])
        ),
        "managers": [_manager(share, people) for share in shares],
        "closed": sorted(one.login for one in people if one.status in CLOSED),
        "table_digest": digest(shares),
    }


def _manager(share: Share, people: Iterable[Person]) -> dict[str, str]:
    """Who answers for a share; the person is empty when the list does not know the address."""
    found = [one for one in people if one.mail and one.mail == share.manager.casefold()]
    person, status = (found[0].login, found[0].status) if found else ("", "unknown")
    return {"share": share.name, "manager": share.manager, "person": person, "status": status}


def _likeness(person: Person, shares: Sequence[Share]) -> tuple[str, str]:
    if person.status in CLOSED:
        return person.status, ""
    where = ADMINISTRATOR if person.administrator else person.department
    return where, json.dumps([expected_on(person, share) for share in shares])


def _kind(members: Sequence[Person], shares: Sequence[Share], personal: Sequence[Share]) -> dict[str, Any]:
    tried = members[-1]
    answers_for = [] if tried.status in CLOSED or len(members) > 1 else _answers_for(tried, shares)
    where = tried.status if tried.status in CLOSED else ADMINISTRATOR if tried.administrator else slug(tried.department)
    name = CLOSED.get(tried.status) or ("Administrateurs" if tried.administrator else tried.department)
    return {
        "id": "-".join([where, *answers_for]),
        "title": _title(name, [share.title for share in shares if share.name in answers_for]),
        "status": ADMINISTRATOR if tried.administrator else tried.status,
        "person": tried.login,
        "people": len(members),
        "groups": sorted(tried.groups),
        "has_folder": any(expected_on(tried, share)["see"] for share in personal) and not tried.administrator,
        "expected": {share.name: expected_on(tried, share) for share in shares},
    }


def _answers_for(person: Person, shares: Sequence[Share]) -> list[str]:
    """The shares on which the person has a right of their own, as the manager."""
    return [
        share.name
        for share in shares
        if person.mail
        and person.mail == share.manager.casefold()
        and MANAGER in (one.casefold() for one in share.delete)
    ]


def _title(name: str, answers_for: Sequence[str]) -> str:
    """A kind as a column of the report is headed; most managers answer for what bears their department's name."""
    others = [title for title in answers_for if title != name]
    head = f"{name}, responsable" if len(others) < len(answers_for) else name
    return f"{head} (répond de : {', '.join(others)})" if others else head


def slug(text: str) -> str:
    """A name as an identifier: no accent, no space."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def digest(shares: Iterable[Share]) -> str:
    """Tells which table the matrix was tried against."""
    rows = sorted((one.name, one.kind, one.manager, one.sensitive, one.read, one.write, one.delete) for one in shares)
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]
