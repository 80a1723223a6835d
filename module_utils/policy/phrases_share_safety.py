"""What observations about the brakes of the shares say in words, in English and in French; see phrases."""

from __future__ import annotations

SHARE_SAFETY_PHRASES: dict[str, tuple[str, str]] = {
    "no_quotas": ("the file system has no quotas", "le système de fichiers n'a pas de quotas"),
    "quotas_not_renewed": ("newcomers get no quota", "les nouveaux venus ne reçoivent pas de quota"),
    "other_quota": ("{+}: another quota than asked for", "{+} : un autre quota que celui demandé"),
    "beyond_person": ("{} wrote beyond their quota", "{} a écrit au-delà de son quota"),
    "beyond_share": ("a share took more than its quota", "un partage a dépassé son quota"),
    "within_refused": ("a write within the quota was refused", "une écriture dans le quota a été refusée"),
    "name_taken": ("name taken: {}", "nom accepté : {}"),
    "renaming_taken": ("a file got a suspicious name by renaming", "un fichier a pris un nom suspect par renommage"),
    "normal_name_refused": ("ordinary name refused: {}", "nom ordinaire refusé : {}"),
    "burst_unnoticed": ("{} deletions in a row raised no alarm", "{} suppressions de suite n'ont pas donné l'alarme"),
    "burst_misnamed": ("the alarm names {} from {}", "l'alarme désigne {} depuis {}"),
    "false_alarm": ("ordinary work raised an alarm: {}", "un travail ordinaire a donné l'alarme : {}"),
    "watch_stopped": ("the watch of the shares is not running", "la surveillance des partages ne tourne pas"),
}
SHARE_SAFETY_WITHIN: tuple[tuple[str, str], ...] = (("{} (files)", "{} (fichiers)"),)
