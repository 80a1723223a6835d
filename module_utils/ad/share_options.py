"""Options that share_acl and share_acl_info have in common."""

from __future__ import annotations

from typing import Any

from ansible.module_utils.ad.share_acl import RIGHTS, SCOPES
from ansible.module_utils.ad.share_rights import ADMINISTRATORS

ENTRY: dict[str, dict[str, Any]] = {
    "principal": {"type": "str", "required": True},
    "rights": {"type": "str", "required": True, "choices": list(RIGHTS)},
    "scope": {"type": "str", "default": "all", "choices": list(SCOPES)},
}
FOLDER: dict[str, dict[str, Any]] = {
    "share": {"type": "str", "required": True},
    "path": {"type": "str", "default": ""},
    "owner": {"type": "str", "default": ADMINISTRATORS},
    "protected": {"type": "bool", "default": True},
    "spreads": {"type": "bool", "default": True},
    "entries": {"type": "list", "elements": "dict", "required": True, "options": ENTRY},
}
PEOPLE: dict[str, dict[str, Any]] = {
    "share": {"type": "str", "required": True},
    "employees_file": {"type": "path", "required": True},
    "departments": {"type": "dict", "required": True},
    "mail_domain": {"type": "str", "required": True},
    "root_ou": {"type": "str", "required": True},
    "today": {"type": "str"},
}
