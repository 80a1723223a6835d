"""A unit of its own on a live domain controller, with definitions of policies for it, removed afterwards."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import Credentials, DirectoryError, encode_password, open_directory
from ansible.module_utils.ad.group_policy.links import GpoLink
from ansible.module_utils.ad.group_policy.store_facts import read_facts
from ansible.module_utils.ad.group_policy.store_model import same
from ansible.module_utils.ad.group_policy.store_session import Domain, open_domain, reconcile

from tests.unit.ad.password_live import connection, unique

Definition = dict[str, Any]


def lock(name: str) -> Definition:
    """A policy with settings of both halves."""
    return {
        "name": name,
        "purpose": "Les sessions se verrouillent d'elles-mêmes.",
        "links": [{"unit": ""}],
        "computer": {
            "policies": [
                {"policy": "ControlPanelDisplay/CPL_Personalization_NoLockScreenCamera", "state": "enabled",
                 "reason": "essai"},
            ],
            "security": {"Privilege Rights": {"SeDenyRemoteInteractiveLogonRight": {"value": [{"rid": 512}],
                                                                                    "reason": "essai"}}},
        },
        "user": {
            "policies": [
                {"policy": "ControlPanelDisplay/CPL_Personalization_ScreenSaverTimeOut", "state": "enabled",
                 "elements": {"ScreenSaverTimeOutFreqSpin": {"value_of": "delay", "unit": "minutes"}},
                 "reason": "essai"},
            ],
            "drives": [{"letter": "P", "path": r"\\fs1\essai", "label": "Essai", "groups": [{"rid": 513}],
                        "reason": "essai"}],
        },
    }  # fmt: skip


def simple(name: str, policy: str = "ControlPanelDisplay/CPL_Personalization_NoLockScreenCamera") -> Definition:
    """A policy with one setting."""
    return {
        "name": name,
        "purpose": "Essai.",
        "links": [{"unit": "Postes"}],
        "computer": {"policies": [{"policy": policy, "state": "enabled", "reason": "essai"}]},
    }


class PolicySite:
    """The unit, its definitions and what brings the domain in line with them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mark = unique("gpo")
        self.lock, self.second = f"Verrouillage {self.mark}", f"Caméra {self.mark}"
        self.backups = folder / "backups"
        with self.domain() as domain:
            self.base = domain.directory.base
            self.root = names.child("OU", self.mark, self.base)
            self.stations = names.child("OU", "Postes", self.root)
            for dn in (self.root, self.stations):
                domain.directory.directory.add(dn, {"objectClass": [b"top", b"organizationalUnit"]})
        self.define()

    def define(self, *definitions: Definition) -> None:
        """Write these definitions, in this order; the two usual ones when none is given."""
        for old in self.folder.glob("*.yml"):
            old.unlink()
        for number, definition in enumerate(definitions or (lock(self.lock), simple(self.second))):
            text = yaml.safe_dump(definition, allow_unicode=True, sort_keys=False)
            (self.folder / f"{number:02}.yml").write_text(text, encoding="utf-8")

    def options(self, **changes: Any) -> dict[str, Any]:
        return {
            **connection(),
            "definitions": [str(file) for file in sorted(self.folder.glob("*.yml"))],
            "values": {"delay": 10},
            "context": {"root_ou": self.mark},
            "inheritance": "allowed",
            "purge": False,
            "backup_directory": str(self.backups),
            "restore": None,
            **changes,
        }

    def run(self, check: bool = False, **changes: Any) -> Mapping[str, Any]:
        return reconcile(self.options(**changes), check).facts()

    def facts(self) -> dict[str, Any]:
        return read_facts(self.options())

    def facts_without_definitions(self) -> dict[str, Any]:
        return read_facts(self.options(definitions=[]))

    def policy(self, name: str) -> dict[str, Any]:
        """The facts of one policy; a KeyError when it is not there."""
        return {each["name"]: each for each in self.facts()["policies"]}[name]

    def differences(self) -> dict[str, Any]:
        """What the module that reads finds amiss, by policy and setting."""
        return {f"{each['policy']}: {each['setting']}": each["observed"] for each in self.facts()["differences"]}

    @contextlib.contextmanager
    def domain(self) -> Iterator[Domain]:
        with open_domain(Credentials.from_arguments(connection())) as domain:
            yield domain

    def write(self, domain: Domain, guid: str, files: Mapping[str, bytes]) -> None:
        """Change files of a policy by hand; their rights stay right."""
        domain.share.write(guid, files, (), domain.share.read(guid).descriptors[""], every_file=True)

    def links(self, target: str) -> tuple[GpoLink, ...]:
        with self.domain() as domain:
            return next(each for each in domain.directory.targets([target]) if same(each.dn, target)).links

    def reader(self) -> tuple[str, str]:
        """An account of the unit that administers nothing, with its password."""
        password = f"Aa1-{unique('p')}-{unique('q')}"
        dn = names.child("CN", f"lecteur {self.mark}", self.root)
        login = f"l{self.mark[-8:]}"
        with open_directory(Credentials.from_arguments(connection())) as directory:
            directory.add(
                dn,
                {
                    "objectClass": [b"user"],
                    "sAMAccountName": [login.encode()],
                    "userPrincipalName": [f"{login}@{names.dns_domain(self.base)}".encode()],
                    "unicodePwd": [encode_password(password)],
                    "userAccountControl": [b"512"],
                },
            )
        return f"{login}@{names.dns_domain(self.base)}", password

    def remove(self) -> None:
        """Take away the policies and the units."""
        with self.domain() as domain:
            for container in domain.directory.containers():
                if self.mark in container.name:
                    domain.share.remove(container.guid)
                    domain.directory.remove(container.dn)
        with open_directory(Credentials.from_arguments(connection())) as directory:
            for dn in (names.child("CN", f"lecteur {self.mark}", self.root), self.stations, self.root):
                with contextlib.suppress(DirectoryError):
                    directory.delete(dn)


@contextlib.contextmanager
def made_site(folder: Path) -> Iterator[PolicySite]:
    """The unit with its policies written; check mode was tried first."""
    made = PolicySite(folder)
    try:
        assert made.run(check=True)["changed"], "check mode plans"
        assert made.links(made.root) == (), "check mode writes nothing"
        assert made.run()["changed"]
        yield made
    finally:
        made.remove()


def quiet(site: PolicySite) -> None:
    """Nothing left to do, and nothing amiss."""
    outcome = site.run()
    assert (outcome["changed"], outcome["differences"], site.differences()) == (False, [], {})
    assert [each["wrong_rights"] for each in site.facts()["policies"] if site.mark in each["name"]] == [[], []]


def healed(site: PolicySite, seen: set[str]) -> None:
    """Seen by the module that reads, left alone by check mode, healed, then quiet."""
    assert seen <= set(site.differences())
    planned = site.run(check=True)
    assert planned["changed"]
    assert seen <= set(site.differences()), "check mode writes nothing"
    done = site.run()
    assert done["changed"]
    assert done["diff"] == planned["diff"], "check mode told the truth"
    quiet(site)


def versions(site: PolicySite, name: str) -> dict[str, int]:
    found = site.policy(name)["version"]
    assert found["directory"] == found["sysvol"]
    counts: dict[str, int] = found["directory"]
    return counts
