"""What is observed of mirrored disks in words, in English and in French: see phrases."""

from __future__ import annotations

#: Lines of observations, by the word that observers give.
RAID_PHRASES: dict[str, tuple[str, str]] = {
    "raid_level": ("{}: {} instead of a mirror", "{} : {} au lieu d'un miroir"),
    "odd_disks": ("{}: {} disks, which is no even number", "{} : nombre de disques {}, qui n'est pas pair"),
    "unequal_disks": ("{}: disks of unequal size", "{} : des disques de tailles différentes"),
    "disks_missing": ("{}: {} of {} disks hold the data", "{} : disques qui portent les données : {} sur {}"),
    "disk_failed": ("{}: the disk {} failed", "{} : le disque {} est en panne"),
    "disk_behind": ("{}: the disk {} is behind the others", "{} : le disque {} est en retard sur les autres"),
    "rebuilding": ("{}: a disk is still being filled", "{} : un disque est encore en cours de remplissage"),
    "serves_nothing": ("{}: serves nothing", "{} : ne sert plus rien"),
    "sectors_differ": ("{}: {} sectors differ", "{} : secteurs qui diffèrent : {}"),
    "off_the_mirror": ("{}: on {}, which is no mirror", "{} : sur {}, qui n'est pas un miroir"),
    "mounted_by_number": (
        "{}: mounted by {}, which may be another disk at the next start",
        "{} : monté par {}, qui peut désigner un autre disque au prochain démarrage",
    ),
    "disk_ill": ("{}: says of itself that it fails", "{} : annonce lui-même sa panne"),
    "bad_sectors": ("{}: {} bad sectors", "{} : secteurs défectueux : {}"),
    "copy_here": ("{}: the copy is on this very machine", "{} : la copie est sur la machine elle-même"),
    "nothing_but_the_mirror": (
        "no backup on another machine: the mirror alone protects nothing",
        "aucune sauvegarde sur une autre machine : le miroir seul ne protège de rien",
    ),
}
