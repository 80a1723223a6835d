"""A directory in memory that behaves like one: parents must exist, names are unique, links follow moves."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import DirectoryError, MissingObjectError, RefusedPasswordError

BASE = "DC=exemple,DC=lan"
DOMAIN = (21, 111, 222, 333)
DOMAIN_SID = "S-1-5-21-111-222-333"


def sid_bytes(*numbers: int) -> bytes:
    return bytes([1, len(numbers)]) + (5).to_bytes(6, "big") + struct.pack(f"<{len(numbers)}I", *numbers)


class FakeDirectory:
    """What Directory does, on a dictionary. refuse_passwords counts the passwords that are refused first."""

    def __init__(self) -> None:
        self.base, self.server = BASE, "fake"
        self.root: dict[str, list[bytes]] = {
            "configurationNamingContext": [f"CN=Configuration,{BASE}".encode()],
            "domainFunctionality": [b"7"],
        }
        self.objects: dict[str, tuple[str, dict[str, list[bytes]]]] = {}
        self.writes: list[str] = []
        self.refuse_passwords = 0
        self.fail_at: int | None = None
        self.bound = "Administrator"
        self.next_rid = 1100
        self._put(BASE, {"objectSid": [sid_bytes(*DOMAIN)], "objectClass": [b"domain"]})
        self._put(f"CN=Users,{BASE}", {"objectClass": [b"container"]})
        for rid, name, control in ((500, "Administrator", b"66048"), (501, "Guest", b"66082")):
            account = {
                "objectClass": [b"user"],
                "sAMAccountName": [name.encode()],
                "objectSid": [sid_bytes(*DOMAIN, rid)],
                "userAccountControl": [control],
                "primaryGroupID": [b"513"],
            }
            self._put(f"CN={name},CN=Users,{BASE}", account)
        administrator = [f"CN=Administrator,CN=Users,{BASE}"]
        for rid, name in ((512, "Domain Admins"), (518, "Schema Admins"), (519, "Entreprise")):
            self._group(name, sid_bytes(*DOMAIN, rid), administrator)
        self._group("Domain Users", sid_bytes(*DOMAIN, 513))
        nested = [f"CN={name},CN=Users,{BASE}" for name in ("Domain Admins", "Entreprise")]
        self._group("Administrators", sid_bytes(32, 544), [*administrator, *nested])

    def _put(self, dn: str, attributes: Mapping[str, Sequence[bytes]]) -> None:
        self.objects[names.key(dn)] = (dn, {name: list(values) for name, values in attributes.items()})

    def _group(self, name: str, sid: bytes, members: Sequence[str] = ()) -> None:
        held = {
            "objectClass": [b"group"],
            "sAMAccountName": [name.encode()],
            "objectSid": [sid],
            "groupType": [b"-2147483646"],
            "member": [member.encode() for member in members],
        }
        self._put(f"CN={name},CN=Users,{BASE}", held)

    def stranger(self, login: str, cn: str = "x", **attributes: str) -> None:
        """An account somebody made by hand."""
        held = {"sAMAccountName": login, "userAccountControl": "512", **attributes}
        self.add(
            f"CN={cn},CN=Users,{BASE}",
            {"objectClass": [b"user"], **{name: [value.encode()] for name, value in held.items()}},
        )

    def foreign_group(self, name: str, *logins: str) -> None:
        """A group that the site does not manage."""
        self.next_rid += 1
        self._group(name, sid_bytes(*DOMAIN, self.next_rid), [self.account(login)[0] for login in logins])

    def _write(self, what: str) -> None:
        if self.fail_at is not None and len(self.writes) >= self.fail_at:
            raise DirectoryError("fake: the server said no")
        self.writes.append(what)

    def _known(self, dn: str) -> dict[str, list[bytes]]:
        try:
            return self.objects[names.key(dn)][1]
        except KeyError:
            raise MissingObjectError(f"fake: no such object {dn}") from None

    def bound_login(self) -> str:
        return self.bound

    def read(self, dn: str, attributes: Sequence[str]) -> dict[str, list[bytes]]:
        return self._known(dn)

    def search(self, base: str, query: str, attributes: Sequence[str]) -> list[tuple[str, dict[str, list[bytes]]]]:
        wanted = {"(sAMAccountType=805306368)": b"user", "(objectCategory=group)": b"group"}.get(
            query, b"organizationalUnit"
        )
        if "crossRef" in query:
            return [("CN=X", {"nCName": [BASE.upper().encode()], "nETBIOSName": [b"EXEMPLE"]})]
        return [
            (dn, {name: values for name, values in held.items() if name in attributes and values})
            for dn, held in self.objects.values()
            if wanted in held["objectClass"]
        ]

    def add(self, dn: str, attributes: Mapping[str, Sequence[bytes]]) -> None:
        if "unicodePwd" in attributes and self.refuse_passwords:
            self.refuse_passwords -= 1
            raise RefusedPasswordError("fake: 0000052D")
        self._known(names.parent(dn))
        login = (attributes.get("sAMAccountName") or [b""])[0].lower()
        taken = [held.get("sAMAccountName", [b""])[0].lower() for _, held in self.objects.values()]
        if names.key(dn) in self.objects or (login and login in taken):
            raise DirectoryError(f"fake: {dn} already exists")
        for link in attributes.get("manager", []):
            self._known(link.decode())
        self._write(f"add {dn}")
        self.next_rid += 1
        self._put(dn, {"objectSid": [sid_bytes(*DOMAIN, self.next_rid)], "primaryGroupID": [b"513"], **attributes})

    def modify(self, dn: str, changes: Mapping[str, Sequence[bytes]]) -> None:
        held = self._known(dn)
        self._write(f"modify {dn}")
        held.update({name: list(values) for name, values in changes.items()})

    def modify_values(self, dn: str, attribute: str, add: Sequence[bytes] = (), remove: Sequence[bytes] = ()) -> None:
        values = {names.key(value.decode()): value for value in self._known(dn).get(attribute, [])}
        self._write(f"members {dn}")
        for value in remove:
            if values.pop(names.key(value.decode()), None) is None:
                raise DirectoryError(f"fake: {value!r} is not a member of {dn}")
        for value in add:
            if names.key(value.decode()) in values:
                raise DirectoryError(f"fake: {value!r} is a member of {dn} already")
            self._known(value.decode())
            values[names.key(value.decode())] = value
        self.objects[names.key(dn)][1][attribute] = list(values.values())

    def move(self, dn: str, new_parent: str, new_rdn: str) -> None:
        self._known(new_parent)
        new_dn = f"{new_rdn},{new_parent}"
        if names.key(new_dn) in self.objects and names.key(new_dn) != names.key(dn):
            raise DirectoryError(f"fake: {new_dn} already exists")
        self._write(f"move {dn}")
        _, held = self.objects.pop(names.key(dn))
        self._put(new_dn, held)
        for _, other in self.objects.values():
            for link in ("member", "manager"):
                other[link] = [new_dn.encode() if names.key(value.decode()) == names.key(dn) else value for value in
                               other.get(link, [])]  # fmt: skip

    def account(self, login: str) -> tuple[str, dict[str, list[bytes]]]:
        return next(one for one in self.objects.values() if one[1].get("sAMAccountName") == [login.encode()])

    def members(self, group: str) -> set[str]:
        held = self.account(group)[1].get("member", [])
        return {self._known(dn.decode())["sAMAccountName"][0].decode() for dn in held}

    def control(self, login: str) -> int:
        return int(self.account(login)[1]["userAccountControl"][0])

    def set(self, login: str, attribute: str, *values: str) -> None:
        self.account(login)[1][attribute] = [value.encode() for value in values]
