"""What is broken on purpose on the brakes of the shares; see sabotages."""

from __future__ import annotations

from tests.compliance.sabotages import breaks

FILES = "file_servers"
SETTINGS, STATE = "/etc/share-alarms/settings.json", "/var/lib/share-alarms/state.json"
SAMBA = "/etc/samba/share_alarms.conf"


def set_to(key: str, value: int) -> str:
    """A shell command that gives a setting of the alarms another value, and fails when it is not there."""
    return f"""grep -q '"{key}": [0-9]' {SETTINGS} && sed -i 's/"{key}": [0-9]*/"{key}": {value}/' {SETTINGS}"""


SHARE_SAFETY_SABOTAGES = (
    breaks(
        "suspicious_names",
        FILES,
        f"grep -q 'veto files = ' {SAMBA} && sed -i '/veto files = /d' {SAMBA} && smbcontrol smbd reload-config",
    ),
    breaks(
        "suspicious_names_age",
        FILES,
        f"""grep -q '"updated_at"' {STATE} && sed -i 's/"updated_at": [0-9]*/"updated_at": 1700000000/' {STATE}""",
    ),
    breaks(
        "mass_change_alarm",
        FILES,
        f"{set_to('count', 999999)} && systemctl restart share-watch.service",
        "mass_change_alarm",
        "share_alarm_delay",
    ),
    breaks("share_room", FILES, set_to("fail_percent", 100)),
    breaks("share_room_warning", FILES, "systemctl stop share-room.timer"),
    breaks("share_quotas", FILES, "systemctl stop share-quotas.timer"),
    # Batch 2: nobody watches at all, and nobody knows who is to have which quota.
    breaks(
        "share_alarm_delay",
        FILES,
        "systemctl stop share-watch.service",
        "mass_change_alarm",
        "share_alarm_delay",
        batch=2,
    ),
    breaks(
        "share_quota_refusal",
        FILES,
        "rm /etc/share-quotas/settings.json",
        "share_quotas",
        "share_quota_refusal",
        batch=2,
    ),
)
