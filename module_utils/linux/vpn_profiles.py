"""Everything that people and peers need to come in, kept in a folder of the controller for its owner alone.

index.json               who has which certificate
people.tls-crypt, peers.tls-crypt
people/<login>.ovpn, peers/<name>.ovpn
secrets/people/<login>, secrets/administrators/<login>
sheets/fiche_<login>.pdf to be handed over, then destroyed: it is not made again for the same secret
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ansible.module_utils.ad.first_passwords import private_directory, write_privately
from ansible.module_utils.linux import vpn_sheet
from ansible.module_utils.linux.vpn_authority import Authority, shared_key
from ansible.module_utils.linux.vpn_profile import Service, credentials_in, render
from ansible.module_utils.linux.vpn_totp import new_secret

PEOPLE, PEERS, ADMINISTRATORS = "people", "peers", "administrators"


@dataclass(frozen=True)
class Wanted:
    """Who may come in: logins with the names people know them by, and names of peers."""

    people: Mapping[str, str]
    administrators: Mapping[str, str]
    peers: Collection[str]
    #: Logins or peers whose certificate and secret are in somebody else's hands.
    lost: Collection[str] = ()


@dataclass(frozen=True)
class Terms:
    """How long things are good."""

    domain: str
    certificate: timedelta
    certificate_renewal: timedelta
    revocations: timedelta
    revocations_renewal: timedelta


@dataclass
class Plan:
    """What is to be done."""

    issued: list[str] = field(default_factory=list)
    renewed: list[str] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)
    secrets_made: list[str] = field(default_factory=list)
    secrets_removed: list[str] = field(default_factory=list)
    rewritten: list[str] = field(default_factory=list)
    revocation_list: str | None = None

    def changed(self) -> bool:
        """Whether anything is."""
        return any(vars(self).values())


class Folder:
    """The folder and the authority that signs for it."""

    def __init__(self, directory: str | Path, authority: Authority) -> None:
        self.directory, self.authority = Path(directory).expanduser().absolute(), authority

    def index(self) -> dict[str, dict[str, Any]]:
        """Who has which certificate, by kind and name."""
        file = self.directory / "index.json"
        if not file.exists():
            return {PEOPLE: {}, PEERS: {}}
        private_directory(self.directory)
        return dict(json.loads(file.read_text("utf-8")))

    def reconcile(
        self,
        wanted: Wanted,
        services: Mapping[str, Service],
        terms: Terms,
        stationery: vpn_sheet.Stationery,
        now: datetime,
        *,
        dry: bool = False,
    ) -> Plan:
        """Bring the folder in line; the revocations are kept before anything else is touched."""
        plan, index, register = Plan(), self.index(), self.authority.register()
        names = {PEOPLE: wanted.people.keys(), PEERS: set(wanted.peers)}
        for kind, holders in names.items():
            for name, entry in list(index[kind].items()):
                if name not in holders or name in wanted.lost:
                    register["revoked"][entry["serial"]] = {"name": name, "on": now.isoformat()}
                    plan.revoked.append(name)
                    del index[kind][name]
        plan.revocation_list = self.authority.list_due(register, now, terms.revocations_renewal)
        if not dry:
            private_directory(self.directory)
            private_directory(self.directory / "secrets")
            if plan.revocation_list:
                self.authority.save(register, self.authority.revocation_list(register, now, terms.revocations))
        self._secrets(plan, wanted, stationery, now, dry)
        for kind, holders in names.items():
            service = self._with_key(kind, services[kind], dry)
            self._certificates(
                plan, kind, sorted(holders), index=index[kind], service=service, terms=terms, now=now, dry=dry
            )
            self._forget(self.directory / kind, {f"{name}.ovpn" for name in holders}, dry)
        if not dry and plan.changed():
            write_privately(self.directory / "index.json", json.dumps(index, indent=1, sort_keys=True).encode())
        return plan

    def _with_key(self, kind: str, service: Service, dry: bool) -> Service:
        """The service with the key that it shares with its clients; made once."""
        file = self.directory / f"{kind}.tls-crypt"
        if not file.exists() and not dry:
            write_privately(file, shared_key().encode())
        shared = file.read_text("ascii") if file.exists() else ""
        return Service(**{**vars(service), "shared_key": shared, "authority": self.authority.text})

    def _certificates(
        self,
        plan: Plan,
        kind: str,
        names: Collection[str],
        *,
        index: dict[str, Any],
        service: Service,
        terms: Terms,
        now: datetime,
        dry: bool,
    ) -> None:
        for name in names:
            file = self.directory / kind / f"{name}.ovpn"
            entry = index.get(name)
            due = entry is None or datetime.fromisoformat(entry["not_after"]) - now < terms.certificate_renewal
            if due:
                (plan.issued if entry is None else plan.renewed).append(name)
                if not dry:
                    issued = self.authority.issue(name, terms.domain, now, terms.certificate)
                    index[name] = {"serial": issued.serial, "not_after": issued.not_after.isoformat()}
                    write_privately(file, render(service, issued.certificate, issued.key).encode())
            elif file.exists() and (kept := credentials_in(file.read_text("utf-8"))):
                text = render(service, *kept)
                if text != file.read_text("utf-8"):
                    plan.rewritten.append(name)
                    if not dry:
                        write_privately(file, text.encode())

    def _secrets(self, plan: Plan, wanted: Wanted, stationery: vpn_sheet.Stationery, now: datetime, dry: bool) -> None:
        for kind, people in ((PEOPLE, wanted.people), (ADMINISTRATORS, wanted.administrators)):
            folder = self.directory / "secrets" / kind
            for login in people:
                if (folder / login).exists() and login not in wanted.lost:
                    continue
                plan.secrets_made.append(login)
                if not dry:
                    secret = new_secret()
                    sheet = vpn_sheet.render(
                        login, people[login], secret, now.date(), stationery, administrator=kind == ADMINISTRATORS
                    )
                    write_privately(self.directory / "sheets" / f"fiche_{login}.pdf", sheet)
                    write_privately(folder / login, secret.encode())
            plan.secrets_removed += self._forget(folder, people.keys(), dry)
        sheets = {f"fiche_{login}.pdf" for login in [*wanted.people, *wanted.administrators]}
        self._forget(self.directory / "sheets", sheets, dry)

    @staticmethod
    def _forget(folder: Path, kept: Collection[str], dry: bool) -> list[str]:
        """Remove files of people who are not there any more; their names."""
        gone = sorted(file.name for file in folder.iterdir() if file.name not in kept) if folder.is_dir() else []
        if not dry:
            for name in gone:
                (folder / name).unlink()
        return gone


def secrets_of(directory: str | Path, kind: str) -> dict[str, str]:
    """Secrets by login; none when nobody has one yet."""
    folder = Path(directory).expanduser() / "secrets" / kind
    if not folder.is_dir():
        return {}
    return {
        file.name: file.read_text("ascii").strip() for file in sorted(folder.iterdir()) if not file.name.startswith(".")
    }
