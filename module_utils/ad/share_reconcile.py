"""Access lists of a file server, read and brought in line over SMB. What share_acl and share_acl_info do, without Ansible.

The list of a folder is set after those of what lies below it, so that a run that was cut short starts again; what people
made in between is looked at once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ansible.module_utils.ad import share_acl as acl
from ansible.module_utils.ad import share_people
from ansible.module_utils.ad.connection import Credentials, Directory, open_directory
from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.security_descriptor import (
    DACL_AUTO_INHERITED,
    DACL_PRESENT,
    SecurityDescriptor,
    pack,
    unpack,
)
from ansible.module_utils.ad.share_acl import Entry, Folder
from ansible.module_utils.ad.share_principals import resolve, tell
from ansible.module_utils.ad.smb import (
    DACL,
    OWNER,
    MissingFileError,
    RefusedError,
    Share,
    SmbSession,
    UnreachableError,
    open_smb,
)

#: [MS-DTYP] 2.4.6: asks the server to keep the mark of a list that was handed down.
_AUTO_INHERIT_REQ = 0x0100


@dataclass
class Difference:
    """One declared folder that is not as it must be; found is None when it is not there."""

    folder: Folder
    wanted: SecurityDescriptor
    found: SecurityDescriptor | None


@dataclass
class Outcome:
    """What was found and done on the whole server."""

    names: dict[str, str] = field(default_factory=dict)
    checked: list[tuple[Folder, SecurityDescriptor, SecurityDescriptor | None]] = field(default_factory=list)
    #: by folder (its label), what was looked at below it and what differs there
    below_seen: dict[str, int] = field(default_factory=dict)
    below_changed: dict[str, list[str]] = field(default_factory=dict)
    nobodys: list[str] = field(default_factory=list)

    @property
    def differing(self) -> list[Difference]:
        return [
            Difference(folder, wanted, found)
            for folder, wanted, found in self.checked
            if found is None or not acl.same(wanted, found)
        ]


def reconcile(options: Mapping[str, Any], write: bool) -> Outcome:
    """Look at every folder; with write, bring it in line."""
    with open_directory(Credentials.from_arguments(options)) as directory:
        folders = declared_folders(directory, options["folders"])
        people, copies = (
            share_people.people_and_copies(directory, options["people"]) if options.get("people") else ({}, {})
        )
        outcome = Outcome()
        if write and (missing := [login for login, sid in people.items() if sid is None]):
            raise DirectoryInputError(
                [f"{', '.join(missing)}: no account in the directory; bring the directory in line with the list first"]
            )
        with open_smb(
            options["file_server"], options["bind_user"], options["bind_password"], options["timeout_seconds"]
        ) as session:
            for name in dict.fromkeys(folder.share for folder in folders):
                mine = [folder for folder in folders if folder.share == name]
                share = _opened(session, name, write)
                if share is None:
                    outcome.checked += [(folder, acl.wanted_descriptor(folder), None) for folder in mine]
                    continue
                work = _ShareWork(share, name, outcome, write, bool(options.get("check_below")))
                if options.get("people") and options["people"]["share"].casefold() == name.casefold():
                    own = share_people.own_folders(name, people, work.folders(), mine, copies)
                    outcome.nobodys += share_people.folders_of_nobody(name, people, own)
                    mine += own
                work.run(mine)
        known = {sid: name for name, sid in _names(options, people).items()}
        seen = {
            ace.sid for _, wanted, found in outcome.checked for sd in (wanted, found) if sd for ace in sd.dacl or ()
        }
        owners = {found.owner for _, _, found in outcome.checked if found and found.owner}
        outcome.names = tell(directory, seen | owners, known)
    return outcome


def _opened(session: SmbSession, name: str, write: bool) -> Share | None:
    """A share; None when nothing is to be written and it is not served (yet)."""
    try:
        return session.share(name)
    except UnreachableError:
        if write:
            raise
        return None


def declared_folders(directory: Directory, rows: Sequence[Mapping[str, Any]]) -> list[Folder]:
    """The folders of the options with their principals as SIDs, and each no more than once."""
    principals = {one["owner"] for one in rows} | {entry["principal"] for one in rows for entry in one["entries"]}
    sids = resolve(directory, principals)
    folders = [
        Folder(
            share=one["share"],
            path=one["path"] or "",
            owner=sids[one["owner"].casefold()],
            entries=tuple(
                Entry(sids[entry["principal"].casefold()], entry["rights"], entry["scope"]) for entry in one["entries"]
            ),
            protected=one["protected"],
            spreads=one["spreads"],
        )
        for one in rows
    ]
    twice = [folder.label for position, folder in enumerate(folders) if _again(folder, folders[:position])]
    if twice:
        raise DirectoryInputError([f"folders: {name} is there twice; remove one of the two" for name in twice])
    return folders


def _again(folder: Folder, before: Sequence[Folder]) -> bool:
    return any(one.key == folder.key and one.share.casefold() == folder.share.casefold() for one in before)


def _names(options: Mapping[str, Any], people: Mapping[str, str | None]) -> dict[str, str]:
    return {login: sid for login, sid in people.items() if sid}


class _ShareWork:
    """One share: its declared folders, and what lies below those whose list changes."""

    def __init__(self, share: Share, name: str, outcome: Outcome, write: bool, check_below: bool) -> None:
        self.share, self.name, self.outcome = share, name, outcome
        self.write, self.check_below = write, check_below
        self.declared: set[str] = set()

    def folders(self) -> list[str]:
        """The folders at the top of the share."""
        return [item.name for item in self.share.list("") if item.folder]

    def run(self, folders: Sequence[Folder]) -> None:
        """Folders after those they lie in, as they inherit from them."""
        self.declared = {folder.key for folder in folders}
        lists: dict[str, SecurityDescriptor] = {}
        for folder in sorted(folders, key=lambda one: (one.key.count("\\") + bool(one.key), one.key)):
            above = None
            if not folder.protected and folder.key:
                above = self._above(folder.key.rpartition("\\")[0], lists)
            lists[folder.key] = self._folder(folder, acl.wanted_descriptor(folder, above))

    def _above(self, path: str, lists: Mapping[str, SecurityDescriptor]) -> SecurityDescriptor:
        return lists[path] if path in lists else unpack(self.share.get_sd(path))

    def _folder(self, folder: Folder, wanted: SecurityDescriptor) -> SecurityDescriptor:
        found = self._read(folder)
        self.outcome.checked.append((folder, wanted, found))
        if found is None:
            if self.write:
                self.share.make_folder(folder.path)
                self._set(folder.path, wanted)
            return wanted
        right = acl.same(wanted, found)
        if folder.spreads and (self.check_below or not right):
            self._below(folder, folder.path, wanted)
        if not right and self.write:
            self._set(folder.path, wanted)
            if folder.spreads:
                self._below(folder, folder.path, wanted, deep=False)
        return wanted

    def _read(self, folder: Folder) -> SecurityDescriptor | None:
        try:
            return unpack(self.share.get_sd(folder.path))
        except MissingFileError:
            return None

    def _below(self, folder: Folder, path: str, above: SecurityDescriptor, deep: bool = True) -> None:
        """Hand a list down to everything that is not declared itself, a folder before what it holds."""
        seen = self.outcome.below_seen
        for below, is_folder in self._children(path):
            try:
                found = unpack(self.share.get_sd(below))
            except MissingFileError:
                continue  # somebody removed it meanwhile
            wanted = replace(
                found,
                control=DACL_PRESENT | DACL_AUTO_INHERITED,
                dacl=acl.ordered(acl.inherited(above, is_folder, found.owner, found.group)),
            )
            seen[folder.label] = seen.get(folder.label, 0) + deep
            if not acl.same(wanted, found):
                self.outcome.below_changed.setdefault(folder.label, []).append(acl.label(self.name, below))
                if self.write:
                    self._hand_down(below, wanted, folder.owner)
            if is_folder and deep:
                self._below(folder, below, wanted)

    def _children(self, path: str) -> Iterator[tuple[str, bool]]:
        for item in self.share.list(path):
            below = f"{path}\\{item.name}".lstrip("\\")
            if acl.path_key(below) not in self.declared:
                yield below, item.folder

    def _hand_down(self, path: str, descriptor: SecurityDescriptor, ours: str) -> None:
        """Replace a list where the owner stays who it is."""
        try:
            self._write(path, descriptor, DACL)
        except RefusedError:
            self._set(path, replace(descriptor, owner=ours))
            self._write(path, descriptor, OWNER)

    def _set(self, path: str, descriptor: SecurityDescriptor) -> None:
        """Replace owner and list.

        What lay there before the share was served may belong to somebody whom the domain does not know. Its owner alone may
        change the list then, and administrators may make themselves the owner.
        """
        try:
            self._write(path, descriptor, OWNER | DACL)
        except RefusedError:
            self._write(path, descriptor, OWNER)
            self._write(path, descriptor, DACL)

    def _write(self, path: str, descriptor: SecurityDescriptor, parts: int) -> None:
        sent = replace(descriptor, control=descriptor.control | _AUTO_INHERIT_REQ)
        self.share.set_sd(path, pack(sent), parts)
