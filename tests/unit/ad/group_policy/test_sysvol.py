"""The files of a folder and the halves they hold: nothing that a file says goes unseen."""

from __future__ import annotations

from dataclasses import replace

from ansible.module_utils.ad.group_policy import preferences, sysvol
from ansible.module_utils.ad.group_policy.difference import compare_settings
from ansible.module_utils.ad.group_policy.model import Half, Script
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.ad.group_policy.generated import CLEAN, DRIVES, SETTINGS, SIDS
from tests.unit.ad.group_policy.policy_samples import encoded, row, wanted

PATHS = [sysvol.REGISTRY, sysvol.TEMPLATE, *sysvol.LISTS.values(), sysvol.preference_file("Drives")]
KEYS = st.text("abcXYZ", min_size=1, max_size=6)
SECURITY = st.fixed_dictionaries(
    {},
    optional={
        "System Access": st.dictionaries(KEYS, st.integers(-1, 10**6) | st.text("abc é", min_size=1).map(str.strip)),
        "Privilege Rights": st.dictionaries(KEYS, st.lists(SIDS, max_size=3).map(tuple)),
        "Registry Values": st.dictionaries(
            KEYS.map(lambda key: rf"MACHINE\{key}"), st.integers(0, 9).map("4,{}".format)
        ),
    },
)
SCRIPTS = st.builds(
    lambda number, powershell, parameters, content: Script(
        "startup", f"s{number}.{'ps1' if powershell else 'cmd'}", parameters, powershell, content
    ),
    st.integers(0, 5), st.booleans(), KEYS, st.none() | st.binary(max_size=20),
)  # fmt: skip
HALVES = st.builds(
    Half,
    registry=SETTINGS,
    security=SECURITY,
    preferences=st.lists(DRIVES, min_size=1, max_size=3).map(lambda drives: {"Drives": tuple(drives)}) | st.just({}),
    scripts=st.lists(SCRIPTS, max_size=4, unique_by=lambda script: script.command).map(
        lambda scripts: tuple(sorted(scripts, key=lambda script: script.powershell))
    ),
)


@settings(max_examples=40)
@given(HALVES)
def test_a_half_comes_back_from_its_files(half):
    again = sysvol.decode(encoded(half))
    assert list(compare_settings("", half.settings(), again.settings())) == []
    assert again.registry == half.registry


@given(st.sampled_from(PATHS), st.binary(max_size=200))
def test_no_bytes_crash_the_reader_and_none_go_unseen(path, data):
    half = sysvol.decode({path: data})
    assert half.settings() or not encoded(half)


@given(CLEAN, st.binary(max_size=20))
def test_a_file_of_another_kind_is_told_by_its_digest(name, data):
    path = rf"Other\{name}"
    assert sysvol.decode({path: data}).settings() == {f"file/{path}": sysvol.digest(data)}


def test_neither_case_nor_the_order_of_files_matters():
    files = encoded(wanted().user)
    shouted = {name.upper(): data for name, data in reversed(files.items())}
    assert sysvol.decode(shouted).settings() == sysvol.decode(files).settings()


def test_a_script_that_lies_elsewhere_has_no_content():
    half = Half(scripts=(Script("logoff", r"\\fs1\bin\bye.cmd"),))
    files = encoded(half)
    assert list(files) == [r"Scripts\scripts.ini"]
    assert sysvol.decode(files) == half


def test_merging_replaces_by_name_and_keeps_the_rest():
    found = Half(
        registry=(row("A"), row("B")),
        preferences={"Drives": (preferences.DriveMapping("P", r"\\a\p"), preferences.DriveMapping("Q", r"\\a\q"))},
        files={"Other": "x"},
    )
    declared = Half(registry=(row("b", 2),), preferences={"Drives": (preferences.DriveMapping("P", r"\\b\p"),)})
    merged = sysvol.merge(found, declared)
    assert [(each.name, each.data) for each in merged.registry] == [("A", 1), ("b", 2)]
    assert [(item.letter, item.path) for item in merged.preferences["Drives"]] == [("Q", r"\\a\q"), ("P", r"\\b\p")]
    assert merged.files == {"Other": "x"}


def drives(*items: object) -> Half:
    return Half(preferences={"Drives": items})


OFF, OTHER = (("disabled", "1"),), (("hint", "x"),)
ONE, TWO = preferences.DriveMapping("P", r"\\a\p"), preferences.DriveMapping("Q", r"\\a\q")


@given(st.sampled_from([(), OFF, OTHER, (*OFF, *OTHER)]), st.lists(DRIVES, max_size=2).map(tuple))
def test_what_is_said_of_a_whole_file_comes_back(attributes, items):
    half = drives(sysvol.FileAttributes(attributes), *items) if attributes else drives(*items)
    if not half.settings():
        return
    (raw,) = encoded(half).values()
    again = sysvol.decode({sysvol.preference_file("Drives"): raw})
    assert (b'disabled="1"' in raw) is (OFF[0] in attributes)
    assert list(compare_settings("", half.settings(), again.settings())) == []


def test_a_file_that_something_is_declared_in_is_switched_on():
    merged = sysvol.merge(drives(sysvol.FileAttributes((*OFF, *OTHER)), ONE), drives(TWO))
    assert merged.preferences["Drives"] == (sysvol.FileAttributes(OTHER), ONE, TWO)
    assert sysvol.merge(drives(sysvol.FileAttributes(OFF), ONE), drives(TWO)).preferences["Drives"] == (ONE, TWO)
    untouched = drives(sysvol.FileAttributes(OFF), ONE)
    assert sysvol.merge(untouched, Half()).preferences == untouched.preferences


@settings(max_examples=40)
@given(HALVES, HALVES)
def test_what_is_declared_holds_after_merging(found, declared):
    # A definition never sets a value twice.
    rows = {(row.key.casefold(), row.name.casefold()): row for row in declared.registry}
    declared = replace(declared, registry=tuple(rows.values()))
    merged = sysvol.merge(found, declared)
    again = sysvol.merge(sysvol.decode(encoded(merged)), declared)
    numbered = ("scripts/", "drives/")  # their names may be those of several
    held = {key: value for key, value in declared.settings().items() if not key.startswith(numbered)}
    assert list(compare_settings("", held, again.settings(), merge=True)) == []
    assert set(map(repr, declared.scripts)) <= set(map(repr, again.scripts))
