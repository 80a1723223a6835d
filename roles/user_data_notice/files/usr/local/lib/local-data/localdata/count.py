"""How many files of a home, and how many bytes, lie on this machine alone. Standard library only."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import dataclass

SETTINGS = "/etc/local-data/settings.json"


@dataclass(frozen=True)
class Settings:
    """What is left out, and what is said."""

    #: Names at the top of a home that hold no work: settings and caches.
    left_out: tuple[str, ...]
    folder: str
    contact: str
    #: What somebody may keep on a machine, in megabytes.
    limit: int

    @classmethod
    def read(cls, path: str = SETTINGS) -> Settings:
        """What the administrator wrote."""
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
        return cls(tuple(found["left_out"]), str(found["folder"]), str(found["contact"]), int(found["limit_mb"]))


def count(home: str, left_out: tuple[str, ...]) -> tuple[int, int]:
    """Files and bytes of a home that are nowhere else; links are not followed, what is mounted is elsewhere."""
    files = size = 0
    device = os.lstat(home).st_dev
    for above, names, found in os.walk(home):
        if above == home:
            names[:] = [name for name in names if name not in left_out]
            found[:] = [name for name in found if name not in left_out]
        names[:] = [name for name in names if _device(os.path.join(above, name)) == device]
        for name in found:
            try:
                state = os.lstat(os.path.join(above, name))
            except FileNotFoundError:
                continue
            if stat.S_ISREG(state.st_mode):
                files, size = files + 1, size + state.st_size
    return files, size


def _device(path: str) -> int | None:
    try:
        return os.lstat(path).st_dev
    except OSError:
        return None


def size_in_words(size: int) -> str:
    """A size as people read it."""
    for unit in ("octets", "Ko", "Mo"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit != "Mo" else f"{size:.1f} Mo".replace(".", ",")
        size /= 1000  # type: ignore[assignment]
    return f"{size:.1f} Go".replace(".", ",")


def notice(login: str, files: int, size: int, settings: Settings) -> str:
    """What somebody reads at logon; empty when everything is safe."""
    if not files:
        return ""
    what = "1 fichier n'est pas" if files == 1 else f"{files} fichiers ne sont pas"
    over = (
        f"  C'est plus que les {settings.limit} Mo admis sur un poste.\n" if size > settings.limit * 1_000_000 else ""
    )
    return (
        f"\n  Sur ce poste, {what} à l'abri ({size_in_words(size)}).\n"
        f"  Ce qui est ici n'est pas sauvegardé : si le disque tombe en panne, c'est perdu.\n"
        f"{over}"
        f"  Rangez votre travail dans votre dossier personnel, sauvegardé chaque jour :\n"
        f"      {settings.folder.replace('{login}', login)}\n"
        f"  Une question : {settings.contact}.\n"
    )
