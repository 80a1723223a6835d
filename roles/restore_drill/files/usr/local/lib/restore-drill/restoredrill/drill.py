"""The drill: of each set, a part of the newest backup is restored elsewhere, compared, timed, and removed again."""

from __future__ import annotations

import json
import os
import random
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from restoredrill.compare import MOST, compare
from restoredrill.directory import backup_in, open_backup
from restoredrill.restic import DrillError, Node, Restic
from restoredrill.sample import Choice, choose
from restoredrill.settings import Settings

HISTORY = "history.jsonl"
SCRATCH = "scratch"
REHEARSAL = "rehearsal.json"
_SECONDS_OF_A_DAY = 86400
_KEPT_LINES = 1000
Opens = Callable[[str, str], tuple[dict[str, Any], list[str]]]


def blank(repository: str, name: str, error: str = "") -> dict[str, Any]:
    """The result before anything was tried; with an error, the result of what could not be."""
    return {
        "at": int(time.time()), "repository": repository, "set": name, "snapshot": "", "snapshot_at": 0,
        "folder": "", "sampled_files": 0, "files": 0, "bytes": 0, "proven_files": 0, "changed": 0, "gone": 0,
        "seconds": 0.0, "whole": False, "whole_files": 0, "whole_bytes": 0, "extrapolated_seconds": None,
        "differences": [], "error": error, "ok": False,
    }  # fmt: skip


def drill_set(
    repository: Restic,
    host: str,
    name: str,
    settings: Settings,
    folder: str,
    *,
    draw: random.Random | None = None,
    opens: Opens = open_backup,
) -> dict[str, Any]:
    """Restore a part of a set and compare it. What went wrong is in the result; the scratch folder is gone afterwards."""
    result = blank(repository.name, name)
    scratch = os.path.join(folder, SCRATCH)
    _remove(scratch)
    try:
        os.makedirs(scratch, mode=0o700)
        _drill(repository, host, settings, scratch, result, draw=draw or random.Random(), opens=opens)  # noqa: S311
    except (DrillError, OSError, ValueError, KeyError) as error:
        result["error"] = str(error) or type(error).__name__
    finally:
        _remove(scratch)
    result["ok"] = not result["error"] and not result["differences"] and result["proven_files"] > 0
    if not result["error"] and not result["differences"] and not result["proven_files"]:
        result["error"] = "everything restored has changed since it was saved: nothing could be compared"
    return result


def _drill(
    repository: Restic,
    host: str,
    settings: Settings,
    scratch: str,
    result: dict[str, Any],
    *,
    draw: random.Random,
    opens: Opens,
) -> None:
    name = result["set"]
    snapshot = repository.newest(host, name, time.time())
    result.update(snapshot=snapshot.id[:8], snapshot_at=int(snapshot.at))
    nodes = repository.nodes(snapshot.id)
    files = [node for node in nodes if node.kind == "file"]
    result.update(whole_files=len(files), whole_bytes=sum(node.size for node in files))
    if not files:
        raise DrillError(f"{repository.name}: the backup of {name} holds no file")
    choice = choose(nodes, settings.sample_files, settings.sample_bytes, draw)
    room = shutil.disk_usage(scratch).free
    if choice.size + settings.spare_bytes > room:
        raise DrillError(
            f"{room // 1024**2} MB are free and {(choice.size + settings.spare_bytes) // 1024**2} MB are needed:"
            " nothing was restored"
        )
    fixed = _timed(
        lambda: repository.restore(snapshot.id, os.path.join(scratch, "nothing"), ["/.restore-drill-nothing"])
    )
    wanted = top(nodes) if choice.whole else [node.path for node in choice.nodes if node.path != choice.folder]
    target = os.path.join(scratch, "files")
    seconds = _timed(lambda: repository.restore(snapshot.id, target, wanted))
    compared = compare(choice.nodes, target)
    differences = list(compared.differences)
    archive = backup_in([os.path.join(target, node.path.lstrip("/")) for node in choice.files])
    if archive:
        began = time.monotonic()
        result["directory"], missing = opens(archive, scratch)
        seconds += time.monotonic() - began
        differences += missing
    result.update(
        folder=choice.folder,
        sampled_files=choice.sampled,
        files=len(choice.files),
        bytes=choice.size,
        proven_files=compared.proven,
        changed=compared.changed,
        gone=compared.gone,
        seconds=round(seconds, 2),
        whole=choice.whole,
        extrapolated_seconds=extrapolate(seconds, fixed, choice, result["whole_files"], result["whole_bytes"]),
        differences=differences[:MOST],
    )


