#!/bin/sh
# controller_answers.sh DOMAIN HOST ADDRESS: waits for what members need, in the order in which it comes up, and says
# which of them does not answer. Uses the host's own account in the domain, no password.
domain=$1 host=$2 address=$3
cache=$(mktemp) || exit 1
trap 'rm -f "$cache"' EXIT

until_done() {
    what=$1
    shift
    for _ in $(seq 60); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.5
    done
    echo "$what does not answer on $host after 30 s; read: journalctl -u samba-ad-dc" >&2
    exit 1
}

names() {
    python3 -c 'import dns.resolver, sys
resolver = dns.resolver.Resolver(configure=False)
resolver.nameservers = [sys.argv[2]]
resolver.lifetime = 2
sys.exit(not resolver.resolve("_ldap._tcp." + sys.argv[1], "SRV"))' "$domain" "$address"
}
directory() { openssl s_client -connect "$address:636" -servername "$host.$domain" -verify_return_error </dev/null; }
tickets() { KRB5CCNAME="FILE:$cache" kinit -k -t /var/lib/samba/private/secrets.keytab "$(echo "$host" | tr '[:lower:]' '[:upper:]')\$"; }
files() { smbclient "//$host.$domain/sysvol" --use-krb5-ccache="$cache" --use-kerberos=required -c ls; }

until_done "The name service" names
until_done "The directory over TLS" directory
until_done "Kerberos" tickets
until_done "The file service" files
