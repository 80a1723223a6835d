"""What policies set is read as it is written, and a later policy wins over an earlier one."""

from __future__ import annotations

import contextlib

import pytest
from ansible.module_utils.linux.policy_contents import PolicyContentsError, Resultant
from hypothesis import given
from hypothesis import strategies as st

KEY = r"Software\Policies\X"
TEMPLATE = """[Unicode]\r
Unicode=yes\r
[System Access]\r
MinimumPasswordLength = 12\r
NewGuestName = "visitor"\r
[Privilege Rights]\r
SeDenyInteractiveLogonRight = *S-1-5-21-1-2-3-519,*S-1-5-21-1-2-3-512\r
SeServiceLogonRight =\r
[Registry Values]\r
MACHINE\\System\\Lsa\\Level=4,5\r
[Version]\r
signature="$CHICAGO$"\r
Revision=1\r
"""
GROUP = "S-1-5-21-1-2-3-1200"


def drives(filters: str = "", action: str = "U", attributes: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><Drives clsid="{{8F}}"><Drive name="P:" {attributes}>'
        f'<Properties action="{action}" path="\\\\fs1\\parts" label="Pièces" letter="P"/>'
        f"<Filters>{filters}</Filters></Drive></Drives>"
    ).encode()


def member(sid: str, *, negated: bool = False, either: bool = False) -> str:
    return f'<FilterGroup bool="{"OR" if either else "AND"}" not="{int(negated)}" name="EXAMPLE\\G" sid="{sid}"/>'


def drive_of(content: bytes, sids: set[str]) -> object:
    resultant = Resultant()
    resultant.apply_drives("user", content, sids)
    return resultant.settings.get("user/drives/P")


def test_a_later_value_wins_whatever_the_case_of_its_name() -> None:
    resultant = Resultant()
    resultant.apply_registry("computer", [(KEY, "Value", "REG_DWORD", 1)])
    resultant.apply_registry("computer", [(KEY.upper(), "VALUE", "REG_DWORD", 0)])
    assert resultant.settings == {f"computer/registry/{KEY.upper()}\\VALUE": 0}


def test_the_type_is_told_where_the_value_does_not_tell_it() -> None:
    resultant = Resultant()
    resultant.apply_registry("user", [(KEY, "A", "REG_MULTI_SZ", ["a"]), (KEY, "B", "REG_BINARY", "00ff")])
    assert list(resultant.settings.values()) == [["a"], {"type": "REG_BINARY", "data": "00ff"}]


@pytest.mark.parametrize(
    ("command", "data", "left"), [("**del.A", " ", ["B"]), ("**DelVals.", " ", []), ("**DeleteValues", "A;B", [])]
)
def test_a_policy_takes_back_what_an_earlier_one_set(command: str, data: str, left: list[str]) -> None:
    resultant = Resultant()
    resultant.apply_registry("user", [(KEY, "A", "REG_DWORD", 1), (KEY, "B", "REG_DWORD", 1)])
    resultant.apply_registry("user", [(KEY.lower(), command, "REG_SZ", data)])
    assert [name.rsplit("\\", 1)[1] for name in resultant.settings] == left


def test_a_command_that_is_not_known_is_an_error() -> None:
    with pytest.raises(PolicyContentsError, match="soft"):
        Resultant().apply_registry("user", [(KEY, "**soft.A", "REG_DWORD", 1)])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8", "utf-8-sig", "cp1252"])
def test_a_security_template_is_read_in_every_encoding_it_comes_in(encoding: str) -> None:
    resultant = Resultant()
    resultant.apply_template("computer", TEMPLATE.encode(encoding))
    assert resultant.settings == {
        "computer/privilege/SeDenyInteractiveLogonRight": ["S-1-5-21-1-2-3-512", "S-1-5-21-1-2-3-519"],
        "computer/privilege/SeServiceLogonRight": [],
        "computer/security/Registry Values/MACHINE\\System\\Lsa\\Level": "4,5",
        "computer/security/System Access/MinimumPasswordLength": 12,
        "computer/security/System Access/NewGuestName": "visitor",
    }


def test_a_template_without_sections_is_an_error() -> None:
    with pytest.raises(PolicyContentsError, match="line 1"):
        Resultant().apply_template("computer", b"MinimumPasswordLength = 12\r\n")


def test_a_drive_is_for_the_groups_that_it_names() -> None:
    shown = {"path": "\\\\fs1\\parts", "label": "Pièces", "action": "U", "persistent": False, "groups": []}
    assert drive_of(drives(), set()) == shown
    assert drive_of(drives(member(GROUP)), {GROUP}) == {**shown, "groups": [GROUP]}
    assert drive_of(drives(member(GROUP)), {"S-1-1-0"}) is None
    assert drive_of(drives(member(GROUP, negated=True)), {GROUP}) is None
    assert drive_of(drives(member("S-1-1") + member(GROUP, either=True)), {GROUP}) is not None
    assert drive_of(drives(member("S-1-1") + member(GROUP)), {GROUP}) is None


def test_a_drive_that_is_switched_off_is_not_mapped() -> None:
    assert drive_of(drives(attributes='disabled="1"'), set()) is None


def test_a_drive_is_taken_away_by_a_later_policy() -> None:
    resultant = Resultant()
    resultant.apply_drives("user", drives(), ())
    resultant.apply_drives("user", drives(action="D"), ())
    assert resultant.settings == {}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<Drives", "Drives.xml"),
        (drives("<FilterOrgUnit/>"), "FilterOrgUnit"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><Drives/>', "document type"),
        ('<!DOCTYPE x [<!ENTITY a "b">]><Drives/>'.encode("utf-16"), "document type"),
        (b'<Drives><Drive name="P:"/></Drives>', "no properties"),
        (b"\xff\xfe\x00", "not whole"),
    ],
)
def test_preferences_that_are_not_understood_are_an_error(content: bytes, told: str) -> None:
    with pytest.raises(PolicyContentsError, match=told):
        drive_of(content, set())


@given(st.binary(max_size=300) | st.text(max_size=100).map(str.encode))
def test_no_file_does_worse_than_an_error_of_ours(content: bytes) -> None:
    for apply in (
        lambda: Resultant().apply_template("computer", content),
        lambda: Resultant().apply_drives("user", content, ()),
    ):
        with contextlib.suppress(PolicyContentsError):
            apply()
