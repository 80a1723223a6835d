"""Search folders with clamdscan, one file at a time so that clamd has time for those who write, and set aside what is found."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Sequence
from typing import Any

from avhost import clamd
from avhost.quarantine import set_aside
from avhost.settings import SOCKET, Settings

CLAMDSCAN = ("/usr/bin/clamdscan", "--fdpass", "--no-summary")
_FOUND_OR_TROUBLE = (0, 1, 2)
_KEPT = 20


def scan(
    settings: Settings, paths: Sequence[str], command: Sequence[str] = CLAMDSCAN, socket: str = SOCKET
) -> dict[str, Any]:
    """Search, set aside, and say what came of it. It is no result when clamd does not find the test file itself."""
    result: dict[str, Any] = {"started": int(time.time()), "files": 0, "found": [], "unread": 0, "wrong": []}
    here = [path for path in paths if os.path.lexists(path)]
    result["wrong"] = clamd.troubles(socket)
    if result["wrong"] or not here:
        return _ended(result)
    with subprocess.Popen(
        [*command, *here],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        errors="surrogateescape",
    ) as running:
        for line in running.stdout or ():
            _line(line.rstrip("\n"), result, settings, socket)
    if running.returncode not in _FOUND_OR_TROUBLE or (running.returncode and not result["files"]):
        result["wrong"].append(f"clamdscan ended with {running.returncode} after {result['files']} files")
    result["wrong"] += clamd.troubles(socket)
    return _ended(result)


def _line(line: str, result: dict[str, Any], settings: Settings, socket: str) -> None:
    path, _, verdict = line.rpartition(": ")
    if verdict == "OK" or line.endswith(": Empty file"):
        result["files"] += 1
    elif verdict.endswith(" FOUND"):
        result["files"] += 1
        try:
            kept = set_aside(path, settings.quarantine, socket)
        except (OSError, clamd.ClamdError) as error:
            result["wrong"].append(_printable(f"{path} could not be set aside: {error}"))
            return
        if kept and len(result["found"]) < _KEPT:
            result["found"].append({"path": _printable(path), "signature": verdict.removesuffix(" FOUND")})
    elif line.endswith("ERROR"):
        result["unread"] += 1


def _printable(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def _ended(result: dict[str, Any]) -> dict[str, Any]:
    return {**result, "ended": int(time.time()), "ok": not result["wrong"]}
