"""The site's table of shares, checked: who reads, who writes, who may delete what others made, who answers for it.

From it come the groups that carry the rights, the folders with their access lists and the shares of the file server,
so that none of them is written twice. Pure: no I/O, nothing but the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.ad.employee_cells import MAIL, perhaps
from ansible.module_utils.ad.group_names import rights_group

KINDS = ("department", "common", "personal")
#: Rights, each with its French verb.
RIGHTS = {"read": "Lire", "write": "Lire et écrire", "delete": "Lire, écrire et supprimer"}
#: In a list of groups, the person who answers for the share.
MANAGER = "manager"
_FIELDS = ("name", "title", "kind", "stem", "manager", "read", "write", "delete", "sensitive", "drive")
#: What any client and both kinds of server take for a name; no space, so that it needs no quotes anywhere.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
#: Sections of smb.conf and shares that servers make by themselves.
_RESERVED = {"global", "homes", "printers", "netlogon", "sysvol", "ipc", "admin", "print"}
#: A to D are a workstation's own.
_DRIVES = "EFGHIJKLMNOPQRSTUVWXYZ"


class ShareTableError(Exception):
    """The table cannot be meant; .problems holds every reason, each naming its share and what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = list(problems)


@dataclass(frozen=True)
class Share:
    """One share. read, write and delete hold groups of people and perhaps MANAGER."""

    name: str
    title: str
    kind: str
    stem: str
    manager: str
    drive: str
    sensitive: bool
    read: tuple[str, ...]
    write: tuple[str, ...]
    delete: tuple[str, ...]

    def holders(self, right: str) -> tuple[str, ...]:
        """Groups that have a right, and the mail address of the manager in place of the word."""
        return tuple(self.manager if one == MANAGER else one for one in getattr(self, right))

    def group(self, right: str) -> str:
        """The domain local group that carries a right."""
        return rights_group(self.stem, right)

    def groups(self) -> dict[str, str]:
        """The rights that somebody has, each with its group."""
        return {right: self.group(right) for right in RIGHTS if self.holders(right)}


#: How messages call the table: where a person finds it.
TABLE = "site_shares (shares.yml)"


def read_table(rows: Any, groups: Iterable[str] | None = None) -> tuple[Share, ...]:
    """The table as the inventory holds it; groups are those that rights may name, when they are known.

    :raises ShareTableError: with everything that is wrong.
    """
    if not isinstance(rows, Sequence) or isinstance(rows, str) or not rows:
        raise ShareTableError([f"{TABLE} is not a list of shares; give one entry for each share"])
    problems: list[str] = []
    known = None if groups is None else {name.casefold(): name for name in groups}
    shares = []
    for position, row in enumerate(rows, start=1):
        found: list[str] = []
        share = _share(row, found)
        if share is not None:
            found += _wrong_rights(share, known)
        label = row.get("name") if isinstance(row, Mapping) and isinstance(row.get("name"), str) else None
        problems += [f"{TABLE}: {label or f'entry {position}'}: {reason}" for reason in found]
        if share is not None:
            shares.append(share)
    problems += _clashes(shares)
    if problems:
        raise ShareTableError(problems)
    return tuple(shares)


def _share(row: Any, problems: list[str]) -> Share | None:
    """One row; None when too much is missing to look further."""
    if not isinstance(row, Mapping):
        problems.append(f"is not a mapping; it has the keys {', '.join(_FIELDS)}")
        return None
    for name in sorted(str(key) for key in row if key not in _FIELDS):
        problems.append(f"unknown key {name}" + perhaps(name, _FIELDS))
    missing = [name for name in _FIELDS if name not in row]
    if missing:
        problems.append(f"lacks {', '.join(missing)}")
        return None
    wrong = [f"{name}: {_CHECKS[name](row[name])}" for name in _FIELDS if _CHECKS[name](row[name])]
    problems += wrong
    if wrong:
        return None
    return Share(
        **{name: row[name] for name in ("name", "title", "kind", "stem", "sensitive")},
        read=tuple(row["read"]),
        write=tuple(row["write"]),
        delete=tuple(row["delete"]),
        manager=row["manager"].casefold(),
        drive=row["drive"].upper(),
    )


