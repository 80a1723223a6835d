"""What is broken on purpose on the firewall. A load that nobody asked for, by nft itself or in the system's settings.

A rule put in force by hand makes the ruleset differ from the matrix, whatever else it does: firewall_ruleset turns red
with each. The zones' names are those that every site of ours has.
"""

from __future__ import annotations

from tests.compliance.sabotages import Sabotage, breaks

GATEWAY = "gateways"
RULESET = "firewall_ruleset"


def inserts(chain: str, rule: str) -> str:
    """A shell command that puts a rule before all others of a chain."""
    return f"nft 'insert rule inet site {chain} {rule}'"


FIREWALL_SABOTAGES: tuple[Sabotage, ...] = (
    # Batch 1: each opens or closes one thing. Port 4444 is one of the samples that no flow names.
    breaks(
        "firewall_default_refusal",
        GATEWAY,
        "nft 'chain inet site output { policy accept; }'",
        "firewall_default_refusal",
        # The file says drop: a restart would bring back another ruleset than the one in force.
        "firewall_restart",
    ),
    breaks(
        "undeclared_flows",
        GATEWAY,
        inserts("users_to_servers", "tcp dport 4444 accept"),
        "undeclared_flows",
        RULESET,
        "firewall_restart",
    ),
    breaks(
        "declared_flows",
        GATEWAY,
        inserts("users_to_servers", "tcp dport 3269 drop"),
        "declared_flows",
        RULESET,
        "firewall_restart",
    ),
    breaks("firewall_refusals_logged", GATEWAY, "systemctl stop ulogd2"),
    breaks(
        "firewall_forged_addresses",
        GATEWAY,
        inserts("forged", 'iifname "users0" accept'),
        "firewall_forged_addresses",
        RULESET,
        "firewall_restart",
    ),
    breaks(
        "firewall_other_protocol",
        GATEWAY,
        inserts("forward", "meta nfproto ipv6 accept"),
        "firewall_other_protocol",
        RULESET,
        "firewall_restart",
    ),
    breaks(
        "firewall_log_rate",
        GATEWAY,
        inserts("refuse_input", 'log prefix "all: " group 1'),
        "firewall_log_rate",
        "firewall_restart",
    ),
    # Batch 2: what is refused by name, and the guests.
    breaks(
        "direct_web",
        GATEWAY,
        inserts("users_to_internet", "udp dport 443 accept"),
        "direct_web",
        "undeclared_flows",
        RULESET,
        "firewall_restart",
        batch=2,
    ),
    breaks(
        "direct_messaging",
        GATEWAY,
        inserts("users_to_internet", "tcp dport 1863 accept"),
        "direct_messaging",
        "undeclared_flows",
        RULESET,
        "firewall_restart",
        batch=2,
    ),
    breaks(
        "direct_sharing",
        GATEWAY,
        inserts("users_to_internet", "tcp dport 6881 accept"),
        "direct_sharing",
        "undeclared_flows",
        RULESET,
        "firewall_restart",
        batch=2,
    ),
    breaks(
        "direct_mail",
        GATEWAY,
        inserts("users_to_internet", "tcp dport 25 accept"),
        "direct_mail",
        "undeclared_flows",
        RULESET,
        "firewall_restart",
        batch=2,
    ),
    breaks(
        "guest_isolation",
        GATEWAY,
        inserts("forward", 'meta nfproto ipv4 iifname "guest0" oifname "servers0" tcp dport 445 accept'),
        "guest_isolation",
        "undeclared_flows",
        RULESET,
        "firewall_restart",
        batch=2,
    ),
    # Nothing is touched but what the system would do at its next start.
    breaks("firewall_restart", GATEWAY, "systemctl disable nftables.service", batch=2),
)
