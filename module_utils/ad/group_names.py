"""How groups are named: global ones of people, domain local ones of rights. Nothing else is imported: reports read it too."""

from __future__ import annotations

PEOPLE, RIGHTS = "GG_", "DL_"
#: How the name of a group of rights ends, by the right that it carries on a share.
ENDS = {"read": "_R", "write": "_RW", "delete": "_D"}


def rights_group(stem: str, right: str) -> str:
    """The group that carries a right on a share."""
    return f"{RIGHTS}{stem}{ENDS[right]}"


def holders_of(rights: str) -> str:
    """The group of people that is named as a group of rights is."""
    return PEOPLE + rights.removeprefix(RIGHTS)
