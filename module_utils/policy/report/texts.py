"""Every word the reports say by themselves, in French and in English. What comes from a policy is not here."""

from __future__ import annotations

LANGUAGES = ("fr", "en")

WEEKDAYS = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTHS = {
    "fr": (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    "en": (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}

# The five verdicts: one word for a label, one sentence for the glossary.
VERDICTS = {
    "fr": {
        "pass": "Respecté",
        "fail": "Non respecté",
        "waived": "Dérogation",
        "not_evaluated": "Non mesuré",
        "not_applicable": "Sans objet",
    },
    "en": {
        "pass": "Met",
        "fail": "Not met",
        "waived": "Waived",
        "not_evaluated": "Not measured",
        "not_applicable": "Not applicable",
    },
}
# The same said of one rule, and of several.
VERDICTS_ONE = {
    "fr": {
        "pass": "respectée",
        "fail": "non respectée",
        "waived": "par dérogation",
        "not_evaluated": "non mesurée",
        "not_applicable": "sans objet",
    },
    "en": {
        "pass": "met",
        "fail": "not met",
        "waived": "waived",
        "not_evaluated": "not measured",
        "not_applicable": "not applicable",
    },
}
VERDICTS_MANY = {
    "fr": {
        "pass": "respectées",
        "fail": "non respectées",
        "waived": "par dérogation",
        "not_evaluated": "non mesurées",
        "not_applicable": "sans objet",
    },
    "en": {
        "pass": "met",
        "fail": "not met",
        "waived": "waived",
        "not_evaluated": "not measured",
        "not_applicable": "not applicable",
    },
}
GLOSSARY = {
    "fr": {
        "pass": "La règle a été vérifiée sur la machine elle-même, et ce qui a été constaté y répond.",
        "fail": "La règle a été vérifiée, et ce qui a été constaté n’y répond pas. Une correction est nécessaire.",
        "waived": "La règle n’est pas tenue, mais l’écart a été accepté par écrit, par une personne désignée et "
        "jusqu’à une date fixée. Au-delà de la valeur acceptée ou de cette date, il redevient un manquement.",
        "not_evaluated": "La vérification n’a pas pu avoir lieu. On ne sait donc pas si la règle est tenue : "
        "ce n’est ni un succès, ni un manquement.",
        "not_applicable": "La règle ne concerne pas cette machine ou ce site.",
    },
    "en": {
        "pass": "The rule was checked on the machine itself, and what was found complies.",
        "fail": "The rule was checked, and what was found does not comply. It has to be corrected.",
        "waived": "The rule is not kept, but the gap was accepted in writing, by a named person and until a set date. "
        "Beyond the accepted value or after that date, it counts as not met again.",
        "not_evaluated": "The check could not take place. Nobody knows whether the rule is kept: "
        "this is neither a success nor a failure.",
        "not_applicable": "The rule does not concern this machine or this site.",
    },
}
GLOSSARY_RULE = {
    "fr": "Une règle vérifiée sur plusieurs machines prend le moins bon des résultats constatés. Une machine qui "
    "n’a pas répondu du tout est comptée à part, dans la couverture.",
    "en": "A rule checked on several machines takes the worst of what was found. A machine that did not answer at all "
    "is counted apart, in the coverage.",
}

SEVERITIES = {
    "fr": {"critical": "Critique", "high": "Importante", "medium": "Moyenne", "low": "Faible", "info": "Information"},
    "en": {"critical": "Critical", "high": "High", "medium": "Medium", "low": "Low", "info": "Information"},
}
URGENCY = {
    "fr": {
        "critical": "À traiter sans attendre",
        "high": "À traiter dans la semaine",
        "medium": "À planifier",
        "low": "À corriger à l’occasion",
        "info": "Pour information",
    },
    "en": {
        "critical": "To be dealt with at once",
        "high": "To be dealt with this week",
        "medium": "To be planned",
        "low": "To be corrected when convenient",
        "info": "For information",
    },
}
MEASURED_BY = {
    "fr": {
        "configuration": "lecture du réglage en vigueur",
        "probe": "essai réel",
        "evidence": "pièce justificative",
        "computed": "calcul à partir des relevés",
    },
    "en": {
        "configuration": "the setting in force was read",
        "probe": "it was tried for real",
        "evidence": "a supporting document",
        "computed": "computed from what was read",
    },
}

# Singular and plural.
NOUNS = {
    "fr": {
        "rule": ("règle", "règles"),
        "check": ("vérification", "vérifications"),
        "machine": ("machine", "machines"),
        "workstation": ("poste", "postes"),
        "server": ("serveur", "serveurs"),
        "value": ("valeur différente", "valeurs différentes"),
        "attestation": ("attestation", "attestations"),
        "day": ("jour", "jours"),
    },
    "en": {
        "rule": ("rule", "rules"),
        "check": ("check", "checks"),
        "machine": ("machine", "machines"),
        "workstation": ("workstation", "workstations"),
        "server": ("server", "servers"),
        "value": ("different value", "different values"),
        "attestation": ("attestation", "attestations"),
        "day": ("day", "days"),
    },
}
UNITS = {
    "fr": {
        "seconds": ("seconde", "secondes"),
        "minutes": ("minute", "minutes"),
        "hours": ("heure", "heures"),
        "days": ("jour", "jours"),
        "weeks": ("semaine", "semaines"),
        "months": ("mois", "mois"),
        "years": ("an", "ans"),
        "percent": ("%", "%"),
        "characters": ("caractère", "caractères"),
        "attempts": ("essai", "essais"),
        "passwords": ("mot de passe", "mots de passe"),
        "accounts": ("compte", "comptes"),
        "people": ("personne", "personnes"),
        "machines": ("machine", "machines"),
        "files": ("fichier", "fichiers"),
        "updates": ("mise à jour", "mises à jour"),
        "disks": ("disque", "disques"),
        "copies": ("copie", "copies"),
        "repositories": ("dépôt", "dépôts"),
        "kinds of characters": ("sorte de caractères", "sortes de caractères"),
        "bits": ("bit", "bits"),
        "MB": ("Mo", "Mo"),
        "GB": ("Go", "Go"),
        "TB": ("To", "To"),
        "lines_per_second": ("ligne par seconde", "lignes par seconde"),
    },
    "en": {
        "seconds": ("second", "seconds"),
        "minutes": ("minute", "minutes"),
        "hours": ("hour", "hours"),
        "days": ("day", "days"),
        "weeks": ("week", "weeks"),
        "months": ("month", "months"),
        "years": ("year", "years"),
        "percent": ("%", "%"),
        "characters": ("character", "characters"),
        "attempts": ("attempt", "attempts"),
        "passwords": ("password", "passwords"),
        "accounts": ("account", "accounts"),
        "people": ("person", "people"),
        "machines": ("machine", "machines"),
        "files": ("file", "files"),
        "updates": ("update", "updates"),
        "disks": ("disk", "disks"),
        "copies": ("copy", "copies"),
        "repositories": ("repository", "repositories"),
        "kinds of characters": ("kind of character", "kinds of characters"),
        "bits": ("bit", "bits"),
        "MB": ("MB", "MB"),
        "GB": ("GB", "GB"),
        "TB": ("TB", "TB"),
        "lines_per_second": ("line per second", "lines per second"),
    },
}
OPERATORS = {
    "fr": {
        "at_most": "au plus {}",
        "at_least": "au moins {}",
        "equals": "{}",
        "within": "rien d’autre que {}",
        "includes": "au moins {}",
        "excludes": "aucun de {}",
    },
    "en": {
        "at_most": "at most {}",
        "at_least": "at least {}",
        "equals": "{}",
        "within": "nothing but {}",
        "includes": "at least {}",
        "excludes": "none of {}",
    },
}
WORDS = {
    "fr": {
        "yes": "oui",
        "no": "non",
        "nothing": "aucune valeur",
        "none": "aucun élément",
        "empty": "vide",
        "unread": "non lu",
        "as_said": "comme le dit la règle",
        "no_date": "sans date",
        "and_others": "et {n} autres",
        "from_to": "de {low} à {high}",
    },
    "en": {
        "yes": "yes",
        "no": "no",
        "nothing": "no value",
        "none": "nothing",
        "empty": "empty",
        "unread": "not read",
        "as_said": "as the rule says",
        "no_date": "no date",
        "and_others": "and {n} more",
        "from_to": "from {low} to {high}",
    },
}

# Names of the catalogue's topics; a run may bring its own in "topics".
TOPICS = {
    "fr": {
        "access": "Accès",
        "antivirus": "Antivirus",
        "backup": "Sauvegardes",
        "contract": "Contrat",
        "directory": "Annuaire",
        "filtering": "Filtrage d’Internet",
        "firewall": "Pare-feu",
        "identity": "Accès et identifiants",
        "inventory": "Inventaire",
        "legal": "Obligations légales",
        "licences": "Licences",
        "logs": "Journaux",
        "mail": "Messagerie",
        "monitoring": "Supervision",
        "nas": "Stockage",
        "network": "Réseau",
        "passwords": "Mots de passe",
        "physical": "Locaux et matériel",
        "privacy": "Données personnelles",
        "raid": "Disques en miroir",
        "shares": "Dossiers partagés",
        "ticketing": "Demandes d’assistance",
        "upgrade": "Mises à niveau",
        "updates": "Mises à jour",
        "vpn": "Accès à distance",
        "workstation": "Postes de travail",
        "workstations": "Postes de travail",
    },
    "en": {
        "antivirus": "Antivirus",
        "vpn": "Remote access",
        "nas": "Storage",
        "raid": "Mirrored disks",
        "filtering": "Internet filtering",
        "identity": "Access and identities",
        "privacy": "Personal data",
    },
}

DOCUMENTS = {"fr": {"charter": "Charte informatique"}, "en": {"charter": "IT charter"}}
