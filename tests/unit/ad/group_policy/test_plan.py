"""What has to be written so that a policy is as declared."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible.module_utils.ad.group_policy import gpt_ini, registry_pol
from ansible.module_utils.ad.group_policy.model import GroupPolicy, Half, Link
from ansible.module_utils.ad.group_policy.plan import differences, plan_policy
from ansible.module_utils.ad.group_policy.plan_versions import site_of
from ansible.module_utils.ad.group_policy.store_model import GPT_INI, Folder, GroupPolicyError, Marker

from tests.unit.ad.group_policy.policy_samples import GUID, RUN, counts, row, stands, wanted, with_files, written

POL = r"MACHINE\Registry.pol"


def plan(stored, policy=None):
    return plan_policy(policy or wanted(), GUID, stored, RUN)


def found(stored, policy=None):
    return {each.setting for each in differences(policy or wanted(), stored, RUN)}


def test_a_new_policy_gets_everything_at_once():
    made = plan(None)
    assert set(made.files) == {
        POL,
        r"MACHINE\Microsoft\Windows NT\SecEdit\GptTmpl.inf",
        r"USER\Registry.pol",
        r"USER\Preferences\Drives\Drives.xml",
        r"USER\Scripts\scripts.ini",
        r"USER\Scripts\Logon\hello.cmd",
        "GPO.cmt",
    }
    assert counts(made) == (1, 1)
    assert gpt_ini.unpack(made.version_file).version == gpt_ini.version(1, 1)
    assert made.attributes["gPCMachineExtensionNames"][0].count(b"[") == 2
    assert site_of(made.version_file) == RUN.site
    assert {site_of(raw) for raw in (None, b"", b"[General]\r\nVersion=1\r\n", b"junk")} == {None}
    assert made.files["GPO.cmt"].decode("utf-16") == "Essai"


def test_a_policy_as_declared_needs_no_write():
    again = plan(stands())
    assert not again.changes
    assert found(stands()) == set()


def test_order_case_and_stamps_are_no_difference():
    stored = stands()
    rows = registry_pol.unpack(stored.folder.files[POL])
    shouted = [replace(each, key=each.key.upper(), name=each.name.upper()) for each in rows]
    assert not plan(with_files(stored, {POL: registry_pol.pack(shouted)})).changes
    drives = stored.folder.files[r"USER\Preferences\Drives\Drives.xml"].replace(
        b"2026-01-02 03:04:05", b"2020-01-01 00:00:00"
    )
    assert not plan(with_files(stored, {r"USER\Preferences\Drives\Drives.xml": drives})).changes


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        (wanted(computer=replace(wanted().computer, registry=(row("One", 2),))), (1, 2)),
        (wanted(user=replace(wanted().user, registry=())), (2, 1)),
        (wanted(user=replace(wanted().user, scripts=())), (2, 1)),
        (wanted(computer=Half(), user=Half()), (2, 2)),
    ],
)
def test_the_half_that_changes_counts_on_once(policy, expected):
    changed = plan(stands(), policy)
    assert counts(changed) == expected
    assert not plan(written(changed), policy).changes


@pytest.mark.parametrize(
    "policy",
    [
        wanted(comment=""),
        wanted(comment="Autre"),
        wanted(status="user_disabled"),
        wanted(name="Autres"),
    ],
)
def test_what_is_no_setting_leaves_the_versions(policy):
    changed = plan(stands(), policy)
    assert changed.changes
    assert "versionNumber" not in changed.attributes
    assert changed.version_file is None
    assert not plan(written(changed), policy).changes


def test_a_setting_that_is_not_declared_is_removed_with_its_file_and_extension():
    policy = wanted(computer=Half())
    changed = plan(stands(), policy)
    assert set(changed.delete) == {POL, r"MACHINE\Microsoft\Windows NT\SecEdit\GptTmpl.inf"}
    assert changed.attributes["gPCMachineExtensionNames"] == []


@pytest.mark.parametrize("raw", [b"", b"PReg", b"\xff" * 50])
def test_a_file_that_cannot_be_read_is_seen_and_written_anew(raw):
    stored = with_files(stands(), {POL: raw})
    assert {"computer/file/Registry.pol", r"computer/registry/SOFTWARE\Policies\Example\One"} <= found(stored)
    changed = plan(stored)
    assert registry_pol.unpack(changed.files[POL]) == wanted().computer.registry
    assert changed.delete == ()


def test_a_preference_file_switched_off_as_a_whole_is_seen():
    path = r"USER\Preferences\Drives\Drives.xml"
    stored = stands()
    off = stored.folder.files[path].replace(b"<Drives ", b'<Drives disabled="1" ', 1)
    assert found(with_files(stored, {path: off})) == {"user/drives/(file)"}
    assert b"disabled" not in plan(with_files(stored, {path: off})).files[path]


def test_a_script_whose_text_was_changed_is_seen():
    stored = with_files(stands(), {r"USER\Scripts\Logon\hello.cmd": b"format c:"})
    assert found(stored) == {"user/scripts/logon/1"}
    assert plan(stored).files[r"USER\Scripts\Logon\hello.cmd"] == b"echo"


def test_files_of_other_extensions_go():
    stored = with_files(
        stands(), {r"MACHINE\Microsoft\Windows NT\Audit\audit.csv": b"x", r"MACHINE\comment.cmtx": b"<x/>"}
    )
    assert plan(stored).delete == (r"MACHINE\Microsoft\Windows NT\Audit\audit.csv",)


def test_versions_that_differ_become_the_higher_one():
    stored = stands()
    ahead = replace(stored, container=replace(stored.container, version=gpt_ini.version(1, 5)))
    assert gpt_ini.unpack(plan(ahead).version_file).version == gpt_ini.version(1, 5)
    assert found(ahead) == {"version"}
    lost = with_files(stored, {GPT_INI: None})
    assert gpt_ini.unpack(plan(lost).version_file).version == gpt_ini.version(1, 1)
    broken = with_files(stored, {GPT_INI: b"[General]\r\nVersion=many\r\n"})
    assert gpt_ini.unpack(plan(broken).version_file).version == gpt_ini.version(1, 1)


def test_a_count_that_is_full_begins_again_at_one():
    stored = stands()
    full = replace(stored, container=replace(stored.container, version=0xFFFF), sysvol_version=0xFFFF)
    assert counts(plan(full, wanted(computer=Half())))[1] == 1


def test_a_version_of_the_highest_bit_is_written_as_the_directory_takes_it():
    stored = stands()
    number = gpt_ini.version(0x8000, 1)
    high = replace(stored, container=replace(stored.container, version=number), sysvol_version=number)
    assert int(plan(high, wanted(user=Half())).attributes["versionNumber"][0]) < 0


@pytest.mark.parametrize("marker", [None, Marker(True, RUN.site), Marker(True, RUN.site, {"computer": "0" * 16})])
def test_a_run_that_did_not_end_counts_on(marker):
    stored = stands()
    cut = replace(stored, container=replace(stored.container, marker=marker))
    changed = plan(cut)
    assert counts(changed) == (2, 2)
    assert found(cut) == {"version"}
    assert not plan(written(changed)).changes


@pytest.mark.parametrize(
    ("attribute", "value"),
    [("gPCFileSysPath", r"\\elsewhere\share"), ("gPCFunctionalityVersion", "0"), ("gPCWQLFilter", "[a;{B};0]")],
)
def test_what_would_keep_clients_from_a_policy_is_put_right(attribute, value):
    stored = stands()
    lost = replace(stored, container=replace(stored.container, reach={**stored.container.reach, attribute: value}))
    assert found(lost) == {f"reach/{attribute}"}
    changed = plan(lost)
    assert set(changed.attributes) == {attribute}
    assert not plan(written(changed)).changes


def test_a_path_may_be_spelled_in_capitals():
    stored = stands()
    path = stored.container.reach["gPCFileSysPath"].upper()
    spelled = {**stored.container.reach, "gPCFileSysPath": path}
    assert not plan(replace(stored, container=replace(stored.container, reach=spelled))).changes


def test_a_folder_that_is_gone_is_written_whole():
    gone = replace(stands(), folder=Folder(exists=False), sysvol_version=None)
    gone = replace(gone, policy=replace(gone.policy, computer=Half(), user=Half(), comment=""))
    changed = plan(gone)
    assert len(changed.files) == 7
    assert counts(changed) == (2, 2)
    assert "folder" in found(gone)


def test_merging_keeps_what_is_not_declared():
    mine = GroupPolicy("Domaine", guid=GUID, merge=True, links=(Link("DC=example,DC=lan"),),
                       computer=Half(registry=(row("one", 7), row("New")),
                                     security={"system access": {"MinimumPasswordLength": 12}}))  # fmt: skip
    stored = stands()
    names = {**stored.container.extensions, "computer": "[{AAAAAAAA-0000-0000-0000-000000000000}]"}
    stored = replace(stored, container=replace(stored.container, extensions=names, marker=None))
    changed = plan(stored, mine)
    assert {each.name: each.data for each in registry_pol.unpack(changed.files[POL])} == {"one": 7, "New": 1}
    template = changed.files[r"MACHINE\Microsoft\Windows NT\SecEdit\GptTmpl.inf"].decode("utf-16")
    assert "SeDenyInteractiveLogonRight" in template
    assert "MinimumPasswordLength = 12" in template
    assert changed.delete == ()
    assert "displayName" not in changed.attributes
    assert b"AAAAAAAA-0000" in changed.attributes["gPCMachineExtensionNames"][0]
    assert b"garant merged" in changed.attributes["adminDescription"][0]
    after = written(changed)
    assert not after.container.made_for(RUN.site)
    assert not plan(after, mine).changes


def test_merging_into_what_is_not_there_or_cannot_be_read_is_refused():
    mine = wanted(merge=True, computer=Half(registry=(row("One"),)))
    with pytest.raises(GroupPolicyError, match="no policy"):
        plan(None, mine)
    with pytest.raises(GroupPolicyError, match="cannot be kept"):
        plan(with_files(stands(), {POL: b"junk"}), mine)


def test_a_folder_too_large_to_be_kept_is_not_touched():
    stored = stands()
    with pytest.raises(GroupPolicyError, match="too large"):
        plan(replace(stored, folder=replace(stored.folder, unread=("setup.exe",))))
