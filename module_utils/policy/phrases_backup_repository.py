"""What is observed of hosts that keep backups in words, in English and in French: see phrases."""

from __future__ import annotations

#: What was tried on a server of backups, by the word of the trial.
TRIED: dict[str, tuple[str, str]] = {
    "delete_data": ("data can be deleted", "des données s'effacent"),
    "delete_index": ("an index can be deleted", "un index s'efface"),
    "delete_keys": ("keys can be deleted", "des clés s'effacent"),
    "delete_repository": ("snapshots can be deleted", "des sauvegardes s'effacent"),
    "delete_config": ("the repository's own file can be deleted", "le fichier du dépôt s'efface"),
    "delete_key": ("its own key can be deleted", "sa propre clé s'efface"),
    "delete_snapshot": ("its last backup can be deleted", "sa dernière sauvegarde s'efface"),
    "overwrite_config": ("the repository's own file can be overwritten", "le fichier du dépôt se récrit"),
    "overwrite_key": ("its own key can be overwritten", "sa propre clé se récrit"),
    "overwrite_snapshot": ("its last backup can be overwritten", "sa dernière sauvegarde se récrit"),
    "no_password": ("it opens without a password", "le dépôt s'ouvre sans mot de passe"),
    "wrong_password": ("it opens with a wrong password", "le dépôt s'ouvre avec un mot de passe faux"),
    "unknown_user": ("it opens to a user who does not exist", "le dépôt s'ouvre à qui n'existe pas"),
    "plain": ("it answers without encryption", "le serveur répond sans chiffrement"),
}
#: The same with another host's name after it.
TRIED_ON: dict[str, tuple[str, str]] = {
    "other_reads": ("the backups of {} can be read", "les sauvegardes de {} se lisent"),
    "other_lists": ("the backups of {} can be listed", "les sauvegardes de {} se parcourent"),
    "other_writes": ("something can be added to the backups of {}", "les sauvegardes de {} se complètent"),
    "other_around": (
        "the backups of {} can be reached by another path",
        "les sauvegardes de {} s'atteignent par un détour",
    ),
    "factory": ("it opens with the factory password of {}", "le dépôt s'ouvre avec le mot de passe d'usine de {}"),
}
#: What the watch over a repository says, as it writes it.
WATCHED: tuple[tuple[str, str], ...] = (
    ("{}: no successful prune for {} hours", "{} : pas d'élagage réussi depuis {} heures"),
    ("{}: no successful check for {} hours", "{} : pas de relecture réussie depuis {} heures"),
    ("{}: nothing has arrived for {} hours", "{} : rien n'est arrivé depuis {} heures"),
    (
        "{}: its part of the disk is full; it takes nothing new",
        "{} : sa part du disque est pleine, rien de neuf n'est pris",
    ),
    ("{}: the repository is not there", "{} : le dépôt a disparu"),
    ("{}: pruning failed: {}", "{} : l'élagage a échoué : {}"),
    ("{}: the data are damaged or cannot be read: {}", "{} : les données sont abîmées ou illisibles : {}"),
    (
        "{}: {} snapshots are dated in the future, the first {}",
        "{} : sauvegardes datées de l'avenir : {}, la première {}",
    ),
    (
        "{}: {} snapshots do not bear the date of their arrival, the first {}",
        "{} : sauvegardes sans la date de leur arrivée : {}, la première {}",
    ),
    (
        "the disk is full: {} % must stay free; nothing new is taken",
        "le disque est plein : {} % doivent rester libres, rien de neuf n'est pris",
    ),
    ("the disk fills up: less than {} % is free", "le disque se remplit : moins de {} % sont libres"),
    (
        "the clock has jumped since the last run, and nothing was pruned; "
        "if it is right now, run backup-repository prune --believe-clock",
        "l'horloge a sauté depuis la dernière fois et rien n'a été élagué ; "
        "si elle est juste, lancer backup-repository prune --believe-clock",
    ),
)
#: Lines of observations, by the word that observers give.
BACKUP_REPOSITORY_PHRASES: dict[str, tuple[str, str]] = {
    **{f"keeper_{name}": texts for name, texts in {**TRIED, **TRIED_ON}.items()},
    "keeper_no_timer": ("nothing starts it by the clock", "rien ne le lance à l'heure"),
    "keeper_prune_failed": ("{}: pruning did not succeed", "{} : l'élagage n'a pas réussi"),
    "keeper_prune_late": ("{}: pruned {} hours ago", "{} : élagué il y a {} heures"),
    "keeper_key_open": ("others can read the key that prunes", "d'autres peuvent lire la clé d'élagage"),
    "keeper_key_shut": ("{}: the key that prunes does not open it", "{} : la clé d'élagage ne l'ouvre pas"),
    "keeper_future": ("{}: {} dated in the future", "{} : sauvegardes datées de l'avenir : {}"),
    "keeper_misdated": (
        "{}: {} with another date than their arrival",
        "{} : sauvegardes d'une autre date que leur arrivée : {}",
    ),
    "keeper_no_offsite": ("{}: nothing off site", "{} : rien hors du site"),
    "keeper_over_quota": ("{}: {} % of its part", "{} : {} % de sa part"),
    "keeper_shut": ("{}: takes nothing new", "{} : ne prend rien de neuf"),
    "keeper_domain": ("part of a domain: {}", "rattachée à un domaine : {}"),
    "keeper_factory_logon": ("{}: factory password or none", "{} : mot de passe d'usine, ou aucun"),
    "keeper_mirrors_gone": ("mirrors that are there: {}, declared: {}", "miroirs présents : {}, déclarés : {}"),
    "keeper_disk": ("{}: a disk has failed", "{} : un disque est en panne"),
    **{f"keeper_watch_{number}": texts for number, texts in enumerate(WATCHED)},
}
