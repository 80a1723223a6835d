"""Access lists brought in line on a file server in memory: made, left alone, broken, seen, healed."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import Any

import pytest
from ansible.module_utils.ad import share_reconcile as work
from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.security_descriptor import INHERITED, Ace
from ansible.module_utils.ad.share_acl import RIGHTS
from ansible.module_utils.ad.share_principals import resolve, tell
from ansible.module_utils.ad.share_report import changes, facts
from ansible.module_utils.ad.share_rights import folders_of
from ansible.module_utils.ad.share_table import read_table
from ansible.module_utils.ad.smb import UnreachableError

from . import directory_samples as people
from .share_samples import HOME, PLANS, FakeServer, FakeShare, PrincipalDirectory

SHARES = read_table([PLANS, HOME])
RIGHT_GROUPS = [
    {"name": name, "description": "x", "members": ["GG_Ventes"]}
    for name in ("DL_Plans_R", "DL_Plans_RW", "DL_Plans_D", "DL_Moi_R")
]
#: Everybody at work: Ève, Léo, Maud.
WORKING = {one.login for one in people.PEOPLE[:3]}


class Bench:
    """The module's work on a server and a directory in memory."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.directory, self.server = PrincipalDirectory(), FakeServer("plans", "moi")
        self.rights = [*people.OPTIONS["rights"], *RIGHT_GROUPS]
        self.staff = list(people.PEOPLE)
        self.converge_directory()
        monkeypatch.setattr(work, "open_directory", lambda _: contextlib.nullcontext(self.directory))
        monkeypatch.setattr(work, "open_smb", self.server.open)
        monkeypatch.setattr(work.share_people, "load_people", lambda *_, **__: self.staff)
        self.rows = [
            {**one, "entries": [{"scope": "all", **entry} for entry in one["entries"]]}
            for one in folders_of(SHARES, ".bin")
        ]
        self.options: dict[str, Any] = {
            "server": "fake", "bind_user": "a", "bind_password": "b", "file_server": "fs", "timeout_seconds": 5,
            "folders": self.rows, "check_below": False,
            "people": {
                **{name: people.OPTIONS[name] for name in ("departments", "mail_domain", "root_ou", "today")},
                "share": "moi", "employees_file": "list.csv",
            },
        }  # fmt: skip

    def converge_directory(self) -> None:
        people.converge(self.directory, self.staff, rights=self.rights)

    def run(self, write: bool = True, **options: Any) -> dict[str, Any]:
        self.server.shares["plans"].writes.clear()
        self.server.shares["moi"].writes.clear()
        return changes(work.reconcile({**self.options, **options}, write))

    @property
    def plans(self) -> FakeShare:
        return self.server.shares["plans"]

    @property
    def moi(self) -> FakeShare:
        return self.server.shares["moi"]

    def sid(self, name: str) -> str:
        return resolve(self.directory, [name])[name.casefold()]

    def may(self, share: FakeShare, path: str, name: str, right: int = RIGHTS["read"]) -> bool:
        """Whether an entry gives that right there to that very principal."""
        aces = share.nodes[path.casefold()].sd.dacl or ()
        return any(ace.sid == self.sid(name) and ace.mask & right == right and not ace.flags & 8 for ace in aces)


@pytest.fixture(autouse=True)
def _credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work.Credentials, "from_arguments", classmethod(lambda cls, _: None))


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(monkeypatch)


@pytest.fixture
def settled(bench: Bench) -> Bench:
    bench.run()
    bench.plans.put("2026", bench.sid("talleceve"), folder=True)
    bench.plans.put("2026\\a.txt", bench.sid("talleceve"))
    bench.plans.put("b.txt", bench.sid("talleceve"))
    return bench


def test_check_mode_tells_and_writes_nothing(bench: Bench) -> None:
    told = bench.run(write=False)
    assert told["changed"]
    assert bench.server.writes == []
    assert told == bench.run(write=False) == {**bench.run(), "changed": True}


def test_everything_is_made_and_a_second_run_changes_nothing(bench: Bench) -> None:
    told = bench.run()
    assert told["created_folders"] == ["plans/.bin", "moi/.bin", *sorted(f"moi/{login}" for login in WORKING)]
    assert told["changed_folders"] == ["plans", "moi"]
    quiet = bench.run()
    assert (quiet["changed"], quiet["diff"], bench.server.writes) == (False, {"before": "", "after": ""}, [])
    assert bench.run(check_below=True)["changed"] is False


def test_rights_hold_where_the_table_says(bench: Bench) -> None:
    bench.run()
    assert bench.may(bench.plans, "", "DL_Plans_RW", RIGHTS["write"])
    assert not bench.may(bench.plans, "", "DL_Plans_RW", 0x10000)
    assert bench.may(bench.plans, "", "DL_Plans_D", 0x10000)
    assert not bench.may(bench.plans, "", "DL_Plans_R", 0x2)
    assert bench.plans.nodes[""].sd.owner == "S-1-5-32-544"
    assert bench.plans.nodes[""].sd.protected


