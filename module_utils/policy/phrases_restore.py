"""What is observed of restores in words, in English and in French: see phrases."""

from __future__ import annotations

#: Lines of observations, by the word that observers give.
RESTORE_PHRASES: dict[str, tuple[str, str]] = {
    "no_weekly_drill": ("no restore is tried every week", "aucune restauration n'est essayée chaque semaine"),
    "set_not_restored": ("{}: the last restore proved nothing", "{} : le dernier essai n'a rien prouvé"),
    "restored_otherwise": ("came back otherwise: {+}", "revenu autrement : {+}"),
    "not_in_bin": ("{}: a deleted file does not come back", "{} : un fichier supprimé ne revient pas de la corbeille"),
}
