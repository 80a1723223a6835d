"""What is tried on the way to the Web, worked out from the site's lists: who, what, and what should come of it.

Closed categories are tried by the filter's own canary names, never by a site that exists. Other names are asked for by
name only; where a refusal is expected, nothing leaves the house.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ansible.module_utils.ad.access_plan import NOBODY_READ

#: An address for documentation ([RFC 5737], [RFC 3849]) in the ways that browsers write addresses.
LITERALS = ("192.0.2.1", "[2001:db8::1]", "3221225985", "0xc0000201")
_ODD_PORTS = (22, 25, 8443)
_RESOLVERS = 3


class PlanError(Exception):
    """The site's lists do not say what could be tried; the message says what is missing."""


def web_plan(
    people: Sequence[Mapping[str, Any]],
    departments: Mapping[str, Mapping[str, Any]],
    administrators: Sequence[Mapping[str, Any]],
    site: Mapping[str, Any],
) -> dict[str, Any]:
    """The plan: one visitor of each kind, and the attempts of each.

    :raises PlanError: nobody of a kind is at work, or a list is empty.
    """
    for name in ("legitimate_domains", "closed_categories", "download_types"):
        if not site[name]:
            raise PlanError(f"{name} is empty: there is nothing to try")
    visitors = _visitors(people, departments, administrators, site)
    return {
        "visitors": visitors,
        "attempts": list(_attempts(site, visitors)),
        "direct": [{"host": site["legitimate_domains"][0], "port": port} for port in (80, 443)],
        "configuration_urls": list(site["configuration_urls"]),
        "proxy": dict(site["proxy"]),
        "canary_domain": site["canary_domain"],
        "charter_title": site["charter_title"],
        "contact": site["contact"],
    }


def _visitors(
    people: Sequence[Mapping[str, Any]],
    departments: Mapping[str, Mapping[str, Any]],
    administrators: Sequence[Mapping[str, Any]],
    site: Mapping[str, Any],
) -> dict[str, str]:
    """Somebody for each kind: nobody's exception, each exception, who downloads, and who administers."""
    working = [each for each in people if each["status"] == "active"]
    if not working:
        raise PlanError(f"nobody at work is known, so that nobody can be tried: {NOBODY_READ}")

    def first(kind: str, chosen: Iterable[str]) -> str:
        login = max(chosen, default=None)
        if login is None:
            raise PlanError(f"nobody at work is {kind}; give the group members, or take the rule back")
        return login

    def of(group: str) -> list[str]:
        return [each["login"] for each in working if group in _groups(each, departments)]

    special = {one["group"] for one in site["exceptions"]} | set(site["download_groups"])
    ordinary = [each["login"] for each in working if not special & set(_groups(each, departments))]
    found = {"ordinary": first("without an exception", ordinary)}
    for group in site["download_groups"]:
        found[f"downloads {group}"] = first(f"in {group}", of(group))
    for exception in site["exceptions"]:
        found[f"exception {exception['group']}"] = first(f"in {exception['group']}", of(exception["group"]))
    found["administrator"] = first("an administrator", [each["login"] for each in administrators])
    return found


def _groups(person: Mapping[str, Any], departments: Mapping[str, Mapping[str, Any]]) -> tuple[str, ...]:
    # The directory knows departments by what they are called.
    department = next((one for one in departments.values() if one["name"] == person["department"]), {})
    return tuple(department[key] for key in ("group", "parent_group") if department.get(key))


def _attempts(site: Mapping[str, Any], visitors: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    yield from _ordinary(site)
    yield from _bypasses(site)
    for kind in visitors:
        what, _, group = kind.partition(" ")
        if what == "downloads":
            yield from _downloads(site, kind, "allowed")
        elif what == "exception":
            for exception in site["exceptions"]:
                if exception["group"] == group:
                    yield from _exceptions(site, kind, exception)
    page = f"http://{site['legitimate_domains'][0]}/"
    tunnel = f"{site['legitimate_domains'][0]}:443"
    for method, target in (("GET", page), ("CONNECT", tunnel)):
        yield _one("administrator", "admin", method, method, target, "refused", "administrator")
        for kind in ("nobody", "forged"):
            yield _one(kind, "anonymous", method, method, target, "asked")


def _ordinary(site: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for category in site["closed_categories"]:
        host = _canary(site, category)
        for method, target in (("GET", f"http://{host}/"), ("CONNECT", f"{host}:443")):
            yield _one("ordinary", "category", category, method, target, "refused", "category")
    for name in site["legitimate_domains"]:
        for method, target in (("GET", f"http://{name}/"), ("CONNECT", f"{name}:443")):
            yield _one("ordinary", "allowed", name, method, target, "allowed")
    for name in site["approved_domains"]:
        yield _one("ordinary", "approved", name, "CONNECT", f"{_host(name)}:443", "allowed")
    for subject in ("messaging", "personal_mail", "sharing"):
        for name in site[f"{subject}_domains"]:
            yield _one("ordinary", subject, name, "CONNECT", f"{_host(name)}:443", "refused", subject)
            yield _one("ordinary", subject, name, "GET", f"http://{_host(name)}/", "refused", subject)
    yield from _downloads(site, "ordinary", "refused")


def _downloads(site: Mapping[str, Any], kind: str, expected: str) -> Iterator[dict[str, Any]]:
    why = "download" if expected == "refused" else None
    for ending in site["download_types"]:
        target = f"http://{site['legitimate_domains'][0]}/garant-essai.{ending}"
        yield _one(kind, "download", ending, "GET", target, expected, why)


def _exceptions(site: Mapping[str, Any], kind: str, exception: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for category in exception.get("categories") or ():
        yield _one(kind, "exception", category, "GET", f"http://{_canary(site, category)}/", "allowed")
    for name in exception.get("domains") or ():
        yield _one(kind, "exception", name, "GET", f"http://{_host(name)}/", "allowed")


def _bypasses(site: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Ways round the filter, as a person with a right to the Web would try them."""
    name = site["legitimate_domains"][0]
    ways = [("GET", f"http://{literal}/") for literal in LITERALS]
    ways += [("CONNECT", f"{literal}:443") for literal in LITERALS[:2]]
    ways += [("CONNECT", f"{name}:{port}") for port in (80, *_ODD_PORTS)]
    ways += [("GET", f"http://{name}:8080/"), ("GET", f"ftp://{name}/"), ("GET", f"http://{name}/dns-query?dns=AAAA")]
    ways += [("CONNECT", f"{_host(resolver)}:443") for resolver in site["resolver_domains"][:_RESOLVERS]]
    ways += [("CONNECT", f"{site['proxy']['host']}:443"), ("GET", f"http://{site['proxy']['host']}/")]
    for method, target in ways:
        yield _one("ordinary", "bypass", f"{method} {target}", method, target, "refused", "bypass")


def _one(  # noqa: PLR0917 - the columns of a table
    kind: str, subject: str, name: str, method: str, target: str, expected: str, reason: str | None = None
) -> dict[str, Any]:
    return {
        "kind": kind,
        "subject": subject,
        "name": name,
        "method": method,
        "target": target,
        "expected": expected,
        "reason": reason,
    }


def _canary(site: Mapping[str, Any], category: str) -> str:
    return f"{category.replace('_', '-')}.{site['canary_domain']}"


def _host(domain: str) -> str:
    """A name that a domain of a list covers."""
    return f"www{domain}" if domain.startswith(".") else domain
