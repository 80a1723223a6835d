"""What is broken on purpose on hosts that keep backups; see sabotages.

Not broken here: room on the disk (the lab's disk is this computer's) and mirrors of disks (the lab's keepers have none).
"""

from __future__ import annotations

from tests.compliance.sabotages import breaks

KEEPERS, OFFSITE = "backup_keepers", "backup_repositories"
SETTINGS = "/etc/backup-repository/settings.json"
SERVER = "/etc/systemd/system/restic-rest-server.service.d/site.conf"
FOLDER = "/srv/backups"
WATCH = "backup-repository-watch.timer"


def sets(change: str) -> str:
    """A shell command that changes the settings; s is what they hold."""
    return (
        f"""python3 -c 'import json; s = json.load(open("{SETTINGS}")); {change}; """
        f"""json.dump(s, open("{SETTINGS}", "w"))'"""
    )


def serves_without(option: str) -> str:
    """A shell command after which the server runs without an option."""
    return (
        f"grep -q -- ' {option} ' {SERVER} && sed -i 's/ {option} / /' {SERVER}"
        " && systemctl daemon-reload && systemctl restart restic-rest-server.service && sleep 1"
    )


BACKUP_REPOSITORY_SABOTAGES = (
    breaks("backup_retention", KEEPERS, sets('s["retention"]["monthly_days"] = 100')),
    breaks("backup_retention_weekly", KEEPERS, sets('s["retention"]["weekly_days"] = 31')),
    breaks("backup_retention_daily", KEEPERS, sets('s["retention"]["daily_days"] = 7')),
    breaks("backup_quota", KEEPERS, sets('s["quotas_gb"]["gw1"] = 0.000001')),
    # A host that was left out.
    breaks("backup_offsite", OFFSITE, sets('del s["quotas_gb"]["gw1"]'), "backup_offsite", "backup_copies"),
    # A host of which nothing ever came.
    breaks(
        "backup_arrival",
        KEEPERS,
        f"mkdir -p {FOLDER}/ghost/keys {FOLDER}/ghost/snapshots && " + sets('s["quotas_gb"]["ghost"] = 1'),
        "backup_arrival",
        "backup_pruning",
    ),
    breaks("backup_integrity", KEEPERS, "systemctl stop backup-repository-check.timer"),
    breaks("backup_append_only", KEEPERS, serves_without("--append-only")),
    # The watch would remove it: what has lain there for days with another name than its digest is an upload cut off.
    breaks(
        "backup_encryption",
        KEEPERS,
        f"systemctl stop {WATCH} && at=$(ls -d {FOLDER}/*/data | head -n 1)"
        " && cp /etc/services $at/notes && touch -d '3 days ago' $at/notes",
        "backup_encryption",
        "backup_keeper_alerts",
    ),
    breaks("backup_keeper_logons", KEEPERS, "sed -i 's/^passwd:.*/& winbind/' /etc/nsswitch.conf"),
    # Pruned anew by the converge, because the mark is gone that it was pruned once.
    breaks(
        "backup_dates",
        KEEPERS,
        "rm /var/lib/backup-repository/prune && cd /var/lib/backup-repository"
        """ && python3 -c 'import json; s = json.load(open("state.json")); """
        """[each["prune"].update(future=["0"]) for each in s["repositories"].values()]; """
        """json.dump(s, open("state.json", "w"))'""",
    ),
    # Batch 2: what touches the same things.
    breaks(
        "backup_retention_limit",
        KEEPERS,
        sets('s["retention"].update(monthly_days=700, limit_days=700)'),
        batch=2,
    ),
    breaks("backup_separation", KEEPERS, serves_without("--private-repos"), batch=2),
    breaks("backup_pruning", KEEPERS, "systemctl stop backup-repository-prune.timer", batch=2),
)
