"""Who is in a group of the directory, itself or through another group, and may open a session. Runs on the controller."""

from __future__ import annotations

from datetime import UTC, datetime

import ldap.filter
from ansible.module_utils.ad.connection import Directory, DirectoryError, number, text

_DISABLED = 0x2  # [MS-ADTS] 2.2.16
_IN_CHAIN = "1.2.840.113556.1.4.1941"  # [MS-ADTS] 3.1.1.3.4.4.3 LDAP_MATCHING_RULE_TRANSITIVE_EVAL
_NEVER = (0, 0x7FFFFFFFFFFFFFFF)
_EPOCH_1601 = 11644473600


def group_dn(directory: Directory, name: str) -> str:
    """The group's place.

    :raises DirectoryError: there is no such group.
    """
    query = f"(&(objectClass=group)(sAMAccountName={ldap.filter.escape_filter_chars(name)}))"
    rows = directory.search(directory.base, query, ["sAMAccountName"])
    if not rows:
        raise DirectoryError(f"{directory.server} has no group {name}; converge the directory first")
    return rows[0][0]


def members(directory: Directory, group: str, now: datetime | None = None) -> dict[str, str]:
    """Login -> displayed name of the open accounts in a group."""
    place = ldap.filter.escape_filter_chars(group_dn(directory, group))
    query = f"(&(objectCategory=person)(objectClass=user)(memberOf:{_IN_CHAIN}:={place}))"
    names = ["sAMAccountName", "displayName", "userAccountControl", "accountExpires"]
    moment = (now or datetime.now(UTC)).timestamp()
    found = {}
    for _, values in directory.search(directory.base, query, names):
        expires = number(values, "accountExpires") or 0
        over = expires not in _NEVER and expires / 10**7 - _EPOCH_1601 < moment
        if not over and not (number(values, "userAccountControl") or 0) & _DISABLED:
            login = str(text(values, "sAMAccountName"))
            found[login] = text(values, "displayName") or login
    return found
