"""The folder of a policy, read from a file server and written to it."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.group_policy.store_sysvol import PolicyShare
from ansible.module_utils.ad.smb import Item, MissingFileError

TOP = r"example.lan\Policies"
GUID = "{11111111-2222-3333-4444-555555555555}"


class FakeShare:
    """A share in memory: None is a folder. Rights that nobody set are b"inherited"."""

    def __init__(self) -> None:
        self.held: dict[str, bytes | None] = {"example.lan": None, TOP: None}
        self.rights: dict[str, bytes] = {}
        self.large: set[str] = set()

    def list(self, path):
        if self.held.get(path, b"") is not None:
            raise MissingFileError(path)
        below = [name for name in self.held if name.rpartition("\\")[0] == path]
        return tuple(self._item(name) for name in below)

    def _item(self, name):
        data = self.held[name]
        return Item(name.rpartition("\\")[2], data is None, 2**40 if name in self.large else len(data or b""))

    def walk(self, path):
        for item in self.list(path):
            name = f"{path}\\{item.name}"
            yield name, item
            if item.folder:
                yield from self.walk(name)

    def read(self, path):
        if self.held.get(path) is None:
            raise MissingFileError(path)
        return self.held[path]

    def get_sd(self, path):
        if path not in self.held:
            raise MissingFileError(path)
        return self.rights.get(path, b"inherited")

    def fetch(self, path):
        return self.held[path], self.get_sd(path)

    def make_folder(self, path):
        parts = path.split("\\")
        made = [each for n in range(len(parts)) if (each := "\\".join(parts[: n + 1])) not in self.held]
        self.held.update(dict.fromkeys(made))
        return tuple(made)

    def write(self, path, data, descriptor=None):
        assert self.held[path.rpartition("\\")[0]] is None
        self.held[path] = data
        if descriptor:
            self.rights[path] = descriptor

    def set_sd(self, path, descriptor):
        assert path in self.held
        self.rights[path] = descriptor

    def delete(self, path):
        del self.held[path]

    def delete_tree(self, path):
        if path not in self.held:
            raise MissingFileError(path)
        self.held = {name: data for name, data in self.held.items() if f"{name}\\".find(f"{path}\\") != 0}


@pytest.fixture
def share():
    return FakeShare()


@pytest.fixture
def policies(share):
    return PolicyShare(share, "example.lan")


FILES = {r"MACHINE\Registry.pol": b"1", r"USER\Preferences\Drives\Drives.xml": b"2", "GPO.cmt": b"3"}


def test_what_is_written_is_read_back_with_its_rights(policies):
    policies.write(GUID, FILES, (), b"right", every_file=True)
    policies.write_version(GUID, b"v", b"right")
    found = policies.read(GUID)
    assert found.files == {**FILES, "GPT.INI": b"v"}
    assert set(found.descriptors.values()) == {b"right"}
    assert set(found.folders) == {"MACHINE", "USER", r"USER\Preferences", r"USER\Preferences\Drives"}
    assert found.file("gpt.ini") == b"v"


def test_on_microsoft_only_the_folder_has_rights_of_its_own(policies):
    policies.write(GUID, FILES, (), b"right", every_file=False)
    rights = dict(policies.read(GUID).descriptors)
    assert rights.pop("") == b"right"
    assert set(rights.values()) == {b"inherited"}


def test_both_halves_have_a_folder_even_when_empty(policies):
    policies.write(GUID, {}, (), b"right", every_file=True)
    assert set(policies.read(GUID).folders) == {"MACHINE", "USER"}


def test_files_go_after_the_others_were_written(policies):
    policies.write(GUID, FILES, (), b"right", every_file=True)
    policies.write(GUID, {}, ["GPO.cmt"], b"right", every_file=True)
    assert "GPO.cmt" not in policies.read(GUID).files


def test_a_policy_without_a_folder_is_no_error(policies):
    assert not policies.read(GUID).exists
    assert policies.version_file(GUID) is None
    policies.remove(GUID)


def test_a_file_of_no_sensible_size_is_not_read(policies, share):
    policies.write(GUID, FILES, (), b"right", every_file=True)
    share.large = {rf"{TOP}\{GUID}\GPO.cmt"}
    assert policies.read(GUID).unread == ("GPO.cmt",)


def test_only_folders_of_policies_count(policies, share):
    policies.write(GUID.lower(), FILES, (), b"right", every_file=True)
    share.held[rf"{TOP}\PolicyDefinitions"] = None
    assert policies.guids() == {GUID}
    policies.remove(GUID.lower())
    assert policies.guids() == frozenset()
