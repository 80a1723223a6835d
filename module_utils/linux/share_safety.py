"""Try the brakes of a file server as one of its people: suspicious names, a burst of changes, normal work; and read its room.

Runs on the file server as root. The person's ticket opens this server only (share_tickets); every file bears the reserved
name and is removed. What was not tried is left out with its reason, and is no answer. Standard library only, Python 3.11.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.linux.share_tickets import PREFIX, TicketError, tickets_for
from ansible.module_utils.linux.share_trail import TrailError, remove_files
from ansible.module_utils.linux.smbclient_output import NoAnswerError, Output
from ansible.module_utils.linux.smbclient_session import Client, client_of, quoted

STATE, SETTINGS = "/var/lib/share-alarms/state.json", "/etc/share-alarms/settings.json"
#: What Samba says of a name that it does not let in.
_REFUSED = frozenset({"NT_STATUS_OBJECT_NAME_NOT_FOUND", "NT_STATUS_ACCESS_DENIED", "NT_STATUS_OBJECT_NAME_INVALID"})
#: More than a burst needs, and far less than an alarm: what somebody does within a minute.
_NORMAL_CHANGES = 6
_LOOKS_EVERY = 0.5
_AHEAD_DAYS = 300 / 86400
_SECONDS = 20
_TICKET_MINUTES = 15


@dataclass(frozen=True)
class Wanted:
    """What the site asks for, so that what the host believes is never the measure of itself."""

    host: str
    realm: str
    share: str
    people: Sequence[str]
    names: Sequence[str]
    burst: int
    patience_seconds: float
    recycle_folder: str
    root: str


def gather(wanted: Wanted) -> tuple[dict[str, Any], dict[str, str]]:
    """The facts, and why some are missing."""
    facts: dict[str, Any] = {"room": _rooms(wanted.root), "services": _services()}
    failures: dict[str, str] = {}
    settings = _read(SETTINGS)
    for key in ("warn_percent", "fail_percent"):
        if key in settings:
            facts[key] = settings[key]
    facts["names_list"] = _list_age(_read(STATE))
    try:
        facts["trial"] = _tried(wanted)
    except (TicketError, NoAnswerError, TrailError) as error:
        failures["trial"] = str(error)
    return facts, failures


def asked_tickets(wanted: Wanted) -> tuple[dict[str, str], dict[str, str]]:
    """Tickets of those who may try, and why others have none.

    :raises NoAnswerError: nobody has one.
    """
    tickets, refused = tickets_for(wanted.people, wanted.host, wanted.realm, _TICKET_MINUTES)
    if not tickets:
        raise NoAnswerError(f"the domain gives none of {len(refused)} people a ticket; nothing was tried")
    return tickets, refused


def _tried(wanted: Wanted) -> dict[str, Any]:
    tickets, refused = asked_tickets(wanted)
    person = next(each for each in wanted.people if each in tickets)
    try:
        laid = {"laid": b"laid out by the trial\n"}
        with client_of(wanted.host, person, {person: tickets[person]}, refused, laid) as client:
            return {
                "person": person,
                **_names_and_normal_work(client, wanted, person),
                **_burst(client, wanted, person),
            }
    finally:
        remove_files(wanted.recycle_folder)


def samples(patterns: Iterable[str], token: str) -> dict[str, str]:
    """A name that each pattern must refuse, where it leaves room for the reserved name in front: no other could be removed."""
    return {
        pattern: f"{PREFIX}{token}{pattern[1:].replace('?', 'x').replace('*', 'x')}"
        for pattern in patterns
        if pattern.startswith("*")
    }


def _names_and_normal_work(client: Client, wanted: Wanted, person: str) -> dict[str, Any]:
    """One session: every suspicious name made, and one given to a file; then what people do all day."""
    bad = samples(wanted.names, client.token)
    own = client.name("own")
    normal = [client.name(f"normal-{number}") for number in range(_NORMAL_CHANGES)]
    target = next(iter(bad.values()), None)
    commands = [f"put laid {quoted(own)}", *(f"put laid {quoted(name)}" for name in bad.values())]
    commands += [f"rename {quoted(own)} {quoted(target)}"] if target else []
    commands += [f"put laid {quoted(name)}" for name in normal]
    commands += [f"rename {quoted(name)} {quoted(f'{name}.bak')}" for name in normal[: _NORMAL_CHANGES // 2]]
    commands += [f"del {quoted(name)}" for name in normal[_NORMAL_CHANGES // 2 :]]
    started = time.time()
    output = client.run(person, wanted.share, commands)
    if output.connection or not output.stored(own):
        raise NoAnswerError(f"{person} cannot write on {wanted.share}: {output.said()}")
    taken, untried = _taken(output, bad)
    renamed = target is not None and not _rename_refused(output, own)
    alarm = _wait(wanted, person, "name", started)
    kept = [name for name in normal if not output.stored(name)]
    return {
        "names_tried": len(bad) - len(untried),
        "names_taken": sorted(taken),
        "names_untried": sorted(untried),
        "name_by_renaming_taken": renamed,
        "normal_names_refused": kept,
        "name_alarm": alarm,
        "false_alarms": [
            each["what"] for each in _deeds(person, started) if each["kind"] != "name" or each["what"] in normal
        ],
    }


def _taken(output: Output, bad: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Patterns whose name was taken, and those that had no answer."""
    taken, untried = [], []
    for pattern, name in bad.items():
        if output.stored(name):
            taken.append(pattern)
        elif output.status(name, "opening") not in _REFUSED:
            untried.append(pattern)
    return taken, untried