def test_a_folder_of_ones_own_is_entered_by_nobody_else(bench: Bench) -> None:
    bench.run()
    for login in WORKING:
        assert bench.may(bench.moi, login, login, RIGHTS["delete"])
        for other in WORKING - {login}:
            assert not bench.may(bench.moi, login, other, 0x1)
        assert not bench.may(bench.moi, login, "DL_Moi_R", 0x1)


@pytest.mark.parametrize("path", ["", "2026", "2026\\a.txt", "b.txt"])
def test_an_entry_added_by_hand_is_seen_and_taken_back(settled: Bench, path: str) -> None:
    node = settled.plans.nodes[path]
    right = node.sd
    node.sd = replace(right, dacl=(Ace(0, 3, RIGHTS["full"], "S-1-1-0"), *(right.dacl or ())))
    deep = {"check_below": bool(path)}
    seen = settled.run(write=False, **deep)
    assert seen["changed"]
    assert settled.plans.nodes[path].sd != right
    assert settled.run(**deep)["changed"]
    assert settled.plans.nodes[path].sd.dacl == right.dacl
    assert not settled.run(**deep)["changed"]
    if not path:
        assert "plans: Everyone: allow full, all" in seen["diff"]["before"]


def test_what_was_broken_below_is_only_looked_for_when_asked(settled: Bench) -> None:
    settled.plans.nodes["b.txt"].sd = replace(settled.plans.nodes["b.txt"].sd, dacl=())
    assert not settled.run()["changed"]
    assert settled.run(check_below=True)["below"] == {"seen": 3, "changed": 1, "names": ["plans/b.txt"]}


def test_a_new_list_reaches_what_is_already_there(settled: Bench) -> None:
    row = next(one for one in settled.rows if one["share"] == "plans" and not one["path"])
    row["entries"].append({"principal": "GG_Accueil", "rights": "read", "scope": "all"})
    told = settled.run()
    assert told["below"]["changed"] == 3
    for path in ("2026", "2026\\a.txt", "b.txt"):
        assert settled.may(settled.plans, path, "GG_Accueil")
    assert not settled.may(settled.plans, ".bin", "GG_Accueil"), "the bin has a list of its own"
    assert not settled.run(check_below=True)["changed"]


@pytest.mark.parametrize("root", [False, True])
def test_what_was_there_before_the_share_is_brought_in_line_and_keeps_its_owner(bench: Bench, root: bool) -> None:
    """Whoever wrote it is nobody of the domain, and only the owner may change the list."""
    stranger = "S-1-22-1-1007"
    bench.plans.put("old", stranger, folder=True)
    bench.plans.put("old\\a.txt", stranger)
    bench.plans.foreign = {"old", "old\\a.txt", *([""] if root else [])}
    bench.run()
    assert {bench.plans.nodes[path].sd.owner for path in ("old", "old\\a.txt")} == {stranger}
    assert bench.may(bench.plans, "old\\a.txt", "DL_Plans_RW", RIGHTS["read"])
    assert not bench.run(check_below=True)["changed"]


def test_what_lies_in_the_bin_is_left_alone(settled: Bench) -> None:
    settled.plans.put(".bin\\talleceve", settled.sid("talleceve"), folder=True)
    kept = settled.plans.nodes[".bin\\talleceve"].sd
    row = next(one for one in settled.rows if one["path"] == ".bin" and one["share"] == "plans")
    row["entries"].append({"principal": "GG_Accueil", "rights": "deposit", "scope": "this"})
    assert settled.run(check_below=True)["changed_folders"] == ["plans/.bin"]
    assert settled.plans.nodes[".bin\\talleceve"].sd == kept


@pytest.mark.parametrize("writes", range(4))
def test_a_run_cut_short_is_finished_by_the_next(settled: Bench, writes: int) -> None:
    row = next(one for one in settled.rows if one["share"] == "plans" and not one["path"])
    row["entries"].append({"principal": "GG_Accueil", "rights": "read", "scope": "all"})
    settled.plans.writes.clear()
    settled.plans.fail_after = writes
    with pytest.raises(ConnectionError):
        settled.run()
    settled.plans.fail_after = None
    assert settled.run()["changed"]
    assert not settled.run(check_below=True)["changed"]


def test_a_file_that_goes_while_it_is_looked_at_is_no_failure(settled: Bench) -> None:
    settled.plans.vanishing = {"b.txt"}
    assert settled.run(check_below=True)["below"]["seen"] == 2


def test_a_folder_declared_below_inherits_unless_it_is_protected(settled: Bench) -> None:
    entry = {"principal": "GG_Accueil", "rights": "write", "scope": "all"}
    row = {"share": "plans", "path": "2026/x", "owner": "S-1-5-32-544", "protected": False, "spreads": True}
    settled.rows.append({**row, "entries": [entry]})
    settled.run()
    dacl = settled.plans.nodes["2026\\x"].sd.dacl or ()
    assert {bool(ace.flags & INHERITED) for ace in dacl} == {True, False}
    assert not settled.run(check_below=True)["changed"]
    settled.rows[-1]["protected"] = True
    settled.run()
    assert len(settled.plans.nodes["2026\\x"].sd.dacl or ()) == 1


