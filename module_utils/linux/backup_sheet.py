"""The sheet that gives the backups back when everything else is gone: printed, in French, kept away from the site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from ansible.module_utils.ad.letter_text import long_date, western
from ansible.module_utils.ad.letters import LEFT, TOP, WIDTH, LetterError, _add_fonts, _blank_page

_BOTTOM = 275


@dataclass(frozen=True)
class Place:
    """A repository: the host that keeps it, where that is, and its address."""

    host: str
    place: str
    url: str


PLACES = {"offsite": "hors du site, chez le prestataire", "onsite": "sur le site"}


def paragraphs(
    secrets: Mapping[str, str], hosts: Sequence[str], places: Sequence[Place], title: tuple[str, str], day: date
) -> list[tuple[str, str]]:
    """What the sheet of a client and a site says: kind of line (title, text, mono) and text."""
    lines = [
        ("title", title[0]),
        ("text", f"{title[1]}, {long_date(day)}"),
        ("title", "Fiche de secours des sauvegardes"),
        (
            "text",
            "Sans les clés ci-dessous, les sauvegardes sont perdues : personne ne peut les lire ni les refaire. Imprimez deux "
            "exemplaires et rangez-les sous clé en deux endroits, dont un hors du site. Détruisez le fichier et les fiches "
            "plus anciennes. Qui détient cette fiche peut lire toutes les données sauvegardées.",
        ),
        ("title", "Où sont les sauvegardes"),
        *(
            ("text", f"{PLACES.get(each.place, each.place).capitalize()} : machine {each.host}, {each.url}")
            for each in places
        ),
        ("title", "Clés des machines sauvegardées"),
        (
            "text",
            "Chaque machine a son dépôt, à son nom à la fin de l’adresse. La clé ouvre les données ; le mot de passe ouvre le "
            "serveur de sauvegarde. Les tirets comptent.",
        ),
    ]
    for host in hosts:
        lines += [
            ("strong", host),
            ("mono", f"clé            {secrets[f'{host}.key']}"),
            ("mono", f"mot de passe   {secrets[f'{host}.http']}"),
        ]
    lines += [("title", "Secondes clés, qui servent à l’élagage et ouvrent aussi les données")]
    lines += [("mono", f"{each.host:<15}{secrets[f'{each.host}.prune']}") for each in places]
    lines += [
        ("title", "Tout rétablir quand il ne reste que cette fiche"),
        (
            "text",
            "1. Sur un ordinateur sous Debian : installez le paquet restic. 2. Si le serveur de sauvegarde répond, donnez "
            "l’adresse rest:https://MACHINE:MOT-DE-PASSE@ADRESSE:PORT/MACHINE/ (certificat de l’autorité du site). S’il ne "
            "répond plus mais que son disque est là, donnez le dossier MACHINE de ce disque. 3. « restic snapshots » montre ce "
            "qui est sauvegardé, « restic restore latest --target DOSSIER » le rend ; la clé est demandée.",
        ),
        ("text", "Remise à : ______________________    le : ______________    rangée à : ______________________"),
    ]
    return lines


def render(lines: Sequence[tuple[str, str]]) -> bytes:
    """The sheet as a PDF.

    :raises LetterError: fpdf2 is missing.
    """
    pdf: Any = _blank_page()
    own = _add_fonts(pdf)
    body, mono = ("body", "mono") if own else ("Helvetica", "Courier")
    fonts = {"title": (body, "B", 12), "text": (body, "", 10), "strong": (body, "B", 10), "mono": (mono, "B", 9)}
    pdf.set_title("Fiche de secours des sauvegardes")
    pdf.set_lang("fr-FR")
    pdf.set_xy(LEFT, TOP)
    for kind, text in lines:
        if pdf.get_y() > _BOTTOM - 12:
            pdf.add_page()
            pdf.set_xy(LEFT, TOP)
        pdf.set_font(*fonts[kind])
        pdf.set_x(LEFT)
        pdf.multi_cell(WIDTH, 5, text if own else western(text), align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.set_y(pdf.get_y() + (2 if kind in ("title", "text") else 0.5))
    return bytes(pdf.output())


__all__ = ["LetterError", "Place", "paragraphs", "render"]
