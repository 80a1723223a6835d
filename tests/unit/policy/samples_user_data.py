"""Facts of invented people's and leavers' data in good order."""

from __future__ import annotations

import copy
from typing import Any

_LEAVERS: dict[str, Any] = {
    "in_share": [],
    "copies": [{"login": "martinann", "days": 4, "to": "durandpau"}],
    "archives": [{"login": "martinann", "days": 4, "closed": True}],
}
_WORKSTATION: dict[str, Any] = {
    "people": [{"person": "personne-1f2e3d4c", "files": 3, "bytes": 1_200_000}],
    "told": {"not_told": False, "told_in_vain": False},
}


def file_server() -> dict[str, Any]:
    """What the file server keeps of leavers; a copy that a test may change."""
    return {"leaver_data": copy.deepcopy(_LEAVERS)}


def workstation() -> dict[str, Any]:
    """What a workstation has; a copy that a test may change."""
    return {"user_data": copy.deepcopy(_WORKSTATION)}
