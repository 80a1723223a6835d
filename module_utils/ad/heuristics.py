"""dSHeuristics, the string of switches of a whole forest ([MS-ADTS] 6.1.1.2.4.1.2), and its switch for anonymous access."""

from __future__ import annotations

from ansible.module_utils.ad.connection import Directory, text

#: fLDAPBlockAnonOps is the seventh character: "2" lets anonymous sessions read.
_ANONYMOUS, _OPEN = 7, "2"
#: The tenth character must be "1" and the twentieth "2" in a string that reaches them.
_MARKS = {10: "1", 20: "2"}


def allows_anonymous(heuristics: str | None) -> bool:
    """Whether the directory answers sessions that have not signed in."""
    return len(heuristics or "") >= _ANONYMOUS and (heuristics or "")[_ANONYMOUS - 1] == _OPEN


def with_anonymous(heuristics: str | None, allowed: bool) -> str | None:
    """The string with that switch set and every other as it was; None when nothing is left to say."""
    characters = list((heuristics or "").ljust(_ANONYMOUS, "0"))
    characters[_ANONYMOUS - 1] = _OPEN if allowed else "0"
    for place, mark in _MARKS.items():
        if len(characters) >= place:
            characters[place - 1] = mark
    changed = "".join(characters)
    return changed if changed.strip("0") else None


def read_heuristics(directory: Directory) -> tuple[str, str | None]:
    """The object that holds the string, and the string."""
    configuration = text(directory.root, "configurationNamingContext")
    dn = f"CN=Directory Service,CN=Windows NT,CN=Services,{configuration}"
    return dn, text(directory.read(dn, ["dSHeuristics"]), "dSHeuristics")


def write_heuristics(directory: Directory, dn: str, heuristics: str | None) -> None:
    """Set the string, or remove it."""
    directory.modify(dn, {"dSHeuristics": [heuristics.encode()] if heuristics else []})
