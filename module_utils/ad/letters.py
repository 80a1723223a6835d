"""The letter that hands an employee their first password: one A4 page, with a receipt to cut off and sign."""

from __future__ import annotations

import importlib
import logging
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from ansible.module_utils.ad.first_passwords import FirstPassword
from ansible.module_utils.ad.letter_text import RULES, kind, long_date, reading_help, western

#: Goes up when the page changes, so that letters already printed to file are made again.
LAYOUT = 2
#: Debian's fonts-dejavu-core; without it the core fonts are used, which know Western Europe only.
FONT_DIRECTORY = Path("/usr/share/fonts/truetype/dejavu")
_FONT_FILES = {
    ("body", ""): "DejaVuSans.ttf",
    ("body", "B"): "DejaVuSans-Bold.ttf",
    ("mono", "B"): "DejaVuSansMono-Bold.ttf",
}
_CORE_FONTS = {"body": "Helvetica", "mono": "Courier"}

LEFT, RIGHT, TOP = 22.0, 188.0, 18.0
WIDTH = RIGHT - LEFT
CUT = 226.0
CELLS_PER_ROW = 18


class LetterError(Exception):
    """A letter cannot be made; the message says which and what to do, never the password."""


@dataclass(frozen=True)
class Stationery:
    """What is the same on every letter of a site; `rules` are sentences that the client adds."""

    client_name: str
    site_name: str
    charter_title: str
    contact: str
    rules: tuple[str, ...] = ()


def render(entry: FirstPassword, stationery: Stationery) -> bytes:
    """The letter as a PDF; the same input gives the same bytes."""
    page = _Page(entry, stationery)
    page.heading()
    page.credentials()
    page.rules()
    page.receipt()
    return page.content()


