"""The simulated registry and the methods that read it."""

from __future__ import annotations

import pytest

from tests.unit.winrm_park.park_samples import asked, call, fault_codes, machine
from tests.winrm_park import ProfileError, names
from tests.winrm_park.registry import Registry
from tests.winrm_park.service import Service

KEY = r"SOFTWARE\Exemple"
HKLM, HKU = 2147483650, 2147483651


@pytest.fixture
def service():
    made = machine(
        registry={
            rf"HKLM\{KEY}": {
                "Number": 7,
                "Text": "Écran",
                "List": ["un", "deux"],
                "Bytes": {"binary": "00ff10"},
                "Big": {"qword": 2**40},
                "Path": {"expand_string": r"%SystemRoot%\web"},
                "None": [],
            },
            rf"HKLM\{KEY}\Below": {},
        }
    )
    return Service(made)


def read(service, method, name="", key=KEY, hive=HKLM):
    found = asked(service, call(method, hDefKey=hive, sSubKeyName=key, sValueName=name))
    pairs = [(each.tag.rpartition("}")[2], each.text) for each in found]
    values = [text for element, text in pairs if element in ("sValue", "uValue", "sNames")]
    return values, int(dict(pairs)["ReturnValue"] or -1)


@pytest.mark.parametrize(
    ("method", "name", "values"),
    [
        ("GetDWORDValue", "number", ["7"]),
        ("GetStringValue", "TEXT", ["Écran"]),
        ("GetMultiStringValue", "List", ["un", "deux"]),
        ("GetBinaryValue", "Bytes", ["0", "255", "16"]),
        ("GetQWORDValue", "Big", [str(2**40)]),
        ("GetExpandedStringValue", "Path", [r"C:\Windows\web"]),
        ("GetMultiStringValue", "None", [None]),
    ],
)
def test_a_value_comes_as_its_type_says(service, method, name, values):
    assert read(service, method, name) == (values, 0)


def test_an_absent_key_an_absent_value_and_another_type_have_codes_of_their_own(service):
    assert read(service, "GetDWORDValue", "Number", r"SOFTWARE\Nowhere") == ([None], 2)
    assert read(service, "GetDWORDValue", "Nothing") == ([None], 1)
    assert read(service, "GetDWORDValue", "Text") == ([None], 0x80041005)
    assert read(service, "EnumKey", key=r"SOFTWARE\Nowhere") == ([None], 2)


def test_keys_and_values_are_listed(service):
    assert read(service, "EnumKey") == (["Below"], 0)
    assert read(service, "EnumKey", key=rf"{KEY}\Below") == ([None], 0)
    assert set(read(service, "EnumValues")[0]) == {"Number", "Text", "List", "Bytes", "Big", "Path", "None"}


def test_the_hive_of_the_security_database_is_closed(service):
    assert read(service, "EnumKey", key=r"SAM\SAM") == ([], 5)


def test_loaded_sessions_are_hives_of_their_own(service):
    sid = service.machine.session_sid("user01")
    assert sid in read(service, "EnumKey", key="", hive=HKU)[0]


def test_the_current_control_set_is_another_name_of_the_first(service):
    values = [
        read(service, "GetDWORDValue", "Start", rf"SYSTEM\{name}\Services\USBSTOR")
        for name in ("CurrentControlSet", "ControlSet001")
    ]
    assert values == [(["3"], 0)] * 2


def test_a_write_is_carried_out_and_noted(service):
    asked(service, call("SetDWORDValue", hDefKey=HKLM, sSubKeyName=KEY, sValueName="Number", uValue=9))
    assert read(service, "GetDWORDValue", "Number") == (["9"], 0)
    assert service.machine.told.writes == [rf"SetDWORDValue HKLM\{KEY}\Number"]


def test_a_read_is_no_write(service):
    read(service, "GetDWORDValue", "Number")
    read(service, "EnumKey")
    assert service.machine.told.writes == []


def test_a_method_that_is_not_simulated_says_so(service):
    assert fault_codes(service, call("SetSecurityDescriptor", sSubKeyName=KEY))
    assert service.machine.told.unsimulated == ["StdRegProv method SetSecurityDescriptor"]


@pytest.mark.parametrize("value", [True, 1.5, {"dwrd": 1}, {"binary": 3}, None.__class__])
def test_a_value_that_the_registry_cannot_hold_is_refused(value):
    with pytest.raises(ProfileError, match=r"no registry value|truth values"):
        Registry().load({r"HKLM\X": {"V": value}}, "test")


def test_a_place_is_removed_with_null():
    held = Registry()
    held.load({r"HKLM\A\B": {"V": 1}}, "test")
    held.load({r"HKLM\A\B": {"V": None}}, "test")
    assert held.find(r"HKLM\A\B") is not None
    assert held.value(r"HKLM\A\B", "V") is None
    held.load({r"HKLM\A": None}, "test")
    assert held.find(r"HKLM\A\B") is None


def test_the_answer_says_that_it_is_simulated(service):
    answer = service.answer(call("EnumKey", hDefKey=HKLM, sSubKeyName=KEY), "audit")
    assert f'<g:Simulated xmlns:g="{names.SIMULATOR}">Garant simulator</g:Simulated>' in answer.body.decode()
