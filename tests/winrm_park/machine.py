"""One simulated machine: its registry, its accounts, its services, and the answers to WMI queries and methods."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.winrm_park import NotSimulatedError, faults, hive, profiles, registry_methods, renewal, wql
from tests.winrm_park.classes import Row, WmiClass
from tests.winrm_park.registry import Registry
from tests.winrm_park.tables import CLASSES

#: Namespaces that answer on every machine, classes or not.
_ALWAYS = ("root", "root/cimv2", "root/default")


@dataclass
class Account:
    """A local account."""

    name: str
    rid: int
    enabled: bool = True
    password_required: bool = True
    role: str = ""


@dataclass
class Member:
    """Who is in the local administrators: a local account by its RID, or somebody of the domain."""

    name: str
    rid: int
    domain: bool = False
    group: bool = False


@dataclass
class Told:
    """What the machine was asked and did, for tests to look at."""

    queries: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    unsimulated: list[str] = field(default_factory=list)
    requests: int = 0
    connections: int = 0
    logons: list[str] = field(default_factory=list)
    refused_logons: int = 0


class Machine:
    """A machine made of a whole profile (profiles.profile)."""

    def __init__(self, profile: Mapping[str, Any]) -> None:
        self.profile = dict(profile)
        self.name: str = profile["name"].upper()
        self.words: Mapping[str, Any] = profiles.languages()[profile["language"]]
        self.told = Told()
        self.booted_at = self.now() - timedelta(hours=profile["os"]["booted_hours_ago"])
        self.local_sid = _local_sid(self.name)
        self.accounts: list[Account] = []
        self.administrators: list[Member] = []
        self.services: dict[str, str] = {}
        self.policy_notes: list[str] = []
        self.policy_values: list[tuple[str, str]] = []
        self.security: dict[str, Any] = {}
        self.rights: dict[str, tuple[str, ...]] = {}
        self.renewal = renewal.Renewal()
        #: Reads its policies again, where it has some: whatever system it becomes is under them.
        self.governed: Callable[[], None] = lambda: None
        self._start()

    def _start(self) -> None:
        self.registry = Registry()
        self.accounts = [self._account(each) for each in self.profile["accounts"]]
        self.administrators = [self._member(each) for each in self.profile["administrators"]]
        self.services = {name: each["state"] for name, each in self.profile["services"].items() if each}
        hive.fill(self)
        self.policy_values.clear()
        self.security.clear()
        self.rights.clear()

    # What it is

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC).replace(microsecond=0)

    @property
    def nt_version(self) -> tuple[int, int]:
        major, minor = self.profile["os"]["version"].split(".")[:2]
        return int(major), int(minor)

    @property
    def bits(self) -> int:
        return int(self.profile["os"]["architecture"])

    @property
    def behaviour(self) -> dict[str, Any]:
        found: dict[str, Any] = self.profile["behaviour"]
        return found

    @property
    def installed_at(self) -> datetime:
        return self.now() - timedelta(days=self.profile["os"]["installed_days_ago"])

    @property
    def updated_at(self) -> datetime:
        return self.now() - timedelta(days=self.profile["updates"]["last_installed_days_ago"])

    @property
    def full_name(self) -> str:
        return f"{self.name.lower()}.{self.profile['domain']['dns']}"

    def session_sid(self, login: str) -> str:
        """The SID of somebody of the domain who has a session here."""
        for session in self.profile["sessions"]:
            if session["login"] == login:
                return str(session.get("sid") or f"{self.profile['domain']['sid']}-{_rid(login)}")
        raise NotSimulatedError(f"a session of {login} on {self.name}")

    def _account(self, given: Mapping[str, Any]) -> Account:
        role = given.get("role", "")
        name = given.get("name") or self.words["names"][role]
        return Account(name, given["rid"], given.get("enabled", True), given.get("password_required", True), role)

    def _member(self, given: Mapping[str, Any]) -> Member:
        if "domain_group" in given:
            return Member(self.words.get(given["domain_group"], given["domain_group"]), given["rid"], True, True)
        if "domain_user" in given:
            return Member(given["domain_user"], given.get("rid") or _rid(given["domain_user"]), True)
        wanted = given.get("role") or given.get("account")
        for account in self.accounts:
            if wanted in (account.role, account.name):
                return Member(account.name, account.rid)
        return Member(str(wanted), int(given.get("rid", 1099)))

    # What it answers

    def select(self, namespace: str, text: str) -> tuple[WmiClass, list[str] | None, list[Row]]:
        """The class, the columns (None for all) and the rows of a query."""
        self.told.queries.append(f"{namespace}: {text}")
        place = namespace.lower().replace("\\", "/")
        try:
            query = wql.parse(text)
        except wql.WqlError as error:
            raise faults.bad_query(f"{text} ({error})") from error
        found = self.class_of(place, query.class_name)
        shown = {name.lower(): name for name in found.shown(self)}
        for name in (*query.columns, *query.named):
            if name.lower() not in shown:
                if name.lower() in found.properties.lower().split():
                    raise faults.bad_query(f"{text} (no {name} on this Windows)")
                raise self.not_simulated(f"property {name} of {found.name}")
        rows = [row for row in self.rows(found) if query.test({name.lower(): value for name, value in row.items()})]
        return found, [shown[name.lower()] for name in query.columns] or None, rows

    def rows(self, found: WmiClass) -> list[Row]:
        """Every instance, each with every property of this machine's Windows."""
        shown = found.shown(self)
        return [{name: row.get(name) for name in shown} for row in found.rows(self)]

    def class_of(self, place: str, name: str) -> WmiClass:
        """The class of a namespace, or the refusal that its absence makes."""
        self._refuse(name)
        here = [each for each in CLASSES if each.namespace == place]
        if place not in _ALWAYS and not any(each.on(self) for each in here):
            if here or not _known_elsewhere(place):
                raise faults.no_namespace(place)
            raise self.not_simulated(f"namespace {place}")
        for each in here:
            if each.name.lower() == name.lower():
                if not each.on(self):
                    raise faults.no_class(place, name)
                if each.administrators_only and self.behaviour["access"] != "administrator":
                    raise faults.provider_refused(each.name)
                return each
        if name.lower().startswith("nosuch"):
            raise faults.no_class(place, name)
        raise self.not_simulated(f"class {name} of {place}")

    def invoke(self, resource: str, method: str, given: Mapping[str, list[str]], selectors: Mapping[str, str]) -> Any:
        """The output of a method of StdRegProv or of an instance: pairs of names and values."""
        namespace, _mark, name = resource.replace("\\", "/").rpartition("/")
        self.told.queries.append(f"{namespace}: {name}.{method}")
        self._refuse(name)
        if name.lower() == "stdregprov" and namespace.lower() in ("root/default", "root/cimv2"):
            try:
                return registry_methods.invoke(self.registry, method, given, self.told.writes.append)
            except NotSimulatedError as error:
                raise self.not_simulated(str(error)) from error
        found = self.class_of(namespace.lower(), name)
        if method not in found.methods:
            raise self.not_simulated(f"method {method} of {found.name}")
        wanted = {key.lower(): value.lower() for key, value in selectors.items()}
        for row in self.rows(found):
            held = {key.lower(): str(value).lower() for key, value in row.items()}
            if wanted and all(held.get(key) == value for key, value in wanted.items() if not key.startswith("__")):
                return found.methods[method](row)
        raise faults.no_instance(name, faults.BAD_SELECTORS)

    def _refuse(self, name: str) -> None:
        """The refusals that the profile asks for: one class, or "*" for all."""
        if self.behaviour["access"] == "denied":
            raise faults.access_denied(self.name)
        for fault in self.behaviour["faults"]:
            if fault.get("class", "*").lower() in ("*", name.lower()):
                code = int(fault["code"])
                raise faults.Fault("w:InternalError", f"The request failed with {code}.", code, fault.get("wmi"))

    def not_simulated(self, what: str) -> faults.Fault:
        """Note what this machine does not know, and the refusal that says so."""
        self.told.unsimulated.append(what)
        return faults.not_simulated(what)

    # What changes it

    def service_start(self, name: str) -> int | None:
        """The start type of a service, from the registry, as the service manager has it."""
        found = self.registry.data(rf"HKLM\SYSTEM\CurrentControlSet\Services\{name}", "Start")
        return found if isinstance(found, int) else None

    def boot(self) -> None:
        """Start again: services take the state that their start type gives, pending work is done."""
        self.booted_at = self.now()
        for name in self.services:
            start = self.service_start(name)
            self.services[name] = {4: "Stopped", 2: "Running", 1: "Running", 0: "Running"}.get(
                4 if start is None else start, self.services[name]
            )
        self.profile["updates"] = {**self.profile["updates"], "pending_reboot": False}
        for path in (rf"{hive.UPDATE}\RebootRequired", rf"{hive.SERVICING}\RebootPending"):
            self.registry.delete_key(path)
        renewal.restart(self)

    def become(self, profile: Mapping[str, Any]) -> None:
        """Another system on the same machine, as after an upgrade, under the same policies."""
        self.profile = {**profile, "name": self.name}
        self._start()
        self.booted_at = self.now()
        self.governed()


def _known_elsewhere(place: str) -> bool:
    """Whether a namespace is one that real machines have and this one leaves out."""
    return place.startswith("root/") and not place.startswith("root/nosuch")


def _rid(login: str) -> int:
    return 1100 + int.from_bytes(hashlib.sha256(login.encode()).digest()[:3], "big") % 800_000


def _local_sid(name: str) -> str:
    digest = hashlib.sha256(name.encode()).digest()
    parts = (int.from_bytes(digest[at : at + 4], "big") for at in (0, 4, 8))
    return "S-1-5-21-" + "-".join(str(part) for part in parts)
