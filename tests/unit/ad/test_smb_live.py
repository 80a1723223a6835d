"""Files, folders and descriptors on a real file service: the SYSVOL share of the domain controller."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad import security_descriptor as sd
from ansible.module_utils.ad.smb import MissingFileError, SmbError, UnreachableError, open_smb
from ansible.module_utils.ad.smb_signing import unsigned_request

from tests.unit.ad.password_live import connection, live_directory, unique

pytestmark = pytest.mark.live_directory


def session(**changes):
    options = {**connection(), **changes}
    return open_smb(options["server"], options["bind_user"], options["bind_password"])


@pytest.fixture(scope="module")
def folder():
    """A share and a folder of its own in it, removed afterwards."""
    with live_directory() as directory:
        scripts = f"{names.dns_domain(directory.base)}\\scripts"
    with session() as opened:
        share, path = opened.share("sysvol"), f"{scripts}\\{unique('essai')}"
        assert share.make_folder(f"{path}/Été/sous") == (path, f"{path}\\Été", f"{path}\\Été\\sous")
        yield share, path
        share.delete_tree(path)
        assert not share.exists(path)


def test_a_request_that_is_not_signed_is_refused_and_the_wrong_password_tries_nothing():
    options = connection()
    given = options["server"], options["bind_user"]
    found = unsigned_request(*given, options["bind_password"])
    assert found["unsigned_request_accepted"] is False
    assert "ACCESS_DENIED" in found["detail"]
    with pytest.raises(UnreachableError, match="password in the site's vault"):
        unsigned_request(*given, "Kv7-wrong-wrong-93pL")


@pytest.mark.parametrize("size", [0, 1, 65535, 65536, 65537, 300_000])
def test_a_file_of_any_size_comes_back(folder, size):
    share, path = folder
    data = bytes(number % 251 for number in range(size))
    share.write(f"{path}\\{size}.bin", b"an older and longer content")
    share.write(f"{path}\\{size}.bin", data)
    assert share.read(f"{path}\\{size}.bin") == data
    assert {item.name: item.size for item in share.list(path)}[f"{size}.bin"] == size


def test_a_large_folder_is_listed_whole_and_nothing_is_left_aside(folder):
    share, path = folder
    share.make_folder(f"{path}\\many")
    expected = {f"un nom assez long pour remplir plusieurs réponses {number:04}.txt" for number in range(600)}
    for name in expected:
        share.write(f"{path}\\many\\{name}", b"x")
    assert {item.name for item in share.list(f"{path}\\many")} == expected


def test_rights_are_written_and_read_back(folder):
    share, path = folder
    found = sd.unpack(share.get_sd(path))
    wanted = sd.SecurityDescriptor(
        found.owner, found.group, 0x8004 | sd.DACL_PROTECTED, (sd.Ace(sd.ALLOWED, 3, 0x1F01FF, "S-1-5-32-544"),)
    )
    share.set_sd(f"{path}\\Été", sd.pack(wanted))
    read = sd.unpack(share.get_sd(f"{path}\\Été"))
    assert (read.protected, read.dacl) == (True, wanted.dacl)
    share.write(f"{path}\\own.txt", b"x", sd.pack(wanted))
    data, rights = share.fetch(f"{path}\\own.txt")
    assert (data, sd.unpack(rights).dacl) == (b"x", wanted.dacl)


def test_what_is_missing_or_of_another_kind_is_told(folder):
    share, path = folder
    with pytest.raises(MissingFileError, match="does not exist"):
        share.read(f"{path}\\none")
    with pytest.raises(MissingFileError, match="does not exist"):
        share.list(f"{path}\\none\\below")
    with pytest.raises(SmbError, match="reading"):
        share.read(path)
    assert not share.exists(f"{path}\\none")
    share.check_writable(path)


def test_wrong_passwords_and_shares_are_told_apart():
    with pytest.raises(UnreachableError, match="refused the credentials"), session(bind_password="wrong"):
        pass
    with session() as opened, pytest.raises(UnreachableError, match="the share nowhere cannot be opened"):
        opened.share("nowhere")
