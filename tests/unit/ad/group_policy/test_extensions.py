"""Which extensions a policy names ([MS-GPOL] 2.2.4)."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.group_policy import GroupPolicyDataError, extensions, preferences
from ansible.module_utils.ad.group_policy.extensions import Extension
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ad.group_policy.generated import GUIDS
from tests.unit.ad.group_policy.samples_of import FUZZ, PROPERTIES, mutated, sample

REGISTRY = "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}"
SECURITY = "[{827D319E-6EAC-11D2-A4EA-00C04F79F83A}{803E14A0-B4FB-11D0-A0D0-00A0C90F574B}]"
DRIVES = (
    "[{00000000-0000-0000-0000-000000000000}{2EA1A81B-48E5-45E9-8BB7-A6E3AC170006}]"
    "[{5794DAFD-BE60-433F-88A2-1A31939AC01F}{2EA1A81B-48E5-45E9-8BB7-A6E3AC170006}]"
)
#: What a controller has in its default policies: tools for encrypted files, and remote installation for users.
DEFAULT_MACHINE = (
    f"[{REGISTRY}{{53D6AB1B-2488-11D1-A28C-00C04FB94F17}}]{SECURITY}"
    "[{B1BE8D72-6EAC-11D2-A4EA-00C04F79F83A}{53D6AB1B-2488-11D1-A28C-00C04FB94F17}]"
)
DEFAULT_USER = (
    "[{3060E8D0-7020-11D2-842D-00C04FA372D4}{3060E8CE-7020-11D2-842D-00C04FA372D4}]"
    f"[{REGISTRY}{{0F6B957E-509E-11D1-A7CC-0000F87571E3}}]"
)
KINDS = st.sets(st.sampled_from(extensions.KINDS))
LISTED = st.lists(
    st.builds(Extension, GUIDS, st.lists(GUIDS, max_size=3, unique=True).map(sorted).map(tuple)), max_size=5
)


def test_each_side_names_its_own_tools():
    assert extensions.machine_names(["registry"]) == f"[{REGISTRY}{{D02B1F72-3407-48AE-BA88-E8213C6761F1}}]"
    assert extensions.user_names(["registry"]) == f"[{REGISTRY}{{D02B1F73-3407-48AE-BA88-E8213C6761F1}}]"
    assert extensions.machine_names(["security"]) == SECURITY
    scripts = "[{42B5FAAE-6536-11D2-AE5A-0000F87571E3}{40B666%s-4972-11D1-A7CA-0000F87571E3}]"
    assert extensions.machine_names(["scripts"]) == scripts % "4F"
    assert extensions.user_names(["scripts"]) == scripts % "50"


def test_preferences_are_also_listed_below_the_engine():
    assert extensions.user_names(["Drives"]) == DRIVES


def test_several_preferences_share_one_list_below_the_engine():
    names = extensions.parse(extensions.user_names(["Drives", "Printers"]))
    assert names[0] == Extension(
        extensions.CORE, ("{2EA1A81B-48E5-45E9-8BB7-A6E3AC170006}", "{A8C42CEA-CDB8-4388-97F4-5831F933DA84}")
    )
    assert len(names) == 3


def test_an_empty_side_names_nothing():
    assert extensions.machine_names([]) == extensions.user_names([], "[]") == extensions.user_names([], None) == ""


def test_what_is_no_longer_set_is_no_longer_named():
    assert extensions.user_names([], DRIVES) == ""
    assert (
        extensions.machine_names(["security"], extensions.machine_names(["security", "registry", "Groups"])) == SECURITY
    )


@pytest.mark.parametrize("stored", [DEFAULT_MACHINE, DEFAULT_USER])
def test_extensions_and_tools_of_others_are_kept(stored):
    kept = extensions.parse(extensions.machine_names([], stored))
    assert kept == tuple(each for each in extensions.parse(stored) if each not in extensions.parse(SECURITY))


def test_a_tool_of_others_stands_next_to_ours():
    assert extensions.machine_names(["registry", "security"], DEFAULT_MACHINE) == DEFAULT_MACHINE.replace(
        "{53D6AB1B-2488-11D1-A28C-00C04FB94F17}]",
        "{53D6AB1B-2488-11D1-A28C-00C04FB94F17}{D02B1F72-3407-48AE-BA88-E8213C6761F1}]",
        1,
    )


@PROPERTIES
@given(KINDS, LISTED)
def test_naming_twice_changes_nothing(kinds, others):
    once = extensions.machine_names(kinds, extensions.format_names(others))
    assert extensions.machine_names(kinds, once) == once
    found = {each.guid: set(each.tools) for each in extensions.parse(once)}
    assert all(found.get(each.guid, set()) >= set(each.tools) for each in others)


@PROPERTIES
@given(KINDS)
def test_clients_never_meet_one_out_of_order(kinds):
    guids = [each.guid for each in extensions.parse(extensions.user_names(kinds))]
    assert guids == sorted(guids)
    assert len(guids) == len(set(guids)) == len(kinds) + bool(kinds & set(preferences.KINDS))


@PROPERTIES
@given(LISTED)
def test_every_list_comes_back_sorted(listed):
    assert extensions.parse(extensions.format_names(listed)) == tuple(sorted(set(listed), key=lambda each: each.guid))


def test_small_letters_of_samba_are_read_in_capitals():
    assert extensions.parse(f"[{REGISTRY.lower()}]") == (Extension(REGISTRY),)


def test_preferences_are_those_of_the_specification():
    rows = [line.split("\t") for line in sample("windows", "preferences.tsv").decode().splitlines()]
    assert {folder: (outer, clsid) for folder, outer, clsid, _extension, _tool in rows} == preferences.KINDS
    assert {folder: (guid.upper(), tool.upper()) for folder, _o, _c, guid, tool in rows} == extensions.PREFERENCES


def test_empty_brackets_of_samba_are_read_over():
    assert extensions.parse(f"[][{REGISTRY}][]") == (Extension(REGISTRY),)


def test_a_kind_without_extension_is_refused():
    with pytest.raises(GroupPolicyDataError, match="no extension for drives; known are registry"):
        extensions.user_names(["drives"])


@pytest.mark.parametrize("text", ["x", f"[{REGISTRY}", REGISTRY, f"[{REGISTRY}]x", "[{35378EAC}]"])
def test_what_is_no_list_of_extensions_is_refused(text):
    with pytest.raises(GroupPolicyDataError, match="no extension at"):
        extensions.parse(text)


@FUZZ
@given(st.text(max_size=80) | mutated(DEFAULT_MACHINE.encode()).map(lambda raw: raw.decode("utf-8", "replace")))
def test_broken_text_is_refused_or_read(text):
    try:
        found = extensions.parse(text)
    except GroupPolicyDataError:
        return
    assert {each.guid for each in extensions.parse(extensions.format_names(found))} == {each.guid for each in found}
