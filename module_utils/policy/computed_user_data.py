"""Observations about what people and leavers have, and where; see computed for how they are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.computed_group_policy import held_on, unit_name, value_of
from ansible.module_utils.policy.facts import Facts
from ansible.module_utils.policy.phrases import say

_SHELL_FOLDERS = "user/registry/Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\User Shell Folders\\"
#: What Windows calls documents and desktop there.
REDIRECTED = ("Personal", "Desktop")


def oldest_leaver_folder(facts: Facts) -> Any:
    """Days since the person left whose folder has stood in the share for longest; 0 when none stands there."""
    return _oldest(facts, "in_share")


def oldest_leaver_copy(facts: Facts) -> Any:
    """Days since the archive of the copy that is handed over for longest; 0 when there is none."""
    return _oldest(facts, "copies")


def oldest_leaver_archive(facts: Facts) -> Any:
    """Days of the oldest archive; 0 when there is none."""
    return _oldest(facts, "archives")


def _oldest(facts: Facts, what: str) -> int:
    return max((each["days"] for each in facts["leaver_data"][what]), default=0)


def leaver_data_astray(facts: Facts) -> list[str]:
    """Archives that others than root reach, and copies that were handed to nobody."""
    found = [say("archive_open", each["login"]) for each in facts["leaver_data"]["archives"] if not each["closed"]]
    return found + [say("copy_of_nobody", each["login"]) for each in facts["leaver_data"]["copies"] if not each["to"]]


def largest_local_data(facts: Facts) -> Any:
    """What the person has who keeps most outside the saved folder, in whole megabytes and one for a part; 0 for nobody."""
    sizes = [each["bytes"] for each in facts["user_data"]["people"]]
    return -(-max(sizes, default=0) // 1_000_000)


def local_data_untold(facts: Facts) -> list[str]:
    """Ways in which somebody is not told that files are not safe."""
    told = facts["user_data"]["told"]
    return [say(why) for why in ("not_told", "told_in_vain") if told[why]]


def units_without_redirected_folders(facts: Facts) -> list[str]:
    """Units whose people keep documents or desktop on the workstation."""
    found = []
    for entry in held_on(facts, "user", "site"):
        for name in REDIRECTED:
            value = value_of(entry, _SHELL_FOLDERS + name)
            # A value that names a variable is kept with its type; anything else is not one that Windows would fill in.
            place = value["data"] if isinstance(value, Facts) else ""
            if not str(place).startswith("\\\\"):
                found.append(say("not_redirected", unit_name(entry["unit"]), name))
    return found


#: By the name that the catalogue gives them.
USER_DATA_OBSERVERS: dict[str, Callable[[Facts], Any]] = {
    function.__name__: function
    for function in (
        oldest_leaver_folder,
        oldest_leaver_copy,
        oldest_leaver_archive,
        leaver_data_astray,
        largest_local_data,
        local_data_untold,
        units_without_redirected_folders,
    )
}
