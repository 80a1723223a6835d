"""What a server holds of a Group Policy object: its container in the directory, its folder in SYSVOL, its links."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.group_policy import gpt_ini
from ansible.module_utils.ad.group_policy.links import GpoLink, by_precedence
from ansible.module_utils.ad.group_policy.model import GroupPolicy

#: The halves as the folders, attributes and files of a policy call them.
FOLDERS = {"computer": "MACHINE", "user": "USER"}
EXTENSION_NAMES = {"computer": "gPCMachineExtensionNames", "user": "gPCUserExtensionNames"}
SIDES = tuple(FOLDERS)
MARKER = "adminDescription"
#: Where clients find the folder, for which clients it is meant, and a condition on the machine that they ask first.
PATH, FUNCTIONALITY, CONDITION = "gPCFileSysPath", "gPCFunctionalityVersion", "gPCWQLFilter"
GPT_INI, COMMENT = "GPT.INI", "GPO.cmt"

_GUID = re.compile(r"\{[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}\}", re.IGNORECASE)


class GroupPolicyError(Exception):
    """A policy cannot be brought in line; the message names it and says what to do. Nothing of it was written."""


def checked_guid(guid: str) -> str:
    """A GUID as containers and folders are named: in braces, in capitals."""
    braced = guid if guid.startswith("{") else f"{{{guid}}}"
    if not _GUID.fullmatch(braced):
        raise GroupPolicyError(f"{guid} is no GUID; write it as {{01234567-89AB-CDEF-0123-456789ABCDEF}}")
    return braced.upper()


@dataclass(frozen=True)
class Marker:
    """What a container says of us: whether we made it, for which site, and what it was to hold when its versions were
    last raised.

    The last lets an interrupted run be told from a finished one: files that are right under a version that clients
    have already seen would never be applied. It stands in adminDescription, which nothing else uses on these objects.
    """

    made: bool
    site: str = ""
    digests: Mapping[str, str] = field(default_factory=dict)

    def text(self) -> str:
        """The value of the attribute."""
        kind = "made" if self.made else "merged"
        pairs = {"site": self.site, **self.digests} if self.site else self.digests
        return " ".join(["garant", kind, *(f"{name}={pairs[name]}" for name in sorted(pairs))])

    @classmethod
    def from_text(cls, text: str | None) -> Marker | None:
        """The marker in the attribute; None when somebody else wrote it, or nobody."""
        words = (text or "").split()
        if words[:1] != ["garant"] or words[1:2] not in (["made"], ["merged"]):
            return None
        pairs = {name: value for name, equals, value in (word.partition("=") for word in words[2:]) if equals}
        return cls(words[1] == "made", pairs.pop("site", ""), pairs)


def site_mark(root: str | None) -> str:
    """What tells the policies of one site from those of another in the same domain: its root unit, shortened."""
    return hashlib.sha256(names.key(root).encode()).hexdigest()[:8] if root else ""


@dataclass(frozen=True)
class Container:
    """A groupPolicyContainer."""

    dn: str
    guid: str
    name: str
    flags: int
    version: int
    extensions: Mapping[str, str]  # by side
    marker: Marker | None
    descriptor: bytes
    reach: Mapping[str, str] = field(default_factory=dict)  # what decides whether clients find and use it at all

    def made_for(self, site: str) -> bool:
        """Whether this project made it for a site, and may remove it."""
        return self.marker is not None and self.marker.made and self.marker.site == site


def reach(domain: str, guid: str) -> dict[str, str]:
    """How clients of a domain are to find a policy: in its own folder, all of them, without condition."""
    return {PATH: rf"\\{domain}\sysvol\{domain}\Policies\{guid}", FUNCTIONALITY: "2", CONDITION: ""}


@dataclass(frozen=True)
class Folder:
    """The folder of a policy. Paths are relative to it; descriptors know the folder itself as "".

    `unread` are files too large to be settings: such a policy is not changed, since it could not be put back.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    descriptors: Mapping[str, bytes] = field(default_factory=dict)
    unread: tuple[str, ...] = ()
    exists: bool = True

    def file(self, path: str) -> bytes | None:
        """A file by its path; neither case matters."""
        return {name.casefold(): data for name, data in self.files.items()}.get(path.casefold())

    def spelled(self, path: str) -> str:
        """The path as the server spells it, if it has the file."""
        return {name.casefold(): name for name in self.files}.get(path.casefold(), path)


@dataclass(frozen=True)
class Target:
    """Something that policies are linked to."""

    dn: str
    links: tuple[GpoLink, ...] = ()  # as stored: the last wins
    options: str | None = None  # gPOptions

    def position(self, policy_dn: str) -> int | None:
        """The precedence of a policy here, 1 wins; None when it is not linked."""
        places = [n for n, link in enumerate(by_precedence(self.links), 1) if same(link.dn, policy_dn)]
        return places[0] if places else None


@dataclass(frozen=True)
class StoredPolicy:
    """A policy as it stands, decoded."""

    container: Container
    folder: Folder
    policy: GroupPolicy
    sysvol_version: int | None
    readers: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()


def versions(number: int) -> dict[str, int]:
    """The two counts of a version."""
    user, computer = gpt_ini.halves(number)
    return {"user": user, "computer": computer}


def same(one: str, other: str) -> bool:
    """Whether two distinguished names are the same object's. A link may hold a name that is none."""
    try:
        return names.key(one) == names.key(other)
    except Exception:  # python-ldap raises its own DECODING_ERROR
        return one.casefold() == other.casefold()
