"""Why a declared setting does not hold, in words; nothing else is imported, so that a report can read it too."""

from __future__ import annotations

#: Why a declared setting does not hold, and why one policy gives way to another; {by} and {at} are filled in.
REASONS = {
    "missing": ("la stratégie n'existe pas", "the policy does not exist"),
    "unlinked": ("la stratégie n'est pas liée à cet endroit", "the policy is not linked there"),
    "link_disabled": ("le lien est désactivé", "the link is disabled"),
    "half_disabled": ("cette moitié de la stratégie est désactivée", "this half of the policy is disabled"),
    "inheritance_blocked": ("l'héritage est bloqué sur {at}", "inheritance is blocked at {at}"),
    "filtered": ("le filtrage de sécurité écarte tout le monde", "security filtering keeps everybody out"),
    "version": (
        "le numéro de version ne suit pas : les postes ne relisent pas la stratégie",
        "the version number does not follow: clients do not read the policy again",
    ),
    "not_set": ("le réglage a disparu de la stratégie", "the setting is gone from the policy"),
    "changed": ("le réglage a été changé dans la stratégie", "the setting was changed in the policy"),
    "extension_missing": (
        "l'extension qui applique ce réglage n'est pas déclarée : les postes l'ignorent",
        "the extension that applies the setting is not named: clients ignore it",
    ),
    "file_disabled": ("le fichier de ce réglage est désactivé en entier", "the whole file of the setting is disabled"),
    "account_policy": (
        "un réglage des comptes ne compte que dans une stratégie liée au domaine",
        "a setting of accounts counts only in a policy linked to the domain",
    ),
    "overridden": ("remplacé par {by}, liée à {at}", "overridden by {by}, linked at {at}"),
    "enforced": ("{by} est imposée sur {at}", "{by} is enforced at {at}"),
    "nearer": ("{by} est liée plus près, à {at}", "{by} is linked nearer, at {at}"),
    "order": ("{by} passe avant, au même endroit ({at})", "{by} comes first at the same place ({at})"),
}


def says(why: str, by: str = "", at: str = "") -> dict[str, str]:
    """A reason in French and in English."""
    french, english = REASONS[why]
    return {"fr": french.format(by=by, at=at), "en": english.format(by=by, at=at)}
