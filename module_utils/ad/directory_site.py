"""What a site says about its directory: departments, rights, technical accounts and administrators, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.directory_names import loose

#: [MS-SAMR] 3.1.1.6: the longest sAMAccountName of a user, and of a group.
_LONGEST_LOGIN, _LONGEST_GROUP = 20, 256
_FORBIDDEN = set('"/\\[]:;|=,+*?<>')


@dataclass(frozen=True)
class Department:
    """One department: its unit is named after it, its people are in its group."""

    id: str
    name: str
    group: str
    parent_group: str | None = None


@dataclass(frozen=True)
class Right:
    """A domain local group that a share or a service grants something to, and who has it: groups, logins, mail addresses."""

    name: str
    description: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class TechnicalAccount:
    """An account that a machine uses."""

    login: str
    purpose: str
    owner: str
    password_never_expires: bool = False


@dataclass(frozen=True)
class Administrator:
    """The second account of somebody who administers; groups are the numbers of well-known groups."""

    login: str
    mail: str
    groups: tuple[int, ...]


@dataclass(frozen=True)
class Site:
    """The site's data. Use Site.from_options(), which refuses what cannot be meant."""

    root_ou: str
    mail_domain: str
    today: date
    departments: Mapping[str, Department]
    rights: Sequence[Right] = ()
    technical_accounts: Sequence[TechnicalAccount] = ()
    administrators: Sequence[Administrator] = ()
    suspended_logins: frozenset[str] = frozenset()
    privileged_rids: Sequence[int] = (512, 518, 519)
    remove_unknown_privileged: bool = False
    disable_unknown: bool = False
    apply_conventions: bool = False
    first_password_length: int = 16

    @classmethod
    def from_options(cls, options: Mapping[str, Any]) -> Site:
        """Read a module's options; DirectoryInputError tells everything that is wrong with them."""
        problems: list[str] = []
        site = cls(
            root_ou=options["root_ou"],
            mail_domain=options["mail_domain"],
            today=_day(options.get("today"), problems),
            departments={name: _department(name, value, problems) for name, value in options["departments"].items()},
            rights=[
                Right(right["name"], right["description"], tuple(right["members"]))
                for right in options.get("rights") or []
            ],
            technical_accounts=[TechnicalAccount(**one) for one in options.get("technical_accounts") or []],
            administrators=[
                Administrator(one["login"], one["mail"].casefold(), tuple(one["groups"]))
                for one in options.get("administrators") or []
            ],
            suspended_logins=frozenset(login.casefold() for login in options.get("suspended_logins") or []),
            privileged_rids=tuple(options.get("privileged_rids") or ()),
            remove_unknown_privileged=bool(options.get("remove_unknown_privileged")),
            disable_unknown=bool(options.get("disable_unknown")),
            apply_conventions=bool(options.get("apply_conventions")),
            first_password_length=int(options.get("first_password_length") or 16),
        )
        site.check(problems)
        if problems:
            raise DirectoryInputError(problems)
        return site

    @property
    def reserved_logins(self) -> list[str]:
        """Logins that no employee may be given."""
        logins = [account.login for account in self.technical_accounts]
        return [login.casefold() for login in [*logins, *(account.login for account in self.administrators)]]

    def check(self, problems: list[str]) -> None:
        """Names that would clash in the directory, which compares them without case or accents."""
        _once("departments", "name", (one.name for one in self.departments.values()), problems)
        groups = [one.group for one in self.departments.values()] + [one.name for one in self.rights]
        _once("departments and rights", "group", groups, problems)
        _once("technical_accounts and administrators", "login", self.reserved_logins, problems)
        parents = [one.parent_group for one in self.departments.values() if one.parent_group]
        rights = {loose(one.name) for one in self.rights}
        problems += [
            f"departments: parent_group {name} is a right: a department's group nests in a global group"
            for name in dict.fromkeys(parents)
            if loose(name) in rights
        ]
        for kind, name, longest in [
            *(("group", name, _LONGEST_GROUP) for name in [*groups, *parents]),
            *(("login", name, _LONGEST_LOGIN) for name in self.reserved_logins),
        ]:
            if not name.strip() or len(name) > longest or _FORBIDDEN & set(name):
                problems.append(
                    f"{kind} {name!r} cannot be the name of an account: 1 to {longest} characters, "
                    f"none of {' '.join(sorted(_FORBIDDEN))}"
                )
        _refuse_circles(self.departments.values(), problems)


def _day(value: str | None, problems: list[str]) -> date:
    if not value:
        return date.today()
    try:
        return date.fromisoformat(value)
    except ValueError:
        problems.append(f"today: {value!r} is not a day; write it as 2026-11-30")
        return date.today()


def _department(name: str, value: Any, problems: list[str]) -> Department:
    wanted = {"name", "group"}
    given = value if isinstance(value, Mapping) else {}
    missing = sorted(wanted - {option for option, content in given.items() if content})
    if missing:
        problems.append(f"departments: {name} has no {' and no '.join(missing)}")
    # A department may carry facts for others (a room, a printer): they are not the directory's business.
    return Department(name, str(given.get("name") or name), str(given.get("group") or name), given.get("parent_group"))


def _once(where: str, what: str, values: Iterable[str], problems: list[str]) -> None:
    seen: dict[str, str] = {}
    for value in values:
        if loose(value) in seen:
            problems.append(f"{where}: the {what} {value} is there twice")
        seen[loose(value)] = value


def _refuse_circles(departments: Iterable[Department], problems: list[str]) -> None:
    above = {loose(one.group): loose(one.parent_group) for one in departments if one.parent_group}
    names = {loose(one.group): one.group for one in departments}
    for start in above:
        seen = [start]
        while (following := above.get(seen[-1])) is not None and following not in seen:
            seen.append(following)
        if following == start:
            problems.append(f"departments: the group {names[start]} is a member of itself through parent_group")
