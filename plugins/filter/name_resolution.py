"""What is asked of name servers to see that a site's names and ways are as its tables say; and its clocks as one fact."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleFilterError

#: Services that every machine of a domain looks for ([MS-ADTS] 6.3.2.3).
_SERVICES = ("_ldap._tcp.dc._msdcs", "_kerberos._tcp.dc._msdcs", "_kerberos._udp", "_gc._tcp")


def _question(kind: str, name: str, **other: Any) -> dict[str, Any]:
    return {"kind": kind, "name": name, "type": "A", "expected": [], "timed": False, **other}


def name_questions(given: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Questions for name_resolution_info: domain, hosts with their addresses, the domain's services, table of names with
    proxy_names among them, outside (names of the world), and encrypted and signals (names that do not exist here)."""
    domain = given["domain"]
    missing = sorted(set(given["proxy_names"]) - {str(line["name"]) for line in given["table"]})
    if missing:
        raise AnsibleFilterError(
            f"{', '.join(missing)}: leads to the proxy and is not in the site's table of names; add it to site_dns_names"
        )
    own = [
        _question("own", f"{host}.{domain}", expected=[address], timed=True) for host, address in given["hosts"].items()
    ]
    own += [_question("own", f"{service}.{domain}", type="SRV", timed=True) for service in _SERVICES]
    for line in given["table"]:
        kind = "proxy" if line["name"] in given["proxy_names"] else "own"
        type_ = str(line.get("type", "A"))
        values = [str(value).lower() for value in line["values"]]
        if type_ == "CNAME":
            values = [value if "." in value else f"{value}.{domain}" for value in values]
        own.append(_question(kind, f"{line['name']}.{domain}", type=type_, expected=values))
    return [
        *own,
        *(_question("outside", name, timed=True) for name in given["outside"]),
        *(_question("encrypted", name) for name in given["encrypted"]),
        *(_question("signal", name, type=type_) for name in given["signals"] for type_ in ("A", "AAAA")),
    ]


def name_attempts(
    foreign: Sequence[str], resolvers: Sequence[str], name: str, ways: Sequence[str] = ("udp", "tcp", "tls", "https")
) -> list[dict[str, Any]]:
    """Attempts for name_resolution_info: resolvers outside in every way, and the site's own, asked for a name of the world."""
    found = [{"kind": "foreign", "address": each, "way": way, "name": name} for each in foreign for way in ways]
    return found + [
        {"kind": "resolver", "address": each, "way": way, "name": name} for each in resolvers for way in ("udp", "tcp")
    ]


def site_clocks(hosts: Sequence[str], readings: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Clocks of the hosts and of this computer as one fact, out of what clock_info returned on each; readings are hostvars,
    with read_clock and read_clock_here. A host that was not read is there with the reason."""
    found: list[dict[str, Any]] = []
    here: list[dict[str, Any]] = []
    for host in hosts:
        result = readings[host].get("read_clock") or {"msg": "the host does not answer"}
        clock = result.get("clock") or {"tracking": None, "against": None}
        found.append({"host": host, **clock, "problem": "" if result.get("clock") else str(result.get("msg", ""))})
        here = here or (readings[host].get("read_clock_here") or {}).get("clock", {}).get("against", [])
    return {"here": here, "hosts": found}


class FilterModule:
    """Filters for the audit of names and clocks."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        return {"name_questions": name_questions, "name_attempts": name_attempts, "site_clocks": site_clocks}