def top(nodes: Sequence[Node]) -> list[str]:
    """What nothing else holds: restored, all of it is."""
    known = {node.path for node in nodes}
    return [node.path for node in nodes if os.path.dirname(node.path) not in known]


def extrapolate(seconds: float, fixed: float, choice: Choice, files: int, size: int) -> float:
    """How long all of it would take: the worse of so many times the files and so many times the bytes.

    What restic needs before the first file comes is counted once.
    """
    if choice.whole:
        return round(seconds, 2)
    times = max(files / max(len(choice.files), 1), size / max(choice.size, 1))
    fixed = min(fixed, seconds * 0.9)
    return round(fixed + (seconds - fixed) * times, 2)


def summary(results: Sequence[Mapping[str, Any]], settings: Settings) -> dict[str, Any]:
    """What is written down: each set, and all of them as one."""
    best = {}
    for each in results:
        best.setdefault(each["set"], []).append(each)
    known = [
        min((each["extrapolated_seconds"] for each in tries if each["extrapolated_seconds"] is not None), default=None)
        for tries in best.values()
    ]
    largest = max(results, key=lambda each: each["whole_bytes"])
    return {
        **{key: largest[key] for key in ("repository", "set", "snapshot", "sampled_files", "folder")},
        "at": int(time.time()),
        "files": sum(each["files"] for each in results),
        "proven_files": sum(each["proven_files"] for each in results),
        "changed": sum(each["changed"] for each in results),
        "bytes": sum(each["bytes"] for each in results),
        "seconds": round(sum(each["seconds"] for each in results), 2),
        "whole_bytes": sum(max(each["whole_bytes"] for each in tries) for tries in best.values()),
        # One after the other; from whichever repository is faster.
        "extrapolated_seconds": None if None in known else round(sum(known), 2),
        "promise_seconds": round(settings.promise_hours * 3600),
        "differences": [f"{each['set']}: {line}" for each in results for line in each["differences"]][:MOST],
        "ok": all(each["ok"] for each in results),
        "sets": [dict(each) for each in results],
    }


def wrongs(last: Mapping[str, Any]) -> list[str]:
    """What an alert is raised for."""
    found = []
    for each in last["sets"]:
        where = f"{each['set']} from {each['repository']}"
        if each["error"]:
            found.append(f"{where}: not restored: {each['error']}")
        elif each["differences"]:
            found.append(f"{where}: {len(each['differences'])} differences, first {each['differences'][0]}")
    if last["extrapolated_seconds"] is not None and last["extrapolated_seconds"] > last["promise_seconds"]:
        found.append(
            f"restoring everything would take {last['extrapolated_seconds'] / 3600:.1f} h,"
            f" promised are {last['promise_seconds'] / 3600:.1f} h"
        )
    return found


def due(last: Mapping[str, Any], settings: Settings, now: float) -> bool:
    """Whether a new proof is needed: none, one that failed or took too long, an old one, or one of the future."""
    if not last.get("ok") or wrongs(last):
        return True
    age = now - float(last.get("at", 0))
    return not 0 <= age < settings.proof_days * _SECONDS_OF_A_DAY / 2


def old_rehearsal(folder: str, settings: Settings, now: float) -> list[str]:
    """What is to be said of the last full rehearsal, where its evidence is kept."""
    path = os.path.join(folder, REHEARSAL)
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        age = (now - float(json.load(file)["at"])) / _SECONDS_OF_A_DAY
    if age <= settings.rehearsal_days:
        return []
    return [f"the last full rehearsal is older than {settings.rehearsal_days} days; rehearse again"]


def remember(folder: str, last: Mapping[str, Any]) -> None:
    """Keep the result beside those before it."""
    path = os.path.join(folder, HISTORY)
    lines: list[str] = []
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    lines.append(json.dumps({key: value for key, value in last.items() if key != "alerts"}, sort_keys=True))
    with open(f"{path}.new", "w", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines[-_KEPT_LINES:])
        file.flush()
        os.fsync(file.fileno())
    os.replace(f"{path}.new", path)


def _timed(do: Callable[[], object]) -> float:
    began = time.monotonic()
    do()
    return time.monotonic() - began


def _remove(path: str) -> None:
    shutil.rmtree(path, ignore_errors=True)
