"""What the letter with the first password says, in French, and how each character of a password is explained."""

from __future__ import annotations

import unicodedata
from datetime import date

from ansible.module_utils.ad.naming import latin

MONTHS = ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
          "décembre")  # fmt: skip
SIGNS = {
    "-": "tiret", "+": "plus", "=": "égal", "*": "étoile", "!": "point d’exclamation", "?": "point d’interrogation",
    "/": "barre oblique",
}  # fmt: skip
CONFUSING = "0O1lI|"
RULES = (
    "Dès la première ouverture de session, votre poste vous demande de choisir un nouveau mot de passe\u202f: celui de "
    "cette lettre ne sert qu’une fois.",
    "Le mot de passe que vous choisissez est personnel et confidentiel. Ne l’écrivez pas, ne le prêtez pas, ne le "
    "laissez pas enregistrer par un logiciel.",
    "Personne ne vous le demandera jamais, ni l’informatique, ni votre responsable, ni la direction, au téléphone, par "
    "message ou de vive voix. Si on vous le demande, refusez et prévenez-nous.",
    "Détruisez cette partie de la lettre dès que votre nouveau mot de passe est en place.",
)


def long_date(day: date) -> str:
    """A date as a French letter says it."""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def kind(character: str) -> str:
    """What is printed below a character, so that nobody takes a letter for a digit."""
    if character.isdigit():
        return "chiffre"
    if character.isalpha():
        return "MAJ." if character.isupper() else "min."
    return "signe"


def reading_help(password: str) -> list[str]:
    """Sentences that remove what doubt is left: the marks below the characters, the signs by their names."""
    signs = list(dict.fromkeys(character for character in password if not character.isalnum()))
    named = ", ".join(f"«\u00a0{sign}\u00a0» {SIGNS.get(sign, 'signe')}" for sign in signs)
    sentences = ["MAJ.\u202f: lettre majuscule, min.\u202f: lettre minuscule."]
    if named:
        sentences.append(f"Signes\u202f: {named}.")
    if not set(password) & set(CONFUSING):
        sentences.append("Ce mot de passe ne contient ni zéro, ni un, ni O ou I majuscules, ni L minuscule.")
    return sentences


def western(text: str) -> str:
    """The text in Latin-1, for the core fonts: close characters replace those that are not in it."""
    for wanted, close in (("’", "'"), ("‘", "'"), ("“", "«"), ("”", "»"), ("–", "-"), ("—", "-"), ("…", "..."),
                          ("\u202f", "\u00a0"), ("œ", "oe"), ("Œ", "Oe"), ("€", "EUR"), ("•", "-")):  # fmt: skip
        text = text.replace(wanted, close)
    return "".join(_western(character) for character in unicodedata.normalize("NFC", text))


def _western(character: str) -> str:
    if ord(character) < 0x100:
        return character
    close = latin(character).encode("latin-1", "ignore").decode("latin-1") or "?"
    return close.capitalize() if character.isupper() else close
