"""Who access lists name: from names to SIDs and back, asked of the directory in as few questions as possible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import ldap.filter
from ansible.module_utils.ad.connection import Directory, text
from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.security_descriptor import sid_text

#: [MS-DTYP] 2.4.2.4, as English systems call them; only told, never compared.
WELL_KNOWN = {
    "S-1-1-0": "Everyone",
    "S-1-3-0": "CREATOR OWNER",
    "S-1-3-1": "CREATOR GROUP",
    "S-1-3-4": "OWNER RIGHTS",
    "S-1-5-7": "ANONYMOUS LOGON",
    "S-1-5-11": "Authenticated Users",
    "S-1-5-18": "SYSTEM",
    "S-1-5-32-544": "Administrators",
    "S-1-5-32-545": "Users",
}
_SID = re.compile(r"S-1(-\d+){2,15}")
#: Questions of this many names keep a request within what servers take.
_AT_ONCE = 100


def resolve(directory: Directory, wanted: Iterable[str]) -> dict[str, str]:
    """SID by name (case-folded) for groups, logins and SIDs.

    :raises DirectoryInputError: with every name that the directory does not know.
    """
    asked = {name.casefold(): name for name in wanted}
    found = {key: name.upper() for key, name in asked.items() if _SID.fullmatch(name.upper())}
    unknown = [name for key, name in asked.items() if key not in found]
    for part in _parts(unknown):
        query = "(|" + "".join(f"(sAMAccountName={ldap.filter.escape_filter_chars(name)})" for name in part) + ")"
        for _, values in directory.search(directory.base, query, ["sAMAccountName", "objectSid"]):
            found[(text(values, "sAMAccountName") or "").casefold()] = sid_text(values["objectSid"][0])
    missing = [name for key, name in asked.items() if key not in found]
    if missing:
        raise DirectoryInputError(
            [
                f"{name} has rights on folders, and the directory knows no such group or account; bring the directory "
                "in line first, or correct the name"
                for name in missing
            ]
        )
    return found


def tell(directory: Directory, sids: Iterable[str], known: Mapping[str, str]) -> dict[str, str]:
    """Names by SID, for people to read: those known, the well-known ones, and what the directory says of the others."""
    found = {**WELL_KNOWN, **known}
    domain = sid_text(directory.read(directory.base, ["objectSid"])["objectSid"][0])
    unknown = [sid for sid in dict.fromkeys(sids) if sid not in found and sid.startswith(f"{domain}-")]
    for part in _parts(unknown):
        query = "(|" + "".join(f"(objectSid={sid})" for sid in part) + ")"
        for _, values in directory.search(directory.base, query, ["sAMAccountName", "objectSid"]):
            found[sid_text(values["objectSid"][0])] = text(values, "sAMAccountName") or ""
    return found


def _parts(values: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
