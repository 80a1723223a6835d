"""Keys and passwords of backups, made once on the controller and kept in a folder for its owner alone.

<host>.http          its password for the servers of backups
<host>.key           what opens its repositories: without it a backup is lost
<repository>.prune   the second key, with which the host that keeps a repository lets go of old backups
fiche_de_secours.pdf to be printed and kept elsewhere; made anew when what it says changes
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ansible.module_utils.ad.first_passwords import private_directory, write_privately

PASSWORD, KEY, PRUNE = "http", "key", "prune"
SHEET, INDEX = "fiche_de_secours.pdf", "sheet.json"
#: Letters and figures that nobody takes for another when they read them from paper; nearly 5 bits each.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 8, 5


class SecretsError(Exception):
    """The folder cannot be used; the message names the file and what to do."""


@dataclass
class Plan:
    """Which files are to be made."""

    made: list[str] = field(default_factory=list)
    sheet: bool = False


def new_secret() -> str:
    """Eight groups that can be typed from paper."""
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def names(hosts: Iterable[str], repositories: Iterable[str]) -> list[str]:
    """All files."""
    return sorted(
        {f"{host}.{kind}" for host in hosts for kind in (PASSWORD, KEY)} | {f"{name}.{PRUNE}" for name in repositories}
    )


def read(folder: Path, name: str) -> str:
    """A secret.

    :raises SecretsError: it is empty or others can read it.
    """
    file = folder / name
    text = file.read_text("utf-8").strip()
    if len(text) < _GROUPS * _GROUP // 2:
        raise SecretsError(
            f"{file}: holds no key; bring it back from the recovery sheet. Where nothing was ever saved with it, remove it"
        )
    if file.stat().st_mode & 0o077:
        raise SecretsError(f"{file}: is open to other users; run chmod 600 on it")
    return text


def reconcile(
    folder: Path, wanted: Iterable[str], render: Callable[[dict[str, str]], bytes], about: str, *, dry: bool
) -> Plan:
    """Make what is missing, and the sheet when it says something else than the keys. Nothing is ever replaced or removed.

    :raises SecretsError: a file that is there cannot be used.
    """
    plan = Plan()
    if folder.exists() or not dry:
        private_directory(folder)
    known: dict[str, str] = {}
    for name in wanted:
        if (folder / name).exists():
            known[name] = read(folder, name)
            continue
        plan.made.append(name)
        if not dry:
            known[name] = new_secret()
            write_privately(folder / name, f"{known[name]}\n".encode())
    digest = hashlib.sha256(json.dumps([known, about], sort_keys=True).encode()).hexdigest()
    index = folder / INDEX
    plan.sheet = bool(plan.made) or not index.exists() or json.loads(index.read_text("utf-8")).get("digest") != digest
    if plan.sheet and not dry:
        write_privately(folder / SHEET, render(known))
        write_privately(index, json.dumps({"digest": digest}).encode())
    return plan