def _rename_refused(output: Output, own: str) -> bool:
    said = next((line for line in output.text.splitlines() if "renaming files" in line and own in line), "")
    return any(status in said for status in _REFUSED)


def _burst(client: Client, wanted: Wanted, person: str) -> dict[str, Any]:
    """As many files as raise the alarm, deleted at once by one person."""
    names = [client.name(f"burst-{number}") for number in range(wanted.burst)]
    laid = client.run(person, wanted.share, [f"put laid {quoted(name)}" for name in names])
    if not all(laid.stored(name) for name in names):
        raise NoAnswerError(f"{person} could not lay the files of the burst: {laid.said()}")
    started = time.time()
    client.run(person, wanted.share, [f"del {quoted(client.name('burst-*'))}"])
    return {"burst": wanted.burst, "change_alarm": _wait(wanted, person, "changes", started)}


def _wait(wanted: Wanted, person: str, kind: str, started: float) -> dict[str, Any] | None:
    """The alarm that a deed raised, with how long it took; None when there was none in time."""
    until = started + wanted.patience_seconds
    while True:
        for each in _deeds(person, started):
            if each["kind"] == kind:
                named = {key: each[key] for key in ("person", "machine", "share", "what")}
                return {**named, "seconds": round(each["at"] - started, 1)}
        if time.time() > until:
            return None
        time.sleep(_LOOKS_EVERY)


def _deeds(person: str, since: float) -> list[dict[str, Any]]:
    return [
        each
        for each in _read(STATE).get("deeds", [])
        if each.get("person", "").casefold() == person.casefold() and each.get("at", 0) >= since
    ]


def _read(path: str) -> dict[str, Any]:
    try:
        with open(path, encoding="utf-8") as file:
            return dict(json.load(file))
    except (OSError, ValueError, TypeError):
        return {}


def _list_age(state: Mapping[str, Any]) -> dict[str, Any]:
    """How many names are in force, and how old what was fetched last from the slowest source is."""
    names = state.get("names")
    if not names:
        return {}
    fetched = [each.get("fetched_at") for each in names.get("sources", {}).values()] or [names.get("updated_at")]
    ages = [None if each is None else (time.time() - each) / 86400 for each in fetched]
    # What was fetched in the future was fetched by a clock that was wrong.
    unknown = any(each is None or each < -_AHEAD_DAYS for each in ages)
    return {"count": names.get("count", 0), "age_days": None if unknown else round(max(0.0, *filter(None, ages)), 2)}


def _services() -> dict[str, bool]:
    """What must be running."""
    found = {}
    for unit in ("share-watch.service", "share-room.timer", "share-names.timer", "share-quotas.timer"):
        done = subprocess.run(
            ["systemctl", "is-active", unit], capture_output=True, text=True, check=False, timeout=_SECONDS
        )
        found[re.sub(r"\W", "_", unit.partition(".")[0])] = done.stdout.strip() == "active"
    return found


def _rooms(root: str) -> list[dict[str, Any]]:
    """How full each file system below the shares' folder really is, in blocks and inodes."""
    found: dict[int, dict[str, Any]] = {}
    for path in [root, *(each.path for each in os.scandir(root) if each.is_dir(follow_symlinks=False))]:
        state = os.statvfs(path)
        used = state.f_blocks - state.f_bfree
        found.setdefault(
            os.stat(path).st_dev,
            {
                "path": path,
                "blocks_percent": _percent(used, used + state.f_bavail),
                "inodes_percent": _percent(state.f_files - state.f_ffree, state.f_files),
            },
        )
    return list(found.values())


def _percent(used: int, usable: int) -> int:
    return -(-used * 100 // usable) if usable else 0
