"""A Group Policy object as people think of it: what it sets, on whom, where it is linked. No bytes, no I/O.

Definitions are loaded into this model, what a server holds is decoded into it, and the two are compared by
GroupPolicy.settings(): one readable identifier per setting. Two identifiers are the same setting when
setting_key() of both is equal, because neither the registry nor a template tells upper from lower case.

What `definition_load.load_definitions(paths, values, context)` finds in its context, besides what the caller's
module was given in its option `context` (`root_ou`, `shares`, ...):

* `domain_dn`    "DC=example,DC=lan"
* `domain_sid`   "S-1-5-21-1-2-3"
* `domain_name`  "example.lan"
* `netbios_name` "EXAMPLE"
* `sids`         mapping: login (sAMAccountName, in lower case) of each group of the domain -> SID as text
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting

#: [MS-DTYP] 2.4.2.4: whoever has proven who he is, computers included.
AUTHENTICATED_USERS = "S-1-5-11"

#: How settings call what is said of a whole file of preferences.
WHOLE_FILE = "(file)"
#: flags of the groupPolicyContainer ([MS-GPOL] 2.2.2): which half clients leave out.
STATUS_FLAGS = {"enabled": 0, "user_disabled": 1, "computer_disabled": 2, "disabled": 3}

#: Which half a script event belongs to.
SCRIPT_EVENTS = {"startup": "computer", "shutdown": "computer", "logon": "user", "logoff": "user"}

PRIVILEGE_RIGHTS = "Privilege Rights"
_NOTHING: Mapping[str, Any] = MappingProxyType({})


def setting_key(setting: str) -> str:
    """The identifier of a setting in the form that can be compared."""
    return setting.casefold()


@dataclass(frozen=True)
class Script:
    """A script that runs at an event. With content, it lies in the GPO; without, command is a path elsewhere."""

    event: str  # a key of SCRIPT_EVENTS
    command: str
    parameters: str = ""
    powershell: bool = False
    content: bytes | None = None

    def readable(self) -> str:
        """The command line as it will run, and what tells the script's text from another."""
        content = "" if self.content is None else f" (sha256:{hashlib.sha256(self.content).hexdigest()[:16]})"
        return f"{self.command} {self.parameters}".strip() + content


@dataclass(frozen=True)
class Half:
    """What a GPO sets for computers, or for users.

    `security` (computers only) holds the sections of the security template; the value of a key is, by section:

    * Privilege Rights: a tuple of SIDs as text, without the star of the file, in any order
    * Registry Values: the text of the file, "4,900" (type, data)
    * System Access, Kerberos Policy, Event Audit: an int where the file holds a number, else a str without quotes
    * any other: the text of the file; None for a line without value

    `preferences` maps the kind of preferences.PreferenceFile ("Drives") to its items, in order.
    `files` are the files of kinds not known here, with their digests: never declared, removed like any other
    setting that is not declared.
    """

    registry: tuple[RegistrySetting, ...] = ()
    security: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: _NOTHING)
    preferences: Mapping[str, tuple[Any, ...]] = field(default_factory=lambda: _NOTHING)
    scripts: tuple[Script, ...] = ()
    files: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    def settings(self) -> dict[str, Any]:
        """Every setting by its readable identifier, without the half it is in."""
        found: dict[str, Any] = {}
        for name, value in self._entries():
            unique, count = name, 2
            while unique in found:
                unique, count = f"{name} ({count})", count + 1
            found[unique] = value
        return found

    def _entries(self) -> Iterator[tuple[str, Any]]:
        for row in self.registry:
            yield f"registry/{row.key}\\{row.name}", readable_registry(row)
        for section, entries in self.security.items():
            for key, value in entries.items():
                if section == PRIVILEGE_RIGHTS:
                    yield f"privilege/{key}", sorted(value)
                else:
                    yield f"security/{section}/{key}", value
        for kind, items in self.preferences.items():
            for item in items:
                yield f"{kind.lower()}/{item.name.rstrip(':')}", item.readable()
        for number, script in enumerate(self.scripts, start=1):
            yield f"scripts/{script.event}/{number}", script.readable()
        for path, digest in self.files.items():
            yield f"file/{path}", digest


def readable_registry(row: RegistrySetting) -> Any:
    """A registry value as people write it; its type is told where the value does not tell it."""
    if row.type in ("REG_SZ", "REG_DWORD"):
        return row.data
    if row.type == "REG_MULTI_SZ" and isinstance(row.data, tuple):
        return list(row.data)
    return {"type": row.type, "data": row.data.hex() if isinstance(row.data, bytes) else row.data}


@dataclass(frozen=True)
class Link:
    """Where a GPO applies: a unit, the domain or a site.

    Of our links on one target, the lowest order wins; equal orders stand in the order of the definitions.
    """

    target: str  # distinguished name
    enforced: bool = False
    enabled: bool = True
    order: int = 0


@dataclass(frozen=True)
class GroupPolicy:
    """A whole GPO.

    `merge`: only what is declared is set, the rest of the GPO stays (for the Default Domain Policy, which is the
    domain's own). `overrides` names the policies of ours whose settings this one takes the place of where it is linked,
    on purpose. `controls` maps setting identifiers to the control each one serves; `source` is the file it was
    declared in. None of the three is written to the directory.
    """

    name: str
    guid: str | None = None  # "{31B2F340-016D-11D2-945F-00C04FB984F9}"; None: found by name, or made
    computer: Half = field(default_factory=Half)
    user: Half = field(default_factory=Half)
    links: tuple[Link, ...] = ()
    applies_to: tuple[str, ...] = (AUTHENTICATED_USERS,)  # SIDs that may apply it
    status: str = "enabled"
    comment: str = ""
    merge: bool = False
    overrides: tuple[str, ...] = ()
    controls: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    source: str = ""

    def half(self, side: str) -> Half:
        """The half for "computer", or for "user"."""
        return self.computer if side == "computer" else self.user

    def settings(self) -> dict[str, Any]:
        """Every setting of both halves: `computer/registry/SOFTWARE\\Policies\\X\\Value`, `user/drives/P`, ..."""
        return {
            f"{side}/{name}": value
            for side, half in (("computer", self.computer), ("user", self.user))
            for name, value in half.settings().items()
        }
