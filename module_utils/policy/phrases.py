"""What observations say in words, in English and in French, written once.

An observation is kept in English (say) and shown in the language of the report (said); names in it stay.
Evidence that a host worded itself (access lists, reasons) is in the table too. In a phrase, {} stands for a name, and
{+} for something that is worded itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from ansible.module_utils.ad.group_policy.reasons import REASONS
from ansible.module_utils.policy.phrases_alerts import ALERTS_PHRASES, ALERTS_WITHIN
from ansible.module_utils.policy.phrases_antivirus import ANTIVIRUS_PHRASES, ANTIVIRUS_WITHIN
from ansible.module_utils.policy.phrases_backup import BACKUP_PHRASES, BACKUP_WITHIN
from ansible.module_utils.policy.phrases_backup_repository import BACKUP_REPOSITORY_PHRASES
from ansible.module_utils.policy.phrases_gateway import GATEWAY_PHRASES, GATEWAY_WITHIN
from ansible.module_utils.policy.phrases_raid import RAID_PHRASES
from ansible.module_utils.policy.phrases_restore import RESTORE_PHRASES
from ansible.module_utils.policy.phrases_share_safety import SHARE_SAFETY_PHRASES, SHARE_SAFETY_WITHIN
from ansible.module_utils.policy.phrases_user_data import USER_DATA_PHRASES, USER_DATA_WITHIN
from ansible.module_utils.policy.phrases_windows import WINDOWS_PHRASES, WINDOWS_WITHIN
from ansible.module_utils.policy.phrases_windows_unread import WINDOWS_UNREAD

#: Lines of observations, by the word that observers give.
PHRASES: dict[str, tuple[str, str]] = {
    # accounts and passwords
    "domain_itself": ("the domain", "le domaine"),
    "chosen_again": ("it can be chosen again", "il peut être repris"),
    "still_opens": ("it still opens a session", "il ouvre encore une session"),
    "no_account": ("{}: no account", "{} : pas de compte"),
    "account_closed": ("{}: closed", "{} : fermé"),
    "somebody_elses": ("{}: belongs to somebody else", "{} : appartient à quelqu'un d'autre"),
    "other_login": ("{} (expected {})", "{} (attendu : {})"),
    "no_mail": ("{}: no address", "{} : aucune adresse"),
    "outside_group": ("{}: not in {}", "{} : absent de {}"),
    "inside_group": ("{}: in {}", "{} : membre de {}"),
    "nobody_inside": ("{}: empty", "{} : vide"),
    "everyday_with_rights": ("{}: everyday account with full rights", "{} : compte ordinaire qui a tous les droits"),
    "no_everyday_account": ("{}: no everyday account", "{} : pas de compte ordinaire"),
    # workstations
    "wrong_password": ("wrong password", "mot de passe faux"),
    "no_password": ("no password", "sans mot de passe"),
    "logon_refused": ("{} ({}): refused", "{} ({}) : refusé"),
    # Group Policy
    "no_notice": ("{}: no notice", "{} : pas d'avis"),
    "notice_without_title": ("{}: the notice does not name {}", "{} : l'avis ne nomme pas {}"),
    "no_drive": ("{}: no drive", "{} : aucun lecteur"),
    "domain_differs": ("domain: {}", "domaine : {}"),
    "policy_without_folder": ("a policy has no folder in SYSVOL", "une stratégie n'a pas de dossier dans SYSVOL"),
    "errors_untold": ("{} errors, of which no line tells more", "{} erreurs, dont aucune ligne ne dit plus"),
    # shares
    "see": ("{}, see", "{}, voir"),
    "read": ("{}, read", "{}, lire"),
    "write": ("{}, write", "{}, écrire"),
    "delete": ("{}, delete", "{}, supprimer"),
    "delete_own": ("{}, delete one's own file", "{}, supprimer son propre fichier"),
    "as_anonymous": ("{} (anonymous)", "{} (sans nom)"),
    "as_guest": ("{} (guest)", "{} (invité)"),
    "as_unknown": ("{} (unknown)", "{} (inconnu)"),
    "unsigned_announced": ("it announces that it does without signatures", "il annonce se passer de signature"),
    "unsigned_answered": ("it answered an unsigned request", "il a répondu à une requête non signée"),
    "no_log": ("there is none", "il n'y en a pas"),
    "log_owner": ("it belongs to {}", "il appartient à {}"),
    "log_open": (
        "others than administrators read or change it",
        "d'autres que les administrateurs le lisent ou le modifient",
    ),
    # the gateway
    **GATEWAY_PHRASES,
    **ALERTS_PHRASES,
    **ANTIVIRUS_PHRASES,
    **BACKUP_PHRASES,
    **BACKUP_REPOSITORY_PHRASES,
    **USER_DATA_PHRASES,
    **RESTORE_PHRASES,
    **RAID_PHRASES,
    **SHARE_SAFETY_PHRASES,
    **WINDOWS_PHRASES,
    # What has no word of its own; after everything else, because it looks like much of it.
    "without_effect": ("{} ({}): {+}", "{} ({}) : {+}"),
    "times": ("{+} [{}]", "{+} [{}]"),
    "list": ("{}: {+}", "{} : {+}"),
}
#: What is worded within a line: reasons, and what a host says of an access list.
WITHIN: tuple[tuple[str, str], ...] = (
    *BACKUP_WITHIN,
    *ANTIVIRUS_WITHIN,
    *USER_DATA_WITHIN,
    *SHARE_SAFETY_WITHIN,
    *WINDOWS_UNREAD,
    *((english.format(by="{}", at="{}"), french.format(by="{}", at="{}")) for french, english in REASONS.values()),
    ("missing {+}", "il manque « {+} »"),
    ("too much {+}", "en trop « {+} »"),
    ("the folder is not there", "le dossier n'existe pas"),
    (
        "the entries are in an order that changes their meaning",
        "les entrées sont dans un ordre qui en change le sens",
    ),
    (
        "{} files and folders below have another list than the one they inherit",
        "{} fichiers et dossiers en dessous ont une autre liste que celle dont ils héritent",
    ),
    ("owner: nobody", "propriétaire : personne"),
    ("owner: {}", "propriétaire : {}"),
    ("inherits: yes", "hérite : oui"),
    ("inherits: no", "hérite : non"),
    ("no list: everything is allowed to everybody", "aucune liste : tout est permis à tous"),
    ("{+}, inherited", "{+}, hérité"),
    ("{}: allow {+}, {+}", "{} : autorise {+}, {+}"),
    ("{}: deny {+}, {+}", "{} : refuse {+}, {+}"),
    # Rights, and where they hold.
    ("read", "lire"),
    ("write", "écrire"),
    ("delete", "supprimer"),
    ("full", "tout"),
    ("traverse", "traverser"),
    ("deposit", "déposer"),
    ("all", "ici et en dessous"),
    ("this", "ici seulement"),
    ("below", "en dessous seulement"),
    *ALERTS_WITHIN,
    *GATEWAY_WITHIN,
    *WINDOWS_WITHIN,
)
_GAP = re.compile(r"(\{\+?\})")
#: A path below its third folder, up to what is said of it.
_INSIDE = re.compile(r"((?:/[^/]+){3})/(?:.*(?=: [^:/]*$)|.*)")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def _known(phrases: Iterable[tuple[str, str]]) -> list[tuple[re.Pattern[str], list[bool], str]]:
    """Patterns of phrases in the order in which they are tried, which of their gaps are worded, and their French."""
    found = []
    for english, french in phrases:
        pattern = "".join("(.+?)" if _GAP.fullmatch(part) else re.escape(part) for part in _GAP.split(english))
        found.append((re.compile(pattern), [gap == "{+}" for gap in _GAP.findall(english)], french.replace("+", "")))
    return found


def say(phrase: str, *names: Any) -> str:
    """A line of an observation, as it is kept."""
    return PHRASES[phrase][0].replace("{+}", "{}").format(*names)


def without_file_names(line: Any) -> str:
    """A line without what lies inside a share: the name of a file may say much of a person."""
    return _INSIDE.sub(r"\1/…", str(line))


def said(line: Any, language: str) -> str:
    """A line of an observation in the language of the reader; what is no phrase is a name, and stays."""
    return _french(str(line), _LINES) if language == "fr" else str(line)


def worded(line: Any, language: str) -> str:
    """What a host worded itself (an alert, a reason, a difference) in the language of the reader."""
    return _french(str(line), _EVERYTHING) if language == "fr" else str(line)


def _french(text: str, known: list[tuple[re.Pattern[str], list[bool], str]]) -> str:
    for pattern, worded, french in known:
        if match := pattern.fullmatch(text):
            parts = zip(match.groups(), worded, strict=True)
            return french.format(*(_french(part, _EVERYTHING) if nested else _figure(part) for part, nested in parts))
    return text


def _figure(part: str) -> str:
    """A name as it is, a figure with a comma, a day as it is written here."""
    if _DAY.fullmatch(part):
        return "/".join(reversed(part.split("-")))
    return part.removesuffix(".0").replace(".", ",") if _DECIMAL.fullmatch(part) else part


_LINES, _EVERYTHING = _known(PHRASES.values()), _known((*WITHIN, *PHRASES.values()))
