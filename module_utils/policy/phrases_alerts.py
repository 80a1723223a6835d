"""What the programs of backups and restores word themselves (alerts, reasons, differences), in English and in French.

As they write it; see phrases.
"""

from __future__ import annotations

#: Whole lines, which look like others and are tried first.
ALERTS_PHRASES: dict[str, tuple[str, str]] = {
    "snapshot_of_the_future": (
        "{}: a snapshot of {} is dated in the future",
        "{} : une copie de {} est datée du futur",
    ),
}
ALERTS_WITHIN: tuple[tuple[str, str], ...] = (
    # backups, as the saved machine raises them; what its observers meet is with them (phrases_backup)
    ("the repository is not whole: {+}", "le dépôt n'est pas intact : {+}"),
    ("the clock of the server of {} is off by {} s", "l'horloge du serveur de {} s'écarte de {} s"),
    (
        "this host's clock is off by {} s; snapshots are dated by the servers",
        "l'horloge de cette machine s'écarte de {} s ; les copies sont datées par les serveurs",
    ),
    (
        "{}: strange growth: {} MiB are new, where {} MiB were saved before and {} MiB would be much; look for malware "
        "before the old snapshots are gone",
        "{} : croissance étrange, {} Mio de nouveau pour {} Mio sauvegardés avant, quand {} Mio seraient déjà beaucoup ; "
        "cherchez un logiciel malveillant tant que les anciennes copies sont là",
    ),
    (
        "{}: strange change: {} % of the files were changed since the last snapshot",
        "{} : changement étrange, {} % des fichiers ont changé depuis la dernière copie",
    ),
    (
        "{}: strange loss: {} % of the files are gone since the last snapshot",
        "{} : perte étrange, {} % des fichiers ont disparu depuis la dernière copie",
    ),
    ("{}: there is no repository", "{} : il n'y a pas de dépôt"),
    ("{}: there is no repository ({})", "{} : il n'y a pas de dépôt ({})"),
    ("{}: somebody else has locked it", "{} : quelqu'un d'autre l'a verrouillé"),
    ("{}: somebody else has locked it ({})", "{} : quelqu'un d'autre l'a verrouillé ({})"),
    ("{}: not everything could be read ({})", "{} : tout n'a pas pu être lu ({})"),
    ("{}: the repository's disk or quota is full", "{} : le disque ou la part de ce dépôt est plein"),
    (
        "{}: another repository than {} stands at {}; nothing was saved there. If that is meant, run {}",
        "{} : un autre dépôt que {} est à {} ; rien n'y est sauvegardé. Si c'est voulu, lancez {}",
    ),
    (
        "{}: the repository {} is gone from {}; nothing was made in its place. If that is meant, run {}",
        "{} : le dépôt {} n'est plus à {} ; rien n'a été mis à sa place. Si c'est voulu, lancez {}",
    ),
    ("{}: the server answers {}", "{} : le serveur répond {}"),
    ("{}: the server is not reached: {+}", "{} : le serveur n'est pas atteint : {+}"),
    (
        "{}: the server's certificate is not the site's, or not valid now: {}",
        "{} : le certificat du serveur n'est pas celui du site, ou n'est pas valable à cette date : {}",
    ),
    # why a fact is missing
    ("the collector did not run", "le relevé n'a pas eu lieu"),
    ("the collector returned nothing", "le relevé n'a rien rendu"),
    ("unreachable: {+}", "injoignable : {+}"),
    ("Failed to connect to the host via ssh: {}", "la connexion par ssh n'aboutit pas : {}"),
    (
        "the last update is dated in the future; compare the clocks",
        "la dernière mise à jour est datée du futur ; comparez les horloges",
    ),
    (
        "the last watch is dated in the future; compare the clocks",
        "le dernier contrôle est daté du futur ; comparez les horloges",
    ),
    (
        "the last scan is dated in the future; compare the clocks",
        "le dernier examen est daté du futur ; comparez les horloges",
    ),
    ("the backup never ran: it wrote nothing down", "la sauvegarde n'a jamais tourné"),
    ("nothing was ever restored from these copies", "rien n'a jamais été restauré de ces copies"),
    ("no restore was ever tried", "aucune restauration n'a jamais été essayée"),
    ("no restore has been proven", "aucune restauration n'a fait ses preuves"),
    ("no full rehearsal has taken place", "aucune répétition complète n'a eu lieu"),
    ("a proof is dated in the future; compare the clocks", "une preuve est datée du futur ; comparez les horloges"),
    (
        "a set was not restored: how long all of it takes is not known",
        "un ensemble n'a pas été restauré, la durée totale reste inconnue",
    ),
    (
        "the history of the drills does not end with the last one",
        "l'historique des essais ne se termine pas par le dernier",
    ),
    ("a share had no answer", "un partage n'a pas répondu"),
    ("{} has a disk of unknown size", "{} a un disque dont la taille est inconnue"),
    ("{} was never compared", "{} n'a jamais été comparé"),
    ("{} was never pruned", "{} n'a jamais été élagué"),
    ("nothing was saved, so that nothing was looked into", "rien n'est sauvegardé, rien n'a donc été examiné"),
    ("the disk has no SMART", "le disque ne dit rien de sa santé"),
    ("smartctl gave no answer", "le disque n'a pas répondu sur sa santé"),
    ("no update was ever written down; look at {}", "aucune mise à jour n'a été notée ; voyez {}"),
    ("no watch was ever written down; look at {}", "aucun contrôle n'a été noté ; voyez {}"),
    ("no scan was ever written down; look at {}", "aucun examen n'a été noté ; voyez {}"),
    # restores
    ("{}: not restored", "{} : pas restauré"),
    ("{} from {}: not restored: {+}", "{} depuis {} : pas restauré : {+}"),
    ("{} from {}: {} differences, first {+}", "{} depuis {}, différences : {}, la première : {+}"),
    ("bytes", "le contenu diffère"),
    ("another kind", "d'une autre sorte"),
    ("leads elsewhere", "mène ailleurs"),
    ("owner {} instead of {}, {+}", "propriétaire {} au lieu de {}, {+}"),
    ("mode {} instead of {}, {+}", "droits {} au lieu de {}, {+}"),
    ("owner {} instead of {}", "propriétaire {} au lieu de {}"),
    ("mode {} instead of {}", "droits {} au lieu de {}"),
    (
        "everything restored has changed since it was saved: nothing could be compared",
        "tout ce qui a été restauré a changé depuis : rien n'a pu être comparé",
    ),
    (
        "restoring everything would take {} h, promised are {} h",
        "tout restaurer prendrait {} h, la promesse est de {} h",
    ),
)
