"""What people read, in French: the page of each user, the mail that announces the day, the calendar, the renewal list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from ansible.module_utils.policy.phrases import worded
from ansible.module_utils.windows.upgrade_costs import Renewal
from ansible.module_utils.windows.upgrade_readiness import Readiness, Reason
from ansible.module_utils.windows.upgrade_state import Record
from ansible.module_utils.windows.upgrade_terms import Terms

_DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
_MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
           "décembre")  # fmt: skip
OUTCOME_WORDS: Mapping[str, str] = {
    "keep": "conservé",
    "upgrade": "mis à niveau sur place",
    "reinstall": "réinstallé",
    "replace": "remplacé",
    "unknown_processor": "à examiner : processeur inconnu",
    "unknown_release": "à examiner : version de Windows inconnue",
    "not_evaluated": "non évalué",
    "out_of_scope": "hors périmètre",
}
_WHAT: Mapping[str, str] = {
    "upgrade": "Windows est remplacé par une version plus récente. Vos fichiers et vos programmes restent en place.",
    "reinstall": "Windows est réinstallé à neuf. Vos fichiers sont sauvegardés avant, puis remis en place.",
    "replace": "Votre poste est remplacé par un poste neuf. Vos fichiers y sont recopiés.",
}
_REASONS: Mapping[str, str] = {
    "memory": "mémoire de {seen}, il en faut {wanted}",
    "disk": "disque de {seen}, il en faut {wanted}",
    "cores": "processeur à {seen} cœur, il en faut {wanted}",
    "processor_too_old": "processeur trop ancien ({seen})",
    "processor_not_in_the_list": "processeur qui n'est pas dans la liste ({seen})",
    "release_not_in_the_list": "version {seen} absente du calendrier de l'éditeur",
    "edition_not_in_the_list": "édition {seen} absente du calendrier de l'éditeur",
    "support_ends": "fin des corrections de l'éditeur : {seen}",
    "edition_joins_no_domain": "édition {seen}, qui ne rejoint pas le domaine : licence à acheter",
    "no_path_in_place": "version trop ancienne pour une mise à niveau sur place",
    "other_architecture": "système {seen}, il faut {wanted}",
    "firmware_mode": "démarrage en mode {seen}, il faut {wanted}",
    "not_activated": "Windows n'est pas activé : licence à acheter",
    "is_a_server": "c'est un serveur",
}
#: What decides, and has to be read.
_FACTS: Mapping[str, str] = {
    "os.build": "la version de Windows",
    "os.edition_id": "l'édition de Windows",
    "memory_bytes": "la mémoire",
    "disks": "le disque",
    "processor.name": "le processeur",
    "activation.licensed": "l'activation",
}
_BEFORE: Mapping[str, str] = {
    "enable_tpm": "activer la puce de sécurité (TPM) dans les réglages du poste",
    "look_at_tpm": "regarder si la puce de sécurité (TPM) est présente",
    "switch_firmware_mode": "passer le démarrage en mode UEFI",
    "look_at_firmware": "regarder le mode de démarrage",
    "change_edition": "passer à l'édition Professionnel par sa clé, puis joindre le domaine",
    "free_disk_space": "libérer de la place sur le disque",
}


_SIMULATED = "**Parc simulé** : ces postes sont joués par un simulateur ; rien ici ne parle d'un poste réel."


def day_words(moment: datetime) -> str:
    """Such as "mardi 1er décembre 2026"."""
    number = "1er" if moment.day == 1 else str(moment.day)
    return f"{_DAYS[moment.weekday()]} {number} {_MONTHS[moment.month - 1]} {moment.year}"


def hour_words(moment: datetime) -> str:
    """Such as "8 h" or "13 h 30"."""
    return f"{moment.hour} h {moment.minute:02d}" if moment.minute else f"{moment.hour} h"


def amount_words(cents: int, currency: str) -> str:
    """Such as "15 000,00 €", with the blanks that keep a figure on one line."""
    whole, rest = divmod(abs(cents), 100)
    figures = f"{whole:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")
    sign = "€" if currency == "EUR" else currency
    return f"{'-' if cents < 0 else ''}{figures},{rest:02d}\N{NO-BREAK SPACE}{sign}"


def hours_words(hours: float) -> str:
    """Such as "3 h 30"."""
    whole, minutes = divmod(round(hours * 60), 60)
    return f"{whole} h {minutes:02d}" if minutes else f"{whole} h"


def reason_words(reason: Reason) -> str:
    """A reason as a person reads it."""
    if reason.code == "memory":
        seen, wanted = (f"{value / 1024**3:.3g} Go" for value in (reason.seen, reason.wanted))
    elif reason.code == "disk":
        seen, wanted = (f"{value / 10**9:.3g} Go" for value in (reason.seen, reason.wanted))
    elif reason.code == "support_ends":
        seen, wanted = f"{date.fromisoformat(reason.seen):%d/%m/%Y}" if reason.seen else "passée", None
    else:
        seen, wanted = reason.seen, reason.wanted
    whose = (
        " (exigence de l'éditeur)" if reason.rule == "publisher" and reason.code in ("memory", "disk", "cores") else ""
    )
    return _REASONS[reason.code].format(seen=seen, wanted=wanted) + whose


def readiness_sentence(one: Readiness) -> str:
    """What becomes of a machine and why, in one sentence."""
    parts = [reason_words(reason) for reason in one.reasons]
    if one.outcome == "not_evaluated":
        parts += _unread(one.missing)
    parts += [f"avant : {_BEFORE[name]}" for name in one.before]
    if one.isolate:
        parts.append("à isoler du réseau jusque-là")
    said = "; ".join(parts)
    return f"{one.host} : {OUTCOME_WORDS[one.outcome]}" + (f" ({said})" if said else "") + "."


def _unread(missing: Mapping[str, str]) -> Iterable[str]:
    """What was not read, by the reason; one that has no French is left to who reads the evidence."""
    facts: dict[str, list[str]] = {}
    for fact, words in _FACTS.items():
        if fact in missing:
            why = worded(missing[fact], "fr")
            facts.setdefault("" if why == missing[fact] else f" ({why})", []).append(words)
    return [f"non lu : {', '.join(words)}{why}" for why, words in facts.items()]


def marked(text: str, simulated: bool) -> str:
    """A text with a mark below its title when it speaks of machines that are played by a simulator."""
    title, _end, rest = text.partition("\n")
    return f"{title}\n\n> {_SIMULATED}\n{rest}" if simulated else text


def page(record: Record, name: str, terms: Terms) -> str:
    """What a user has to know about the day, as a page."""
    begins, ends = datetime.fromisoformat(record.begins), datetime.fromisoformat(record.ends)
    hours = terms.user_hours[record.action]
    spare = (
        "Un poste de prêt vous attend pendant ce temps ; vous y ouvrez votre session comme d'habitude.\n\n"
        if record.spare
        else ""
    )
    return (
        f"# Votre poste {record.host}\n\n"
        f"Pour {name}.\n\n"
        f"{_WHAT[record.action]}\n\n"
        f"**Quand :** {day_words(begins)}, entre {hour_words(begins)} et {hour_words(ends)}. "
        f"Vous ne pouvez pas utiliser votre poste pendant {hours_words(hours)} environ.\n\n"
        f"{spare}"
        "**Avant :**\n\n"
        "1. Rangez vos fichiers dans votre dossier personnel du serveur.\n"
        "2. Fermez vos programmes et vos documents.\n"
        "3. Laissez le poste allumé et branché sur le secteur.\n\n"
        "**Après :** ouvrez votre session comme d'habitude et vérifiez que vos fichiers sont là.\n\n"
        "Personne ne vous demandera votre mot de passe.\n\n"
        f"Ce jour ne convient pas, ou quelque chose manque ? Prévenez {terms.contact}.\n"
    )


def mail(record: Record, name: str, terms: Terms) -> dict[str, str]:
    """The announcement: subject and text."""
    begins, ends = datetime.fromisoformat(record.begins), datetime.fromisoformat(record.ends)
    spare = " Un poste de prêt vous attend." if record.spare else ""
    return {
        "subject": f"Votre poste {record.host} : {day_words(begins)}, {hour_words(begins)}",
        "text": (
            f"Bonjour {name},\n\n"
            f"{_WHAT[record.action]}\n\n"
            f"C'est prévu le {day_words(begins)}, entre {hour_words(begins)} et {hour_words(ends)}. Votre poste n'est pas "
            f"utilisable pendant {hours_words(terms.user_hours[record.action])} environ.{spare}\n\n"
            "Avant ce moment, rangez vos fichiers dans votre dossier personnel du serveur, fermez vos programmes, et laissez "
            "le poste allumé et branché.\n\n"
            f"Si ce jour ne convient pas, prévenez {terms.contact} au plus tard la veille.\n\n"
            "Personne ne vous demandera votre mot de passe.\n"
        ),
    }


def calendar(records: Iterable[Record], departments: Mapping[str, str]) -> str:
    """All waves, as a table."""
    lines = ["# Calendrier du renouvellement des postes", "", "| Vague | Jour | Heures | Poste | Service | Opération | Prêt |",
             "|---|---|---|---|---|---|---|"]  # fmt: skip
    for record in sorted(records, key=lambda each: (each.begins, each.wave, each.host)):
        begins, ends = datetime.fromisoformat(record.begins), datetime.fromisoformat(record.ends)
        lines.append(
            f"| {record.wave} | {day_words(begins)} | {hour_words(begins)} - {hour_words(ends)} | {record.host} "
            f"| {departments.get(record.host, '')} | {OUTCOME_WORDS[record.action]} | {'oui' if record.spare else ''} |"
        )
    return "\n".join(lines) + "\n"


def renewal_list(costs: Renewal, decided: Sequence[Readiness], terms: Terms) -> str:
    """What is renewed, why, and what it costs, held against the budget."""
    why = {one.host: one for one in decided}
    money = costs.currency
    lines = ["# Renouvellement des postes", "", "| Poste | Service | Décision | Matériel | Licence | Travail | Total HT | Budget |",
             "|---|---|---|---:|---:|---:|---:|---|"]  # fmt: skip
    for line in costs.lines:
        amounts = " | ".join(
            amount_words(each, money) for each in (line.hardware, line.licence, line.labour, line.total)
        )
        paid = "couvert" if line.paid else "au-delà"
        lines.append(f"| {line.host} | {line.department} | {OUTCOME_WORDS[line.outcome]} | {amounts} | {paid} |")
    kind = "TTC" if costs.budget_with_tax else "HT"
    held = (
        f"Le budget est dépassé de {amount_words(costs.beyond, money)}."
        if costs.beyond
        else f"Il reste {amount_words(costs.budget - costs.compared, money)}."
    )
    lines += [
        "",
        f"Total : {amount_words(costs.before_tax, money)} HT, {amount_words(costs.with_tax, money)} TTC. "
        f"Budget : {amount_words(costs.budget, money)} {kind}. {held}",
        "",
        f"Prix du {terms.costs.quoted_on:%d/%m/%Y}. {terms.costs.source}.",
        "",
        "## Pourquoi",
        "",
        *(f"- {readiness_sentence(why[line.host])}" for line in costs.lines),
    ]
    undecided = [one for one in decided if one.outcome in ("unknown_processor", "unknown_release", "not_evaluated")]
    if undecided:
        lines += ["", "## À examiner avant de décider", "", *(f"- {readiness_sentence(one)}" for one in undecided)]
    return "\n".join(lines) + "\n"
