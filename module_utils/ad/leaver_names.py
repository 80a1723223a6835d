"""What the folder of a copy is called that is handed over of somebody who left."""

from __future__ import annotations

#: Beside the own folders; no login holds a hyphen.
COPY_PREFIX = "depart-"


def copy_name(login: str) -> str:
    """The folder that holds what is handed over of one person."""
    return COPY_PREFIX + login
