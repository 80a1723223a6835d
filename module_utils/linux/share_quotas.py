"""Whether the quotas of a file server are in force, and whether a write beyond them is refused: tried over SMB as a person.

The person's own limit is narrowed for the second that the trial takes, only while they have no session, and put back by
what gives limits at any time; a folder of the trial's own stands for a share. Standard library only, Python 3.11.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from typing import Any

from ansible.module_utils.linux.share_safety import Wanted, asked_tickets
from ansible.module_utils.linux.share_tickets import PREFIX, TicketError
from ansible.module_utils.linux.share_trail import TrailError, remove_files
from ansible.module_utils.linux.smbclient_output import NoAnswerError
from ansible.module_utils.linux.smbclient_session import Client, client_of, quoted

PROGRAM = "/usr/local/sbin/share-quotas"
_SECONDS = 120
#: More than the megabyte that is left.
_TOO_MUCH = 3 << 20
_FULL = ("NT_STATUS_DISK_FULL", "NT_STATUS_QUOTA_EXCEEDED", "NT_STATUS_DISK_QUOTA_EXCEEDED")


def read_quotas(wanted: Wanted) -> tuple[dict[str, Any], dict[str, str]]:
    """The fact quotas, and why it is missing."""
    try:
        checked = _run(PROGRAM, "--check")
    except (OSError, subprocess.TimeoutExpired) as error:
        return {}, {"quotas": f"{PROGRAM}: {error}; run the playbook that installs it"}
    said = checked.stdout.splitlines()
    if checked.returncode == 3:
        return {"quotas": {"state": "none", "why": said[0] if said else "", "wrong": []}}, {}
    if checked.returncode not in (0, 1):
        return {}, {"quotas": checked.stderr.strip()[:300]}
    facts: dict[str, Any] = {"state": "in_force", "wrong": said}
    try:
        facts["trial"] = _tried(wanted)
    except (TicketError, NoAnswerError, TrailError, OSError, ValueError, subprocess.TimeoutExpired) as error:
        return {"quotas": facts}, {"quotas.trial": str(error)}
    return {"quotas": facts}, {}


def _tried(wanted: Wanted) -> dict[str, Any]:
    tickets, refused = asked_tickets(wanted)
    busy = _at_work()
    person = next((each for each in wanted.people if each in tickets and each.casefold() not in busy), None)
    if person is None:
        raise NoAnswerError("everybody who could try has a session now, and is not to be disturbed; audit again later")
    place = os.path.join(wanted.root, wanted.share, f"{PREFIX}quota")
    try:
        sent = {"small": b"within the quota\n", "large": os.urandom(_TOO_MUCH)}
        with client_of(wanted.host, person, {person: tickets[person]}, refused, sent) as client:
            return {"person": person, **_beyond(client, wanted, person, place)}
    finally:
        shutil.rmtree(place, ignore_errors=True)
        _run(PROGRAM)
        remove_files(wanted.recycle_folder)


def _beyond(client: Client, wanted: Wanted, person: str, place: str) -> dict[str, bool]:
    """A write within and one beyond, first where a share has its megabyte, then where the person has."""
    made = client.run(person, wanted.share, [f"mkdir {quoted(os.path.basename(place))}"])
    if made.connection or not os.path.isdir(place):
        raise NoAnswerError(f"{person} cannot make a folder on {wanted.share}: {made.said()}")
    found = {}
    for what, option, of in (("share", "--narrow-folder", place), ("person", "--narrow", person)):
        narrowed = _run(PROGRAM, option, of)
        if narrowed.returncode:
            raise NoAnswerError(narrowed.stderr.strip()[:300])
        within = (os.path.basename(place), client.name("within")) if what == "share" else (client.name("within"),)
        beyond = (os.path.basename(place), client.name("beyond")) if what == "share" else (client.name("beyond"),)
        output = client.run(person, wanted.share, [f"put small {quoted(*within)}", f"put large {quoted(*beyond)}"])
        found[f"{what}_within_taken"] = "\\".join(within) in output.text and output.stored("\\".join(within))
        stored = os.path.join(wanted.root, wanted.share, *beyond)
        whole = os.path.exists(stored) and os.stat(stored).st_blocks * 512 >= _TOO_MUCH
        if not whole and not any(status in output.text for status in _FULL):
            raise NoAnswerError(f"no answer about the quota of the {what}: {output.said()}")
        found[f"{what}_refused"] = not whole
    return found


def _at_work() -> set[str]:
    """Logins that have a session now."""
    asked = _run("smbstatus", "--json", "--processes")
    if asked.returncode:
        raise NoAnswerError(f"smbstatus does not say who has a session: {asked.stderr.strip()[:300]}")
    shown = json.loads(asked.stdout)
    return {str(each.get("username", "")).rpartition("\\")[2].casefold() for each in shown.get("sessions", {}).values()}


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env={"PATH": "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
