"""Names, identifiers and times of the directory as text: distinguished names, SIDs, FILETIMEs. No I/O."""

from __future__ import annotations

import unicodedata
from collections.abc import Container
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

import ldap.dn

#: [MS-ADTS] 3.1.1.4.5: both mean that an account never expires.
NEVER_EXPIRES = (0, 0x7FFFFFFFFFFFFFFF)
_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_CN_LENGTH = 64
#: The aliases of the BUILTIN domain ([MS-DTYP] 2.4.2.4); every other RID is relative to the domain.
_BUILTIN_RIDS = range(544, 600)


def child(kind: str, value: str, parent: str) -> str:
    """The name of an object below parent: child("CN", "Durand, Zoé", "OU=x") escapes what RFC 4514 wants escaped."""
    return f"{kind}={ldap.dn.escape_dn_chars(value)},{parent}"


@lru_cache(maxsize=65536)
def key(dn: str) -> str:
    """A distinguished name in a form that can be compared: case, spacing and escaping no longer matter."""
    return ",".join(
        "+".join(f"{kind.casefold()}={ldap.dn.escape_dn_chars(value.casefold())}" for kind, value, _ in rdn)
        for rdn in ldap.dn.str2dn(dn)
    )


def parent(dn: str) -> str:
    """The object above, spelled as dn spells it."""
    depth = len(ldap.dn.str2dn(dn))
    for position, character in enumerate(dn):
        if character == "," and len(_parts(dn[position + 1 :])) == depth - 1:
            return dn[position + 1 :].lstrip()
    return ""


def _parts(dn: str) -> list[object]:
    try:
        return list(ldap.dn.str2dn(dn))
    except ldap.DECODING_ERROR:
        return []


def leaf(dn: str) -> str:
    """The value of the first component: what a person calls the object."""
    return str(ldap.dn.str2dn(dn)[0][0][1])


def rdn(dn: str) -> str:
    """The first component, escaped, as a rename wants it."""
    kind, value, _ = ldap.dn.str2dn(dn)[0][0]
    return f"{kind}={ldap.dn.escape_dn_chars(value)}"


def below(dn: str, ancestor: str) -> bool:
    """True for ancestor's descendants, not for ancestor itself."""
    return key(dn).endswith("," + key(ancestor))


def under_base(name: str, base: str) -> str:
    """A site's root unit as a distinguished name: "Example", "OU=Example" and the whole name all do."""
    if "=" not in name:
        return child("OU", name, base)
    return name if key(name).endswith(key(base)) else f"{name},{base}"


def dns_domain(base: str) -> str:
    """DC=example,DC=lan -> example.lan."""
    return ".".join(value for rdn_ in ldap.dn.str2dn(base) for kind, value, _ in rdn_ if kind.upper() == "DC")


def loose(value: str) -> str:
    """Text as Active Directory compares names: neither case nor accents count ([MS-ADTS] 3.1.1.2.2.4)."""
    decomposed = unicodedata.normalize("NFKD", value.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def unique_name(wanted: str, login: str, taken: Container[str]) -> str:
    """The common name of an account: the display name, told apart by the login when somebody else has it already.

    taken holds names in the form that loose() gives.
    """
    plain = wanted[:_CN_LENGTH].strip()
    return plain if loose(plain) not in taken else told_apart(wanted, login)


def told_apart(wanted: str, login: str) -> str:
    """The display name followed by the login, within the length that a common name may have."""
    suffix = f" ({login})"
    return wanted[: _CN_LENGTH - len(suffix)].strip() + suffix


def rid(sid: str) -> int:
    """The last number of a security identifier."""
    return int(sid.rsplit("-", 1)[1])


def group_sid(domain_sid: str, relative: int) -> str:
    """The SID of a well-known group told by its number: 512 is the domain's, 544 is BUILTIN's."""
    return f"S-1-5-32-{relative}" if relative in _BUILTIN_RIDS else f"{domain_sid}-{relative}"


def iso_time(filetime: int | None) -> str | None:
    """A FILETIME ([MS-DTYP] 2.3.3) as ISO 8601 in UTC; None for zero and for never."""
    if not filetime or filetime < 0 or filetime == NEVER_EXPIRES[1]:
        return None
    return (_FILETIME_EPOCH + timedelta(microseconds=filetime // 10)).replace(microsecond=0).isoformat()


def iso_generalized(value: str | None) -> str | None:
    """A GeneralizedTime (whenCreated) as ISO 8601."""
    if not value:
        return None
    return datetime.strptime(value[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC).isoformat()


def expiry(last_day: date | None) -> str:
    """accountExpires for somebody whose last day still works; never without a last day."""
    if last_day is None:
        return str(NEVER_EXPIRES[1])
    after = datetime(last_day.year, last_day.month, last_day.day, tzinfo=UTC) + timedelta(days=1)
    return str(int((after - _FILETIME_EPOCH).total_seconds()) * 10_000_000)
