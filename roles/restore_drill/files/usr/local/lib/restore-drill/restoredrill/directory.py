"""Whether the backup of a domain opens: restored in a folder by Samba's own tool, read, compared with the live directory.

Nothing is started. The tool makes a controller of another name in the copy, which is removed afterwards.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from restoredrill.restic import DrillError

LIVE = "/var/lib/samba/private/sam.ldb"
_SECONDS = 900
_CLASSES = ("user", "group", "organizationalUnit", "groupPolicyContainer")
_FILTER = "(|" + "".join(f"(objectClass={name})" for name in _CLASSES) + ")"
_NAME = "DRILL"


def backup_in(paths: list[str]) -> str:
    """The archive that Samba's tool made, among restored files; empty when there is none."""
    found = sorted(path for path in paths if re.search(r"/samba-backup[^/]*\.tar\.bz2$", path))
    return found[-1] if found else ""


def open_backup(archive: str, scratch: str, live: str = LIVE) -> tuple[dict[str, Any], list[str]]:
    """What stands in the backup, and what of the live directory is missing from it.

    :raises DrillError: the backup does not open.
    """
    folder = os.path.join(scratch, "domain")
    _run(
        "samba-tool",
        "domain",
        "backup",
        "restore",
        f"--backup-file={archive}",
        f"--targetdir={folder}",
        f"--newservername={_NAME}",
    )
    saved = read_objects(os.path.join(folder, "private", "sam.ldb"))
    made = _made(os.path.join(folder, "backup.txt"), archive)
    return judge_objects(saved, read_objects(live), made)


def judge_objects(
    saved: Mapping[str, Mapping[str, str]], live: Mapping[str, Mapping[str, str]], made: float
) -> tuple[dict[str, Any], list[str]]:
    """Counts, and what was there before the backup and is not in it."""
    wrong = []
    own = {key: each for key, each in saved.items() if each.get("sAMAccountName", "").rstrip("$") != _NAME}
    people = [each for each in own.values() if each["class"] == "user" and not each["sAMAccountName"].endswith("$")]
    for key, each in live.items():
        if key not in saved and moment(each["whenCreated"]) < made and each.get("controller") != "yes":
            wrong.append(f"{each['dn']}: not in the backup")
        elif key in saved and each.get("objectSid", "") != saved[key].get("objectSid", ""):
            wrong.append(f"{each['dn']}: another identifier in the backup")
    if not people:
        wrong.append("nobody has an account in the backup")
    counts = {name: sum(each["class"] == name for each in own.values()) for name in _CLASSES}
    newer = sum(1 for key, each in live.items() if key not in saved and moment(each["whenCreated"]) >= made)
    return {"objects": len(own), "live_objects": len(live), "newer": newer, "people": len(people), **counts}, wrong


def read_objects(database: str) -> dict[str, dict[str, str]]:
    """Objects of a directory's database by their identifier."""
    attributes = ("objectGUID", "objectSid", "sAMAccountName", "whenCreated", "objectClass", "userAccountControl")
    said = _run("ldbsearch", "-H", database, "--cross-ncs", _FILTER, *attributes)
    return parse_objects(said)


def parse_objects(said: str) -> dict[str, dict[str, str]]:
    """Objects out of what ldbsearch prints; a line that begins with a space goes on with the one before."""
    found = {}
    for record in re.split(r"\n\s*\n", said.replace("\n ", "")):
        pairs = [line.split(": ", 1) for line in record.splitlines() if ": " in line and not line.startswith("#")]
        values = {name.rstrip(":"): value for name, value in pairs}
        if "objectGUID" not in values:
            continue
        classes = {value for name, value in pairs if name == "objectClass"}
        values["class"] = next((name for name in reversed(_CLASSES) if name in classes), "user")
        # The tool removes the controllers that it finds: 8192 is SERVER_TRUST_ACCOUNT.
        values["controller"] = "yes" if int(values.get("userAccountControl", "0")) & 8192 else "no"
        found[values["objectGUID"]] = values
    return found


def moment(text: str) -> float:
    """A time as the directory writes it, since 1970."""
    return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC).timestamp()


def _made(note: str, archive: str) -> float:
    """When the backup was begun, as well as it is known: what was made around then is not asked for."""
    try:
        with open(note, encoding="utf-8") as file:
            stamp = re.search(r"created (\d{4}-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d)", file.read())
    except OSError:
        stamp = None
    if stamp:
        return datetime.strptime(stamp[1], "%Y-%b-%d %H:%M:%S").timestamp() - 60
    return os.stat(archive).st_mtime - 600


def _run(*command: str) -> str:
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise DrillError(f"{command[0]}: {error}") from error
    if done.returncode:
        said = " ".join((done.stderr or done.stdout).split())[-300:]
        raise DrillError(f"the backup of the domain does not open: {command[0]}: {said}")
    return done.stdout
