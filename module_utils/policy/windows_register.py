"""What an audit knows of a Windows workstation besides what is read of it: the fact workstation_register. Pure.

The site's lists, the publisher's dates, what the directory says of administrators and the programs of the whole park, put
together for one machine. What is not known is left out, so that the controls that need it are not evaluated.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ansible.module_utils.policy.computed_windows_software import matches

#: Where the definitions put the members of the local administrators ([MS-GPSB] 2.2.4).
_MEMBERS = "computer/security/Group Membership/*S-1-5-32-544__Members"
#: What every machine's register has, and where it is found: in the site's facts, or in the publisher's.
_SITE = ("software", "banned", "proxy_server")


class RegisterError(ValueError):
    """A list of the site is not as it should be; the message says which entry and what to do."""


def administrators_of(group_policy: Mapping[str, Any]) -> list[str] | None:
    """SIDs that the policy in force makes local administrators on the site's machines; None when none says so."""
    found = {
        sid.removeprefix("*").strip()
        for entry in group_policy.get("effective", ())
        if entry["side"] == "computer" and entry["scope"] == "site"
        for name, held in entry["settings"].items()
        if name.casefold() == _MEMBERS.casefold()
        for sid in str(held["value"] or "").split(",")
    }
    return sorted(found - {""}) or None


def installations(park: Mapping[str, Iterable[Mapping[str, Any]]], keys: Iterable[str]) -> int:
    """On how many machines something with one of these keys is installed."""
    patterns = list(keys)
    return sum(any(matches(program.get("key"), patterns) for program in programs) for programs in park.values())


def workstation_register(
    host: str,
    day: str,
    *,
    site: Mapping[str, Any],
    publisher: Mapping[str, Any],
    park: Mapping[str, Iterable[Mapping[str, Any]]],
    unread: int,
    group_policy: Mapping[str, Any],
) -> dict[str, Any]:
    """The register of one machine.

    :param site: software, licences, storage_exceptions, banned, proxy_server
    :param publisher: lifecycle and programs, as policies/windows_lifecycle.yml and windows_programs.yml hold them
    :param park: the programs of each machine that was read
    :param unread: how many machines of the site are not in the park: what they have installed is not known
    :raises RegisterError: an exception without an end or somebody who granted it, an entry without its keys.
    """
    register: dict[str, Any] = {
        "day": day,
        "storage_exception": _exception(host, site.get("storage_exceptions") or {}),
        "editions": publisher["lifecycle"]["editions"],
        "releases": publisher["lifecycle"]["releases"],
        "office_suites": publisher["programs"]["suites"],
        "office": publisher["programs"]["releases"],
        "licences": [{**_licence(each, park), "unread": unread} for each in site.get("licences") or ()],
        **{name: site[name] for name in _SITE if site.get(name)},
    }
    if "software" in register:
        register["software"] = [_approved(each) for each in register["software"]]
    allowed = administrators_of(group_policy)
    return {**register, "administrators": allowed} if allowed else register


def _exception(host: str, exceptions: Mapping[str, Any]) -> dict[str, str] | None:
    given = exceptions.get(host)
    if given is None:
        return None
    missing = [name for name in ("until", "why", "approved_by") if not given.get(name)]
    if missing:
        raise RegisterError(
            f"site_storage_exceptions: {host} lacks {', '.join(missing)}; an exception is dated and granted"
        )
    return {name: str(given[name]) for name in ("until", "why", "approved_by")}


def _approved(entry: Mapping[str, Any]) -> dict[str, Any]:
    keys, publishers = list(entry.get("keys") or ()), list(entry.get("publishers") or ())
    if not keys and not publishers:
        raise RegisterError(f"site_approved_software: {entry.get('name')} has neither keys nor publishers; give one")
    if any(not str(pattern).strip("*?") for pattern in (*keys, *publishers)):
        raise RegisterError(f"site_approved_software: {entry.get('name')} admits everything; name what is admitted")
    return {"name": str(entry.get("name")), "keys": keys, "publishers": publishers}


def _licence(entry: Mapping[str, Any], park: Mapping[str, Iterable[Mapping[str, Any]]]) -> dict[str, Any]:
    owned = entry.get("owned")
    if not entry.get("keys") or isinstance(owned, bool) or not isinstance(owned, int) or owned < 0:
        raise RegisterError(f"site_software_licences: {entry.get('name')} takes keys and owned, a whole number")
    keys = list(entry["keys"])
    return {"name": str(entry.get("name")), "keys": keys, "owned": owned, "installed": installations(park, keys)}
