"""One LDAP session with a domain controller: LDAPS with the certificate checked, or Kerberos sealed.

Everything that manages or reads the directory goes through Directory, so that paging, referrals, encryption and
the wording of errors are decided once.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ldap
import ldap.modlist
from ldap.controls import RequestControl, SimplePagedResultsControl

#: Options every directory module takes; documented once in plugins/doc_fragments/directory_connection.py.
CONNECTION_ARGUMENTS: dict[str, dict[str, Any]] = {
    "server": {"type": "str", "required": True},
    "authentication": {"type": "str", "choices": ["ldaps", "kerberos"], "default": "ldaps"},
    "bind_user": {"type": "str", "required": True},
    "bind_password": {"type": "str", "required": True, "no_log": True},
    "ca_file": {"type": "path"},
    "timeout_seconds": {"type": "int", "default": 10},
}

PAGE_SIZE = 500
#: [MS-ERREF] ERROR_PASSWORD_RESTRICTION as both Microsoft AD and Samba write it in the message.
_RESTRICTED = "0000052D"
#: [MS-ADTS] 3.1.1.3.4.1.11 LDAP_SERVER_SD_FLAGS_OID: which parts of a security descriptor are read or written.
SD_FLAGS_OID = "1.2.840.113556.1.4.801"

Entry = tuple[str, dict[str, list[bytes]]]


class DirectoryError(Exception):
    """The directory refused, or could not be reached; the message names the server and says what to do."""


@dataclass(frozen=True)
class Credentials:
    """Who binds, where, and how the server is authenticated."""

    server: str
    bind_user: str
    bind_password: str
    authentication: str = "ldaps"
    ca_file: str | None = None
    timeout_seconds: int = 10

    @classmethod
    def from_arguments(cls, arguments: Mapping[str, Any]) -> Credentials:
        """Pick the connection options out of a module's arguments."""
        return cls(**{name: arguments[name] for name in CONNECTION_ARGUMENTS if arguments.get(name) is not None})


class Directory:
    """An open session; use open_directory() to get one."""

    def __init__(self, handle: Any, server: str) -> None:
        self._handle = handle
        self.server = server
        root = self.read(
            "",
            [
                "defaultNamingContext",
                "configurationNamingContext",
                "schemaNamingContext",
                "domainFunctionality",
                "dnsHostName",
            ],
        )
        self.base = text(root, "defaultNamingContext") or ""
        self.root = root

    def search(
        self,
        base: str,
        query: str,
        attributes: Sequence[str],
        scope: int = ldap.SCOPE_SUBTREE,
        controls: Sequence[RequestControl] = (),
    ) -> list[Entry]:
        """All entries below base that match, paged; referrals are left out."""
        found: list[Entry] = []
        page = SimplePagedResultsControl(True, size=PAGE_SIZE, cookie="")
        while True:
            with wording(self.server, f"searching {query} below {base}"):
                message = self._handle.search_ext(base, scope, query, list(attributes), serverctrls=[page, *controls])
                _, rows, _, answered = self._handle.result3(message)
            found.extend((dn, self._whole(dn, values)) for dn, values in rows if dn is not None)
            cookies = [c.cookie for c in answered if c.controlType == SimplePagedResultsControl.controlType]
            if not cookies or not cookies[0]:
                return found
            page.cookie = cookies[0]

    def read(
        self, dn: str, attributes: Sequence[str], controls: Sequence[RequestControl] = ()
    ) -> dict[str, list[bytes]]:
        """The attributes of one object; KeyError when it does not exist."""
        try:
            with wording(self.server, f"reading {dn or 'the root entry'}"):
                rows = self._handle.search_ext_s(
                    dn, ldap.SCOPE_BASE, "(objectClass=*)", list(attributes), serverctrls=list(controls)
                )
        except MissingObjectError as error:
            raise KeyError(dn) from error
        entries = [values for name, values in rows if name is not None]
        if not entries:
            raise KeyError(dn)
        return entries[0]

    def _whole(self, dn: str, attributes: dict[str, list[bytes]]) -> dict[str, list[bytes]]:
        """The attributes with every value, when the server handed over only the first range of some."""
        if not any(";range=" in name for name in attributes):
            return attributes
        return complete_ranges(attributes, lambda ranged: self.read(dn, [ranged]))

    def bound_login(self) -> str:
        """sAMAccountName of the account that this session uses ([RFC4532], "u:DOMAIN\\login")."""
        with wording(self.server, "asking who is bound"):
            return str(self._handle.whoami_s()).rpartition("\\")[2].removeprefix("u:").partition("@")[0]

    def add(self, dn: str, attributes: Mapping[str, Sequence[bytes]]) -> None:
        """Create an object."""
        with wording(self.server, f"creating {dn}"):
            self._handle.add_s(dn, [(name, list(values)) for name, values in attributes.items() if values])

    def modify(self, dn: str, changes: Mapping[str, Sequence[bytes]], controls: Sequence[RequestControl] = ()) -> None:
        """Replace each attribute by the values given; no value removes it."""
        with wording(self.server, f"changing {dn}"):
            self._handle.modify_ext_s(
                dn,
                [(ldap.MOD_REPLACE, name, list(values) or None) for name, values in changes.items()],
                serverctrls=list(controls),
            )

    def modify_values(self, dn: str, attribute: str, add: Sequence[bytes] = (), remove: Sequence[bytes] = ()) -> None:
        """Add and remove values of a multi-valued attribute in one request."""
        changes = [
            (op, attribute, list(values)) for op, values in ((ldap.MOD_DELETE, remove), (ldap.MOD_ADD, add)) if values
        ]
        if changes:
            with wording(self.server, f"changing {attribute} of {dn}"):
                self._handle.modify_s(dn, changes)

    def move(self, dn: str, new_parent: str, new_rdn: str | None = None) -> str:
        """Move or rename an object and return its new name."""
        rdn = new_rdn or ldap.dn.explode_dn(dn)[0]
        with wording(self.server, f"moving {dn} to {new_parent}"):
            self._handle.rename_s(dn, rdn, newsuperior=new_parent)
        return f"{rdn},{new_parent}"

    def delete(self, dn: str) -> None:
        """Remove an object; meant for what this project made itself, people are disabled instead."""
        with wording(self.server, f"deleting {dn}"):
            self._handle.delete_s(dn)


