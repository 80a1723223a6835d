"""What is broken on purpose on the logs of the gateway and on the log server; see sabotages."""

from __future__ import annotations

from tests.compliance.sabotages import breaks

GATEWAY, SERVER = "gateways", "log_servers"
KEPT = "/etc/log-retention.json"
RECEIVES = "/etc/rsyslog.d/30-log-server.conf"


def keeps(days: int) -> str:
    """A shell command after which the destroyer of old lines goes by another number of days."""
    return f"""grep -q '"days"' {KEPT} && sed -i 's/"days": [0-9]*/"days": {days}/' {KEPT}"""


LOG_SABOTAGES = (
    breaks("log_retention", GATEWAY, keeps(900)),
    breaks("log_files_closed", GATEWAY, "chmod 0644 /var/log/ulog/refused.log"),
    breaks("log_rotation", GATEWAY, "rm /etc/logrotate.d/site-logs"),
    breaks(
        "log_alerts",
        GATEWAY,
        # More than any disk has: the watch finds too little room.
        f"""sed -i 's/"free_percent": [0-9]*/"free_percent": 101/' {KEPT} && systemctl start log-watch.service""",
    ),
    # A second way in, without certificates; hosts of the same network reach it.
    breaks(
        "log_separation",
        SERVER,
        f"""printf 'input(type="imtcp" port="514" ruleset="site_received")\n' >> {RECEIVES}"""
        " && systemctl restart rsyslog.service",
    ),
    breaks("log_reading", SERVER, "gpasswd --add nobody log-readers"),
    breaks("log_clocks", SERVER, "systemctl stop chrony.service"),
    breaks(
        "monitoring_announced",
        GATEWAY,
        """sed -i 's/"by": "[^"]*"/"by": "somebody else"/' /var/lib/monitoring/activation.json"""
        " && grep -q 'somebody else' /var/lib/monitoring/activation.json",
    ),
    # Batch 2: what touches the same things.
    breaks("log_retention_minimum", GATEWAY, keeps(30), batch=2),
    breaks("log_destruction", GATEWAY, "systemctl disable --now log-destroy.timer", batch=2),
    breaks(
        "log_forwarding",
        GATEWAY,
        "rm /etc/rsyslog.d/20-log-forwarding.conf && systemctl restart rsyslog.service",
        "log_forwarding",
        "log_delivery_delay",
        batch=2,
    ),
)
