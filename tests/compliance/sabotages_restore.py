"""What is broken on purpose on the proofs that backups restore; see sabotages."""

from __future__ import annotations

from tests.compliance.sabotages import DC, breaks

STATE = "/var/lib/restore-drill"
SETTINGS = "/etc/restore-drill/settings.json"


def states(file: str, change: str) -> str:
    """A shell command that changes what was written down; the last line of a history, or the whole of another file."""
    return (
        f"""python3 -c "import json; path = '{STATE}/{file}'; """
        f"""lines = [json.loads(line) for line in open(path)] if path.endswith('l') else [json.load(open(path))]; """
        f"""[{change} for found in lines]; """
        """open(path, 'w').write(chr(10).join(json.dumps(found) for found in lines) + chr(10))" """
    )


RESTORE_SABOTAGES = (
    # A proof of long ago.
    breaks(
        "restore_proof_age",
        DC,
        states("last.json", "found.update(at=1600000000)")
        + "&& "
        + states("history.jsonl", "found.update(at=1600000000)"),
    ),
    # The drill itself finds no room, and then does not know how long everything would take.
    breaks(
        "restore_drill",
        DC,
        f"""grep -q spare_megabytes {SETTINGS} && """
        f"""sed -i -E 's/("spare_megabytes": )[0-9]+/\\1999999999/' {SETTINGS} && """
        "! systemctl start restore-drill.service",
        "restore_drill",
        "restore_time",
        batch=2,
    ),
    breaks("restore_time", DC, states("last.json", "found.update(extrapolated_seconds=999999)"), batch=2),
)

#: Of the rehearsal that make lab-disaster makes, and breaks there.
REHEARSAL_SABOTAGES = (
    breaks("disaster_rehearsal", DC, states("rehearsal.json", "found.update(at=1600000000)")),
    breaks("disaster_recovery_time", DC, states("rehearsal.json", "found.update(seconds=999999)")),
)
