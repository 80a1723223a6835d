"""Room on the file systems that the shares stand on: blocks and inodes."""

from __future__ import annotations

import os
from typing import Any

from sharealarms.settings import Settings


def used_percent(used: int, usable: int) -> int:
    """Rounded up: 95.1 % are more than 95."""
    return -(-used * 100 // usable) if usable else 0


def rooms(settings: Settings) -> list[dict[str, Any]]:
    """Each file system below the shares' folder once, with how full it is."""
    found: dict[int, dict[str, Any]] = {}
    folders = [settings.root]
    if os.path.isdir(settings.root):
        folders += [each.path for each in os.scandir(settings.root) if each.is_dir(follow_symlinks=False)]
    for path in folders:
        try:
            device, state = os.stat(path).st_dev, os.statvfs(path)
        except OSError as error:
            found[-len(found) - 1] = {"path": path, "error": str(error.strerror)}
            continue
        if device not in found:
            blocks = state.f_blocks - state.f_bfree
            found[device] = {
                "path": path,
                # As df: what only root may still use counts as used.
                "blocks_percent": used_percent(blocks, blocks + state.f_bavail),
                # Some file systems make inodes as they need them, and say that there are none.
                "inodes_percent": used_percent(state.f_files - state.f_ffree, state.f_files),
            }
    return list(found.values())


def room_wrong(settings: Settings, found: list[dict[str, Any]]) -> list[str]:
    """What somebody should look at. The figure itself is left out: a sentence that changes would be a new alert."""
    wrong = []
    for each in found:
        if "error" in each:
            wrong.append(f"{each['path']}: {each['error']}")
            continue
        for what, key in (("room", "blocks_percent"), ("inodes", "inodes_percent")):
            if each[key] >= settings.fail_percent:
                wrong.append(f"{each['path']}: {what}: {settings.fail_percent} % used or more; act today")
            elif each[key] >= settings.warn_percent:
                wrong.append(f"{each['path']}: {what}: {settings.warn_percent} % used or more")
    return wrong
