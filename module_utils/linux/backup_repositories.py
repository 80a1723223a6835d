"""Repositories of restic on this disk: made, and opened by the two keys that belong to each.

The key of production comes from the controller and does not stay here; it is given to restic on standard input, the new
one of a second key in a file that is gone when it is added.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: What restic says with its exit code.
_NO_REPOSITORY, _WRONG_KEY = 10, 12
_SECONDS = 300


class RepositoryError(Exception):
    """A repository cannot be brought in line; the message names it."""


@dataclass(frozen=True)
class Disk:
    """Where the repositories are, and whose they are."""

    folder: str
    account: str

    def restic(self, name: str, key: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run it on a repository."""
        owner: dict[str, Any] = {}
        if os.geteuid() == 0:
            entry = pwd.getpwnam(self.account)
            owner = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
        try:
            return subprocess.run(
                ["restic", "--no-cache", "--repo", os.path.join(self.folder, name), *arguments],
                input=f"{key}\n",
                capture_output=True,
                text=True,
                timeout=_SECONDS,
                check=False,
                cwd="/",
                env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"},
                umask=0o077,
                **owner,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise RepositoryError(f"{name}: restic {arguments[0]}: {error}") from error

    def opens(self, name: str, key: str) -> bool:
        """Whether the key opens the repository.

        :raises RepositoryError: it cannot be told.
        """
        done = self.restic(name, key, "key", "list", "--json", "--no-lock")
        if done.returncode in (0, _WRONG_KEY):
            return done.returncode == 0
        raise RepositoryError(f"{name}: {_said(done)}")

    def exists(self, name: str) -> bool:
        """Whether there is a repository: one that was begun and not finished is none."""
        return os.path.exists(os.path.join(self.folder, name, "config"))

    def make(self, name: str, key: str) -> None:
        """Make an empty repository."""
        done = self.restic(name, key, "init")
        if done.returncode:
            raise RepositoryError(f"{name}: {_said(done)}")

    def add_key(self, name: str, key: str, new: str, host: str, user: str) -> None:
        """Let another key open it too."""
        with tempfile.TemporaryDirectory(prefix="backup-key-", dir="/run") as folder:
            path = os.path.join(folder, "key")
            with open(path, "w", encoding="utf-8", opener=_private) as file:
                file.write(new)
            if os.geteuid() == 0:
                entry = pwd.getpwnam(self.account)
                for each in (folder, path):
                    os.chown(each, entry.pw_uid, entry.pw_gid)
            done = self.restic(name, key, "key", "add", "--new-password-file", path, "--host", host, "--user", user)
        if done.returncode:
            raise RepositoryError(f"{name}: {_said(done)}")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _said(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
    return " ".join(lines[-2:])[:300] or f"restic ended with {done.returncode}"


@dataclass
class Plan:
    """What is to be done."""

    made: list[str]
    keys_added: list[str]


def reconcile(disk: Disk, keys: Mapping[str, str], prune_key: str, host: str, *, dry: bool) -> Plan:
    """Have a repository for each name that opens with its own key and with the one that prunes.

    :raises RepositoryError: one does not open with either.
    """
    plan = Plan([], [])
    for name, key in sorted(keys.items()):
        if not disk.exists(name):
            plan.made.append(name)
            if dry:
                continue
            disk.make(name, key)
        own, prunes = disk.opens(name, key), disk.opens(name, prune_key)
        if not own and not prunes:
            raise RepositoryError(
                f"{name}: neither its key nor the key that prunes opens {disk.folder}/{name}; bring the right keys back "
                "from the recovery sheet, or move that folder away to begin anew"
            )
        if own and prunes:
            continue
        plan.keys_added.append(name)
        if not dry and own:
            disk.add_key(name, key, prune_key, host, "prune")
        elif not dry:
            disk.add_key(name, prune_key, key, name, "production")
    return plan


def read_key(path: str) -> str:
    """A key as it is kept."""
    with open(path, encoding="utf-8") as file:
        return file.read().strip()
