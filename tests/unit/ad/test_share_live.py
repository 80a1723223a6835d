"""Access lists on a real server, in a folder of their own that is removed afterwards.

The domain controller serves files too: its SYSVOL share is used unless GARANT_TEST_FILE_SERVER and GARANT_TEST_SHARE
name another. Every change is tried four times: check mode changes nothing, apply changes, apply again does not, broken
by hand it is seen and healed.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from ansible.module_utils.ad.connection import Credentials, open_directory
from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.security_descriptor import Ace, pack, unpack
from ansible.module_utils.ad.share_acl import RIGHTS, inherited, ordered, same
from ansible.module_utils.ad.share_principals import resolve
from ansible.module_utils.ad.share_reconcile import reconcile
from ansible.module_utils.ad.share_report import changes, facts
from ansible.module_utils.ad.smb import DACL, Share, UnreachableError, open_smb

pytestmark = pytest.mark.live_directory

USERS, AUTHENTICATED = "Domain Users", "S-1-5-11"
EVERYONE = "S-1-1-0"


class Bench:
    """A folder on the server, and the options that describe it."""

    def __init__(self, share: Share, options: dict[str, Any], folder: str) -> None:
        self.share, self.options, self.folder = share, options, folder
        self.rows = options["folders"]

    def run(self, write: bool = True, **options: Any) -> dict[str, Any]:
        return changes(reconcile({**self.options, **options}, write))

    def dacl(self, path: str = "") -> tuple[Ace, ...]:
        return unpack(self.share.get_sd(self.path(path))).dacl or ()

    def path(self, path: str = "") -> str:
        return f"{self.folder}\\{path}".rstrip("\\")

    def break_by_hand(self, path: str = "") -> None:
        """Somebody opens it to everybody."""
        found = unpack(self.share.get_sd(self.path(path)))
        opened = replace(found, dacl=(*(found.dacl or ()), Ace(0, 3, RIGHTS["read"], EVERYONE)))
        self.share.set_sd(self.path(path), pack(opened), DACL)


def entry(principal: str, rights: str, scope: str = "all") -> dict[str, str]:
    return {"principal": principal, "rights": rights, "scope": scope}


@pytest.fixture
def bench() -> Iterator[Bench]:
    server = os.environ["GARANT_TEST_DC"]
    file_server = os.environ.get("GARANT_TEST_FILE_SERVER", server)
    share = os.environ.get("GARANT_TEST_SHARE", "sysvol")
    user = os.environ.get("GARANT_TEST_USER", "administrator@AUTOCONCEPT.LAN")
    folder = "garant-essai-" + "".join(random.choices("bcdfghjklm", k=6))  # noqa: S311
    row = {
        "share": share, "path": folder, "owner": "S-1-5-32-544", "protected": True, "spreads": True,
        "entries": [
            entry("S-1-5-32-544", "full"), entry("S-1-5-18", "full"), entry(USERS, "write"),
            entry("S-1-3-0", "delete", "below"),
        ],
    }  # fmt: skip
    options = {
        "server": server, "bind_user": user, "bind_password": os.environ["GARANT_TEST_PASSWORD"],
        "ca_file": os.environ["GARANT_TEST_CA"], "file_server": file_server, "folders": [row], "people": {},
        "timeout_seconds": 10, "authentication": "ldaps",
    }  # fmt: skip
    with open_smb(file_server, user, options["bind_password"]) as session:
        made = Bench(session.share(share), options, folder)
        yield made
        if made.share.exists(folder):
            made.share.delete_tree(folder)


@pytest.fixture
def filled(bench: Bench) -> Bench:
    """With a folder and files that the server itself gave their lists."""
    bench.run()
    bench.share.make_folder(bench.path("sous"))
    for name in ("a.txt", "sous\\é b.txt"):
        bench.share.write(bench.path(name), b"x")
    return bench


def test_check_mode_writes_nothing_and_a_second_run_changes_nothing(bench: Bench) -> None:
    assert bench.run(write=False)["created_folders"] == [f"{bench.share.name}/{bench.folder}"]
    assert not bench.share.exists(bench.folder)
    assert bench.run()["changed"]
    quiet = bench.run(check_below=True)
    assert (quiet["changed"], quiet["diff"]) == (False, {"before": "", "after": ""})


def test_the_server_gives_new_files_what_is_computed_here(filled: Bench) -> None:
    """An independent inheritance: that of the server."""
    for path, above, is_folder in (("sous", "", True), ("a.txt", "", False), ("sous\\é b.txt", "sous", False)):
        found = unpack(filled.share.get_sd(filled.path(path)))
        parent = unpack(filled.share.get_sd(filled.path(above)))
        computed = replace(found, dacl=ordered(inherited(parent, is_folder, found.owner, found.group)))
        assert same(found, computed), path
    assert filled.run(check_below=True)["below"] == {"seen": 3, "changed": 0, "names": []}


def test_a_list_broken_by_hand_is_seen_left_by_check_mode_and_healed(filled: Bench) -> None:
    filled.break_by_hand()
    told = filled.run(write=False)
    assert "Everyone: allow read, all" in told["diff"]["before"]
    assert EVERYONE in {ace.sid for ace in filled.dacl()}
    assert filled.run()["changed_folders"] == [f"{filled.share.name}/{filled.folder}"]
    assert EVERYONE not in {ace.sid for ace in filled.dacl()}
    assert not filled.run()["changed"]


@pytest.mark.parametrize("path", ["sous", "a.txt", "sous\\é b.txt"])
def test_what_is_broken_below_is_seen_and_healed_when_asked(filled: Bench, path: str) -> None:
    filled.break_by_hand(path)
    assert not filled.run()["changed"]
    assert filled.run(write=False, check_below=True)["below"]["changed"] == 1
    assert filled.run(check_below=True)["below"]["changed"] == 1
    assert EVERYONE not in {ace.sid for ace in filled.dacl(path)}
    assert not filled.run(check_below=True)["changed"]


def test_a_new_list_reaches_what_is_already_there(filled: Bench) -> None:
    filled.rows[0]["entries"].append(entry(AUTHENTICATED, "read"))
    assert filled.run()["below"]["changed"] == 3
    for path in ("", "sous", "a.txt", "sous\\é b.txt"):
        assert AUTHENTICATED in {ace.sid for ace in filled.dacl(path)}
    assert not filled.run(check_below=True)["changed"]
    filled.rows[0]["entries"].pop()
    assert filled.run()["below"]["changed"] == 3
    assert AUTHENTICATED not in {ace.sid for ace in filled.dacl("sous\\é b.txt")}


def test_a_folder_with_a_list_of_its_own_is_not_reached(filled: Bench) -> None:
    own = {**filled.rows[0], "path": f"{filled.folder}/sous", "entries": [entry("S-1-5-32-544", "full")]}
    filled.rows.append(own)
    filled.run()
    filled.rows[0]["entries"].append(entry(AUTHENTICATED, "read"))
    filled.run()
    assert {ace.sid for ace in filled.dacl("sous")} == {"S-1-5-32-544"}
    assert not filled.run(check_below=True)["changed"]


def test_facts_name_principals_and_what_differs(filled: Bench) -> None:
    filled.break_by_hand()
    told = facts(reconcile(filled.options, False))[0]
    assert {"Administrators", "SYSTEM", USERS, "CREATOR OWNER", "Everyone"} == {
        one["principal"] for one in told["entries"]
    }
    assert told["differences"] == ["too much Everyone: allow read, all"]


def test_an_unknown_group_is_refused_before_anything_is_written(bench: Bench) -> None:
    bench.rows[0]["entries"].append(entry("DL_Inconnu_R", "read"))
    with pytest.raises(DirectoryInputError, match="DL_Inconnu_R has rights on folders"):
        bench.run()
    assert not bench.share.exists(bench.folder)


def test_a_share_that_does_not_exist_is_told(bench: Bench) -> None:
    bench.rows[0]["share"] = "garant-nulle-part"
    with pytest.raises(UnreachableError, match="the share garant-nulle-part cannot be opened"):
        bench.run()


def test_names_are_found_whatever_their_number(bench: Bench) -> None:
    with open_directory(Credentials.from_arguments(bench.options)) as directory:
        found = resolve(directory, [USERS.upper(), "Domain Admins", AUTHENTICATED])
        assert found["domain users"].endswith("-513")
        with pytest.raises(DirectoryInputError) as caught:
            resolve(directory, [f"inconnu{n}" for n in range(250)])
    assert len(caught.value.problems) == 250