class MissingObjectError(DirectoryError):
    """The object asked for does not exist."""


class RefusedPasswordError(DirectoryError):
    """The domain's password rules refuse the password; another one may pass."""


def complete_ranges(
    attributes: dict[str, list[bytes]], fetch: Callable[[str], dict[str, list[bytes]]]
) -> dict[str, list[bytes]]:
    """Put together values that the server hands over in ranges ([MS-ADTS] 3.1.1.3.1.3.3, "member;range=0-1499").

    fetch reads one more range of the same object: fetch("member;range=1500-*").
    """
    whole = {name: list(values) for name, values in attributes.items() if ";range=" not in name.lower()}
    for ranged, first in attributes.items():
        name, separator, span = ranged.partition(";")
        if not separator or not span.lower().startswith("range="):
            continue
        values, end = list(first), span.partition("-")[2]
        while end != "*":
            answer = fetch(f"{name};range={int(end) + 1}-*")
            following = [
                (key, more) for key, more in answer.items() if key.lower().startswith(f"{name.lower()};range=")
            ]
            if not following:
                break
            values += following[0][1]
            end = following[0][0].partition("-")[2]
        whole[name] = values
    return whole


@contextlib.contextmanager
def wording(server: str, doing: str) -> Iterator[None]:
    """Turn an LDAP exception into a sentence: what was tried, where, what the server said, what to do."""
    try:
        yield
    except ldap.NO_SUCH_OBJECT as error:
        raise MissingObjectError(f"{server}: {doing}: no such object") from error
    except ldap.INVALID_CREDENTIALS as error:
        raise DirectoryError(
            f"{server} refused the credentials ({explain(error)}); check the bind user and its password "
            "in the site's vault"
        ) from error
    except ldap.SERVER_DOWN as error:
        raise DirectoryError(
            f"{server} cannot be reached over LDAP ({explain(error)}); check that the domain controller "
            "runs, that port 636 or 389 is open and that its certificate is signed by ca_file"
        ) from error
    except ldap.LDAPError as error:
        said = explain(error)
        raise (RefusedPasswordError if _RESTRICTED in said else DirectoryError)(f"{server}: {doing}: {said}") from error


def explain(error: Exception) -> str:
    """What the server said, on one line."""
    detail = error.args[0] if error.args and isinstance(error.args[0], dict) else {}
    said = [str(detail[key]).strip() for key in ("desc", "info") if detail.get(key)]
    return " ".join(": ".join(said).split()) or type(error).__name__


@contextlib.contextmanager
def open_directory(credentials: Credentials) -> Iterator[Directory]:
    """Bind and yield the session; always unbound afterwards."""
    handle = connect(credentials)
    try:
        yield Directory(handle, credentials.server)
    finally:
        with contextlib.suppress(ldap.LDAPError):
            handle.unbind_s()


def connect(credentials: Credentials) -> Any:
    """A bound python-ldap handle. LDAPS checks the certificate; Kerberos seals (SSF at least 56) and needs a ticket."""
    sealed = credentials.authentication == "kerberos"
    handle = ldap.initialize(f"{'ldap' if sealed else 'ldaps'}://{credentials.server}")
    handle.set_option(ldap.OPT_REFERRALS, 0)
    handle.set_option(ldap.OPT_PROTOCOL_VERSION, 3)
    handle.set_option(ldap.OPT_NETWORK_TIMEOUT, credentials.timeout_seconds)
    handle.set_option(ldap.OPT_TIMEOUT, max(30, credentials.timeout_seconds))
    with wording(credentials.server, "binding"):
        if sealed:
            handle.set_option(ldap.OPT_X_SASL_NOCANON, ldap.OPT_ON)
            handle.set_option(ldap.OPT_X_SASL_SSF_MIN, 56)
            handle.sasl_gssapi_bind_s()
        else:
            if credentials.ca_file:
                if not os.path.exists(credentials.ca_file):
                    raise DirectoryError(
                        f"{credentials.ca_file} does not exist: ca_file must name the certificate "
                        "authority that signed the domain controller's certificate"
                    )
                handle.set_option(ldap.OPT_X_TLS_CACERTFILE, credentials.ca_file)
            handle.set_option(ldap.OPT_X_TLS_REQUIRE_CERT, ldap.OPT_X_TLS_DEMAND)
            handle.set_option(ldap.OPT_X_TLS_NEWCTX, 0)
            handle.simple_bind_s(credentials.bind_user, credentials.bind_password)
    return handle


def text(attributes: Mapping[str, Sequence[bytes]], name: str) -> str | None:
    """The first value of an attribute as text; None when it has none."""
    values = attributes.get(name)
    return values[0].decode("utf-8") if values else None


def number(attributes: Mapping[str, Sequence[bytes]], name: str) -> int | None:
    """The first value of an attribute as a number; None when it has none."""
    value = text(attributes, name)
    return int(value) if value is not None else None


def encode_password(password: str) -> bytes:
    """A password as unicodePwd wants it ([MS-ADTS] 3.1.1.3.1.5.1: quoted, UTF-16LE)."""
    return f'"{password}"'.encode("utf-16-le")
