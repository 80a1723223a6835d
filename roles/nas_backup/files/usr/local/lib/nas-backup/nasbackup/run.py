"""One run: every set to every repository. What one cannot take does not keep the others from it."""

from __future__ import annotations

import contextlib
import dataclasses
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from hostlib import Tell, read_state, write_state

from nasbackup.before import BeforeError, Prepared, changed_since, prepared
from nasbackup.judgement import from_the_future, limited, strange_growth, time_to_write
from nasbackup.repositories import Opened, digest_of, forget_pin, open_repository, refuse
from nasbackup.restic import INCOMPLETE, Done, RepositoryError, restic
from nasbackup.settings import Repository, Set, Settings
from nasbackup.state import settle

Say = Callable[[str], None]
_DAY = 86400
_SHOWN = 20


@dataclass
class Run:
    """What is being done, and what came of it so far."""

    settings: Settings
    folder: str
    say: Say
    state: dict[str, Any]
    opened: dict[str, Opened] = field(default_factory=dict)
    #: What is wrong, by the part that it is wrong with.
    wrong: list[tuple[str, str]] = field(default_factory=list)
    #: Parts that were looked at: their alerts that are not wrong now are over.
    looked_at: list[str] = field(default_factory=list)
    date: float | None = None
    saved: int = 0

    @property
    def failed(self) -> bool:
        """Something was not saved; what is merely strange is not that."""
        return any(part.partition(":")[0] in ("repository", "set", "run") for part, _ in self.wrong)

    def write(self) -> None:
        write_state(self.folder, self.state)


def save(
    settings: Settings,
    folder: str,
    say: Say,
    tell: Tell,
    *,
    sets: Iterable[str] = (),
    repositories: Iterable[str] = (),
    accept: Iterable[str] = (),
    missing: bool = False,
) -> Run:
    """Save, write down how it went, raise alerts.

    :param missing: only what no repository holds as it is now defined.
    """
    run = Run(settings, folder, say, read_state(folder))
    run.state.setdefault("sets", {})
    wanted_sets = [settings.set_named(name) for name in sets] or list(settings.sets)
    wanted = [each for each in settings.repositories if not list(repositories) or each.name in repositories]
    try:
        for name in accept:
            forget_pin(name, folder)
        for repository in wanted:
            _open(run, repository)
        _look_at_clocks(run)
        for each in wanted_sets:
            _save_set(run, each, wanted, missing)
        for opened in run.opened.values():
            _check(run, opened)
    except Exception as error:
        run.wrong.append(("run", f"the backup was interrupted: {error}"))
        raise
    finally:
        run.looked_at.append("run")
        settle(run.state, run.looked_at, run.wrong, tell)
        run.state["ended"] = int(time.time())
        try:
            run.write()
        except OSError as error:
            tell(1, f"the state cannot be written: {error}")
    return run


def _open(run: Run, repository: Repository) -> None:
    part = f"repository:{repository.name}"
    run.looked_at.append(part)
    why = ""
    for attempt in range(run.settings.attempts):
        try:
            run.opened[repository.name] = open_repository(
                repository, run.settings.host, run.folder, run.settings.unreachable_seconds
            )
            if run.opened[repository.name].made:
                run.say(f"{repository.name}: made")
            return
        except RepositoryError as error:
            why = str(error)
            run.say(why)
            if error.final or attempt + 1 == run.settings.attempts:
                break
            time.sleep(run.settings.pause_seconds)
    run.wrong.append((part, why))


def _look_at_clocks(run: Run) -> None:
    own, tolerance = time.time(), run.settings.clock_tolerance_seconds
    servers = {name: opened.time for name, opened in run.opened.items()}
    right, wrong = time_to_write(own, servers, tolerance)
    run.date = right - own if right != own else None
    run.wrong += wrong
    run.looked_at += ["clock:own", *(f"clock:{name}" for name in servers)]
    for name, opened in run.opened.items():
        run.looked_at.append(f"future:{name}")
        if late := from_the_future(opened.snapshots, right, tolerance):
            run.wrong.append((f"future:{name}", f"{name}: a snapshot of {', '.join(late)} is dated in the future"))


def _needed(run: Run, each: Set, repository: str) -> bool:
    """Whether the newest copy that was whole is gone, or was made of something else than is asked for now."""
    known = run.state["sets"].get(each.name, {}).get(repository, {}).get("last_ok") or {}
    there = {str(snapshot["id"]) for snapshot in run.opened[repository].of(each.name)}
    return known.get("definition") != _definition(each) or known.get("snapshot") not in there


def _definition(each: Set) -> str:
    return digest_of(dataclasses.asdict(each))


def _save_set(run: Run, each: Set, wanted: list[Repository], missing: bool) -> None:
    by_repository = run.state["sets"].setdefault(each.name, {})
    targets = []
    for repository in wanted:
        entry = by_repository.setdefault(repository.name, {"last_ok": None})
        if repository.name not in run.opened:
            # Its own alert was raised; that this set did not get there must be seen all the same.
            now = int(time.time())
            entry.update(started=now, ended=now, ok=False, error="the repository cannot be used")
        elif not missing or _needed(run, each, repository.name):
            targets.append(repository.name)
    if not targets:
        return
    parts = {name: f"set:{each.name}:{name}" for name in targets}
    run.looked_at += [*parts.values(), *(f"growth:{each.name}:{name}" for name in targets)]
    for name in targets:
        by_repository[name].update(started=int(time.time()), ended=None, ok=False, error="under way")
    run.write()
    try:
        with contextlib.ExitStack() as stack:
            ready = stack.enter_context(prepared(each, run.folder))
            for name in targets:
                _save_to(run, each, run.opened[name], ready)
    except (BeforeError, OSError) as error:
        # Either before the first was read, or when a snapshot proved void: none of them holds.
        for name in targets:
            by_repository[name].update(ended=int(time.time()), ok=False, error=str(error))
            run.wrong.append((parts[name], f"{each.name} was not saved to {name}: {error}"))
            run.say(f"{each.name} -> {name}: {error}")
        run.write()
        return
    for name in targets:
        entry = by_repository[name]
        if entry["ok"]:
            entry["last_ok"] = {
                **{key: entry[key] for key in ("started", "ended", "snapshot", "files", "bytes", "added_bytes")},
                "definition": _definition(each),
            }
            run.saved += 1
            # The watch, which comes by every hour, said that it was late.
            run.looked_at.append(f"age:{each.name}:{name}")
    run.write()


