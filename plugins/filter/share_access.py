"""The plan of the trial of every kind of person on every share."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ansible.module_utils
from ansible.errors import AnsibleFilterError

# A filter runs in Ansible itself, which finds shared code for modules only. It loads all filters for each task and host anew:
# what one of them needs is loaded when that one is used.
_SHARED = str(Path(__file__).resolve().parents[2] / "module_utils")
if _SHARED not in ansible.module_utils.__path__:
    ansible.module_utils.__path__.append(_SHARED)


def share_access_plan(
    rows: Any,
    people: Sequence[Mapping[str, Any]],
    departments: Mapping[str, Mapping[str, Any]],
    administrators: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Who is tried on which share and what is promised them; people are those that ad_directory_info names."""
    from ansible.module_utils.ad.access_plan import AccessPlanError, access_plan, people_of
    from ansible.module_utils.ad.share_table import ShareTableError, read_table

    try:
        return access_plan(read_table(rows), people_of(people, departments, administrators))
    except (AccessPlanError, ShareTableError) as error:
        raise AnsibleFilterError(str(error)) from error
    except KeyError as error:
        raise AnsibleFilterError(
            f"the list of people names no {error}; read the directory before trying shares"
        ) from error


def share_common_writers(
    rows: Any, people: Sequence[Mapping[str, Any]], departments: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """The common share that most people at work write on, and their logins."""
    from ansible.module_utils.ad.access_plan import common_writers, people_of
    from ansible.module_utils.ad.share_table import ShareTableError, read_table

    try:
        return common_writers(read_table(rows), people_of(people, departments, ()))
    except ShareTableError as error:
        raise AnsibleFilterError(str(error)) from error


def share_access_people(plan: Mapping[str, Any]) -> list[str]:
    """Everybody for whom a ticket is asked."""
    managers = {one["person"] for one in plan["managers"] if one["person"]}
    return sorted({*(kind["person"] for kind in plan["kinds"]), *managers, *plan["closed"]})


class FilterModule:
    """Filters of the trial of shares."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names as playbooks know them."""
        return {
            "share_access_plan": share_access_plan,
            "share_access_people": share_access_people,
            "share_common_writers": share_common_writers,
        }
