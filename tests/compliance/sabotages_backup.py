"""What is broken on purpose on hosts that are saved; see sabotages."""

from __future__ import annotations

import shlex

from tests.compliance.sabotages import breaks

FILE_SERVER, GATEWAY, CONTROLLER = "file_servers", "gateways", "domain_controllers"
TIMER = "/etc/systemd/system/nas-backup.timer"
SETTINGS = "/etc/nas-backup/settings.json"
STATE = "/var/lib/nas-backup/state.json"
RELOAD = "systemctl daemon-reload && systemctl restart nas-backup.timer"


def with_state(change: str) -> str:
    """A shell command that changes what the program wrote down: state is the whole of it."""
    return (
        f'python3 -c \'import json; state = json.load(open("{STATE}")); {change}; '
        f'json.dump(state, open("{STATE}", "w"))\''
    )


_NOT_WHOLE = f"""
import json, sys
sys.path[:0] = ["/usr/local/lib/nas-backup", "/usr/local/lib/host-library"]
from nasbackup.repositories import open_repository
from nasbackup.settings import read_settings
settings = read_settings()
(place,) = [each for each in settings.repositories if each.name == "offsite"]
copies = open_repository(place, settings.host, "/var/lib/nas-backup", 60).of("samba")
state = json.load(open("{STATE}"))
state["sets"]["samba"]["offsite"].update(incomplete=[str(each["id"]) for each in copies], last_ok=None)
json.dump(state, open("{STATE}", "w"))
"""
#: Every copy of a set off site is said to have missed something.
NOT_WHOLE = f"python3 -c {shlex.quote(_NOT_WHOLE)}"

BACKUP_SABOTAGES = (
    breaks(
        "backup_hour",
        GATEWAY,
        f"sed -i 's/^OnCalendar=.*/OnCalendar=*-*-* 11:11:00 UTC/' {TIMER} && grep -q 11:11 {TIMER} && {RELOAD}",
    ),
    breaks(
        "backup_schedule",
        CONTROLLER,
        f"sed -i 's/^Persistent=.*/Persistent=no/' {TIMER} && grep -q Persistent=no {TIMER} && {RELOAD}",
    ),
    breaks("backup_key_files", GATEWAY, "chmod 0644 /etc/nas-backup/offsite.key"),
    breaks("backup_admin_key", GATEWAY, "echo found > /etc/nas-backup/nas1.prune"),
    # A copy is made of less than there is: the newest one is what counts.
    breaks(
        "backup_shares",
        FILE_SERVER,
        f"""sed -i 's#"/srv/shares"#"/srv/shares/commun"#' {SETTINGS} && nas-backup --set shares; test $? != 1 && """
        # So much gone is strange, and told; that is another control's.
        + with_state('state["alerts"] = []'),
    ),
    # Copies that were not whole are no copies; the next converge makes one that is.
    breaks(
        "backup_sets",
        FILE_SERVER,
        NOT_WHOLE,
        "backup_sets",
        "backup_age",
        "backup_offsite_lag",
        batch=2,
    ),
    breaks(
        "backup_read_back",
        GATEWAY,
        with_state('state["checks"]["offsite"]["at"] -= 400 * 86400'),
        batch=2,
    ),
    # A backup was cut off, and nobody looked at it.
    breaks(
        "backup_alerts",
        CONTROLLER,
        with_state(
            'state["alerts"] = [{"part": "run", "what": "the backup was interrupted", "since": 1, "told_at": 1}]'
        ),
        batch=2,
    ),
)
