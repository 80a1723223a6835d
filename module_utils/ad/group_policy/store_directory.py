"""Group Policy in the directory ([MS-GPOL] 2.2.2): containers, links, and what a definition needs to know."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import ldap
from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import SD_FLAGS_OID, Directory, Entry, number, text
from ansible.module_utils.ad.group_policy import GroupPolicyDataError
from ansible.module_utils.ad.group_policy.links import GpoLink, format_links, parse
from ansible.module_utils.ad.group_policy.store_model import (
    CONDITION,
    EXTENSION_NAMES,
    FUNCTIONALITY,
    MARKER,
    PATH,
    SIDES,
    Container,
    GroupPolicyError,
    Marker,
    Target,
    reach,
    same,
)
from ansible.module_utils.ad.security_descriptor import sid_text
from ldap.controls import RequestControl

_ATTRIBUTES = (
    "cn", "displayName", "flags", "versionNumber", *EXTENSION_NAMES.values(), MARKER, PATH, FUNCTIONALITY, CONDITION,
    "nTSecurityDescriptor",
)  # fmt: skip
#: BER of SEQUENCE { INTEGER parts } ([MS-ADTS] 3.1.1.3.4.1.11): owner, group and DACL; the DACL alone.
_READ_SD = RequestControl(SD_FLAGS_OID, True, b"\x30\x03\x02\x01\x07")
_WRITE_DACL = RequestControl(SD_FLAGS_OID, True, b"\x30\x03\x02\x01\x04")


class PolicyDirectory:
    """The part of the directory that holds policies."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.base = directory.base
        self.server = directory.server
        self.domain = names.dns_domain(directory.base)
        self.folder = f"CN=Policies,CN=System,{directory.base}"
        self.configuration = text(directory.root, "configurationNamingContext") or ""

    def flavour(self) -> str:
        """What runs the server: Samba says so in its root entry, Microsoft says nothing."""
        vendor = text(self.directory.read("", ["vendorName"]), "vendorName") or ""
        return "samba" if "samba" in vendor.casefold() else "windows"

    def containers(self) -> tuple[Container, ...]:
        """Every policy of the domain."""
        rows = self.directory.search(
            self.folder, "(objectClass=groupPolicyContainer)", _ATTRIBUTES, ldap.SCOPE_ONELEVEL, [_READ_SD]
        )
        return tuple(sorted((self._container(row) for row in rows), key=lambda found: found.guid))

    def _container(self, row: Entry) -> Container:
        dn, values = row
        if "nTSecurityDescriptor" not in values:
            raise GroupPolicyError(
                f"{self.server}: the rights of {dn} cannot be read; bind with an administrator of the domain"
            )
        guid = text(values, "cn") or names.leaf(dn)
        return Container(
            dn=dn,
            guid=guid.upper(),
            name=text(values, "displayName") or "",
            flags=number(values, "flags") or 0,
            version=(number(values, "versionNumber") or 0) & 0xFFFFFFFF,
            extensions={side: text(values, EXTENSION_NAMES[side]) or "" for side in SIDES},
            marker=Marker.from_text(text(values, MARKER)),
            descriptor=values["nTSecurityDescriptor"][0],
            reach={name: text(values, name) or "" for name in (PATH, FUNCTIONALITY, CONDITION)},
        )

    def dn_of(self, guid: str) -> str:
        """The name of a policy's container."""
        return names.child("CN", guid, self.folder)

    def create(self, guid: str, name: str, marker: Marker | None) -> Container:
        """A new container, linked nowhere, that sets nothing yet; it is made before its folder, whose rights it gives."""
        dn = self.dn_of(guid)
        self.directory.add(
            dn,
            {
                "objectClass": [b"top", b"container", b"groupPolicyContainer"],
                "displayName": [name.encode()],
                "flags": [b"0"],
                "versionNumber": [b"0"],
                **{name: [value.encode()] for name, value in reach(self.domain, guid).items() if value},
                "showInAdvancedViewOnly": [b"TRUE"],
                MARKER: [marker.text().encode()] if marker else [],
            },
        )
        self.complete(dn)
        return self.container(dn)

    def complete(self, dn: str) -> bool:
        """Make the two containers that a policy has below it; an interrupted run may have left them out."""
        rows = self.directory.search(dn, "(objectClass=container)", ["cn"], ldap.SCOPE_ONELEVEL)
        present = {(text(values, "cn") or "").casefold() for _, values in rows}
        missing = [kind for kind in ("User", "Machine") if kind.casefold() not in present]
        for kind in missing:
            self.directory.add(
                names.child("CN", kind, dn),
                {"objectClass": [b"top", b"container"], "showInAdvancedViewOnly": [b"TRUE"]},
            )
        return bool(missing)

    def container(self, dn: str) -> Container:
        """One policy, read again."""
        return self._container((dn, self.directory.read(dn, _ATTRIBUTES, [_READ_SD])))

    def change(self, dn: str, attributes: Mapping[str, Sequence[bytes]]) -> None:
        """Replace attributes of a container in one request."""
        self.directory.modify(dn, attributes)

    def set_rights(self, dn: str, descriptor: bytes) -> None:
        """Replace the DACL, and nothing else."""
        self.directory.modify(dn, {"nTSecurityDescriptor": [descriptor]}, [_WRITE_DACL])

    def may_write(self, dn: str, attributes: Sequence[str]) -> bool:
        """Whether the account may write these attributes, as the server itself says ([MS-ADTS] 3.1.1.4.5.21)."""
        allowed = self.directory.read(dn, ["allowedAttributesEffective"]).get("allowedAttributesEffective", [])
        return {name.casefold() for name in attributes} <= {name.decode().casefold() for name in allowed}

    def may_create(self) -> bool:
        """Whether the account may make policies."""
        attribute = "allowedChildClassesEffective"
        return b"groupPolicyContainer" in self.directory.read(self.folder, [attribute]).get(attribute, [])

    def remove(self, dn: str) -> None:
        """Remove a container and what is below it, deepest first."""
        rows = self.directory.search(dn, "(objectClass=*)", ["cn"])
        for below, _ in sorted(rows, key=lambda row: len(names.key(row[0])), reverse=True):
            self.directory.delete(below)

    def targets(self, also: Iterable[str] = (), strict: bool = True) -> tuple[Target, ...]:
        """Everything that has a link or an option of Group Policy, and the objects named.

        :raises GroupPolicyError: one of those named does not exist; when not strict, nothing is linked to it.
        """
        found = [
            self._target(dn, values)
            for base in (self.base, f"CN=Sites,{self.configuration}")
            for dn, values in self.directory.search(base, "(|(gPLink=*)(gPOptions=*))", ["gPLink", "gPOptions"])
        ]
        for dn in also:
            if any(same(dn, target.dn) for target in found):
                continue
            try:
                found.append(self._target(dn, self.directory.read(dn, ["gPLink", "gPOptions"])))
            except KeyError:
                if strict:
                    raise GroupPolicyError(
                        f"{self.server} has no {dn} to link a policy to; create the unit first, or correct the definition"
                    ) from None
                found.append(Target(dn))
        return tuple(found)

    def _target(self, dn: str, values: Mapping[str, Any]) -> Target:
        try:
            return Target(dn, parse(text(values, "gPLink")), text(values, "gPOptions"))
        except GroupPolicyDataError as error:
            raise GroupPolicyError(
                f"{self.server}: the links of {dn} cannot be read ({error}); mend its gPLink"
            ) from error

    def set_links(self, dn: str, links: Sequence[GpoLink]) -> None:
        """Replace the links of a target, as stored."""
        self.directory.modify(dn, {"gPLink": [format_links(links).encode()] if links else []})

    def facts(self) -> dict[str, Any]:
        """What definitions need to know of the domain; see the model for the keys."""
        root = self.directory.read(self.base, ["objectSid"])
        partitions = self.directory.search(
            f"CN=Partitions,{self.configuration}", f"(nCName={self.base})", ["nETBIOSName"], ldap.SCOPE_ONELEVEL
        )
        groups = self.directory.search(self.base, "(objectClass=group)", ["sAMAccountName", "objectSid"])
        return {
            "domain_dn": self.base,
            "domain_sid": sid_text(root["objectSid"][0]),
            "domain_name": self.domain,
            "netbios_name": (text(partitions[0][1], "nETBIOSName") if partitions else None) or "",
            "sids": {
                (text(values, "sAMAccountName") or "").lower(): sid_text(values["objectSid"][0])
                for _, values in groups
                if "objectSid" in values
            },
        }
