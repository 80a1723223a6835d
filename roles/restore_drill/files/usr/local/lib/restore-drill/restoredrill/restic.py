"""What the drill asks of restic: the newest snapshot, what is in it, and a part of it laid down elsewhere."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

#: Snapshots dated further ahead than this are not taken for the newest: somebody's clock, or somebody's trick.
AHEAD_SECONDS = 3600


class DrillError(Exception):
    """The drill cannot go on; the sentence is fit for an alert."""


@dataclass(frozen=True)
class Node:
    """A file, folder or link as it was when it was saved. Times are nanoseconds."""

    path: str
    kind: str
    size: int
    mtime: int
    ctime: int


@dataclass(frozen=True)
class Snapshot:
    """A state of a set that was saved."""

    id: str
    at: float


class Restic:
    """One repository. Secrets travel in the environment and in files, never among the arguments."""

    def __init__(self, name: str, environment: Mapping[str, str], seconds: float) -> None:
        self.name, self.environment, self.seconds = name, dict(environment), seconds

    def newest(self, host: str, tag: str, now: float) -> Snapshot:
        """The newest snapshot of a set.

        :raises DrillError: there is none, or the repository does not answer.
        """
        genuine = [each for each in self.snapshots(host, tag) if each.at <= now + AHEAD_SECONDS]
        if not genuine:
            raise DrillError(f"{self.name}: no backup of {tag} is there")
        return max(genuine, key=lambda each: each.at)

    def snapshots(self, host: str, tag: str) -> list[Snapshot]:
        """Every state of a set that is there, oldest first."""
        found = json.loads(self._run("snapshots", "--json", "--host", host, "--tag", tag) or "[]") or []
        dated = [Snapshot(str(each["id"]), nanoseconds(each["time"]) / 1e9) for each in found]
        return sorted(dated, key=lambda each: each.at)

    def nodes(self, snapshot: str) -> list[Node]:
        """Everything in a snapshot."""
        found = []
        for line in self._run("ls", "--json", snapshot).splitlines():
            node: dict[str, Any] = json.loads(line)
            if "path" in node and "type" in node:
                found.append(
                    Node(
                        str(node["path"]),
                        str(node["type"]),
                        int(node.get("size", 0)),
                        nanoseconds(node["mtime"]),
                        nanoseconds(node["ctime"]),
                    )
                )
        return found

    def restore(self, snapshot: str, target: str, paths: Sequence[str], overwrite: str = "always") -> None:
        """Lay paths down below a folder; restic reads each file again and compares it with the digests of the snapshot.

        :raises DrillError: something could not be laid down whole.
        """
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".paths") as wanted:
            wanted.writelines(f"{escaped(path)}\n" for path in paths)
            wanted.flush()
            self._run(
                "restore",
                snapshot,
                "--target",
                target,
                "--verify",
                "--overwrite",
                overwrite,
                "--include-file",
                wanted.name,
            )

    def _run(self, *arguments: str) -> str:
        with tempfile.TemporaryFile("w+", encoding="utf-8", errors="surrogateescape") as out:
            process = subprocess.Popen(
                ["restic", "--retry-lock", "10m", *arguments],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.PIPE,
                text=True,
                errors="replace",
                start_new_session=True,
            )
            try:
                _, wrong = process.communicate(timeout=self.seconds)
            except subprocess.TimeoutExpired as error:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.communicate()
                raise DrillError(f"{self.name}: not done after {round(self.seconds / 60)} minutes") from error
            if process.returncode:
                raise DrillError(f"{self.name}: {_said(wrong) or f'restic ended with {process.returncode}'}")
            out.seek(0)
            return out.read()


def _said(wrong: str) -> str:
    """The last thing that restic said, whether in its JSON or not."""
    lines = [line for line in wrong.splitlines() if line.strip()]
    with contextlib.suppress(ValueError, AttributeError, IndexError):
        return str(json.loads(lines[-1]).get("message", ""))[:300]
    return " ".join(" ".join(lines).split())[-300:]


def nanoseconds(text: str) -> int:
    """A time as restic writes it, with up to nine digits behind the point, in nanoseconds since 1970."""
    head, _, rest = text.partition(".")
    digits = ""
    if rest:
        digits = rest[: next((place for place, sign in enumerate(rest) if not sign.isdigit()), len(rest))]
        head += rest[len(digits) :]
    moment = datetime.fromisoformat(head.replace("Z", "+00:00"))
    return int(moment.timestamp()) * 10**9 + int(digits.ljust(9, "0") or 0)


def escaped(path: str) -> str:
    """A path as a pattern that matches only itself, from the root of the snapshot on."""
    special = "\\*?[$"
    return "".join({"$": "$$"}.get(sign, f"\\{sign}") if sign in special else sign for sign in path)
