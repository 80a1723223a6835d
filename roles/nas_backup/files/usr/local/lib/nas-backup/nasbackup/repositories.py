"""Opening a repository: it must be the one that it was the last time. The first time, it is made."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from hostlib import read_state, write_state

from nasbackup.restic import ABSENT, FULL, LOCKED, WRONG_KEY, Done, RepositoryError, ask, restic
from nasbackup.settings import Repository

PINS = "pins"


@dataclass
class Opened:
    """A repository that may be written to."""

    repository: Repository
    time: float
    made: bool = False
    snapshots: list[dict[str, Any]] = field(default_factory=list)

    def of(self, name: str) -> list[dict[str, Any]]:
        """The snapshots of a set, in the order of their dates."""
        return sorted((each for each in self.snapshots if name in each["tags"]), key=lambda each: str(each["time"]))


def refuse(repository: Repository, done: Done) -> None:
    """Say in a sentence what restic's exit code means.

    :raises RepositoryError: it is not zero.
    """
    if done.stopped:
        # What is full stays full: the next try is tomorrow's.
        raise RepositoryError(f"{repository.name}: {done.stopped}", final=done.stopped == FULL)
    said = f" ({done.errors[-1]})" if done.errors else ""
    if done.code == WRONG_KEY:
        raise RepositoryError(f"{repository.name}: the key in {repository.key_file} does not open it", final=True)
    if done.code == ABSENT:
        raise RepositoryError(f"{repository.name}: there is no repository{said}", final=True)
    if done.code == LOCKED:
        raise RepositoryError(f"{repository.name}: somebody else has locked it{said}")
    if done.code:
        full = any(word in each.lower() for each in done.errors for word in ("no space left", "quota", "413", "507"))
        what = FULL if full else f"restic ended with {done.code}"
        raise RepositoryError(f"{repository.name}: {what}{said}")


def open_repository(repository: Repository, host: str, folder: str, patience: float) -> Opened:
    """Make sure of the repository, and list what it holds of this host.

    :raises RepositoryError: it cannot be used, or is another than before.
    """
    pins = read_state(folder, PINS)
    pin = pins.get(repository.name, {})
    answer = ask(repository)
    opened = Opened(repository, answer.time)
    if answer.status == 404:
        if pin:
            raise RepositoryError(
                f"{repository.name}: the repository {pin['id'][:10]} is gone from {repository.url}; nothing was made in its"
                f" place. If that is meant, run nas-backup --accept-repository {repository.name}",
                final=True,
            )
        refuse(repository, restic(repository, "init", patience=patience))
        opened.made, answer = True, ask(repository)
    digest = hashlib.sha256(answer.body).hexdigest()
    if pin and pin["config_sha256"] != digest:
        raise RepositoryError(
            f"{repository.name}: another repository than {pin['id'][:10]} stands at {repository.url}; nothing was saved"
            f" there. If that is meant, run nas-backup --accept-repository {repository.name}",
            final=True,
        )
    if not pin:
        pins[repository.name] = {"id": _id(repository, patience), "config_sha256": digest}
        write_state(folder, pins, PINS)
    if ask(repository, "locks/").body.strip() not in (b"", b"null", b"[]"):
        # Takes away only locks whose process is gone: those of a run of this host that lost its power, and old ones.
        refuse(repository, restic(repository, "unlock", patience=patience))
    if not opened.made:
        done = restic(repository, "snapshots", "--no-lock", "--host", host, patience=patience)
        refuse(repository, done)
        opened.snapshots = [
            {**each, "tags": list(each.get("tags") or [])} for each in done.message("list").get("items", [])
        ]
    return opened


def _id(repository: Repository, patience: float) -> str:
    done = restic(repository, "cat", "config", "--no-lock", patience=patience)
    refuse(repository, done)
    return next(str(each["id"]) for each in done.messages if "id" in each)


def forget_pin(name: str, folder: str) -> None:
    """Take whatever repository stands there from now on, or make one."""
    pins = read_state(folder, PINS)
    pins.pop(name, None)
    write_state(folder, pins, PINS)


def digest_of(thing: Any) -> str:
    """Another one when the definition of a set is another."""
    return hashlib.sha256(json.dumps(thing, sort_keys=True).encode()).hexdigest()[:16]
