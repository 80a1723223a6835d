"""What is broken on purpose on the antivirus; see sabotages. People's files are left alone."""

from __future__ import annotations

from tests.compliance.sabotages import WORKSTATION, Sabotage, breaks

FILES = "file_servers"
STATE = "/var/lib/antivirus/state.json"
DAYS_OF_YEARS = 4000


def python(*lines: str) -> str:
    """A shell command of several lines of Python."""
    return "python3 -c '" + "\n".join(lines) + "'"


def dates_back(part: str, key: str) -> str:
    """A shell command that makes a time in the state very old."""
    return python(
        "import json",
        f'state = json.load(open("{STATE}"))',
        f'state["{part}"]["{key}"] -= {DAYS_OF_YEARS} * 86400',
        f'json.dump(state, open("{STATE}", "w"))',
    )


#: Another date in the header of every container; what it holds stays as it was.
AGES = python(
    "import glob",
    'for path in glob.glob("/var/lib/clamav/*.c[vlu]d"):',
    '    content = open(path, "rb").read()',
    '    fields = content[:512].rstrip().split(b":")',
    f'    fields[8] = b"%d" % (int(fields[8]) - {DAYS_OF_YEARS} * 86400)',
    '    open(path, "wb").write(b":".join(fields).ljust(512) + content[512:])',
)

ANTIVIRUS_SABOTAGES: tuple[Sabotage, ...] = (
    breaks("antivirus_running", FILES, "systemctl disable clamav-daemon.service"),
    # It answers until the next restart: were it stopped, the shares would give nothing back, and much would not be measured.
    breaks("antivirus_relay", FILES, "systemctl disable antivirus-relay.socket", "antivirus_running", batch=2),
    breaks("antivirus_signature_age", FILES, AGES),
    breaks("antivirus_updates", FILES, "systemctl disable --now antivirus-update.timer"),
    # Read by the search itself; the canary and the shares do not go by paths below it.
    breaks("antivirus_detection", FILES, "echo 'ExcludePath ^/home/' >> /etc/clamav/clamd.conf"),
    breaks(
        "antivirus_on_write",
        FILES,
        "sed -i 's/virusfilter //' /etc/samba/shares.conf && smbcontrol all reload-config",
    ),
    breaks("antivirus_scan", FILES, "systemctl disable --now antivirus-scan.timer"),
    breaks("antivirus_scan_age", FILES, dates_back("scan", "ok_at")),
    # While the watch stands still nothing closes the quarantine again.
    breaks(
        "antivirus_watch_age",
        FILES,
        "systemctl disable --now antivirus-watch.timer && " + dates_back("watch", "at"),
        "antivirus_watch_age",
        "antivirus_alert",
    ),
    breaks("antivirus_quarantine", FILES, "chmod 0755 /var/lib/antivirus /var/lib/antivirus/quarantine"),
    breaks(
        "antivirus_locked",
        FILES,
        # Without a restart: with other signatures broken in the same batch, clamd would not come back.
        "sed -i 's/SocketMode=0600/SocketMode=0666/' /etc/systemd/system/clamav-daemon.socket.d/site.conf"
        " && chmod 0666 /run/clamav/clamd.ctl",
    ),
    breaks("antivirus_media", WORKSTATION, "systemctl disable --now antivirus-media.service"),
)
