"""The site's table of shares as the directory, the file server and its access lists need it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ansible.module_utils
from ansible.errors import AnsibleFilterError

if TYPE_CHECKING:
    from ansible.module_utils.ad.share_table import Share

# A filter runs in Ansible itself, which finds shared code for modules only. It loads all filters for each task and host anew:
# what one of them needs is loaded when that one is used.
_SHARED = str(Path(__file__).resolve().parents[2] / "module_utils")
if _SHARED not in ansible.module_utils.__path__:
    ansible.module_utils.__path__.append(_SHARED)


def _read(rows: Any, groups: list[str] | None = None) -> tuple[Share, ...]:
    from ansible.module_utils.ad.share_table import ShareTableError, read_table

    try:
        return read_table(rows, groups)
    except ShareTableError as error:
        raise AnsibleFilterError(str(error)) from error


def share_rights(rows: Any, departments: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The domain local groups of all shares, as ad_directory takes rights; groups are checked against departments."""
    from ansible.module_utils.ad.share_rights import department_groups, rights_of

    return rights_of(_read(rows, department_groups(departments)))


def share_folders(rows: Any, recycle_folder: str = "") -> list[dict[str, Any]]:
    """The folders of all shares with their access lists, as share_acl takes them."""
    from ansible.module_utils.ad.share_rights import folders_of

    return folders_of(_read(rows), recycle_folder)


def share_definitions(rows: Any) -> list[dict[str, Any]]:
    """All shares, as the role file_shares takes them."""
    from ansible.module_utils.ad.share_rights import definitions_of

    return definitions_of(_read(rows))


def share_personal(rows: Any) -> str:
    """The name of the share that holds people's own folders; empty when there is none."""
    return next((share.name for share in _read(rows) if share.kind == "personal"), "")


class FilterModule:
    """Filters of the table of shares."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Names as playbooks know them."""
        return {
            "share_rights": share_rights,
            "share_folders": share_folders,
            "share_definitions": share_definitions,
            "share_personal": share_personal,
        }
