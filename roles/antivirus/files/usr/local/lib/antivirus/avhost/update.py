"""Fetch signatures beside those in force, and put in force only what is better.

freshclam fetches and tries to load what it fetched, as an account that may write nowhere else. What it leaves is compared
with what is in force: an empty file, one that lost too much, or one that goes back in time changes nothing.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import time
from typing import Any

from avhost import clamd
from avhost.settings import FOLDER, SIGNATURES, SOCKET, Settings
from avhost.signatures import CONTAINERS, LINES, SignatureError, age_hours, databases, described, read_database

FRESHCLAM = ("/usr/bin/freshclam", "--config-file=/etc/antivirus/freshclam.conf", "--stdout", "--no-warnings")
STAGING = os.path.join(FOLDER, "staging")
SITE = "site.ndb"
_SECONDS = 1500
_RELOAD = 240


def fetch(settings: Settings, command: tuple[str, ...] = FRESHCLAM) -> list[str]:
    """Have freshclam fetch; what went wrong."""
    if not settings.official and not settings.private_urls:
        return ["no source of signatures is given"]
    only = () if settings.official else ("--update-db=custom",)
    try:
        done = subprocess.run([*command, *only], capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError) as error:
        return [f"freshclam: {error}"]
    wrong = [line.strip() for line in done.stdout.splitlines() if line.startswith(("ERROR:", "^", "!"))]
    if not wrong and done.returncode:
        wrong = [f"freshclam ended with {done.returncode}"]
    # The first line says why; the last only that it failed.
    return [f"signatures were not fetched: {wrong[0].lstrip('^!').removeprefix('ERROR:').strip()}"] if wrong else []


def publish(settings: Settings, staging: str = STAGING, live: str = SIGNATURES) -> tuple[list[str], list[str]]:
    """Put in force what came and is better; what was put in force, and what was refused."""
    taken, refused = [], []
    for name in sorted(os.listdir(staging)):
        path, there = os.path.join(staging, name), os.path.join(live, name)
        if not name.endswith(CONTAINERS + LINES) or name == SITE or _same(path, there):
            continue
        why = _worse(settings, path, live)
        if why:
            refused.append(f"{name} is refused, the former one stays: {why}")
            continue
        _install(path, there)
        for other in CONTAINERS:
            sibling = os.path.join(live, name.rpartition(".")[0] + other)
            if sibling != there and name.endswith(CONTAINERS):
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(sibling)
        taken.append(name)
    return taken, refused


def _same(path: str, there: str) -> bool:
    try:
        one, other = os.stat(path), os.stat(there)
    except FileNotFoundError:
        return False
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


def _worse(settings: Settings, path: str, live: str) -> str:
    """Why a file may not take the place of what is in force; empty when it may."""
    try:
        new = read_database(path)
    except SignatureError as error:
        return str(error)
    stem = new.name.rpartition(".")[0]
    former = [each for each in databases(live) if each.name.rpartition(".")[0] == stem and each.name != SITE]
    for each in former:
        if new.signatures < each.signatures * (1 - settings.greatest_loss_percent / 100):
            return f"{new.signatures} signatures, {each.signatures} before"
        if new.built and each.built and new.built < each.built:
            return "it is older than what is in force"
    if new.built and new.built > time.time() + 24 * 3600:
        return "its date is to come"
    return ""


def _install(path: str, there: str) -> None:
    fresh = f"{there}.new"
    try:
        shutil.copy2(path, fresh, follow_symlinks=False)
        os.chown(fresh, 0, 0)
        os.chmod(fresh, 0o644)
        os.replace(fresh, there)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(fresh)
        raise


def update(settings: Settings, staging: str = STAGING, live: str = SIGNATURES) -> dict[str, Any]:
    """One update: what was put in force, what went wrong, what is in force now."""
    started = time.time()
    wrong = fetch(settings)
    taken, refused = [], []
    try:
        taken, refused = publish(settings, staging, live)
    except OSError as error:
        wrong.append(f"signatures were not put in force: {error}")
    if taken and clamd.alive(SOCKET):
        clamd.reload(SOCKET)
        wrong += clamd.wait_for(SOCKET, _RELOAD)
    return {
        "at": int(started),
        "seconds": round(time.time() - started, 1),
        "taken": taken,
        "wrong": wrong + refused,
        "ok_at": None if wrong or refused else int(time.time()),
        **in_force(settings, live),
    }


def in_force(settings: Settings, live: str = SIGNATURES) -> dict[str, Any]:
    """The signatures that are there, and how old they are."""
    found = databases(live)
    return {"databases": described(found), "age_hours": age_hours(found, official=settings.official)}
