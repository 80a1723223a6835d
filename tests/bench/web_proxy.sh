#!/bin/sh
# Requests per second through the proxy with the site's whole policy, and through a Squid with no policy, in one run on
# the gateway itself: sh web_proxy.sh LOGIN PASSWORD URL [REQUESTS] [AT ONCE]. Needs apache2-utils; URL answers quickly.
set -eu
login=$1 password=$2 url=$3 requests=${4:-2000} together=${5:-20}
folder=$(mktemp -d /run/garant-bench-XXXXXX)
trap 'kill $running 2> /dev/null || true; rm -rf "$folder"' EXIT
chown proxy:proxy "$folder"
cat > "$folder/squid.conf" <<RULES
http_port 127.0.0.1:3199
http_access allow all
cache deny all
access_log stdio:$folder/access.log
cache_log $folder/cache.log
pid_filename $folder/squid.pid
shutdown_lifetime 0 seconds
RULES
squid -N -f "$folder/squid.conf" & running=$!
sleep 4
measure() {
    ab -q -k -n "$requests" -c "$together" -X "$1" -P "$login:$password" "$url" 2> /dev/null \
        | grep -E 'Requests per second|Non-2xx|Failed requests|99%' | tr -s ' ' | tr '\n' ';'
    echo
}
for round in 1 2; do
    printf 'no policy: '; measure 127.0.0.1:3199
    printf 'policy:    '; measure 127.0.0.1:3128
done
