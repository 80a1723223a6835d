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
    ("the backup never ran: it wrote nothing down", "la sauvegarde n'a jamais tourné"),
    ("nothing was ever restored from these copies", "rien n'a jamais été restauré de ces copies"),
    # restores
    ("{}: not restored", "{} : pas restauré"),
    ("{} from {}: not restored: {+}", "{} depuis {} : pas restauré : {+}"),
    ("{} from {}: {} differences, first {+}", "{} depuis {} : {} différences, la première : {+}"),
    ("bytes", "le contenu diffère"),
    ("another kind", "d'une autre sorte"),
    ("leads elsewhere", "mène ailleurs"),
    ("owner {} instead of {}", "propriétaire {} au lieu de {}"),
    ("mode {} instead of {}", "droits {} au lieu de {}"),
    (
        "everything restored has changed since it was saved: nothing could be compared",
        "tout ce qui a été restauré a changé depuis : rien n'a pu être comparé",
    ),
    (
        "restoring everything would take {} h, promised are {} h",
        "tout restaurer prendrait {} h, alors que {} h sont promises",
    ),
)
