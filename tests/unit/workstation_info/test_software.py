"""Programs are read from the listing in every language of Windows; half a list is no list."""

from __future__ import annotations

import pytest
from ansible.module_utils.windows.facts_software import described, programs
from ansible.module_utils.wsman.client import USERS

from tests.unit.workstation_info.evidence import PERSON, Evidence, denied

_UNINSTALL = r"Microsoft\Windows\CurrentVersion\Uninstall"


def told(evidence: Evidence) -> list[tuple[str, str, str, bool]]:
    return [(each["key"], each["version"], each["view"], each["hidden"]) for each in evidence.facts()["software"]]


@pytest.mark.parametrize("language", ["fr", "en", "de"])
def test_both_lists_are_read_and_updates_are_left_out(language: str) -> None:
    evidence = Evidence(language)
    assert told(evidence) == [
        ("7-Zip", "24.09", "system", False),
        ("{26A24AE4}", "", "wow", False),
        ("Driver", "", "system", True),
    ]
    assert evidence.facts()["software"][0]["publisher"] == "Éditeur d’essai"


def test_a_32_bit_windows_has_one_list() -> None:
    evidence = Evidence()
    evidence.classes["Win32_Processor"][0]["AddressWidth"] = "32"
    evidence.listed = {"system": evidence.listed["system"]}
    assert [view for _, _, view, _ in told(evidence)] == ["system", "system"]


def test_what_a_person_installed_for_himself_is_told_too() -> None:
    evidence = Evidence()
    evidence.put(rf"{PERSON}\Software\{_UNINSTALL}\Torrent", USERS, DisplayName="Torrent", DisplayVersion="3")
    assert ("Torrent", "3", "person", False) in told(evidence)


def test_without_a_shell_the_same_programs_come_from_the_registry() -> None:
    evidence = Evidence()
    evidence.refused["listings"] = denied()
    evidence.put(rf"SOFTWARE\{_UNINSTALL}\7-Zip", DisplayName="7-Zip", DisplayVersion="24.09", SystemComponent=0)
    evidence.put(rf"SOFTWARE\WOW6432Node\{_UNINSTALL}\Java", DisplayName="Java", SystemComponent=1)
    assert told(evidence) == [("7-Zip", "24.09", "system", False), ("Java", "", "wow", True)]


@pytest.mark.parametrize(
    "listed",
    [
        {"system": ("", 0), "wow": ("", 0)},
        {"system": ("x", 1), "wow": ("", 0)},
        {"wow": ("", 1)},
        {"wow": ("", None)},
    ],
)
def test_a_list_that_was_not_read_leaves_the_fact_out(listed: dict[str, tuple[str, int | None]]) -> None:
    evidence = Evidence()
    evidence.listed |= listed
    found = evidence.facts()
    assert "software" not in found
    assert "listing of programs" in found["failures"]["software"]


def test_the_listing_of_windows_xp_is_separated_by_tabs() -> None:
    text = (
        "! REG.EXE VERSION 3.0\r\n\r\n"
        f"HKEY_LOCAL_MACHINE\\SOFTWARE\\{_UNINSTALL}\\Player\r\n\tDisplayName\tREG_SZ\tA Player\r\n\tDisplayVersion\tREG_SZ\t9\r\n"
    )
    assert programs(text) == {"Player": {"DisplayName": "A Player", "DisplayVersion": "9"}}


def test_a_value_over_several_lines_does_not_make_a_key_or_a_value() -> None:
    top = f"HKEY_LOCAL_MACHINE\\SOFTWARE\\{_UNINSTALL}"
    text = f"{top}\\A\r\n    DisplayName    REG_SZ    A\r\n    Comments    REG_SZ    one\r\ntwo\r\nthree\r\n"
    assert programs(text) == {"A": {"DisplayName": "A", "Comments": "one"}}


@pytest.mark.parametrize("values", [{}, {"DisplayName": " "}, {"DisplayName": "a", "ParentKeyName": "b"}])
def test_what_has_no_name_or_belongs_to_another_is_no_program(values: dict[str, str]) -> None:
    assert described("k", values, "system") is None
