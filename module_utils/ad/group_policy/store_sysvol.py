"""Group Policy in SYSVOL ([MS-GPOL] 2.2.4): the folder of each policy, read and written over SMB."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ansible.module_utils.ad.group_policy.store_model import FOLDERS, GPT_INI, Folder
from ansible.module_utils.ad.smb import MissingFileError, Share

#: A policy of any sense is smaller; a folder that somebody filled with installers is not read into memory.
_LARGEST_FILE = 64 * 1024 * 1024


class PolicyShare:
    """The part of SYSVOL that holds the policies of a domain."""

    def __init__(self, share: Share, domain: str) -> None:
        self._share = share
        self._root = f"{domain}\\Policies"

    def guids(self) -> frozenset[str]:
        """The policies that have a folder."""
        return frozenset(
            item.name.upper() for item in self._share.list(self._root) if item.folder and item.name.startswith("{")
        )

    def read(self, guid: str) -> Folder:
        """Everything in the folder of a policy, with the rights on it."""
        top = self._path(guid)
        try:
            descriptors = {"": self._share.get_sd(top)}
            listed = [(path[len(top) + 1 :], item) for path, item in self._share.walk(top)]
        except MissingFileError:
            return Folder(exists=False)
        files: dict[str, bytes] = {}
        folders: list[str] = []
        unread: list[str] = []
        for path, item in listed:
            if item.folder:
                folders.append(path)
                descriptors[path] = self._share.get_sd(f"{top}\\{path}")
            elif item.size <= _LARGEST_FILE:
                files[path], descriptors[path] = self._share.fetch(f"{top}\\{path}")
            else:
                unread.append(path)
        return Folder(files, tuple(folders), descriptors, tuple(unread))

    def write(
        self, guid: str, files: Mapping[str, bytes], delete: Iterable[str], descriptor: bytes, every_file: bool
    ) -> None:
        """Bring the files of a policy to what is given; its version file is written by itself, last.

        Its folder has the descriptor from the start; so has all that is made in it (every_file), or it inherits.
        """
        top, below = self._path(guid), descriptor if every_file else None
        self._folder(top, descriptor)
        for side in FOLDERS.values():
            self._folder(f"{top}\\{side}", below)
        for path, data in files.items():
            above = path.rpartition("\\")[0]
            if above:
                self._folder(f"{top}\\{above}", below)
            self._share.write(f"{top}\\{path}", data, below)
        for path in delete:
            self._share.delete(f"{top}\\{path}")

    def _folder(self, path: str, descriptor: bytes | None) -> None:
        for made in self._share.make_folder(path):
            if descriptor is not None:
                self._share.set_sd(made, descriptor)

    def set_rights(self, guid: str, paths: Iterable[str], descriptor: bytes) -> None:
        """Give folders and files of a policy this descriptor; "" is its folder itself."""
        for path in paths:
            self._share.set_sd(f"{self._path(guid)}\\{path}".rstrip("\\"), descriptor)

    def write_version(self, guid: str, data: bytes, descriptor: bytes | None) -> None:
        """The version file: what tells clients that the folder is complete."""
        self._share.write(f"{self._path(guid)}\\{GPT_INI}", data, descriptor)

    def check_writable(self, guids: Iterable[str], create: bool) -> None:
        """Be sure that the folders of these policies can be written, and that new ones can be made.

        :raises RefusedError: one of them cannot.
        """
        for guid in guids:
            self._share.check_writable(self._path(guid))
        if create:
            self._share.check_writable(self._root)

    def version_file(self, guid: str) -> bytes | None:
        """The version file alone; None when there is none."""
        try:
            return self._share.read(f"{self._path(guid)}\\{GPT_INI}")
        except MissingFileError:
            return None

    def remove(self, guid: str) -> None:
        """Remove the folder of a policy, if it has one."""
        try:
            self._share.delete_tree(self._path(guid))
        except MissingFileError:
            return

    def _path(self, guid: str) -> str:
        return f"{self._root}\\{guid}"
