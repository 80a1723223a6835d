"""restic on a repository of this disk, as the account that owns its files. Keys travel on standard input only."""

from __future__ import annotations

import json
import os
import pwd
import subprocess
from typing import Any

from backuprepo.retention import Snapshot, snapshot
from backuprepo.settings import Settings


class ResticError(Exception):
    """restic refused; the message is what it said last."""


def run(settings: Settings, name: str, *arguments: str) -> str:
    """What restic prints.

    :raises ResticError: it failed, or took too long.
    """
    try:
        with open(settings.key_file, encoding="utf-8") as file:
            key = file.read()
    except OSError as error:
        raise ResticError(f"{settings.key_file}: {error.strerror}; run the playbook that writes it") from error
    options = ["--no-cache", "--retry-lock", settings.retry_lock, "--repo", os.path.join(settings.folder, name)]
    try:
        done = subprocess.run(
            ["restic", *options, *arguments],
            input=key,
            capture_output=True,
            text=True,
            timeout=settings.timeout_seconds,
            check=False,
            cwd="/",
            env={"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/nonexistent", "LANG": "C.UTF-8"},
            umask=0o077,
            **_as_owner(settings.account),
        )
    except subprocess.TimeoutExpired as error:
        raise ResticError(f"restic {arguments[0]}: not done in {settings.timeout_seconds} seconds") from error
    except OSError as error:
        raise ResticError(f"restic {arguments[0]}: {error}") from error
    if done.returncode:
        said = [_plain(line) for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        raise ResticError(f"restic {arguments[0]}: {' '.join(said[-3:])[:400] or done.returncode}")
    return done.stdout


def _plain(line: str) -> str:
    """A line of what restic says; asked for JSON it says what went wrong in JSON too."""
    try:
        return str(json.loads(line)["message"])
    except (ValueError, KeyError, TypeError):
        return line


def _as_owner(account: str) -> dict[str, Any]:
    """Root becomes the owner; anybody else stays who they are."""
    if os.geteuid() != 0:
        return {}
    entry = pwd.getpwnam(account)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}


def snapshots(settings: Settings, name: str) -> list[Snapshot]:
    """All of them, with the time of their arrival on this disk.

    :raises ResticError: they cannot be listed.
    """
    folder = os.path.join(settings.folder, name, "snapshots")
    found = []
    for each in json.loads(run(settings, name, "snapshots", "--json", "--no-lock") or "[]"):
        try:
            found.append(snapshot(each, os.stat(os.path.join(folder, each["id"])).st_mtime))
        except FileNotFoundError:
            continue
    return found
