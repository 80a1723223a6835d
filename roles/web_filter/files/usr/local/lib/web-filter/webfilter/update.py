"""Bring the lists in force up to date: fetch, check, build beside, swap. Whatever fails, the lists in force stay."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from hostlib import Tell, changed_state, settle

from webfilter.build import Build, Files, ListError
from webfilter.generations import Generations
from webfilter.helper import Helper
from webfilter.index import DATABASE
from webfilter.settings import Settings
from webfilter.sources import SourceError, given_by

_LOCK = "update.lock"
_DAY = 24 * 3600

Say = Callable[[str], None]


class UpdateError(Exception):
    """No new generation was put in force; the message says why."""


class BusyError(Exception):
    """Another update is running."""


@dataclass
class Outcome:
    """What an update did."""

    #: The generation in force afterwards, and whether this run made it.
    generation: str | None = None
    made: bool = False
    error: str = ""
    #: By list, why its former version was kept, or why there is none.
    kept: dict[str, str] = field(default_factory=dict)
    missing: dict[str, str] = field(default_factory=dict)
    #: By source: digest and time of publication.
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: Lists that the sources gave, and that are in force as given.
    accepted: list[str] = field(default_factory=list)

    @property
    def wrong(self) -> list[str]:
        """What somebody must look at."""
        found = [f"the lists were not updated: {self.error}"] if self.error else []
        found += [f"{names}: the former list is kept: {why}" for why, names in _by_reason(self.kept)]
        return found + [f"{names}: no list: {why}" for why, names in _by_reason(self.missing)]


def _by_reason(lists: dict[str, str]) -> list[tuple[str, str]]:
    """One alert for a source that is gone, rather than one for each of its lists."""
    names: dict[str, list[str]] = {}
    for name, why in sorted(lists.items()):
        names.setdefault(why, []).append(name)
    return [(why, ", ".join(those)) for why, those in names.items()]


def update(folder: str, settings: Settings, settings_digest: str, say: Say, tell: Tell, **how: Any) -> Outcome:
    """Update, write down how it went, raise alerts.

    :raises BusyError: another update is running.
    """
    os.umask(0o022)
    with _alone(folder):
        began = time.time()
        outcome = Outcome()
        generations = Generations(folder)
        try:
            _update(generations, settings, settings_digest, outcome, say, **how)
        except (UpdateError, ListError, SourceError, OSError, sqlite3.Error) as error:
            outcome.error = str(error)
        outcome.generation = generations.in_force()
        _write_down(folder, settings, outcome, began, tell)
        return outcome


@contextlib.contextmanager
def _alone(folder: str) -> Iterator[None]:
    with open(os.path.join(folder, _LOCK), "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BusyError("another update is running") from error
        yield


def _update(
    generations: Generations,
    settings: Settings,
    settings_digest: str,
    outcome: Outcome,
    say: Say,
    *,
    accept: tuple[str, ...] = (),
    rebuild: bool = False,
) -> None:
    path = generations.begin()
    try:
        with contextlib.ExitStack() as stack:
            given: dict[str, Files] = {}
            refused: dict[str, str] = {}
            for source in settings.sources:
                say(f"{source.name}: fetching {source.url}")
                try:
                    got = stack.enter_context(given_by(source, settings, path))
                except SourceError as error:
                    refused[source.name] = str(error)
                    continue
                given[source.name] = got.files
                outcome.sources[source.name] = {"digest": got.digest, "published": got.published}
            if not rebuild and not refused and _nothing_new(generations, settings_digest, outcome):
                say("nothing new")
                return
            manifest = _build(
                path,
                generations,
                settings,
                given=given,
                refused=refused,
                accept=accept,
                outcome=outcome,
                say=say,
            )
            manifest["settings"] = settings_digest
        for name in os.listdir(path):
            if name != DATABASE:
                os.unlink(os.path.join(path, name))
        _try(path, settings)
        generations.finish(path, manifest, settings.kept_generations)
        outcome.made = True
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _nothing_new(generations: Generations, settings_digest: str, outcome: Outcome) -> bool:
    """The sources gave what the generation in force was made of, and that one is whole."""
    current = generations.in_force()
    manifest = generations.manifest(current) if current else {}
    same = manifest.get("settings") == settings_digest and not manifest.get("missing")
    given = {name: each["digest"] for name, each in outcome.sources.items()}
    if not same or given != manifest.get("sources") or not generations.whole(current):
        return False
    # What this same archive was refused for then, it is refused for now.
    outcome.kept = {name: each["kept"] for name, each in manifest["lists"].items() if each["kept"]}
    outcome.accepted = [name for name, each in manifest["lists"].items() if not each["kept"]]
    return True


def _build(
    path: str,
    generations: Generations,
    settings: Settings,
    *,
    given: dict[str, Files],
    refused: dict[str, str],
    accept: tuple[str, ...],
    outcome: Outcome,
    say: Say,
) -> dict[str, Any]:
    former = generations.to_keep_from()
    build = Build(
        path, os.path.join(generations.path(former), DATABASE) if former else None, settings.greatest_loss_percent
    )
    for name, source in sorted(settings.lists.items()):
        try:
            listed = build.add(
                name, source, given.get(source), why=refused.get(source, "no such source"), accept_loss=name in accept
            )
        except ListError as error:
            outcome.missing[name] = str(error).removeprefix(f"{name}: ")
            say(f"{name}: missing")
            continue
        if listed.kept:
            outcome.kept[name] = listed.kept
        else:
            outcome.accepted.append(name)
        say(f"{name}: {listed.domains} domains, {listed.pages} pages{', the former ones' if listed.kept else ''}")
    if settings.lists and not build.lists:
        raise UpdateError("; ".join(dict.fromkeys([*refused.values(), *outcome.missing.values()])))
    categories = {category.name: list(category.lists) for category in settings.categories}
    for category in settings.categories:
        if category.domains:
            build.add_own(category.name, category.domains)
            categories[category.name].append(f"site/{category.name}")
    lists = build.finish(categories, settings.canaries())
    return {
        "made_at": int(time.time()),
        "lists": lists,
        "categories": categories,
        "missing": sorted(outcome.missing),
        "sources": {name: each["digest"] for name, each in outcome.sources.items()},
    }


def _try(path: str, settings: Settings) -> None:
    """Ask the new database by the road that Squid takes, before anybody else does."""
    database = os.path.join(path, DATABASE)
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        if (said := connection.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise UpdateError(f"the new database is broken: {said}")
        canaries = dict(connection.execute("SELECT name, category FROM canary").fetchall())
    helper = Helper(path, None)
    for name, category in canaries.items():
        if f"category_={category} " not in helper.answer(f"0 http://{name}/ -"):
            raise UpdateError(f"the new database does not know its canary {name}")
    if not canaries:
        raise UpdateError("no category has a list")


def _write_down(folder: str, settings: Settings, outcome: Outcome, began: float, tell: Tell) -> None:
    now = int(time.time())
    wrong = outcome.wrong
    for name, source in outcome.sources.items():
        if source["published"] and now - source["published"] > settings.published_at_most_days * _DAY:
            wrong.append(f"{name}: the source has published nothing for {(now - source['published']) // _DAY} days")
    try:
        with changed_state(folder) as state:
            lists: dict[str, Any] = state.setdefault("lists", {})
            for gone in set(lists) - set(settings.lists):
                del lists[gone]
            # A list is as old as the day its source last gave it, whether it had changed or not.
            lists.update({name: {"accepted_at": now} for name in outcome.accepted if not outcome.error})
            state["update"] = {
                "at": now,
                "seconds": round(time.time() - began, 1),
                "made": outcome.made,
                "error": outcome.error,
                "kept": outcome.kept,
                "missing": outcome.missing,
                "sources": outcome.sources,
            }
            settle(state, "update", wrong, tell)
    except OSError as error:  # the disk is full: what is wrong must be told nevertheless
        for what in wrong:
            tell(1, what)
        tell(1, f"the state cannot be written: {error}")


def digest_of_settings(path: str) -> str:
    """Another generation is made when the settings are others."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
