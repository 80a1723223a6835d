"""Registry.pol: nothing lost, nothing invented ([MS-GPREG] 2.2.1)."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.group_policy import GroupPolicyDataError, registry_pol
from ansible.module_utils.ad.group_policy.registry_pol import RegistrySetting, pack, unpack
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.unit.ad.group_policy.generated import SETTINGS
from tests.unit.ad.group_policy.samples_of import FUZZ, PROPERTIES, mutated, sample

KEY = r"Software\Policies\Example"
DESKTOP = r"Software\Policies\Microsoft\Windows\Control Panel\Desktop"
POLICY = sample("windows", "Registry.pol")


def test_a_file_laid_out_as_windows_does_is_read():
    found = unpack(POLICY)
    assert found[:4] == (
        RegistrySetting(DESKTOP, "ScreenSaveActive", "REG_SZ", "1"),
        RegistrySetting(DESKTOP, "ScreenSaverIsSecure", "REG_SZ", "1"),
        RegistrySetting(DESKTOP, "ScreenSaveTimeOut", "REG_SZ", "900"),
        RegistrySetting(DESKTOP, "**del.SCRNSAVE.EXE", "REG_SZ", " "),
    )
    assert [(each.name, each.type, each.data) for each in found[4:]] == [
        ("PasswordManagerEnabled", "REG_DWORD", 0),
        ("**delvals.", "REG_SZ", " "),
        ("1", "REG_SZ", "*"),
        ("GroupPolicyRefreshTime", "REG_DWORD", 90),
        ("", "REG_NONE", b""),
    ]


def test_what_samba_loaded_is_read():
    found = {each.name: (each.type, each.data) for each in unpack(sample("samba", "gpo_load_machine.pol"))}
    assert found == {
        "ScreenSaveActive": ("REG_SZ", "1"),
        "Timeout": ("REG_DWORD", 900),
        "Big": ("REG_QWORD", 2**40),
        "Path": ("REG_EXPAND_SZ", r"%SystemRoot%\x"),
        "List": ("REG_MULTI_SZ", ("one", "two", "trois é")),
        "Bin": ("REG_BINARY", b"\x00\x01\xff"),
        "Empty": ("REG_SZ", ""),
    }


def test_what_sambas_marshalling_wrote_is_read():
    found = {each.name: (each.type, each.data) for each in unpack(sample("samba", "ndr_pack.pol"))}
    assert found["sz empty"] == ("REG_SZ", "")
    assert found["binary"] == ("REG_BINARY", bytes(range(256)))
    assert found["binary empty"] == ("REG_BINARY", b"")
    assert (found["dword zero"], found["dword max"]) == (("REG_DWORD", 0), ("REG_DWORD", 2**32 - 1))
    assert found["qword"] == ("REG_QWORD", 2**64 - 1)
    assert found["be"] == ("REG_DWORD_BIG_ENDIAN", 258)
    assert (found["multi"], found["multi empty"]) == (("REG_MULTI_SZ", ("a", "b")), ("REG_MULTI_SZ", ()))
    assert found["t99"] == ("REG_99", b"\x01\x02\x03")
    assert found["Valeur é"] == ("REG_SZ", "Café €")


@pytest.mark.parametrize(
    "name", ["windows/Registry.pol", "samba/gpo_load_machine.pol", "samba/gpo_load_user.pol", "samba/ndr_pack.pol"]
)
def test_a_file_of_others_is_written_back_to_the_byte(name):
    raw = sample(*name.split("/"))
    assert pack(unpack(raw)) == raw


@PROPERTIES
@given(SETTINGS)
@example((RegistrySetting(KEY, "List", "REG_MULTI_SZ", ()),))
@example((RegistrySetting(KEY, "List", "REG_MULTI_SZ", ("",)),))
@example((RegistrySetting(KEY, "List", "REG_MULTI_SZ", ("", "a", "", "")),))
@example((RegistrySetting(KEY, "Text", "REG_SZ", ""), RegistrySetting(KEY, "Text", "REG_SZ", "a\0b\0")))
@example(
    (RegistrySetting(KEY, "Text", "REG_SZ", "\ud800"), RegistrySetting(KEY, "€\U0001f512", "REG_SZ", "\U0001f512"))
)
@example((RegistrySetting(KEY, "Odd", "REG_BINARY", b"123"), RegistrySetting("Ā" * 9, "Ā", "REG_DWORD", 2**32 - 1)))
def test_every_value_comes_back(wanted):
    assert unpack(pack(wanted)) == wanted


@PROPERTIES
@given(st.sampled_from(sorted(registry_pol.TYPES.values())), st.binary(max_size=24))
@example("REG_SZ", b"")
@example("REG_SZ", b"a\0b")
@example("REG_DWORD", b"\0" * 5)
@example("REG_MULTI_SZ", b"a\0\0\0")
@example("REG_MULTI_SZ", b"\0\0\0\0\0\0")
def test_data_that_its_type_does_not_explain_is_kept(kind, data):
    raw = pack((RegistrySetting(KEY, "Name", kind, data),))
    assert pack(unpack(raw)) == raw
    assert registry_pol.bytes_of(registry_pol.type_number(kind), unpack(raw)[0].data) == data


@pytest.mark.parametrize(
    ("kind", "data"), [("REG_SZ", b""), ("REG_SZ", b"a\0"), ("REG_DWORD", b"\1"), ("REG_QWORD", b"")]
)
def test_a_value_too_short_for_its_type_stays_bytes(kind, data):
    assert unpack(pack((RegistrySetting(KEY, "Name", kind, data),)))[0].data == data


@pytest.mark.parametrize(
    ("setting", "why"),
    [
        (RegistrySetting(KEY, "Name", "REG_DWORD", 2**32), "REG_DWORD does not take 4294967296"),
        (RegistrySetting(KEY, "Name", "REG_DWORD", -1), "REG_DWORD does not take -1"),
        (RegistrySetting(KEY, "Name", "REG_DWORD", True), "REG_DWORD does not take True"),
        (RegistrySetting(KEY, "Name", "REG_DWORD", "1"), "str given, int wanted"),
        (RegistrySetting(KEY, "Name", "REG_SZ", 1), "int given, str wanted"),
        (RegistrySetting(KEY, "Name", "REG_MULTI_SZ", ("a\0b",)), "cut one of the strings"),
        (RegistrySetting(KEY, "Name", "REG_BINARY", "text"), "str given, bytes wanted"),
        (RegistrySetting("Key\0", "Name", "REG_SZ", ""), "a NUL would end the name"),
        (RegistrySetting(KEY, "Na\0me", "REG_SZ", ""), "a NUL would end the name"),
        (RegistrySetting(KEY, "Name", "REG_DW0RD", 1), "'REG_DW0RD' is no registry type"),
        (RegistrySetting(KEY, "Name", "REG_4", b""), "'REG_4' is no registry type"),
        (RegistrySetting(KEY, "Name", "REG_012", b""), "'REG_012' is no registry type"),
        (RegistrySetting(KEY, "Name", "REG_4294967296", b""), "is no registry type"),
    ],
)
def test_what_a_file_cannot_hold_is_refused(setting, why):
    with pytest.raises(GroupPolicyDataError, match=why):
        pack((setting,))


@pytest.mark.parametrize(
    ("raw", "offset"),
    [
        (b"", 0),
        (b"PReg\x02\0\0\0", 0),
        (POLICY[:-1], len(POLICY) - 2),
        (POLICY + b"x", len(POLICY)),
        (POLICY.replace(b"[\0", b"{\0", 1), 8),
    ],
)
def test_an_error_says_at_which_byte(raw, offset):
    with pytest.raises(GroupPolicyDataError) as raised:
        unpack(raw)
    assert raised.value.offset == offset
    assert str(raised.value).startswith(f"byte {offset}: ")


@FUZZ
@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda raw: registry_pol.HEADER + raw) | mutated(POLICY))
def test_broken_bytes_are_refused_or_written_back_the_same(raw):
    try:
        found = unpack(raw)
    except GroupPolicyDataError:
        return
    assert pack(found) == raw


@settings(max_examples=5, deadline=2000)
@given(st.sampled_from([b"[\0", b";\0", b"\0", b"a\0\0", b"[\0a\0\0\0;\0"]))
def test_long_nonsense_takes_no_time(unit):
    with pytest.raises(GroupPolicyDataError):
        unpack(registry_pol.HEADER + b"[\0" + unit * 200_000)


def test_types_have_the_numbers_of_the_registry():
    names = "NONE SZ EXPAND_SZ BINARY DWORD DWORD_BIG_ENDIAN LINK MULTI_SZ RESOURCE_LIST FULL_RESOURCE_DESCRIPTOR"
    names += " RESOURCE_REQUIREMENTS_LIST QWORD"
    assert [registry_pol.type_number(f"REG_{name}") for name in names.split()] == list(range(12))
