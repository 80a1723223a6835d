"""Read what a resolver does as it runs: unbound is asked itself, never the file that it may not have read."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Sequence
from typing import Any

from ansible.module_utils.linux.gather import run

#: Options that write down what is looked up, and the value that does not.
_TRACES = {"log-queries": "no", "log-replies": "no", "log-local-actions": "no", "log-servfail": "no",
           "val-log-level": "0"}  # fmt: skip
#: From this verbosity on, unbound writes the names down whatever the options say (unbound.conf(5)).
_LOUD = 2
_OPEN = ("allow", "allow_setrd", "allow_snoop", "allow_cookie")
Ask = Callable[..., str]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def option(name: str, ask: Ask = run) -> list[str]:
    """The values of an option in force."""
    return ask("unbound-control", "get_option", name).split("\n")[:-1]


def clients(lines: Sequence[str]) -> list[str]:
    """Who is answered, out of the access list; this host itself is left out."""
    found = [line.split() for line in lines]
    return sorted(
        net
        for net, how in (pair for pair in found if len(pair) == 2)
        if how in _OPEN and not ipaddress.ip_network(net).is_loopback
    )


def traces(ask: Ask = run) -> list[str]:
    """What makes the resolver write down what is looked up."""
    found = [f"{name}: {value}" for name, wanted in _TRACES.items() for value in option(name, ask) if value != wanted]
    loud = int(option("verbosity", ask)[0])
    return found + ([f"verbosity: {loud}"] if loud >= _LOUD else [])


def surplus(found: Sequence[str], declared: Sequence[str]) -> list[str]:
    """Networks that are answered and lie in none that is declared."""
    wanted = [ipaddress.ip_network(each) for each in declared]
    return [each for each in found if not any(_within(ipaddress.ip_network(each), wider) for wider in wanted)]


def _within(net: Network, wider: Network) -> bool:
    return net.version == wider.version and net[0] in wider and net[-1] in wider


def read_resolver(declared: Sequence[str], ask: Ask = run) -> dict[str, Any]:
    """The resolver as it runs."""
    allowed = clients(option("access-control", ask))
    forwards = re.findall(r"^\. IN forward (.+)$", ask("unbound-control", "list_forwards"), re.MULTILINE)
    refused = [
        line.split()[0].rstrip(".")
        for line in ask("unbound-control", "list_local_zones").splitlines()
        if line.endswith(" always_nxdomain")
    ]
    return {
        "clients": allowed,
        "undeclared_clients": surplus(allowed, declared),
        "forwarders": forwards[0].split() if forwards else [],
        "validates": "validator" in " ".join(option("module-config", ask)),
        "private_networks": sorted(option("private-address", ask)),
        "traces": traces(ask),
        "refused": sorted(refused),
    }