def _save_to(run: Run, each: Set, opened: Opened, ready: Prepared) -> None:
    entry = run.state["sets"][each.name][opened.repository.name]
    label, error = f"{each.name} -> {opened.repository.name}", ""
    for attempt in range(run.settings.attempts):
        if attempt:
            time.sleep(run.settings.pause_seconds)
        began = time.time()
        done = _backup(run, each, opened, ready)
        summary = done.message("summary")
        try:
            if done.code == INCOMPLETE and summary:
                # A snapshot there is, with less in it than there should be: it is not to be taken for a whole one.
                entry["incomplete"] = [*entry.get("incomplete", []), summary["snapshot_id"]][-_SHOWN:]
                raise RepositoryError(f"{opened.repository.name}: not everything could be read ({done.errors[:1]})")
            refuse(opened.repository, done)
        except RepositoryError as reason:
            error = str(reason)
            run.say(f"{label}: {error}")
            if reason.final:
                break
            continue
        changed = [] if ready.still else changed_since(ready.paths, (*each.exclude, *ready.exclude), began)
        if changed and each.options.get("again") and not attempt:
            # Read once more while nothing of the rest is new: what is written just then is few.
            again = _backup(run, each, opened, ready)
            if again.code == 0:
                done, summary = again, {**again.message("summary"), "data_added": summary["data_added"]}
                changed = changed_since(ready.paths, (*each.exclude, *ready.exclude), time.time() - 1)
        _note(run, each, opened, summary, changed)
        run.say(f"{label}: {summary['total_files_processed']} files, {summary['data_added']} bytes new")
        return
    entry.update(ended=int(time.time()), ok=False, error=error)
    run.wrong.append((f"set:{each.name}:{opened.repository.name}", f"{each.name} was not saved: {error}"))
    run.write()


def _note(run: Run, each: Set, opened: Opened, summary: dict[str, Any], changed: list[str]) -> None:
    name = opened.repository.name
    run.state["sets"][each.name][name].update(
        ended=int(time.time()),
        ok=True,
        error="",
        snapshot=summary["snapshot_id"],
        files=summary["total_files_processed"],
        bytes=summary["total_bytes_processed"],
        added_bytes=summary["data_added"],
        changed_while_read=len(changed),
        changed_sample=changed[:_SHOWN],
    )
    former: dict[str, Any] = next((old["summary"] for old in reversed(opened.of(each.name)) if "summary" in old), {})
    run.wrong += [
        (f"growth:{each.name}:{name}", f"{each.name}: {why}") for why in strange_growth(former, summary, run.settings)
    ]
    run.write()


def _backup(run: Run, each: Set, opened: Opened, ready: Prepared) -> Done:
    settings = run.settings
    began = time.monotonic()
    while True:
        slow = limited(settings, time.time() + (run.date or 0))
        arguments = ["backup", "--host", settings.host, "--tag", each.name]
        arguments += ["--group-by", "host,tags", "--retry-lock", "2m"]
        if slow:
            arguments += ["--limit-upload", str(settings.working_upload_kib)]
        if run.date is not None:
            arguments += ["--time", time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(time.time() + run.date))]
        for pattern in (*each.exclude, *ready.exclude):
            arguments += ["--exclude", pattern]

        def others_begin_to_work(slow: bool = slow) -> str:
            return "" if slow or not limited(settings, time.time() + (run.date or 0)) else "people begin to work"

        left = settings.set_minutes * 60 - (time.monotonic() - began)
        done = restic(
            opened.repository,
            *arguments,
            "--",
            *ready.paths,
            seconds=left,
            patience=settings.unreachable_seconds,
            stop=others_begin_to_work,
            inside=ready.inside,
        )
        if done.stopped != "people begin to work":
            return done
        run.say(f"{each.name} -> {opened.repository.name}: goes on slowly, people begin to work")


def _check(run: Run, opened: Opened) -> None:
    """Now and then, read a part of the repository back, another one each time, until all of it was read."""
    name, now = opened.repository.name, int(time.time())
    known = run.state.setdefault("checks", {}).setdefault(name, {"at": 0, "part": 0, "ok": False, "error": ""})
    if known["ok"] and 0 <= now - known["at"] < run.settings.check_days * _DAY:
        return
    part = known["part"] % run.settings.check_parts + 1
    run.looked_at.append(f"check:{name}")
    try:
        done = restic(
            opened.repository,
            "check",
            f"--read-data-subset={part}/{run.settings.check_parts}",
            "--retry-lock",
            "2m",
            seconds=run.settings.set_minutes * 60,
            patience=run.settings.unreachable_seconds,
        )
        refuse(opened.repository, done)
        known.update(at=now, part=part, ok=True, error="")
        run.say(f"{name}: part {part} of {run.settings.check_parts} is whole")
    except RepositoryError as error:
        known.update(tried_at=now, ok=False, error=str(error))
        run.wrong.append((f"check:{name}", f"the repository is not whole: {error}"))
