"""The sheet that hands somebody their second factor, beside the letter of their first password: one page, in French."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from ansible.module_utils.ad.letter_text import long_date, western
from ansible.module_utils.ad.letters import LEFT, TOP, WIDTH, LetterError, _add_fonts, _blank_page
from ansible.module_utils.linux.vpn_totp import DIGITS, STEP_SECONDS, address, groups


@dataclass(frozen=True)
class Stationery:
    """What is the same on every sheet of a site."""

    client_name: str
    site_name: str
    contact: str


def paragraphs(login: str, secret: str, stationery: Stationery, *, administrator: bool) -> list[tuple[str, str]]:
    """What the sheet says: kind of line (title, text, mono) and text."""
    use = "administrer les serveurs et la passerelle" if administrator else "travailler à distance"
    connect = (
        "À la connexion par ssh, donnez d’abord le code, puis le mot de passe de ce compte."
        if administrator
        else "Au moment de vous connecter, le logiciel OpenVPN demande votre identifiant, votre mot de passe habituel et "
        "le code affiché par l’application. Le profil vous est remis avec l’ordinateur portable ; il ne sert que sur lui."
    )
    return [
        ("title", f"Votre second facteur pour {use}"),
        ("text", f"Identifiant : {login}"),
        (
            "text",
            f"1. Installez sur votre téléphone une application de codes à usage unique (TOTP, {DIGITS} chiffres, "
            f"{STEP_SECONDS} secondes). 2. Ajoutez un compte en saisissant la clé ci-dessous. 3. {connect}",
        ),
        ("mono", groups(secret)),
        ("text", "La même clé, sous la forme que certaines applications acceptent d’un seul tenant :"),
        ("small", address(secret, login, stationery.client_name)),
        (
            "text",
            "Cette clé vaut un mot de passe : ne la photographiez pas, ne l’envoyez pas, détruisez cette feuille une fois "
            "le compte ajouté. Un code ne sert qu’une fois ; attendez le suivant s’il est refusé.",
        ),
        (
            "text",
            "Ordinateur ou téléphone perdu, volé ou cédé : prévenez aussitôt, l’accès est coupé dans l’heure et refait "
            f"ensuite. {stationery.contact}",
        ),
    ]


def render(
    login: str, display_name: str, secret: str, day: date, stationery: Stationery, *, administrator: bool = False
) -> bytes:
    """The sheet as a PDF.

    :raises LetterError: fpdf2 is missing.
    """
    pdf: Any = _blank_page()
    own = _add_fonts(pdf)
    body, mono = ("body", "mono") if own else ("Helvetica", "Courier")
    fonts = {"title": (body, "B", 13), "text": (body, "", 10), "mono": (mono, "B", 15), "small": (mono, "B", 8)}
    pdf.set_title(f"Second facteur de {login}")
    pdf.set_lang("fr-FR")
    pdf.set_xy(LEFT, TOP)
    heading = [
        ("title", stationery.client_name),
        ("text", f"{stationery.site_name}, {long_date(day)}"),
        ("text", f"{display_name}. Remis en main propre."),
    ]
    for kind, text in [*heading, *paragraphs(login, secret, stationery, administrator=administrator)]:
        pdf.set_font(*fonts[kind])
        pdf.set_x(LEFT)
        pdf.multi_cell(WIDTH, 6, text if own else western(text), align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.set_y(pdf.get_y() + 4)
    return bytes(pdf.output())


__all__ = ["LetterError", "Stationery", "paragraphs", "render"]
