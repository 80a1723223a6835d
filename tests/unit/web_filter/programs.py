"""The role's programs, where the tests find them, and small sources to feed them with."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import tarfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.unit.host_library import programs

FILES = ROOT / "roles" / "web_filter" / "files" / "usr" / "local"
SBIN = FILES / "sbin"
LIBRARY = str(FILES / "lib" / "web-filter")
if LIBRARY not in sys.path:
    sys.path.append(LIBRARY)


def command(name: str) -> list[str]:
    """A program, by the interpreter of the tests."""
    return programs.command(SBIN / name)


def settings(source: Path, lists: Mapping[str, Sequence[str]], **other: Any) -> dict[str, Any]:
    """Settings of a site that fetches one archive."""
    return {
        "sources": [{"name": "toulouse", "url": f"file://{source}", "form": "archive", "digests_url": ""}],
        "categories": [
            {"name": name, "title": name, "lists": [f"toulouse/{each}" for each in names], "domains": []}
            for name, names in lists.items()
        ],
        "closed_categories": list(lists),
        "canary_domain": "canari.test",
        "lists_at_most_days": 7,
        "published_at_most_days": 30,
        "canary_at_most_minutes": 15,
        "greatest_loss_percent": 20,
        "largest_download_bytes": 1_000_000,
        "timeout_seconds": 5,
        "kept_generations": 1,
        "proxy_address": "",
        "proxy_port": 3128,
        "certificates": "",
        "alert_command": [],
        **other,
    }


def archive(path: Path, files: Mapping[str, str | bytes], when: float | None = None) -> Path:
    """An archive with those files, each below blacklists/."""
    with tarfile.open(path, "w:gz") as kept:
        for name, text in files.items():
            content = text.encode() if isinstance(text, str) else text
            member = tarfile.TarInfo(name if name.startswith(("/", "..")) else f"blacklists/{name}")
            member.size, member.mtime = len(content), int(when or time.time())
            kept.addfile(member, io.BytesIO(content))
    return path


def domains(prefix: str, count: int) -> str:
    return "".join(f"{prefix}{number}.test\n" for number in range(count))


class Site:
    """A site's filter in a folder: an archive, settings, state."""

    def __init__(self, folder: Path) -> None:
        self.source = folder / "lists.tar.gz"
        self.settings = folder / "config.json"
        self.site_lists = folder / "site.json"
        self.state = folder / "state"
        self.state.mkdir()
        self.site_lists.write_text('{"allowed": [], "refused": []}', encoding="utf-8")
        self.configure()
        self.publish()

    def configure(self, **other: Any) -> None:
        lists = {"pornography": ["adult"], "hate": ["agressif"]}
        self.settings.write_text(json.dumps({**settings(self.source, lists), **other}), encoding="utf-8")

    def publish(self, adult: str | bytes | None = None, agressif: str | None = None, **other: Any) -> None:
        files: dict[str, str | bytes] = {
            "adult/domains": domains("a", 20) if adult is None else adult,
            "adult/urls": "shared.test/adult/\n",
            "agressif/domains": domains("h", 10) if agressif is None else agressif,
        }
        archive(self.source, {**files, **other.pop("files", {})}, **other)

    def update(self, *more: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                *command("web-filter-update"),
                "--settings",
                str(self.settings),
                "--folder",
                str(self.state),
                *more,
            ],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            env={"PATH": "/usr/bin:/bin", **environment},
        )

    def ask(self, *hosts: str) -> list[str]:
        lines = "".join(f"{number} {host} -\n" for number, host in enumerate(hosts))
        said = subprocess.run(self.helper(), input=lines, capture_output=True, text=True, check=True, timeout=30)
        return [line.partition(" ")[2] for line in said.stdout.splitlines()]

    def helper(self) -> list[str]:
        return [
            *command("web-category"),
            "--current",
            str(self.state / "current"),
            "--site-lists",
            str(self.site_lists),
        ]

    def written(self) -> dict[str, Any]:
        return dict(json.loads((self.state / "state.json").read_text(encoding="utf-8")))
