"""What arrived on the log server, in whose folder and when; and what reading there leaves behind.

Run as root on the log server. It searches with the command that people use, so that the search itself is written
down, and looks for that too. Standard library only, Python 3.11.
"""

from __future__ import annotations

import glob
import grp
import json
import os
import re
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ansible.module_utils.linux.log_state import NOBODY, LogError, digest, run

SEARCH = "/usr/local/sbin/log-search"
SETTINGS = "/etc/log-server.json"
#: Received, written, whose folder, by what, and the text (roles/log_server).
_LINE = re.compile(r"^(?P<received>\S+) (?P<written>\S+) (?P<folder>\S+) (?P<what>\S+) (?P<text>.*)$")
_BETWEEN_SEARCHES_SECONDS = 3


def trail(
    marker: str, senders: Sequence[Mapping[str, Any]], reason: str, readers: Sequence[str], patience: int
) -> dict[str, Any]:
    """The lines of a trial that arrived, and the traces of the search for them.

    :param senders: host, the time at which it wrote its line, with its name after the marker, and its last lines.
    :param readers: the accounts that may search.
    :raises LogError: nothing can be searched here.
    """
    wanted = {str(each["host"]) for each in senders}
    ends = time.monotonic() + patience
    folder = settings()["folder"]
    lines = search(marker, reason)
    while time.monotonic() < ends and (
        wanted - {own["host"] for own in own_lines(lines, marker)} or absent(folder, senders)
    ):
        time.sleep(_BETWEEN_SEARCHES_SECONDS)
        lines = search(marker, reason)
    sent = {str(each["host"]): float(each["at"]) for each in senders}
    arrivals = [
        {"host": own["host"], "folder": own["folder"], "seconds": round(max(own["at"] - sent[own["host"]], 0.0), 3)}
        for own in own_lines(lines, marker)
        if own["host"] in sent
    ]
    return {
        "arrivals": arrivals,
        "missing": sorted(wanted - {each["host"] for each in arrivals}) + absent(folder, senders),
        "strangers": strangers(lines),
        "misfiled": misfiled(lines, marker),
        "reading": {**reading(reason, folder), "undeclared": sorted(set(may_search()) - set(readers))},
    }


def settings() -> dict[str, Any]:
    """What the log server was set up with."""
    with open(SETTINGS, encoding="utf-8") as file:
        return dict(json.load(file))


def absent(folder: str, senders: Sequence[Mapping[str, Any]]) -> list[str]:
    """Logs whose last line is not at the end of the file that they are sent to."""
    return [
        f"{each['host']}: {log['name']}"
        for each in senders
        for log in each.get("last_lines", ())
        if log["digest"] not in _digests(f"{folder}/{each['host']}/{log['name']}.log")
    ]


def _digests(path: str) -> set[str]:
    """Of the last lines of a file here, and of the one that was turned last: the lines as they were sent."""
    turned = [old for old in glob.glob(f"{glob.escape(path)}-*") if not old.endswith(".gz")]
    found = set()
    for each in [*sorted(turned)[-1:], path]:
        if not os.path.exists(each):
            continue
        with open(each, "rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - 4 * 1024 * 1024))
            found |= {digest(line.split(b" ", 4)[-1]) for line in file}
    return found


def may_search() -> list[str]:
    """Accounts in the group that may search."""
    try:
        return list(grp.getgrnam(settings()["readers_group"]).gr_mem)
    except KeyError as error:
        raise LogError("the group of those who may search is not there; converge the log server") from error


def search(text: str, reason: str) -> list[dict[str, str]]:
    """Lines of the log server that hold the text; its own log of searches left out."""
    shown = run(SEARCH, "--why", reason, text).stdout
    found = [match.groupdict() for line in shown.splitlines() if (match := _LINE.match(line))]
    return [each for each in found if "log-access" not in each["what"] and "log-search" not in each["text"]]


def own_lines(lines: Sequence[Mapping[str, str]], marker: str) -> list[dict[str, Any]]:
    """The line that each host wrote of itself."""
    mark = re.compile(rf"{re.escape(marker)}-(\S+) own line")
    return [
        {"host": match[1], "folder": line["folder"], "at": datetime.fromisoformat(line["received"]).timestamp()}
        for line in lines
        if (match := mark.search(line["text"]))
    ]


def strangers(lines: Sequence[Mapping[str, str]]) -> list[str]:
    """Lines that somebody without a certificate of the site brought in."""
    return sorted({line["text"].rpartition(" ")[2] for line in lines if line["text"].endswith((" plain", " stranger"))})


def misfiled(lines: Sequence[Mapping[str, str]], marker: str) -> list[str]:
    """Lines that a host brought into the folder of another."""
    mark = re.compile(rf"{re.escape(marker)}-(\S+) (?:own line|forged name)")
    return sorted(
        {
            f"{match[1]} wrote into the folder of {line['folder']}"
            for line in lines
            if (match := mark.search(line["text"])) and match[1] != line["folder"]
        }
    )


def reading(reason: str, folder: str) -> dict[str, Any]:
    """What reading leaves behind, and who cannot read."""
    journal = f"{folder}/access/searches.log"
    state = os.stat(journal)
    return {
        "written_down": _written_down(journal, reason),
        "journal_whole": run(SEARCH, "--why", reason, "--verify", check=False).returncode == 0,
        "journal_closed": not state.st_mode & 0o037 and state.st_uid == 0,
        "without_reason": run(SEARCH, "--why", "", "anything", check=False).returncode == 0,
        "by_nobody": _as_nobody(SEARCH, "--why", reason, "anything"),
        "by_nobody_with_sudo": _as_nobody("sudo", "-n", SEARCH, "--why", reason, "anything"),
    }


def _written_down(journal: str, reason: str) -> bool:
    """Whether the end of the journal says who asked, when, what and why."""
    with open(journal, "rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - 65536))
        for line in reversed(file.read().splitlines()):
            try:
                entry = json.loads(line)
            except ValueError:
                continue
            if entry.get("why") == reason:
                return all(entry.get(name) for name in ("who", "when", "question"))
    return False


def _as_nobody(*command: str) -> bool:
    """Whether an account without any right gets somewhere with it."""
    words = ("setpriv", f"--reuid={NOBODY}", "--clear-groups", "--", *command)
    try:
        return run(*words, check=False).returncode == 0
    except LogError:
        return False