def _text(pattern: re.Pattern[str], told: str) -> Callable[[Any], str | None]:
    def check(value: Any) -> str | None:
        return None if isinstance(value, str) and pattern.fullmatch(value) else f"{value!r} is not {told}"

    return check


def _check_name(value: Any) -> str | None:
    if isinstance(value, str) and value.casefold() in _RESERVED:
        return f"{value} is a name that file servers keep for themselves; choose another"
    return _text(_NAME, "a share's name: letters without accents, digits, dots, hyphens and underscores")(value)


def _check_names(value: Any) -> str | None:
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(one, str) for one in value):
        return f"{value!r} is not a list of groups; write [] for nobody"
    twice = sorted({one for one in value if [other.casefold() for other in value].count(one.casefold()) > 1})
    return f"{twice[0]} is there twice" if twice else None


_CHECKS: dict[str, Callable[[Any], str | None]] = {
    "name": _check_name,
    "title": lambda value: None if isinstance(value, str) and value.strip() else "is empty; say what it is, in French",
    "kind": lambda value: None if value in KINDS else f"{value!r} is none of {', '.join(KINDS)}",
    "stem": _text(_STEM, "the middle of a group's name: letters without accents, digits, hyphens and underscores"),
    "manager": lambda value: (
        None
        if isinstance(value, str) and MAIL.fullmatch(value.casefold())
        else f"{value!r} is not the mail address of the person who answers for the share"
    ),
    "read": _check_names,
    "write": _check_names,
    "delete": _check_names,
    "sensitive": lambda value: None if isinstance(value, bool) else f"{value!r} is neither true nor false",
    "drive": lambda value: (
        None
        if isinstance(value, str) and len(value) == 1 and value.upper() in _DRIVES
        else f"{value!r} is not a drive letter from {_DRIVES[0]} to {_DRIVES[-1]}"
    ),
}


def _wrong_rights(share: Share, known: Mapping[str, str] | None) -> list[str]:
    """Rights that contradict the kind of share, and groups that nobody knows."""
    problems = []
    if share.kind == "personal":
        if share.write or share.delete:
            problems.append(
                "everybody writes in their own folder only: leave write and delete empty, read says who enters"
            )
        if not share.read:
            problems.append("nobody would enter; name in read the groups whose people have a folder")
    elif not share.read and not share.write:
        problems.append("nobody would read it; name groups in read or write, or remove the share")
    for right in RIGHTS:
        for one in getattr(share, right):
            if one == MANAGER and right != "delete":
                problems.append(
                    f"{right}: only delete may name the {MANAGER}; who answers for a share works in a group"
                )
            elif one != MANAGER and known is not None and one.casefold() not in known:
                problems.append(
                    f"{right}: unknown group {one}"
                    + (perhaps(one, known.values()) or "; it must be the group of a department, or its parent_group")
                )
    return problems


def _clashes(shares: Sequence[Share]) -> list[str]:
    problems = []
    for field, told in {
        "name": "the share {value} is there twice; remove one of the two",
        "stem": "the stem {value} is also that of {other}, and both would have the same groups; give each its own",
        "drive": "the letter {value} is also that of {other}; give each share a letter of its own",
    }.items():
        first: dict[str, Share] = {}
        for share in shares:
            value = getattr(share, field)
            other = first.setdefault(value.casefold(), share)
            if other is not share:
                problems.append(f"{TABLE}: {share.name}: " + told.format(value=value, other=other.name))
    personal = [share.name for share in shares if share.kind == "personal"]
    if len(personal) > 1:
        problems.append(
            f"{TABLE}: {' and '.join(personal)} are both personal; people have one folder: keep one of them"
        )
    return problems
