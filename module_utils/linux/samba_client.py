"""The workstation's own account as a client of the directory and of SYSVOL, by Samba's Python bindings.

They speak LDAP, SMB and NDR, so that nothing of what writes the policies has a part in reading them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ansible.module_utils.linux.policy_chain import Ace, Policy, Scope, scope_of

#: [MS-DTYP] 2.4.2.4: everyone, and whoever has proven who he is.
_WELL_KNOWN = ("S-1-1-0", "S-1-5-11")
_ACCOUNT_DISABLED = 0x2  # [MS-ADTS] 2.2.16
_ABSENT = (0xC0000034, 0xC000003A)  # [MS-ERREF] 2.3.1: no such name, no such path
_TYPES = {1: "REG_SZ", 2: "REG_EXPAND_SZ", 3: "REG_BINARY", 4: "REG_DWORD", 7: "REG_MULTI_SZ", 11: "REG_QWORD"}
_MULTIPLE = 7


class ResultantPolicyError(Exception):
    """The policy in force could not be read; the message says what failed and what to do."""


@dataclass(frozen=True)
class Account:
    """An account of the directory, and the SIDs it carries when it logs on."""

    login: str
    dn: str
    sid: str
    sids: frozenset[str]
    enabled: bool


class SambaClient:
    """The connections of the host's own account: LDAP sealed by Kerberos, SMB signed.

    :raises ImportError: Samba's bindings are not installed.
    """

    def __init__(self) -> None:
        credentials_of, nbt = import_module("samba.credentials"), import_module("samba.dcerpc.nbt")
        parameters = import_module("samba.param").LoadParm()
        parameters.load_default()
        file_parameters = import_module("samba.samba3.param").get_context()
        file_parameters.load_default()
        credentials = credentials_of.Credentials()
        credentials.guess(parameters)
        credentials.set_machine_account(parameters)
        credentials.set_kerberos_state(credentials_of.MUST_USE_KERBEROS)
        credentials.set_smb_signing(credentials_of.SMB_SIGNING_REQUIRED)
        found = (
            import_module("samba.net")
            .Net(creds=credentials, lp=parameters)
            .finddc(domain=parameters.get("realm"), flags=nbt.NBT_SERVER_LDAP | nbt.NBT_SERVER_DS)
        )
        self._ldb = import_module("ldb")
        self._unpack = import_module("samba.ndr").ndr_unpack
        self._directory = import_module("samba.samdb").SamDB(
            url=f"ldap://{found.pdc_dns_name}",
            credentials=credentials,
            lp=parameters,
            session_info=import_module("samba.auth").system_session(),
        )
        self._sysvol = import_module("samba.samba3.libsmb_samba_internal").Conn(
            found.pdc_dns_name, "sysvol", lp=file_parameters, creds=credentials
        )
        self._site = found.client_site or ""
        self.machine = credentials.get_username()
        version = import_module("samba").version
        self.reader = f"python3-samba {version} as {self.machine}, from {found.pdc_dns_name}"

    def account(self, login: str) -> Account:
        """An account by its login."""
        query = f"(&(objectClass=user)(sAMAccountName={self._ldb.binary_encode(login)}))"
        base = self._directory.get_default_basedn()
        rows = self._directory.search(base, self._ldb.SCOPE_SUBTREE, query, ["objectSid", "userAccountControl"])
        if len(rows) != 1:
            raise ResultantPolicyError(f"the directory has {len(rows)} accounts {login}; name one that exists")
        token = self._directory.search(rows[0].dn, self._ldb.SCOPE_BASE, attrs=["tokenGroups"])[0]
        sid = self._sid(rows[0]["objectSid"][0])
        groups = {self._sid(each) for each in token.get("tokenGroups", [])}
        if not groups:
            raise ResultantPolicyError(f"the groups of {login} may not be read by {self.machine}")
        enabled = not int(rows[0]["userAccountControl"][0]) & _ACCOUNT_DISABLED
        return Account(login, str(rows[0].dn), sid, frozenset({sid, *groups, *_WELL_KNOWN}), enabled)

    def scopes(self, dn: str) -> list[Scope]:
        """The account's own unit and those above it, the domain, the site."""
        base = self._directory.get_default_basedn()
        at, found = self._ldb.Dn(self._directory, dn).parent(), []
        while at is not None and str(at) != str(base.parent()):
            if at.get_component_name(0).upper() in ("OU", "DC"):
                found.append(self._scope(str(at)))
            at = at.parent()
        if self._site:
            found.append(self._scope(f"CN={self._site},CN=Sites,{self._directory.get_config_basedn()}"))
        return found

    def _scope(self, dn: str) -> Scope:
        row = self._directory.search(dn, self._ldb.SCOPE_BASE, attrs=["gPLink", "gPOptions"])[0]
        return scope_of(dn, _text(row, "gPLink"), int(_text(row, "gPOptions") or 0))

    def policy(self, dn: str) -> Policy | None:
        """A policy object; None when there is none, or the host cannot see it."""
        ldb = self._ldb
        try:
            row = self._directory.search(
                dn, ldb.SCOPE_BASE, attrs=["*", "nTSecurityDescriptor"], controls=["sd_flags:1:4"]
            )[0]
        except ldb.LdbError as error:
            if error.args[0] in (ldb.ERR_NO_SUCH_OBJECT, ldb.ERR_INVALID_DN_SYNTAX):
                return None
            raise
        if "nTSecurityDescriptor" not in row or not _text(row, "gPCFileSysPath"):
            return None
        descriptor = self._unpack(
            import_module("samba.dcerpc.security").descriptor, bytes(row["nTSecurityDescriptor"][0])
        )
        return Policy(
            guid=_text(row, "cn"),
            name=_text(row, "displayName"),
            path=re.split(r"\\sysvol\\", _text(row, "gPCFileSysPath"), maxsplit=1, flags=re.IGNORECASE)[-1],
            flags=int(_text(row, "flags") or 0),
            computer_extensions=_text(row, "gPCMachineExtensionNames"),
            user_extensions=_text(row, "gPCUserExtensionNames"),
            wmi_filter=_text(row, "gPCWQLFilter"),
            aces=tuple(_aces(descriptor.dacl.aces if descriptor.dacl else ())),
        )

    def file(self, path: str) -> bytes | None:
        """A file of SYSVOL; None when there is none."""
        try:
            return bytes(self._sysvol.loadfile(path))
        except import_module("samba").NTSTATUSError as error:
            if error.args[0] in _ABSENT:
                return None
            raise ResultantPolicyError(f"{path} cannot be read from SYSVOL: {error.args[1]}") from error

    def registry_rows(self, content: bytes) -> Iterator[tuple[str, str, str, Any]]:
        """The rows of a Registry.pol: key, name, type, data."""
        # Kept while its rows are read: Samba frees what they point to with it.
        file = self._unpack(import_module("samba.dcerpc.preg").file, content)
        yield from [_row(entry) for entry in file.entries]

    def _sid(self, value: Any) -> str:
        return str(self._unpack(import_module("samba.dcerpc.security").dom_sid, bytes(value)))


def _text(row: Mapping[str, Any], attribute: str) -> str:
    return str(row[attribute][0]) if attribute in row else ""


def _aces(aces: Iterable[Any]) -> Iterator[Ace]:
    """[MS-DTYP] 2.4.4: types 0 and 5 allow, 1 and 6 deny, 5 and 6 may name a right."""
    for ace in aces:
        if ace.type in (0, 1, 5, 6):
            named = ace.type in (5, 6) and ace.object.flags & 1
            yield Ace(
                denies=ace.type in (1, 6),
                mask=ace.access_mask,
                sid=str(ace.trustee),
                object_type=str(ace.object.type).lower() if named else None,
                inherit_only=bool(ace.flags & 0x8),
            )


def _row(entry: Any) -> tuple[str, str, str, Any]:
    """A row of a Registry.pol as Samba reads it, the data as people write them."""
    data = entry.data
    if isinstance(data, bytes):
        data = data.decode("utf-16-le").rstrip("\0").split("\0") if entry.type == _MULTIPLE else data.hex()
    return str(entry.keyname), str(entry.valuename), _TYPES.get(entry.type, f"REG_{entry.type}"), data