def test_who_leaves_keeps_the_folder_and_loses_the_right(settled: Bench) -> None:
    settled.moi.put("talleceve\\cv.txt", settled.sid("talleceve"))
    settled.staff[0] = replace(people.PEOPLE[0], leaves_on=people.PEOPLE[4].leaves_on)
    told = settled.run()
    assert told["closed_folders"] == ["moi/talleceve"]
    assert told["changed_folders"] == ["moi/talleceve"]
    for path in ("talleceve", "talleceve\\cv.txt"):
        assert not settled.may(settled.moi, path, "talleceve", 0x1)
        assert path in settled.moi.nodes
    assert not settled.run()["changed"]


def test_who_changes_department_keeps_the_folder(settled: Bench) -> None:
    settled.staff[0] = replace(people.PEOPLE[0], department="desk")
    assert not settled.run()["changed"]
    assert settled.may(settled.moi, "talleceve", "talleceve", RIGHTS["delete"])


def test_who_arrives_gets_a_folder_with_the_account(settled: Bench) -> None:
    settled.staff.append(people.employee("Nouvel", "Zoé"))
    assert settled.run(write=False)["created_folders"] == ["moi/nouvelzoe"]
    with pytest.raises(DirectoryInputError, match="nouvelzoe: no account in the directory"):
        settled.run()
    assert settled.server.writes == []
    settled.converge_directory()
    assert settled.run()["created_folders"] == ["moi/nouvelzoe"]


def test_who_has_not_started_has_no_folder_yet(bench: Bench) -> None:
    assert "moi/nguyenan" not in bench.run()["created_folders"]


def test_a_folder_of_nobody_is_closed_and_told(settled: Bench) -> None:
    settled.moi.put("archives", settled.sid("talleceve"), folder=True)
    settled.moi.nodes["archives"].sd = replace(
        settled.moi.nodes["archives"].sd, dacl=(Ace(0, 3, RIGHTS["full"], "S-1-1-0"),)
    )
    assert settled.run()["closed_folders"] == ["moi/archives"]
    assert all(ace.sid != "S-1-1-0" for ace in settled.moi.nodes["archives"].sd.dacl or ())


def test_without_people_no_folder_of_ones_own_is_touched(settled: Bench) -> None:
    told = settled.run(people={})
    assert (told["changed"], told["closed_folders"]) == (False, [])


def test_a_group_that_does_not_exist_is_refused_before_anything_is_written(bench: Bench) -> None:
    bench.rows[0]["entries"].append({"principal": "DL_Plnas", "rights": "read", "scope": "all"})
    with pytest.raises(DirectoryInputError, match="DL_Plnas has rights on folders, and the directory knows no such"):
        bench.run()
    assert bench.server.writes == []


def test_a_share_that_is_not_served_yet_is_told_and_then_refused(bench: Bench) -> None:
    plans = bench.server.shares.pop("plans")
    outcome = work.reconcile(bench.options, False)
    assert changes(outcome)["created_folders"][:2] == ["plans", "plans/.bin"]
    assert facts(outcome)[0]["differences"] == ["the folder is not there"]
    with pytest.raises(UnreachableError, match="plans cannot be opened"):
        work.reconcile(bench.options, True)
    assert plans.writes == []


def test_a_folder_given_twice_is_refused(bench: Bench) -> None:
    bench.rows.append({**bench.rows[0], "share": "PLANS"})
    with pytest.raises(DirectoryInputError, match="PLANS is there twice"):
        bench.run()


def test_facts_tell_each_folder_and_what_is_wrong_with_it(settled: Bench) -> None:
    settled.plans.nodes["b.txt"].sd = replace(settled.plans.nodes["b.txt"].sd, dacl=())
    settled.plans.nodes[""].sd = replace(settled.plans.nodes[""].sd, owner=settled.sid("talleceve"))
    del settled.moi.nodes["talleceve"]
    outcome = work.reconcile({**settled.options, "check_below": True}, False)
    told = {f"{one['share']}/{one['path']}": one for one in facts(outcome)}
    assert told["plans/"]["differences"] == [
        "missing owner: Administrators",
        "too much owner: talleceve",
        "1 files and folders below have another list than the one they inherit",
    ]
    assert told["plans/"]["below"] == {"seen": 3, "different": ["plans/b.txt"]}
    assert told["plans/.bin"]["differences"] == []
    assert (told["moi/talleceve"]["exists"], told["moi/talleceve"]["differences"]) == (
        False, ["the folder is not there"],
    )  # fmt: skip
    named = {entry["principal"] for entry in told["plans/"]["entries"]}
    assert named == {"Administrators", "SYSTEM", "OWNER RIGHTS", "DL_Plans_R", "DL_Plans_RW", "DL_Plans_D"}


def test_names_are_those_of_the_directory_whatever_their_case(bench: Bench) -> None:
    found = resolve(bench.directory, ["dl_plans_rw", "S-1-5-32-544"])
    assert set(found) == {"dl_plans_rw", "s-1-5-32-544"}
    assert tell(bench.directory, [found["dl_plans_rw"], "S-1-5-99"], {})[found["dl_plans_rw"]] == "DL_Plans_RW"
