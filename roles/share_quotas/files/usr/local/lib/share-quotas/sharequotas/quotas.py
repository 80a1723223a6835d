"""Bring the limits in force in line with what the site asks for."""

from __future__ import annotations

import contextlib
import grp
import os
import pwd
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

from sharequotas.kernel import PROJECT, USER, FileSystem, project_of, put_in_project

_MEGABYTE = 1 << 20
_SECONDS = 120


def limit_of(login: str, groups: set[str], settings: Mapping[str, Any]) -> int:
    """Bytes that somebody may take: what is said of them, else the most that a group of theirs gives, else the rule."""
    said = {each["login"].casefold(): each["megabytes"] for each in settings["people"]}
    if login.casefold() in said:
        return int(said[login.casefold()]) * _MEGABYTE
    given = [each["megabytes"] for each in settings["groups"] if each["name"].casefold() in groups]
    return int(max(given, default=settings["everybody_megabytes"])) * _MEGABYTE


def people() -> Iterator[tuple[str, int, set[str]]]:
    """Everybody of the domain: login, number, names of groups in small letters.

    :raises OSError: the domain does not answer.
    """
    listed = subprocess.run(["wbinfo", "-u"], capture_output=True, text=True, check=False, timeout=_SECONDS)
    if listed.returncode or not listed.stdout.split():
        raise OSError(f"the domain does not say who there is: {listed.stderr.strip()[:200]}")
    for name in listed.stdout.splitlines():
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            groups = set()
            for number in os.getgrouplist(entry.pw_name, entry.pw_gid):
                with contextlib.suppress(KeyError):
                    groups.add(grp.getgrgid(number).gr_name.rpartition("\\")[2].casefold())
            yield name.rpartition("\\")[2], entry.pw_uid, groups


def wanted(settings: Mapping[str, Any]) -> Iterator[tuple[str, int, int, int]]:
    """What somebody or a share is to have: what it is called, the kind, the number, the limit in bytes."""
    for login, number, groups in people():
        yield login, USER, number, limit_of(login, groups, settings)
    for share in settings["shares"]:
        folder = os.path.join(settings["root"], share["name"])
        if os.path.isdir(folder):
            # The number of the folder itself: nothing has to be remembered, and no two shares have the same.
            yield share["name"], PROJECT, os.stat(folder).st_ino & 0x7FFFFFFF, share["megabytes"] * _MEGABYTE


def differences(system: FileSystem, settings: Mapping[str, Any], *, mend: bool) -> list[str]:
    """Who has another limit than asked for, or a share whose files do not count; mended when asked."""
    found = []
    for name, kind, number, limit in wanted(settings):
        if system.get(kind, number).limit != limit:
            found.append(name)
            if mend:
                system.set(kind, number, limit)
        folder = os.path.join(settings["root"], name)
        if kind == PROJECT and project_of(folder) != number:
            found.append(f"{name} (files)")
            if mend:
                _count_all(folder, number)
    return found


def _count_all(folder: str, number: int) -> None:
    """Let everything below a folder count for its share; the folder last, so that a run cut short is taken up again."""
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            with contextlib.suppress(OSError):  # a link, or gone meanwhile
                put_in_project(os.path.join(path, name), number)
    put_in_project(folder, number)


def narrow(system: FileSystem, login: str | None, folder: str | None) -> None:
    """Leave somebody, or a folder that is a share of its own for that, a megabyte more than is used now.

    :raises OSError: nobody has this login.
    """
    if login:
        number = next((number for name, number, _ in people() if name.casefold() == login.casefold()), None)
        if not number:
            raise OSError(f"{login}: nobody of the domain")
        system.set(USER, number, system.get(USER, number).used + _MEGABYTE)
    if folder:
        number = os.stat(folder).st_ino & 0x7FFFFFFF
        system.set(PROJECT, number, _MEGABYTE)
        put_in_project(folder, number)
