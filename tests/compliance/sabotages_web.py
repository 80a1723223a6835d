"""What is broken on purpose on the way to the Web; see sabotages.

The rules are changed behind the role's back and Squid told to read them, as somebody with root would.
"""

from __future__ import annotations

from tests.compliance.sabotages import breaks

GATEWAY = "gateways"
RULES = "/etc/squid/squid.conf"
PAGES = "/etc/squid/pages"
#: Read them, and wait until it did: two reloads at once would be one.
AGAIN = "squid -k parse 2> /dev/null && systemctl reload squid && sleep 2"


def rules(old: str, new: str, file: str = RULES) -> str:
    """A shell command that changes a line of the rules, and fails when it was not there."""
    return f"grep -qE '{old}' {file} && sed -i -E 's~{old}~{new}~' {file} && {AGAIN}"


WEB_SABOTAGES = (
    # Batch 1: one thing each, which no other attempt meets.
    breaks(
        "web_credentials_lifetime",
        GATEWAY,
        rules("^(auth_param basic credentialsttl|authenticate_ttl) .*", "\\1 900 hours"),
    ),
    breaks("web_exceptions", GATEWAY, rules("^(http_access deny category_hacking.*) !people_[0-9]+", "\\1")),
    breaks(
        "web_refusal_page",
        GATEWAY,
        f"rm {PAGES}/ERR_GARANT_ADMINISTRATOR && cp {PAGES}/ERR_DNS_FAIL {PAGES}/ERR_GARANT_ADMINISTRATOR && {AGAIN}",
    ),
    breaks("web_messaging", GATEWAY, rules("^http_access deny messaging .*", "# messaging is open"), "web_messaging"),
    breaks("web_personal_mail", GATEWAY, rules("^http_access deny personal_mail .*", "# mail is open")),
    breaks("web_sharing", GATEWAY, rules("^http_access deny sharing .*", "# sharing is open")),
    breaks("web_downloads", GATEWAY, rules("^(acl programs urlpath_regex .*)exe\\|", "\\1")),
    breaks(
        "web_log_fields",
        GATEWAY,
        rules("^(logformat web .*) %>rd ", "\\1 %>rd%>rp "),
        "web_log_fields",
        "web_privacy",
        "web_log_person",
    ),
    breaks("web_configuration", GATEWAY, "sed -i 's/return \"PROXY/return \"DIRECT; PROXY/' /srv/web-proxy/proxy.pac"),
    breaks("web_proxy_keys", GATEWAY, "chmod 644 /etc/squid/proxy.keytab"),
    breaks("web_fails_closed", GATEWAY, rules("^http_access deny !described .*", "http_access allow !described")),
    # Batch 2: what would hide what batch 1 breaks, or break it too.
    breaks(
        "web_forbidden_categories",
        GATEWAY,
        rules("^http_access deny category_hate .*", "# open"),
        "web_forbidden_categories",
        batch=2,
    ),
    breaks("web_administrators", GATEWAY, rules("^http_access deny without_internet .*", "# open"), batch=2),
    breaks("web_bypass", GATEWAY, rules("^http_access deny address_literal .*", "# open"), batch=2),
    breaks("web_downloads_for_support", GATEWAY, rules("^(http_access deny programs) !may_download", "\\1"), batch=2),
    breaks("web_privacy", GATEWAY, rules("^via off", "via on"), batch=2),
    breaks(
        "web_approved_tools",
        GATEWAY,
        # Approved names are let through whatever the lists say, but not past what is refused to everybody.
        rules("^(acl resolvers dstdomain .*)", "\\1 .teams.microsoft.com"),
        batch=2,
    ),
    breaks("web_legitimate_sites", GATEWAY, rules("^(acl sharing dstdomain .*)", "\\1 .cnil.fr"), batch=2),
    # Every password is wrong; the tickets of sessions are as good as before.
    breaks(
        "web_login_works",
        GATEWAY,
        rules("^auth_param basic program .*", "auth_param basic program /usr/bin/sed -u s/.*/ERR/"),
        batch=2,
    ),
    # Whoever shows nothing is let in. An access list of names would ask for one by itself.
    breaks(
        "web_login",
        GATEWAY,
        rules(
            "^(http_access deny !signed_in)",
            "acl presents req_header Proxy-Authorization .\\nhttp_access allow !presents\\n\\1",
        ),
        "web_login",
        # Who comes in from outside is to be asked by the filter too.
        "remote_access",
        batch=2,
    ),
)
