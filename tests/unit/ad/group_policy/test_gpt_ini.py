"""GPT.INI: the two versions of a policy ([MS-GPOL] 2.2.4)."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.group_policy import GroupPolicyDataError, gpt_ini
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ad.group_policy.generated import LINE
from tests.unit.ad.group_policy.samples_of import FUZZ, PROPERTIES, mutated, sample

COUNT = st.sampled_from([0, 1, 0xFFFF]) | st.integers(0, 0xFFFF)
FILE = sample("windows", "GPT.INI")


def test_the_file_of_windows_is_read_and_written_back_to_the_byte():
    found = gpt_ini.unpack(FILE)
    assert (found.version, found.user_version, found.machine_version) == (196613, 3, 5)
    assert found.display_name == "New Group Policy Object"
    assert gpt_ini.pack(found) == FILE


@pytest.mark.parametrize(("name", "version"), [("default_GPT.INI", 0), ("gpo_load_GPT.INI", 65540)])
def test_the_files_of_samba_are_read(name, version):
    found = gpt_ini.unpack(sample("samba", name))
    assert (found.version, found.display_name) == (version, None)


def test_a_new_file_is_the_one_of_the_console():
    assert gpt_ini.pack(gpt_ini.new(3, 5)) == FILE


@PROPERTIES
@given(COUNT, COUNT, LINE)
def test_both_versions_and_the_name_come_back(user, machine, name):
    found = gpt_ini.unpack(gpt_ini.pack(gpt_ini.new(user, machine, name)))
    assert (found.user_version, found.machine_version, found.display_name) == (user, machine, name)


def test_a_name_is_written_in_ansi_when_ansi_has_it():
    assert "Écran".encode("cp1252") in gpt_ini.pack(gpt_ini.new(0, 1, "Écran"))
    assert "Ё".encode() in gpt_ini.pack(gpt_ini.new(0, 1, "Ё"))


def test_keys_of_others_are_kept():
    raw = b"; note\r\n[General]\r\nversion=65537\r\n\r\ndisplayName=caf\xe9\r\ngPCFunctionalityVersion=2\r\n[Other]\r\nA=b=c\r\n"
    changed = gpt_ini.unpack(raw).with_versions(2, 1)
    assert gpt_ini.pack(changed) == (
        b"[General]\r\nversion=131073\r\ndisplayName=caf\xe9\r\ngPCFunctionalityVersion=2\r\n[Other]\r\nA=b=c\r\n"
    )


def test_a_version_is_added_where_there_is_none():
    assert gpt_ini.unpack(b"[general]\r\nA=1\r\n").with_versions(0, 1).sections == (
        ("general", (("A", "1"), ("Version", "1"))),
    )
    assert gpt_ini.unpack(b"").with_versions(0, 1).sections == (("General", (("Version", "1"),)),)


@pytest.mark.parametrize(
    ("number", "both"),
    [(0, (0, 0)), (65537, (1, 1)), (-(2**31), (0x8000, 0)), (-1, (0xFFFF, 0xFFFF)), (-(2**31) + 7, (0x8000, 7))],
)
def test_the_number_of_the_directory_is_signed(number, both):
    assert gpt_ini.halves(number) == both
    assert gpt_ini.unpack(b"[General]\r\nVersion=%d\r\n" % number).version == gpt_ini.version(*both)


@pytest.mark.parametrize(("count", "next_one"), [(0, 1), (7, 8), (0xFFFF, 1)])
def test_a_count_never_goes_back_to_the_one_that_means_never(count, next_one):
    assert gpt_ini.following(count) == next_one


@pytest.mark.parametrize(
    "text", [b"", b"x", b"1.5", b"99999999999", b"4294967296", b"-2147483649", b"+1", "١".encode()]
)
def test_what_is_no_version_is_refused(text):
    with pytest.raises(GroupPolicyDataError, match="is no version"):
        gpt_ini.unpack(b"[General]\r\nVersion=" + text + b"\r\n")


@pytest.mark.parametrize(("user", "machine"), [(-1, 0), (0, -1), (0x10000, 0), (0, 0x10000)])
def test_a_count_out_of_range_is_refused(user, machine):
    with pytest.raises(GroupPolicyDataError, match="versions go from 0 to 65535"):
        gpt_ini.version(user, machine)


@pytest.mark.parametrize("name", ["two\nlines", " blank", "blank ", "nul\r"])
def test_a_name_that_would_be_read_back_otherwise_is_refused(name):
    with pytest.raises(GroupPolicyDataError, match=r"GPT\.INI"):
        gpt_ini.pack(gpt_ini.new(0, 0, name))


@pytest.mark.parametrize(("raw", "line"), [(b"[General\r\n", 1), (b"\r\nVersion=1\r\n[General]\r\n", 2)])
def test_an_error_says_in_which_line(raw, line):
    with pytest.raises(GroupPolicyDataError) as raised:
        gpt_ini.unpack(raw)
    assert raised.value.line == line


@FUZZ
@given(st.binary(max_size=200) | mutated(FILE))
def test_broken_bytes_are_refused_or_can_be_written_again(raw):
    try:
        found = gpt_ini.unpack(raw)
        packed = gpt_ini.pack(found)
    except GroupPolicyDataError:
        return
    assert gpt_ini.unpack(packed) == found
