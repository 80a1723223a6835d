"""Who may reach which share, as the directory's groups open it: the shares, their holders, since when, what changed.

The site's table says who should; the directory says who does. Both are looked at: a right that the directory opens
beyond the table is marked. A date is the first run of an unbroken row in which the right was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.ad.group_names import rights_group

RIGHTS = ("read", "write", "delete")
#: Which groups of a share open each right; writing contains reading, deleting contains both.
_OPENED_BY = {"read": ("read", "write", "delete"), "write": ("write", "delete"), "delete": ("delete",)}

#: share -> login -> right -> date: what a run keeps, so that the next one can tell since when.
Record = Mapping[str, Mapping[str, Mapping[str, str]]]


@dataclass(frozen=True)
class Person:
    """Somebody of the staff list who is at work."""

    login: str
    name: str
    department: str
    mail: str


@dataclass(frozen=True)
class Holder:
    """An account that reaches a share; beyond holds the rights that the table does not give."""

    login: str
    name: str
    department: str
    kind: str
    rights: Mapping[str, str]
    beyond: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    login: str
    name: str
    gained: tuple[str, ...]
    lost: tuple[str, ...]


@dataclass(frozen=True)
class House:
    """A directory as the pages look at it: accounts by login, active people, and the groups of their department."""

    accounts: Mapping[str, Mapping[str, Any]]
    people: Mapping[str, Person]
    groups: Mapping[str, frozenset[str]]


def house(directory: Mapping[str, Any]) -> House:
    """Active people, with the groups that the staff list gives them: their department's, and those above it."""
    accounts = {each["login"]: each for each in directory["accounts"]}
    above: dict[str, set[str]] = {}
    for group in directory["groups"]:
        for member in group.get("members", ()):
            above.setdefault(member.lower(), set()).add(group["name"].lower())
    people, groups = {}, {}
    for person in directory["people"]:
        if person["status"] == "active":
            login = person["login"]
            people[login] = Person(
                login,
                accounts.get(login, {}).get("display_name") or login,
                person.get("department") or "",
                (person.get("mail") or "").lower(),
            )
            groups[login] = _with_those_above(str(person.get("department_group") or "").lower(), above)
    return House(accounts, people, groups)


def _with_those_above(group: str, above: Mapping[str, set[str]]) -> frozenset[str]:
    found: set[str] = set()
    waiting = [group]
    while waiting:
        name = waiting.pop()
        if name and name not in found:
            found.add(name)
            waiting += above.get(name, ())
    return frozenset(found)


def manager_of(share: Mapping[str, Any], people: Mapping[str, Person]) -> Person | None:
    """Who answers for a share; None when the table names nobody who works here today."""
    mail = str(share.get("manager") or "").lower()
    return next((person for person in people.values() if mail and person.mail == mail), None)


def rights_now(shares: Iterable[Mapping[str, Any]], directory: Mapping[str, Any]) -> dict[str, dict[str, set[str]]]:
    """share -> login -> rights that the directory opens to enabled accounts. A share without groups opens none."""
    groups_of = {
        each["login"]: {name.lower() for name in each.get("all_groups") or each.get("groups") or ()}
        for each in directory["accounts"]
        if each["enabled"]
    }
    held: dict[str, dict[str, set[str]]] = {}
    for share in shares:
        if not (stem := share.get("stem")):
            continue
        opens = {
            right: {rights_group(stem, source).lower() for source in sources} for right, sources in _OPENED_BY.items()
        }
        held[share["name"]] = {
            login: rights
            for login, groups in groups_of.items()
            if (rights := {right for right, names in opens.items() if groups & names})
        }
    return held


def rights_wanted(share: Mapping[str, Any], seen: House) -> dict[str, set[str]]:
    """login -> rights that the table gives, by the department that the staff list says."""
    manager = manager_of(share, seen.people)
    given = {right: {str(name).lower() for name in share.get(right) or ()} for right in RIGHTS}
    wanted: dict[str, set[str]] = {}
    for login, groups in seen.groups.items():
        mine = {right for right, names in given.items() if groups & names}
        if manager and login == manager.login and "manager" in given["delete"]:
            mine.add("delete")
        if mine:
            wanted[login] = {right for right, sources in _OPENED_BY.items() if mine & set(sources)}
    return wanted


def record(
    shares: Iterable[Mapping[str, Any]], directory: Mapping[str, Any], today: str, before: Record | None
) -> dict[str, dict[str, dict[str, str]]]:
    """Each right with the day since which it has been seen, carried over from the run before."""
    earlier = before or {}
    return {
        share: {
            login: {
                right: earlier.get(share, {}).get(login, {}).get(right, today) for right in RIGHTS if right in rights
            }
            for login, rights in sorted(logins.items())
        }
        for share, logins in rights_now(shares, directory).items()
    }


def holders(share: Mapping[str, Any], seen: House, kept: Record) -> list[Holder]:
    """Who reaches the share, by department and name; accounts that are no person come last."""
    wanted = rights_wanted(share, seen)
    found = []
    for login, rights in kept.get(share["name"], {}).items():
        person, account = seen.people.get(login), seen.accounts.get(login, {})
        found.append(
            Holder(
                login,
                person.name if person else account.get("display_name") or login,
                person.department if person else "",
                "person" if person else str(account.get("kind") or "other"),
                rights,
                tuple(right for right in rights if right not in wanted.get(login, ())),
            )
        )
    return sorted(found, key=lambda each: (each.kind != "person", each.department, each.name.casefold()))


def changes(share: str, now: Record, before: Record, names: Mapping[str, str]) -> list[Change]:
    """What was gained and lost on a share between two records."""
    today, then = now.get(share, {}), before.get(share, {})
    found = []
    for login in sorted({*today, *then}):
        gained = tuple(right for right in RIGHTS if right in today.get(login, {}) and right not in then.get(login, {}))
        lost = tuple(right for right in RIGHTS if right in then.get(login, {}) and right not in today.get(login, {}))
        if gained or lost:
            found.append(Change(login, names.get(login, login), gained, lost))
    return sorted(found, key=lambda each: each.name.casefold())
