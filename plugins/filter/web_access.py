"""What is tried on the way to the Web of a site."""

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


def web_access_plan(
    people: Sequence[Mapping[str, Any]],
    departments: Mapping[str, Mapping[str, Any]],
    administrators: Sequence[Mapping[str, Any]],
    site: Mapping[str, Any],
) -> dict[str, Any]:
    """The plan for web_access_info: people as the directory has them, and the site's lists."""
    from ansible.module_utils.linux.web_plan import PlanError, web_plan

    try:
        return web_plan(people, departments, administrators, site)
    except PlanError as error:
        raise AnsibleFilterError(f"the way to the Web cannot be tried: {error}") from error


class FilterModule:
    """What templates may call."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """By name."""
        return {"web_access_plan": web_access_plan}
