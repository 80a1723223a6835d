"""What is observed of backups in words, in English and in French: see phrases."""

from __future__ import annotations

#: Lines of observations, by the word that observers give.
BACKUP_PHRASES: dict[str, tuple[str, str]] = {
    "backup_not_active": ("no timer starts the backup", "aucune minuterie ne lance la sauvegarde"),
    "backup_not_enabled": (
        "after a restart no timer starts the backup",
        "après un redémarrage, aucune minuterie ne lance la sauvegarde",
    ),
    "backup_not_persistent": (
        "a backup that was missed is not made up for",
        "une sauvegarde manquée n'est pas rattrapée",
    ),
    "backup_not_bounded": ("a backup may run for ever", "une sauvegarde peut durer sans fin"),
    "backup_last_failed": ("the last backup failed", "la dernière sauvegarde a échoué"),
    "no_copy_of": ("{}: no copy in {}", "{} : aucune copie dans {}"),
    "empty_copy_of": ("{}: the copy in {} holds nothing", "{} : la copie dans {} est vide"),
    "future_copy_of": ("{}: a copy in {} is dated in the future", "{} : une copie dans {} est datée du futur"),
    "share_left_out": ("share {}: nothing of it in {}", "partage {} : rien n'en est copié dans {}"),
    "share_in_part": (
        "share {}: missing in {}: {} at least",
        "partage {} : éléments qui manquent dans {} : {} au moins",
    ),
    "no_directory_copy": ("no copy of the directory in {}", "aucune copie de l'annuaire dans {}"),
    "directory_lacks": ("copy of the directory in {} lacks: {}", "copie de l'annuaire dans {}, il manque : {}"),
    "opened_as_administrator": ("{} is opened with the key of {}", "{} s'ouvre avec la clé de {}"),
    "backup_alert": ("backup alert: {+}", "alerte de sauvegarde : {+}"),
}

#: Alerts as the program on the host words them.
BACKUP_WITHIN: tuple[tuple[str, str], ...] = (
    ("{} was not saved to {}: {+}", "{} n'a pas été sauvegardé vers {} : {+}"),
    ("{} was not saved: {+}", "{} n'a pas été sauvegardé : {+}"),
    ("{} was never saved to {}", "{} n'a jamais été sauvegardé vers {}"),
    ("{} was not saved for {} hours to {}", "{} n'a pas été sauvegardé depuis {} heures vers {}"),
    ("{}: the key in {} does not open it", "{} : la clé de {} ne l'ouvre pas"),
    (
        "{}: the server does not admit {} (wrong password?)",
        "{} : le serveur n'admet pas {} (mot de passe erroné ?)",
    ),
    ("{}: the server is not reached any more since {} s", "{} : le serveur ne répond plus depuis {} s"),
    (
        "{}: the repository's disk or quota is full ({})",
        "{} : le disque ou le quota du dépôt est plein ({})",
    ),
    ("{}: a snapshot of {} is dated in the future", "{} : une copie de {} est datée du futur"),
    ("the backup was interrupted: {}", "la sauvegarde a été interrompue : {}"),
    ("the backup was interrupted", "la sauvegarde a été interrompue"),
)