class _Page:
    """One page, written from top to bottom."""

    def __init__(self, entry: FirstPassword, stationery: Stationery) -> None:
        self.entry, self.stationery = entry, stationery
        try:
            self.issued = datetime.fromisoformat(entry.created)
        except ValueError:
            raise LetterError(
                f"{entry.login}: the store says it was created on '{entry.created}', not a date"
            ) from None
        self.pdf = _blank_page()
        self.own_fonts = _add_fonts(self.pdf)
        self.pdf.set_creation_date(self.issued)
        self.pdf.set_lang("fr-FR")
        self.pdf.set_title(f"Premier mot de passe de {entry.login}")
        self.pdf.set_author(stationery.client_name)

    def content(self) -> bytes:
        return bytes(self.pdf.output())

    def font(self, size: float, style: str = "", family: str = "body", grey: int = 0) -> None:
        self.pdf.set_font(family if self.own_fonts else _CORE_FONTS[family], style, size)
        self.pdf.set_text_color(grey)

    def say(self, text: str, height: float, *, left: float = LEFT, width: float = WIDTH, align: str = "L") -> None:
        """A paragraph; the next one starts below it."""
        self.pdf.set_x(left)
        shown = text if self.own_fonts else western(text)
        self.pdf.multi_cell(width, height, shown, align=align, new_x="LMARGIN", new_y="NEXT")

    def write(self, x: float, y: float, text: str, width: float = 0, align: str = "L") -> None:
        """One line at a place."""
        self.pdf.set_xy(x, y)
        self.pdf.cell(width, 4, text if self.own_fonts else western(text), align=align)

    def down(self, height: float) -> None:
        self.pdf.set_y(self.pdf.get_y() + height)

    def heading(self) -> None:
        entry, stationery, pdf = self.entry, self.stationery, self.pdf
        pdf.set_xy(LEFT, TOP)
        self.font(15, "B")
        self.say(stationery.client_name, 7)
        self.font(9, grey=90)
        self.say(stationery.site_name, 4.5)
        self.write(LEFT, TOP + 1.5, long_date(self.issued.date()), WIDTH, "R")
        pdf.set_draw_color(60)
        pdf.set_line_width(0.5)
        pdf.line(LEFT, TOP + 14.5, RIGHT, TOP + 14.5)
        pdf.set_y(TOP + 20)
        self.font(11, "B")
        self.say(entry.display_name, 5.5)
        self.font(9.5, grey=60)
        self.say(entry.department, 4.8)
        self.say("Lettre remise en main propre, contre récépissé", 4.8)
        self.down(5)
        self.font(10, "B")
        self.say("Votre identifiant et votre premier mot de passe", 5)
        self.down(2)
        self.font(9.5)
        self.say(f"Bonjour {entry.display_name},", 5)
        self.down(1.5)
        self.say(
            f"Votre compte informatique chez {stationery.client_name} est prêt. Voici ce qu’il vous faut pour ouvrir "
            "votre session la première fois.",
            5,
        )

    def credentials(self) -> None:
        """The frame with login, address and password; it is drawn once its height is known."""
        top = self.pdf.get_y() + 3
        self.pdf.set_y(top + 3.5)
        for label, value in (("Identifiant", self.entry.login), ("Messagerie", self.entry.mail)):
            if value:
                self.font(9, grey=90)
                self.write(LEFT + 5, self.pdf.get_y() + 0.6, label)
                self.font(12 if len(value) < 46 else 9, "B", "mono")
                self.write(LEFT + 34, self.pdf.get_y(), value)
                self.down(7)
        self.font(9, grey=90)
        self.write(LEFT + 5, self.pdf.get_y(), "Premier mot de passe")
        self.down(5.5)
        self._characters()
        self.font(8, grey=60)
        self.say(" ".join(reading_help(self.entry.password)), 4, left=LEFT + 5, width=WIDTH - 10)
        self.pdf.set_line_width(0.4)
        self.pdf.set_draw_color(60)
        self.pdf.rect(LEFT, top, WIDTH, self.pdf.get_y() + 2.5 - top)
        self.down(2.5)

    def _characters(self) -> None:
        """The password, a box for each character with its kind below; digits and signs are shaded."""
        width, height = (WIDTH - 10) / CELLS_PER_ROW, 10.0
        self.pdf.set_line_width(0.2)
        for start in range(0, len(self.entry.password), CELLS_PER_ROW):
            y = self.pdf.get_y()
            for column, character in enumerate(self.entry.password[start : start + CELLS_PER_ROW]):
                x = LEFT + 5 + column * width
                self.pdf.set_fill_color(255 if character.isalpha() else 232 if character.isdigit() else 210)
                self.pdf.rect(x, y, width, height, style="DF")
                self.font(18, "B", "mono")
                self.write(x, y + 3, character, width, "C")
                self.font(6.5, grey=60)
                self.write(x, y + height, kind(character), width, "C")
            self.pdf.set_y(y + height + 5.5)

    def rules(self) -> None:
        self.down(5)
        self.font(10, "B")
        self.say("À respecter", 5)
        self.down(1)
        for number, rule in enumerate((*RULES, *self.stationery.rules), start=1):
            self.font(9, "B")
            self.write(LEFT, self.pdf.get_y() + 0.2, f"{number}.")
            self.font(9)
            self.say(rule, 4.2, left=LEFT + 7, width=WIDTH - 7)
            self.down(0.5)
        self.down(1.5)
        self.say(
            f"Ces règles viennent du document «\u00a0{self.stationery.charter_title}\u00a0». Une difficulté ou "
            f"un doute\u202f? {self.stationery.contact}",
            4.5,
        )
        if self.pdf.get_y() > CUT - 3:
            raise LetterError(f"{self.entry.login}: the letter is longer than a page; shorten rules or contact")

    def receipt(self) -> None:
        """What stays with the employer: who received what, and never the password."""
        entry, pdf = self.entry, self.pdf
        pdf.set_line_width(0.3)
        pdf.set_dash_pattern(dash=2, gap=1.5)
        pdf.line(10, CUT, 200, CUT)
        pdf.set_dash_pattern()
        if self.own_fonts:
            self.font(11)
            self.write(12, CUT - 2, "✂")
        pdf.set_y(CUT + 5)
        self.font(10, "B")
        self.say("Récépissé à rendre signé", 5)
        self.down(1)
        self.font(9)
        self.say(
            f"Je reconnais avoir reçu en main propre mon identifiant «\u00a0{entry.login}\u00a0» et mon "
            "premier mot de passe. Je sais que je dois le changer dès la première ouverture de session, qu’il est "
            f"confidentiel, et que le document «\u00a0{self.stationery.charter_title}\u00a0» s’applique à son usage.",
            4.5,
        )
        y = pdf.get_y() + 4
        self.font(8, grey=90)
        for x, width, label, value in (
            (LEFT, 70.0, "Nom et prénom", entry.display_name),
            (LEFT + 74, 34.0, "Date", ""),
            (LEFT + 112, WIDTH - 112, "Signature", ""),
        ):
            pdf.rect(x, y, width, 27)
            self.font(8, grey=90)
            self.write(x + 1.5, y + 1.5, label)
            self.font(10, "B")
            pdf.set_xy(x + 1.5, y + 9)
            pdf.multi_cell(width - 3, 5, value if self.own_fonts else western(value), align="L")
        self.font(7.5, grey=90)
        self.write(LEFT, 285, f"{self.stationery.client_name} – {self.stationery.site_name} – {entry.department}")


def _blank_page() -> Any:
    try:
        fpdf = importlib.import_module("fpdf")
    except ImportError as error:
        raise LetterError(
            f"fpdf2 is not installed for {sys.executable}; run {sys.executable} -m pip install fpdf2"
        ) from error
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    pdf = fpdf.FPDF(format="A4")
    pdf.set_margins(LEFT, TOP, 210 - RIGHT)
    pdf.c_margin = 0
    pdf.set_auto_page_break(False)
    pdf.add_page()
    return pdf


def _add_fonts(pdf: Any) -> bool:
    """Embed the fonts; False when they are not on this machine."""
    if not all((FONT_DIRECTORY / name).is_file() for name in _FONT_FILES.values()):
        return False
    for (family, style), name in _FONT_FILES.items():
        pdf.add_font(family, style, FONT_DIRECTORY / name)
    return True
