"""What is broken on purpose in the site's names and clocks; see sabotages.

Names are changed by the controller's own tools, the resolver in its files with a restart, as somebody with root would.
A hole in the firewall turns the firewall's own controls red too; the zones' names are those that every site of ours has.
"""

from __future__ import annotations

from tests.compliance.sabotages import DC, Sabotage, breaks

GATEWAY = "gateways"
FILE, REFUSED = "/etc/unbound/unbound.conf", "/etc/unbound/refused.conf"
AGAIN = "systemctl reset-failed unbound.service; systemctl restart unbound.service"
#: The domain's zone, as the controller knows it.
ZONE = "zone=$(testparm -s --parameter-name=realm 2> /dev/null | tr A-Z a-z)"
#: A second hole in the same ruleset: what the firewall's own audit makes of it.
HOLE = ("undeclared_flows", "firewall_ruleset", "firewall_restart")


def resolver(old: str, new: str, file: str = FILE) -> str:
    """A shell command that changes a line of the resolver, and fails when it was not there."""
    return f"grep -qE '{old}' {file} && sed -i -E 's#{old}#{new}#' {file} && {AGAIN}"


def points(name: str, address: str) -> str:
    """A shell command that makes a name of the domain stand for another address."""
    return (
        f"{ZONE}; old=$(samba-tool dns query localhost $zone {name} A -P 2>/dev/null | sed -nE 's/^ *A: ([0-9.]+) .*/\\1/p') && "
        f"samba-tool dns update localhost $zone {name} A $old {address} -P"
    )


#: A server on this host that never answers, and goes away by itself.
SILENT = (
    "systemd-run --quiet --collect --property=RuntimeMaxSec=900 python3 -c "
    "'import socket,time; s=socket.socket(2,2); s.bind((\"127.0.0.1\",5399)); time.sleep(900)'"
)

DNS_SABOTAGES: tuple[Sabotage, ...] = (
    breaks("domain_names_resolved", DC, points("journaux", "192.0.2.9")),
    breaks("proxy_discovery_names", DC, points("wpad", "192.0.2.9")),
    breaks("encrypted_resolver_names", GATEWAY, resolver('.*"dns.google." always_nxdomain', "", REFUSED)),
    breaks("encrypted_resolver_signal", GATEWAY, resolver('.*"use-application-dns.net." always_nxdomain', "", REFUSED)),
    breaks("resolver_query_log", GATEWAY, resolver("log-queries: no", "log-queries: yes")),
    breaks("resolver_private_answers", GATEWAY, resolver("private-address: 10.0.0.0/8", "")),
    # One name of the world is sent to a server that never answers, and is waited for as long as unbound likes.
    breaks(
        "name_answer_time",
        GATEWAY,
        f"{SILENT} && sed -i -E '/(infra-cache-max-rtt|outbound-msg-retry|serve-expired)/d' {FILE} && "
        f"sed -i 's/^server:/server:\\n    do-not-query-localhost: no/' {FILE} && "
        f"printf '\\nforward-zone:\\n    name: \"www.debian.org.\"\\n    forward-addr: 127.0.0.1@5399\\n' >> {FILE} && {AGAIN}",
        "name_answer_time",
        "outside_names_resolved",
    ),
    breaks(
        "foreign_resolvers",
        GATEWAY,
        "nft 'insert rule inet site users_to_internet udp dport 53 accept'",
        "foreign_resolvers",
        *HOLE,
    ),
    breaks(
        "resolver_strangers",
        GATEWAY,
        "nft 'insert rule inet site users_to_gateway udp dport 53 accept' && "
        + resolver("access-control: 0.0.0.0/0 refuse", "access-control: 0.0.0.0/0 allow"),
        "resolver_strangers",
        "resolver_clients",
        *HOLE,
    ),
    # The clock itself is the computer's and cannot be moved; what keeps it right can be stopped.
    breaks("site_clocks", GATEWAY, "systemctl stop chrony"),
)
