"""Facts of the invented site's file server, where everything is as its table says."""

from __future__ import annotations

import copy
from typing import Any

from tests.unit.policy import samples_share_safety
from tests.unit.policy.samples.shares import TABLE, share_access

_SHARES = [row for row in TABLE if row["kind"] != "personal"]
_STRANGERS = ("anonymous", "guest", "unknown")


def file_server() -> dict[str, Any]:
    """Facts of a file server that respects every control."""
    return copy.deepcopy(
        {
            "share_access": share_access(
                shares=[{"name": row["name"], "sensitive": row["sensitive"]} for row in _SHARES],
                anonymous=[
                    {"share": name, "as": stranger, "granted": False, "status": "NT_STATUS_ACCESS_DENIED"}
                    for name in (*(row["name"] for row in _SHARES), "IPC$")
                    for stranger in _STRANGERS
                ],
                protocols={
                    name: {"accepted": name.startswith("smb3"), "detail": ""}
                    for name in ("smb1", "smb2_02", "smb2_10", "smb3_00", "smb3_02", "smb3_11")
                },
                managers=[
                    {"share": row["name"], "manager": row["manager"], "status": "active", "ticket": "ticket given"}
                    for row in _SHARES
                ],
                recycle=[
                    {
                        "share": row["name"],
                        "person": "petitcam",
                        "found": True,
                        "restored": True,
                        "others": [{"person": "durandpau", "reads": False}],
                    }
                    for row in _SHARES
                ],
            ),
            "smb_signing": {"unsigned_request_accepted": False, "detail": "STATUS_ACCESS_DENIED"},
            "share_trail": {"deletion_logged": True, "sensitive_read_logged": True, "missing": [], "examples": []},
            "file_shares": {
                "unexpected": [],
                "recycle": {
                    "retention_days": 30,
                    "timer_enabled": True,
                    "last_purge_worked": True,
                    "bins_of_others": [],
                },
                "audit_log": {"exists": True, "owner": "root", "open_to_others": False, "retention_days": 365},
            },
            "share_acl": [{"share": row["name"], "path": "", "differences": []} for row in TABLE],
            **samples_share_safety.facts(),
        }
    )
