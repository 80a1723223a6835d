"""How a person's names become a login, a mail address and a key that stay the same for good.

A login is the first letters of the last name and of the first name in plain ASCII. Homonyms get a number; what the
directory already knows wins, and new people are numbered by seniority, so that nobody's login moves when somebody is
added later.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

LAST_NAME_LETTERS = 7
FIRST_NAME_LETTERS = 3
#: [MS-SAMR] 3.1.1.6: a user's sAMAccountName has at most 20 characters.
LONGEST_LOGIN = 20
#: Accounts every directory has, in English and in French.
BUILT_IN_LOGINS = frozenset({"administrateur", "administrator", "guest", "invite", "krbtgt"})

_APOSTROPHES = dict.fromkeys(map(ord, "'’‘ʼʻʾʿʹ′´`"))
#: Latin letters that Unicode does not decompose.
_UNDECOMPOSED = str.maketrans(
    {
        "œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ħ": "h", "ı": "i",
        "ŋ": "ng", "ŧ": "t", "ƒ": "f", "ə": "e", "ɛ": "e", "ɔ": "o", "ɓ": "b", "ɗ": "d", "ɖ": "d", "ɣ": "g",
        "ɩ": "i", "ʋ": "v", "ƙ": "k", "ƴ": "y", "‐": "-", "‑": "-",
    }
)  # fmt: skip


def latin(text: str) -> str:
    """Lower case, without accents nor apostrophes, ligatures spelled out; what has no Latin letter is left as it is."""
    decomposed = unicodedata.normalize("NFKD", text.lower().translate(_APOSTROPHES)).lower()
    bare = "".join(character for character in decomposed if not unicodedata.category(character).startswith("M"))
    return bare.translate(_UNDECOMPOSED)


def fold(text: str) -> str:
    """Words in lower-case ASCII joined by hyphens, to compare and to build addresses: "Le Goff" -> "le-goff"."""
    return "-".join(re.findall("[a-z0-9]+", latin(text)))


def letters(text: str) -> str:
    """The folded letters alone: "Le Goff" -> "legoff"."""
    return fold(text).replace("-", "")


def why_unusable(name: str) -> str | None:
    """Why no login can be made from this name; None when one can."""
    foreign = sorted(set(re.findall(r"[^a-z .-]", latin(name))))
    if foreign:
        shown = ", ".join(f"{character!r} (U+{ord(character):04X})" for character in foreign[:5])
        if any(character.isdigit() or not character.isalnum() for character in foreign):
            return f"{shown} does not belong in a name; letters, spaces, hyphens, apostrophes and full stops do"
        return f"no Latin letter is known for {shown}; give a Latin transcription, as on the residence permit"
    if not letters(name):
        return "has no letter; give a Latin transcription of the name"
    return None


def login_base(last_name: str, first_name: str) -> str:
    """The login before homonyms are told apart."""
    return letters(last_name)[:LAST_NAME_LETTERS] + letters(first_name)[:FIRST_NAME_LETTERS]


def mail_address(last_name: str, first_name: str, domain: str, rank: int = 1) -> str:
    """prenom.nom@domain, and prenom.nom2@domain for the second of that name."""
    return f"{fold(first_name)}.{fold(last_name)}{numbered(rank)}@{domain.lower()}"


def numbered(rank: int) -> str:
    """The suffix of the first (none), second (2), third (3) homonym."""
    return "" if rank == 1 else str(rank)


@dataclass(frozen=True)
class Identity:
    """What tells one person from another, in the order in which homonyms are numbered."""

    line: int
    last_name: str
    first_name: str
    starts_on: date

    @property
    def key(self) -> str:
        """Stable identity, kept in the directory: last name, first name and first day."""
        return f"{fold(self.last_name)}.{fold(self.first_name)}.{self.starts_on.isoformat()}"

    @property
    def base(self) -> str:
        """The login this person would have without homonyms."""
        return login_base(self.last_name, self.first_name)


def keeps_login(person: Identity, login: str) -> bool:
    """Whether a login is one that the convention gives this person: the base, with or without a homonym's number."""
    return re.fullmatch(re.escape(person.base) + "([2-9]|[1-9][0-9]+)?", login.lower()) is not None


def keeps_mail(person: Identity, mail: str, domain: str) -> bool:
    """Whether an address is one that the convention gives this person."""
    local = re.escape(mail_address(person.last_name, person.first_name, domain).partition("@")[0])
    return re.fullmatch(f"{local}([2-9]|[1-9][0-9]+)?@{re.escape(domain.lower())}", mail.lower()) is not None


def by_seniority(people: Iterable[Identity], known: Mapping[str, str]) -> list[Identity]:
    """Those the directory knows, in the order it numbered them; then the others by first day and name."""

    def rank(person: Identity) -> tuple[bool, int, date, str, str, int]:
        login = known.get(person.key)
        suffix = re.fullmatch(re.escape(person.base) + "([0-9]*)", login.lower()) if login else None
        number = int(suffix[1] or 1) if suffix else 1
        return (login is None, number, person.starts_on, fold(person.last_name), fold(person.first_name), person.line)

    return sorted(people, key=rank)


def assign_logins(
    people: Iterable[Identity], known: Mapping[str, str], reserved: Collection[str] = ()
) -> dict[int, str]:
    """A login for each line. `known` (key -> login, leavers too) never moves; `reserved` belongs to other accounts.

    A base is made of letters only, so that a numbered login never equals somebody else's base.
    """
    taken = {login.lower() for login in (*known.values(), *reserved)} | BUILT_IN_LOGINS
    logins: dict[int, str] = {}
    for person in by_seniority(people, known):
        login = known.get(person.key, "")
        if not login:
            base, rank = person.base, 1
            while (login := base + numbered(rank)) in taken:
                rank += 1
            taken.add(login)
        logins[person.line] = login
    return logins
