"""What is observed of people's and leavers' data in words, in English and in French: see phrases."""

from __future__ import annotations

#: Lines of observations, by the word that observers give.
USER_DATA_PHRASES: dict[str, tuple[str, str]] = {
    "archive_open": ("{}: the archive is open to others", "{} : l'archive est ouverte à d'autres"),
    "copy_of_nobody": ("{}: a copy that was handed to nobody", "{} : une copie qui n'a été remise à personne"),
    "not_told": (
        "a person with unsafe files is not told at logon",
        "qui a des fichiers non sauvegardés ne l'apprend pas en ouvrant sa session",
    ),
    "told_in_vain": (
        "a person without unsafe files is warned all the same",
        "qui n'a rien à craindre est averti tout de même",
    ),
    "not_redirected": ("{}: {+} stays on the workstation", "{} : {+} reste sur le poste"),
}
#: What Windows calls the folders.
USER_DATA_WITHIN: tuple[tuple[str, str], ...] = (("Personal", "le dossier des documents"), ("Desktop", "le bureau"))
