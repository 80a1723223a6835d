"""A table of shares, a file server in memory and a directory that knows its groups, for the tests of shares."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from ansible.module_utils.ad.security_descriptor import (
    DACL_AUTO_INHERITED,
    DACL_PRESENT,
    SecurityDescriptor,
    pack,
    sid_text,
    unpack,
)
from ansible.module_utils.ad.share_acl import inherited, ordered, path_key
from ansible.module_utils.ad.smb import Item, MissingFileError, RefusedError, UnreachableError

from .directory_fake import FakeDirectory

DOMAIN = "S-1-5-21-111-222-333"
ADMINISTRATOR = "S-1-5-32-544"
PLANS: dict[str, Any] = {
    "name": "plans",
    "title": "Plans",
    "kind": "department",
    "stem": "Plans",
    "manager": "maud.kerso@exemple.fr",
    "read": ["GG_Accueil"],
    "write": ["GG_Ventes"],
    "delete": ["manager"],
    "sensitive": True,
    "drive": "p",
}
HOME: dict[str, Any] = {
    **PLANS, "name": "moi", "title": "À soi", "kind": "personal", "stem": "Moi", "read": ["GG_Tous"], "write": [],
    "delete": [], "drive": "M", "sensitive": False,
}  # fmt: skip


class PrincipalDirectory(FakeDirectory):
    """The directory in memory, asked for principals by name or by SID too."""

    def search(self, base: str, query: str, attributes: Sequence[str]) -> list[tuple[str, dict[str, list[bytes]]]]:
        asked = {value.casefold() for value in re.findall(r"\((?:sAMAccountName|objectSid)=([^)]*)\)", query)}
        if not asked:
            return super().search(base, query, attributes)
        return [
            (dn, held)
            for dn, held in self.objects.values()
            if "sAMAccountName" in held
            and {held["sAMAccountName"][0].decode().casefold(), sid_text(held["objectSid"][0]).casefold()} & asked
        ]


@dataclass
class Node:
    """A file or folder."""

    name: str
    folder: bool
    sd: SecurityDescriptor


@dataclass
class FakeShare:
    """What Share does, on a dictionary; a new file inherits, as on a server. fail_after stops writing in the middle."""

    name: str
    nodes: dict[str, Node] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)
    fail_after: int | None = None
    vanishing: set[str] = field(default_factory=set)
    #: Where only the owner may change the list, and administrators may take it: the rights on the disk are Samba's limit.
    foreign: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.nodes[""] = Node("", True, SecurityDescriptor("S-1-22-1-0", None, DACL_PRESENT, dacl=()))

    def put(self, path: str, owner: str, folder: bool = False) -> None:
        """Somebody makes a file or a folder."""
        above = self.nodes[path_key(path).rpartition("\\")[0]].sd
        dacl = ordered(inherited(above, folder, owner, None))
        sd = SecurityDescriptor(owner, None, DACL_PRESENT | DACL_AUTO_INHERITED, dacl=dacl)
        self.nodes[path_key(path)] = Node(path.rpartition("\\")[2], folder, sd)

    def list(self, path: str) -> tuple[Item, ...]:
        key = path_key(path)
        return tuple(
            Item(node.name, node.folder, 0)
            for place, node in self.nodes.items()
            if place and place.rpartition("\\")[0] == key
        )

    def get_sd(self, path: str, parts: int = 7) -> bytes:
        if path_key(path) not in self.nodes or path_key(path) in self.vanishing:
            raise MissingFileError(f"fake: {path}: it does not exist")
        return pack(self.nodes[path_key(path)].sd)

    def set_sd(self, path: str, descriptor: bytes, parts: int = 7) -> None:
        if self.fail_after is not None and len(self.writes) >= self.fail_after:
            raise ConnectionError("cut short")
        if path_key(path) in self.foreign and parts & 4 and self.nodes[path_key(path)].sd.owner != ADMINISTRATOR:
            raise RefusedError(f"fake: {path}: refused")
        self.writes.append(f"set {path}")
        node, given = self.nodes[path_key(path)], unpack(descriptor)
        kept = 0x1000 | (DACL_AUTO_INHERITED if given.control & 0x100 else 0)
        node.sd = SecurityDescriptor(
            given.owner if parts & 1 else node.sd.owner,
            None,
            DACL_PRESENT | given.control & kept if parts & 4 else node.sd.control,
            dacl=given.dacl if parts & 4 else node.sd.dacl,
        )

    def make_folder(self, path: str) -> tuple[str, ...]:
        self.writes.append(f"make {path}")
        self.put(path.replace("/", "\\"), ADMINISTRATOR, folder=True)
        return (path,)


class FakeServer:
    """A file server with shares that were made already."""

    def __init__(self, *names: str) -> None:
        self.shares = {name: FakeShare(name) for name in names}

    def share(self, name: str) -> FakeShare:
        if name not in self.shares:
            raise UnreachableError(f"fake: the share {name} cannot be opened")
        return self.shares[name]

    @contextmanager
    def open(self, *_: Any) -> Iterator[FakeServer]:
        yield self

    @property
    def writes(self) -> list[str]:
        return [line for share in self.shares.values() for line in share.writes]
