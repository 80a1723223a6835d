"""What is observed of the antivirus in words, in English and in French: see phrases.

Lines that programs of the hosts worded themselves are here as they write them.
"""

from __future__ import annotations

ANTIVIRUS_PHRASES: dict[str, tuple[str, str]] = {
    "antivirus_stopped": ("the antivirus is stopped", "l'antivirus est arrêté"),
    "antivirus_not_at_boot": (
        "the antivirus does not come back after a restart",
        "l'antivirus ne revient pas après un redémarrage",
    ),
    "antivirus_unreachable": ("the antivirus cannot be asked", "l'antivirus ne peut pas être interrogé"),
    "antivirus_relay_stopped": (
        "the shares cannot ask the antivirus, and give no file back",
        "les partages ne peuvent pas interroger l'antivirus, et ne rendent aucun fichier",
    ),
    "antivirus_relay_not_at_boot": (
        "what answers the shares does not come back after a restart, and they will give no file back",
        "ce qui répond aux partages ne revient pas après un redémarrage : ils ne rendront aucun fichier",
    ),
    "clean_taken": ("a clean file was taken for malware", "un fichier sain a été pris pour malveillant"),
    "malware_missed_plain": ("the test file was not found", "le fichier d'essai n'a pas été trouvé"),
    "malware_missed_nested": (
        "the test file in an archive was not found",
        "le fichier d'essai archivé n'a pas été trouvé",
    ),
    "malware_lost_plain": ("the test file was not set aside", "le fichier d'essai n'a pas été mis de côté"),
    "malware_lost_nested": (
        "the test file in an archive was not set aside",
        "le fichier d'essai archivé n'a pas été mis de côté",
    ),
    "clean_refused": ("{}: a clean file was not given back", "{} : un fichier sain n'a pas été rendu"),
    "malware_shared_plain": ("{}: the test file was given back", "{} : le fichier d'essai a été rendu"),
    "malware_shared_nested": (
        "{}: the test file in an archive was given back",
        "{} : le fichier d'essai archivé a été rendu",
    ),
    "quarantine_open": ("the quarantine is open to others", "la quarantaine est ouverte à d'autres"),
    "quarantine_shared": ("the quarantine is inside a share", "la quarantaine est dans un partage"),
    "quarantine_listed": ("somebody without rights sees into the quarantine", "la quarantaine se lit sans aucun droit"),
    "antivirus_way": ("possible without rights: {+}", "possible sans aucun droit : {+}"),
    "antivirus_silent": ("nobody is told when it stands still", "une panne ne préviendrait personne"),
    "media_unwanted": ("nothing is to be searched", "rien n'est à examiner"),
    "media_unguarded": ("nothing waits for storage", "rien n'attend les supports"),
    # what the programs say
    "clamd_mute": ("clamd does not answer", "clamd ne répond pas"),
    "clamd_mute_why": ("clamd does not answer: {}", "clamd ne répond pas : {}"),
    "clamd_blind": ("clamd does not find the test file", "clamd ne trouve pas le fichier d'essai"),
    "clamd_overdone": (
        "clamd finds something in a clean file: what it finds proves nothing",
        "clamd trouve quelque chose dans un fichier sain : ce qu'il trouve ne prouve rien",
    ),
    "signatures_unfetched": ("signatures were not fetched: {}", "les signatures n'ont pas été reçues : {}"),
    "signatures_sourceless": ("no source of signatures is given", "aucune source de signatures n'est donnée"),
    "signatures_refused": (
        "{} is refused, the former one stays: {}",
        "{} a été écarté et le précédent reste : {}",
    ),
    "search_ended": ("clamdscan ended with {} after {} files", "clamdscan s'est arrêté avec {} après {} fichiers"),
    "search_left": ("{} could not be set aside: {}", "{} n'a pas pu être mis de côté : {}"),
}
#: What was tried to stop it.
ANTIVIRUS_WITHIN: tuple[tuple[str, str], ...] = (
    ("systemctl stop {}", "arrêter {}"),
    ("SHUTDOWN", "demander au moteur de s'arrêter"),
    ("kill clamd", "tuer le moteur"),
    ("write /{}", "écrire dans /{}"),
)
