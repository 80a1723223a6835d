"""Definitions: what they mean, and that whatever cannot be meant is refused with its file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from ansible.module_utils.ad.group_policy.definition_load import load_definitions
from ansible.module_utils.ad.group_policy.definition_yaml import DefinitionError

from tests.unit.ad.group_policy.definition_samples import (
    CONTEXT,
    DOMAIN,
    HEAD,
    LOCK,
    VALUES,
    load,
    refused,
)


def test_a_clause_becomes_the_value_that_windows_reads(tmp_path: Path) -> None:
    policy = load(tmp_path, HEAD + LOCK)
    setting = r"user/registry/Software\Policies\Microsoft\Windows\Control Panel\Desktop\ScreenSaveTimeOut"
    assert policy.settings() == {setting: "600"}
    assert policy.controls == {setting: "session_lock_delay"}
    assert policy.links[0].target == "OU=Postes,OU=Site,DC=site,DC=lan"
    assert policy.applies_to == ("S-1-5-11",)


def test_drives_come_from_the_table_of_shares(tmp_path: Path) -> None:
    settings = load(tmp_path, HEAD + "user:\n  drives: [{from_shares: true, control: network_drives}]\n").settings()
    assert settings["user/drives/N"]["path"] == r"\\fs1.site.lan\atelier"
    assert settings["user/drives/N"]["groups"] == [f"{DOMAIN}-1102", f"{DOMAIN}-1101"]
    assert settings["user/drives/P"]["path"] == r"\\fs1.site.lan\perso\%LogonUser%"
    assert settings["user/drives/P"]["groups"] == []


def test_a_share_for_an_unknown_group_or_a_letter_taken_twice_is_refused(tmp_path: Path) -> None:
    text = HEAD + "user:\n  drives:\n    - {from_shares: true, control: network_drives}\n"
    share = {**CONTEXT["shares"][0], "read": ["GG_Inconnu"]}
    assert "share atelier: the directory has no group GG_Inconnu" in refused(tmp_path, text, shares=[share])[0]
    text += "    - {letter: P, path: '\\\\fs1\\autre', control: network_drives}\n"
    (problem,) = refused(tmp_path, text)
    assert problem.startswith("7: the drive P of")


@pytest.mark.parametrize(
    "drive", ["{letter: C, path: '\\\\fs1\\x'}", "{letter: X, path: 'fs1/x'}", "{path: '\\\\fs1\\x'}"]
)
def test_a_drive_that_cannot_be_is_refused(tmp_path: Path, drive: str) -> None:
    text = HEAD + f"user:\n  drives:\n    - {drive.replace('}', ', reason: x}')}\n"
    assert refused(tmp_path, text)[0].startswith("6: ")


@pytest.mark.parametrize(
    ("change", "line", "says"),
    [
        (("policies:", "politics:"), 5, "user has no 'politics'; did you mean policies"),
        (("ScreenSaverTimeOutFreqSpin", "FreqSpin"), 8, "it takes ScreenSaverTimeOutFreqSpin"),
        (("state: enabled", "state: on"), 7, "state is not a text"),
        (("state: enabled", "state: enable"), 7, "not one of enabled, disabled; did you mean enabled"),
        (("user:", "computer:"), 6, "is a policy for the user side"),
        (("unit: Postes", "unit: Postes, enforce: true"), 3, "did you mean enforced"),
        (("name: Essai", "nane: Essai"), 1, "a definition has no 'nane'; did you mean name"),
        (
            ("      control: session_lock_delay\n", "      control: session_lock_delai\n"),
            9,
            "did you mean session_lock_delay",
        ),
        (("unit: minutes", "unit: weeks"), 8, "unit is 'weeks'"),
        (("links: [{unit: Postes}]", "links: [{unit: Postes}, {unit: Postes}]"), 3, "already linked to Postes"),
        (
            ("purpose: Un essai.\n", "purpose: Un essai.\nstatus: user_disabled\n"),
            3,
            "is switched off, but has settings",
        ),
        (("purpose: Un essai.\n", "purpose: Un essai.\nguid: abc\n"), 3, "abc is no GUID"),
        (("purpose: Un essai.\n", "purpose: Un essai.\nname: Encore\n"), 3, "'name' is given twice"),
        (("CPL_Personalization_ScreenSaverTimeOut", "UserPolicyMode"), 6, "loopback"),
        (("name: Essai", "name: [Essai"), 2, "is not valid YAML"),
    ],
)
def test_what_is_misspelt_is_refused_with_its_line(
    tmp_path: Path, change: tuple[str, str], line: int, says: str
) -> None:
    text = HEAD + LOCK
    assert change[0] in text
    problems = refused(tmp_path, text.replace(*change, 1))
    assert any(problem.startswith(f"{line}: ") and says in problem for problem in problems), problems


def test_a_value_set_twice_is_refused(tmp_path: Path) -> None:
    again = LOCK.partition("policies:\n")[2]
    assert "ScreenSaveTimeOut is already set by" in refused(tmp_path, HEAD + LOCK + again)[0]


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yml").write_text(
            HEAD.replace("Essai", name) + LOCK.replace("enabled", "yes please"), encoding="utf-8"
        )
    with pytest.raises(DefinitionError) as error:
        load_definitions([str(tmp_path / "a.yml"), str(tmp_path / "b.yml"), str(tmp_path / "c.yml")], VALUES, CONTEXT)
    assert [problem.split(":")[0][-5:] for problem in error.value.problems] == ["a.yml", "b.yml", "c.yml"]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yml").write_text(HEAD + LOCK, encoding="utf-8")
    with pytest.raises(DefinitionError, match="has the same name"):
        load_definitions([str(tmp_path / "a.yml"), str(tmp_path / "b.yml")], VALUES, CONTEXT)
