"""What plays about logs work out from the inventory and from what was read, and people's pseudonyms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import ansible.module_utils
from ansible.errors import AnsibleFilterError

# A filter runs in Ansible itself, which finds shared code for modules only. It loads all filters for each task and host anew:
# what one of them needs is loaded when that one is used.
_SHARED = str(Path(__file__).resolve().parents[2] / "module_utils")
if _SHARED not in ansible.module_utils.__path__:
    ansible.module_utils.__path__.append(_SHARED)


def log_sources(hosts: Iterable[str], hostvars: Mapping[str, Any], domain: str) -> list[dict[str, Any]]:
    """Who may send to the log server: the host, the name in its certificate, and every address of its own."""
    return [
        {
            "name": host,
            "peer": f"{host}.{domain}",
            "addresses": sorted(
                {hostvars[host][name] for name in ("address", "server_address") if name in hostvars[host]}
            ),
        }
        for host in sorted(hosts)
    ]


def log_senders(hosts: Iterable[str], hostvars: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The hosts that wrote a line, with when, and what their logs end with."""
    return [
        {"host": host, "at": logs["sent"]["at"], "last_lines": logs.get("last_lines", [])}
        for host in sorted(hosts)
        if "sent" in (logs := _logs(host, hostvars))
    ]


def log_trials(hosts: Iterable[str], hostvars: Mapping[str, Any]) -> dict[str, Any]:
    """What every host that sends tried and read, for the evidence; a host of which a part is missing was not read."""
    found = []
    for host in sorted(hosts):
        logs = _logs(host, hostvars)
        parts = {name: logs[name] for name in ("intrusion", "clock") if name in logs}
        found.append({"host": host, "read": "intrusion" in logs and "sent" in logs, **parts})
    return {"hosts": found}


def _logs(host: str, hostvars: Mapping[str, Any]) -> Mapping[str, Any]:
    return (hostvars[host].get("read_logs") or {}).get("logs") or {}


def hidden_people(value: Any, key_file: str, logins: Iterable[str]) -> Any:
    """The value with every login under its pseudonym."""
    from ansible.module_utils.policy.pseudonym import PseudonymError, hide_people, site_key

    try:
        return hide_people(value, site_key(key_file), list(logins))
    except PseudonymError as error:
        raise AnsibleFilterError(str(error)) from error


def person_pseudonym(login: str, key_file: str) -> str:
    """The name that a person has in evidence."""
    from ansible.module_utils.policy.pseudonym import PseudonymError, pseudonym, site_key

    try:
        return pseudonym(site_key(key_file), login)
    except PseudonymError as error:
        raise AnsibleFilterError(str(error)) from error


def site_pseudonym_key(key_file: str) -> str:
    """The site's key as modules take it (hexadecimal), made at the first use."""
    from ansible.module_utils.policy.pseudonym import PseudonymError, site_key

    try:
        return site_key(key_file).hex()
    except PseudonymError as error:
        raise AnsibleFilterError(str(error)) from error


class FilterModule:
    """Filters by name."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """The filters of this file."""
        return {
            "log_sources": log_sources,
            "log_senders": log_senders,
            "log_trials": log_trials,
            "hidden_people": hidden_people,
            "person_pseudonym": person_pseudonym,
            "site_pseudonym_key": site_pseudonym_key,
        }
