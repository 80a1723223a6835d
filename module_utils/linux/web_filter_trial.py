"""Try what the filter's own programs do when things go bad, in a folder of the trial that is removed afterwards.

The settings in force are used, with another source and nobody to alert: what is tried is what would happen here.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import Any

from ansible.module_utils.linux.web_filter import PROGRAM, WebFilterError, ask

UPDATE = "/usr/local/sbin/web-filter-update"
SITE_LISTS = "/etc/web-filter/site.json"
_SECONDS = 120
_MANY, _FEW = 50, 2
_LISTED = "name7.trial.test"


def without_lists(program: Sequence[str] = (PROGRAM,), site_lists: str = SITE_LISTS) -> list[dict[str, Any]]:
    """What the helper answers with lists missing, empty, broken, or of nothing; anything but OK is refused by Squid."""
    found = []
    with tempfile.TemporaryDirectory(prefix="web-filter-trial-") as folder:
        cases: dict[str, bytes | None] = {
            "missing": None,
            "empty": b"",
            "broken": b"SQLite format 3\0" + b"\xff" * 4096,
        }
        for name, content in cases.items():
            current = os.path.join(folder, name)
            os.mkdir(current)
            if content is not None:
                with open(os.path.join(current, "categories.sqlite"), "wb") as file:
                    file.write(content)
            answer = ask([*program, "--current", current, "--site-lists", site_lists], "any.trial.test")
            found.append({"lists": name, "answer": answer, "refused": answer.split(" ", 1)[0] in ("BH", "ERR")})
    return found


def bad_sources(
    settings_file: str, update: Sequence[str] = (UPDATE,), program: Sequence[str] = (PROGRAM,)
) -> list[dict[str, Any]]:
    """For each way in which a source goes bad, whether the former list stayed in force and an alert was raised.

    :raises WebFilterError: even a good source does not give lists, so that nothing can be tried.
    """
    with tempfile.TemporaryDirectory(prefix="web-filter-trial-") as folder:
        trial = _Trial(folder, settings_file, update, program)
        trial.archive(_names(_MANY))
        code, said = trial.update()
        if code or "OK " not in trial.answer():
            raise WebFilterError(f"the filter's updater does not take a good list: {said}; see {settings_file}")
        found = []
        for name, spoil in trial.spoilers().items():
            spoil()
            code, said = trial.update()
            found.append(
                {
                    "source": name,
                    "kept": trial.answer().startswith("OK category_=trial"),
                    "alerted": bool(code and trial.alerts()),
                    "said": said[:200],
                }
            )
            trial.archive(_names(_MANY))
            trial.update()
        return found


def _names(count: int) -> list[str]:
    # The one that is asked for is in none of the bad lists.
    return [f"name{number}.trial.test" for number in range(count)]


class _Trial:
    """An updater and its lists in a folder of their own."""

    def __init__(self, folder: str, settings_file: str, update: Sequence[str], program: Sequence[str]) -> None:
        self.source = os.path.join(folder, "lists.tar.gz")
        self._state = os.path.join(folder, "state")
        self._settings = os.path.join(folder, "settings.json")
        self._site = os.path.join(folder, "site.json")
        os.mkdir(self._state)
        try:
            with open(settings_file, encoding="utf-8") as file:
                settings = dict(json.load(file))
        except (OSError, ValueError) as error:
            raise WebFilterError(f"{settings_file}: {error}; bring the gateway in line first") from error
        settings.update(
            sources=[{"name": "trial", "url": f"file://{self.source}", "form": "archive", "digests_url": ""}],
            categories=[{"name": "trial", "title": "trial", "lists": ["trial/trial"], "domains": []}],
            closed_categories=["trial"],
            proxy_address="",
            alert_command=[],
        )
        for path, content in ((self._settings, settings), (self._site, {"allowed": [], "refused": []})):
            with open(path, "w", encoding="utf-8") as file:
                json.dump(content, file)
        self._update = [*update, "--settings", self._settings, "--folder", self._state]
        current = os.path.join(self._state, "current")
        self._program = [*program, "--current", current, "--site-lists", self._site]

    def spoilers(self) -> dict[str, Callable[[], object]]:
        """Ways in which a source goes bad."""
        return {
            "cut short": self.cut,
            "empty": lambda: self.archive([]),
            "shrunken": lambda: self.archive(_names(_FEW)),
            "not an archive": lambda: self.write(b"<html>maintenance</html>"),
            "leaving its folder": lambda: self.archive(_names(_MANY), member="../../blacklists/trial/domains"),
            "gone": lambda: os.unlink(self.source),
        }

    def archive(self, names: Sequence[str], member: str = "blacklists/trial/domains") -> None:
        """Write the source's archive."""
        text = "".join(f"{name}\n" for name in names).encode()
        with tarfile.open(self.source, "w:gz") as archive:
            entry = tarfile.TarInfo(member)
            entry.size, entry.mtime = len(text), int(time.time())
            archive.addfile(entry, io.BytesIO(text))

    def cut(self) -> None:
        """Leave half of the archive."""
        with open(self.source, "r+b") as file:
            file.truncate(os.path.getsize(self.source) // 2)

    def write(self, content: bytes) -> None:
        """Something else in the archive's place."""
        with open(self.source, "wb") as file:
            file.write(content)

    def update(self) -> tuple[int, str]:
        """Code and last words of an update; the journal is not told of a trial."""
        calm = {name: value for name, value in os.environ.items() if name != "JOURNAL_STREAM"}
        try:
            done = subprocess.run(self._update, env=calm, capture_output=True, text=True, timeout=_SECONDS, check=False)
        except (OSError, subprocess.SubprocessError) as error:
            return 0, str(error)
        return done.returncode, (done.stderr or done.stdout).strip().replace(self.source, "the source")

    def answer(self) -> str:
        """What the lists in force say of a name that only the good list has."""
        return ask(self._program, _LISTED)

    def alerts(self) -> list[Any]:
        """Alerts that stand."""
        try:
            with open(os.path.join(self._state, "state.json"), encoding="utf-8") as file:
                return list(json.load(file).get("alerts", []))
        except (OSError, ValueError):
            return []
