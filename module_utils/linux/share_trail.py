"""What the trial left behind on the file server: its lines in the audit log, and its files, which go.

Read as root. A line is what full_audit writes through syslog: time, host, "smbd_audit", and account|address|share|
operation|result|what on. Standard library only, Python 3.11.
"""

from __future__ import annotations

import glob
import os
import re
import stat
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.linux.share_tickets import PREFIX

_LINE = re.compile(
    r"^(?P<when>\S+) \S+ smbd_audit\S* (?P<who>[^|]+)\|(?P<where>[^|]*)\|(?P<share>[^|]*)\|(?P<what>\w+)\|(?P<rest>.*)$"
)
#: Operations of vfs_full_audit(8) that show each; a file that goes to the bin is moved there.
OPERATIONS = {
    "deletion": {"unlinkat", "unlink", "renameat", "rename"},
    "read": {"create_file", "openat", "open", "pread", "pread_send", "read"},
}
#: syslog may still be writing.
_PATIENCE_SECONDS = 5
#: How much of the end of a log is read at most.
_END = 64 * 1024 * 1024
_SECONDS = 20


class TrailError(Exception):
    """The server's log or shares cannot be read; the message says what to do."""


@dataclass(frozen=True)
class Entry:
    """One line of the audit log."""

    when: str
    who: str
    where: str
    share: str
    what: str
    rest: str

    def shows(self, trace: Mapping[str, str]) -> bool:
        """Whether it is the line that a deed must leave."""
        return (
            self.what in OPERATIONS[trace["what"]]
            and self.rest.startswith("ok")
            and self.who.rpartition("\\")[2].casefold() == trace["person"].casefold()
            and self.share.casefold() == trace["share"].casefold()
            and trace["file"] in self.rest
        )


def trail(log: str, traces: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    """For each kind of deed whether all of them are in the log, with who, when, where and what; and how it is kept.

    :raises TrailError: there is no log to look at.
    """
    waits_until = time.monotonic() + _PATIENCE_SECONDS
    found = look(read_entries(log), traces)
    while None in found and time.monotonic() < waits_until:
        time.sleep(0.5)
        found = look(read_entries(log), traces)
    facts: dict[str, Any] = {"log": _kept(log), "missing": [], "examples": {}}
    for what, fact in (("deletion", "deletion_logged"), ("read", "sensitive_read_logged")):
        deeds = [(trace, entry) for trace, entry in zip(traces, found, strict=True) if trace["what"] == what]
        if deeds:  # what nobody did cannot be looked for
            facts[fact] = all(entry is not None for _, entry in deeds)
            facts["missing"] += [
                f"{what}: {trace['person']} on {trace['share']}" for trace, entry in deeds if not entry
            ]
            seen = [entry for _, entry in deeds if entry]
            facts["examples"][what] = vars(seen[0]) if seen else None
    return facts


def look(entries: Sequence[Entry], traces: Iterable[Mapping[str, str]]) -> list[Entry | None]:
    """The line that each deed left."""
    ours = [entry for entry in entries if PREFIX in entry.rest]
    return [next((entry for entry in ours if entry.shows(trace)), None) for trace in traces]


def read_entries(log: str) -> list[Entry]:
    """The end of the log, line by line; lines of other programs are left out."""
    try:
        with open(log, "rb") as file:
            size = os.fstat(file.fileno()).st_size
            file.seek(max(0, size - _END))
            text = file.read().decode("utf-8", "replace")
    except OSError as error:
        raise TrailError(f"{log}: {error.strerror}; check that the server writes its audit log there") from error
    return [Entry(**match.groupdict()) for line in text.splitlines() if (match := _LINE.match(line))]


def _kept(log: str) -> dict[str, Any]:
    """Who may read and change the log."""
    state = os.stat(log)
    folder = os.stat(os.path.dirname(log))
    others = (stat.S_IRWXO | stat.S_IWGRP) & (state.st_mode | folder.st_mode)
    return {
        "owner": state.st_uid,
        "mode": oct(stat.S_IMODE(state.st_mode)),
        "closed_to_others": not others and not state.st_uid,
    }


def remove_files(bin_folder: str) -> int:
    """Remove every file of the trial from all shares and bins, those of an interrupted run too; how many they were."""
    gone = 0
    for path in _share_folders():
        base = glob.escape(path)
        kept = f"{base}/{glob.escape(bin_folder)}" if bin_folder else base
        for pattern in (f"{base}/{PREFIX}*", f"{base}/*/{PREFIX}*", f"{kept}/*/{PREFIX}*", f"{kept}/*/*/{PREFIX}*"):
            for name in glob.glob(pattern):
                gone += _removed(name, path)
    return gone


def _share_folders() -> list[str]:
    """Folders that the server shares now."""
    try:
        shown = subprocess.run(
            ["testparm", "--suppress-prompt"],
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=True,
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise TrailError(
            f"the shares cannot be read: {error}; check that Samba is installed and its settings are right"
        ) from error
    return [path for path in re.findall(r"^\s*path = (/.+)$", shown, re.MULTILINE) if "%" not in path]


def _removed(name: str, share: str) -> int:
    """Remove one file, not through a link, and the folder of a bin that it was alone in."""
    folder = os.path.dirname(name)
    top = os.path.realpath(share)
    if os.path.commonpath([top, os.path.realpath(folder)]) != top or os.path.isdir(name):
        return 0
    os.unlink(name)
    while os.path.dirname(folder) != share and folder != share and not os.listdir(folder):
        os.rmdir(folder)
        folder = os.path.dirname(folder)
    return 1
