"""What is broken on purpose in remote access: settings of the gateway, edited in place as a careless hand would."""

from __future__ import annotations

from tests.compliance.sabotages import Sabotage, breaks

GATEWAY = "gateways"
_PEOPLE = "/etc/openvpn/server/people.conf"
_RESTART = "systemctl reset-failed openvpn-server@people; systemctl restart openvpn-server@people"


def edits(*expressions: str) -> str:
    """A shell command that changes the service's configuration and restarts it."""
    given = " ".join(f"-e '{each}'" for each in expressions)
    return f"sed -i {given} {_PEOPLE} && {_RESTART}"


#: The peer's address outside the tunnel leads into it.
BESIDE = (
    "inside=$(awk '/ifconfig-push/ {print $2; exit}' /etc/openvpn/server/peers/*) && "
    "outside=$(awk -F '[,:]' '/^CLIENT_LIST/ {print $3; exit}' /run/openvpn-server/status-peers.log) && "
    "nft add table ip beside && "
    "nft 'add chain ip beside turn { type nat hook prerouting priority dstnat; }' && "
    'nft add rule ip beside turn ip daddr "$outside" dnat to "$inside"'
)

VPN_SABOTAGES: tuple[Sabotage, ...] = (
    breaks("remote_access", GATEWAY, edits('s/^push "dhcp-option DNS .*/push "dhcp-option DNS 192.0.2.53"/')),
    breaks("vpn_certificate", GATEWAY, "printf '#!/bin/sh\\nexit 0\\n' > /usr/local/sbin/vpn-admission"),
    breaks("vpn_revocation", GATEWAY, edits("/^crl-verify/d")),
    breaks("vpn_second_factor", GATEWAY, "sed -i 's/pam_oath.so.*/pam_permit.so/' /etc/pam.d/vpn"),
    breaks(
        "vpn_entitlement", GATEWAY, "sed -i 's/pam_winbind.so require_membership_of=.*/pam_winbind.so/' /etc/pam.d/vpn"
    ),
    breaks(
        "vpn_reach",
        GATEWAY,
        "nft 'insert rule inet site vpn_to_servers tcp dport 22 accept'",
        "vpn_reach",
        # The ruleset in force is not the matrix any more.
        "firewall_ruleset",
        "firewall_restart",
    ),
    breaks(
        "vpn_tunnel",
        GATEWAY,
        # Whichever a site has, it gets the other one.
        f"if grep -q redirect-gateway {_PEOPLE}; then sed -i /redirect-gateway/d {_PEOPLE}; "
        f"else echo 'push \"redirect-gateway def1\"' >> {_PEOPLE}; fi; {_RESTART}",
    ),
    breaks("vpn_tls", GATEWAY, edits("s/^tls-version-min.*/tls-version-min 1.0\\ntls-cipher DEFAULT:@SECLEVEL=0/")),
    # Beside the tunnel, which itself stays: what is saved through it would be unknown too.
    breaks("provider_tunnel", GATEWAY, BESIDE),
    breaks("administration_second_factor", GATEWAY, "sed -i 's/pam_oath.so.*/pam_permit.so/' /etc/pam.d/second-factor"),
)
