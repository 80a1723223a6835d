"""The account that exists to be tried, and nothing else: finding it, being sure of it, and passwords for it."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import ldap.filter
from ansible.module_utils.ad.connection import Directory, DirectoryError, number, text
from ansible.module_utils.ad.directory_names import rid
from ansible.module_utils.ad.kerberos_password import UntriedError
from ansible.module_utils.ad.security_descriptor import sid_text

#: userAccountControl ([MS-ADTS] 2.2.16).
DISABLED, NO_PASSWORD_REQUIRED, NORMAL, NEVER_EXPIRES = 0x2, 0x20, 0x200, 0x10000
#: Accounts below this one come with the directory.
FIRST_SITE_RID = 1000
NAMES = {"login": "sAMAccountName", "last_name": "sn", "first_name": "givenName", "full_name": "displayName"}

#: No vowel, no sign that reads as one, and no w: such a password holds no word and no brand by accident.
CONSONANTS = "bcdfghjkmnpqrtvxz"
ALPHABETS = (CONSONANTS, CONSONANTS.upper(), "29", "-_=%,;:")
SHORTEST_NAME = 3


class ProbeAccountError(Exception):
    """The account cannot serve; the message says why and what to do. Nothing was tried."""


@dataclass(frozen=True)
class ProbeAccount:
    """What is known of the account before it is tried."""

    dn: str
    names: Mapping[str, str]
    control: int

    @property
    def resting_control(self) -> int:
        """The account's flags as they are left: enabled, a password required, the rest as it was."""
        return (self.control | NORMAL) & ~(DISABLED | NO_PASSWORD_REQUIRED)

    @property
    def trial_control(self) -> int:
        """The flags during the trial: a password that never expires would not have to be changed at first logon."""
        return self.resting_control & ~NEVER_EXPIRES

    def random_password(self, length: int = 24) -> str:
        """A password that the rules accept, whoever the account is."""
        while True:
            password = random_password(length)
            letters = "".join(character for character in password.lower() if character.isalnum())
            if not any(part in letters for part in self._name_parts()):
                return password

    def _name_parts(self) -> Collection[str]:
        parts = {"".join(c if c.isalnum() else " " for c in name.lower()) for name in self.names.values()}
        return {part for name in parts for part in name.split() if len(part) >= SHORTEST_NAME}


def random_password(length: int) -> str:
    """The four kinds in turn, so that neighbours never follow a row of the keyboard."""
    start = secrets.randbelow(len(ALPHABETS))
    return "".join(secrets.choice(ALPHABETS[(start + place) % len(ALPHABETS)]) for place in range(length))


def find_account(directory: Directory, login: str) -> ProbeAccount:
    """The account, when it is one that may be tried: a person's, an administrator's or a built-in one may not."""
    query = f"(&(objectCategory=person)(objectClass=user)(sAMAccountName={ldap.filter.escape_filter_chars(login)}))"
    attributes = [*NAMES.values(), "objectSid", "adminCount", "employeeNumber", "userAccountControl"]
    rows = directory.search(directory.base, query, attributes)
    if not rows:
        raise ProbeAccountError(f"{directory.server} has no account {login}; create the test account first")
    dn, values = rows[0]
    reasons = {
        "it comes with the directory": rid(sid_text(values["objectSid"][0])) < FIRST_SITE_RID,
        "it administers the domain": bool(number(values, "adminCount")),
        "it is a person's": bool(text(values, "employeeNumber")),
    }
    if refused := [reason for reason, holds in reasons.items() if holds]:
        raise ProbeAccountError(f"{login} cannot be the test account, {refused[0]}; name another, made for that")
    names = {name: text(values, attribute) or "" for name, attribute in NAMES.items()}
    return ProbeAccount(dn, names, number(values, "userAccountControl") or NORMAL)


@contextlib.contextmanager
def recording(facts: Mapping[str, Any], failures: dict[str, str], keys: Collection[str]) -> Iterator[None]:
    """Run a step; when it cannot be tried, the keys it has not given get the reason why."""
    try:
        yield
    except (UntriedError, DirectoryError) as error:
        failures.update({key: str(error) for key in keys if key not in facts})
