"""Definitions: what they mean, and that whatever cannot be meant is refused with its file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.ad.group_policy.definition_load import load_definitions
from ansible.module_utils.ad.group_policy.definition_values import converted
from ansible.module_utils.ad.group_policy.definition_yaml import DefinitionError
from ansible.module_utils.ad.group_policy.model import GroupPolicy
from ansible.module_utils.policy.model import load_policies
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import ROOT

DOMAIN = "S-1-5-21-1-2-3"
CONTEXT: dict[str, Any] = {
    "domain_dn": "DC=site,DC=lan",
    "domain_sid": DOMAIN,
    "domain_name": "site.lan",
    "netbios_name": "SITE",
    "root_ou": "Site",
    "sids": {"gg_atelier": f"{DOMAIN}-1101", "gg_bureau": f"{DOMAIN}-1102"},
    "file_server": "fs1.site.lan",
    "controls": ["session_lock_delay", "network_drives"],
    "texts": {"charter_title": "Charte"},
    "shares": [
        {
            "name": "atelier",
            "title": "Atelier",
            "kind": "department",
            "drive": "N",
            "read": ["GG_Bureau"],
            "write": ["GG_Atelier"],
        },
        {
            "name": "perso",
            "title": "Mon dossier",
            "kind": "personal",
            "drive": "P",
            "read": ["GG_Atelier"],
            "write": [],
        },
    ],
}
VALUES = {"session_lock_delay": 10, "max_age": 90, "never": None, "hours": 10, "notice": "Charte, {domain_name}"}
HEAD = "name: Essai\npurpose: Un essai.\nlinks: [{unit: Postes}]\n"
DOMAIN_HEAD = "name: Essai\npurpose: Un essai.\nlinks: [{unit: domain}]\n"
LOCK = """\
user:
  policies:
    - policy: CPL_Personalization_ScreenSaverTimeOut
      state: enabled
      elements: {ScreenSaverTimeOutFreqSpin: {value_of: session_lock_delay, unit: minutes}}
      control: session_lock_delay
"""
OPTIONS = "      MACHINE\\Software\\Microsoft\\Windows\\CurrentVersion\\Policies\\System\\"


def load(tmp_path: Path, text: str, **context: Any) -> GroupPolicy:
    file = tmp_path / "essai.yml"
    file.write_text(text, encoding="utf-8")
    return load_definitions([str(file)], VALUES, {**CONTEXT, **context})[0]


def refused(tmp_path: Path, text: str, **context: Any) -> list[str]:
    with pytest.raises(DefinitionError) as error:
        load(tmp_path, text, **context)
    return [problem.removeprefix(f"{tmp_path}/essai.yml:") for problem in error.value.problems]


def security(section: str, *entries: str) -> str:
    lines = "".join(f"      {entry}\n" for entry in entries)
    return f"computer:\n  security:\n    {section}:\n{lines}"


def test_a_clause_becomes_the_value_that_windows_reads(tmp_path: Path) -> None:
    policy = load(tmp_path, HEAD + LOCK)
    setting = r"user/registry/Software\Policies\Microsoft\Windows\Control Panel\Desktop\ScreenSaveTimeOut"
    assert policy.settings() == {setting: "600"}
    assert policy.controls == {setting: "session_lock_delay"}
    assert policy.links[0].target == "OU=Postes,OU=Site,DC=site,DC=lan"
    assert policy.applies_to == ("S-1-5-11",)


def test_never_is_written_as_the_number_that_the_setting_wants(tmp_path: Path) -> None:
    text = security(
        "System Access",
        "MaximumPasswordAge: {value_of: never, unit: days, reason: x}",
        "LockoutBadCount: {value: never, reason: x}",
        "LockoutDuration: {value_of: never, reason: x}",
    )
    assert list(load(tmp_path, DOMAIN_HEAD + text).settings().values()) == [-1, 0, -1]


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("MaximumPasswordAge: {value: 0, reason: x}", "0 would mean: a password never expires"),
        ("LockoutBadCount: {value: 0, reason: x}", "an account never locks (write never if that is meant)"),
        ("MaximumPasswordAge: {value: 1000, reason: x}", "not between 1 and 999 days"),
        ("MinimumPasswordLength: {value: never, reason: x}", "cannot be without a limit"),
        ("MinimumPasswordLength: {value: twelve, reason: x}", "'twelve' is not a whole number"),
        ("MinimumPasswordLength: {value: 12, value_of: max_age, reason: x}", "one of them"),
        ("MinimumPasswordLenght: {value: 12, reason: x}", "did you mean MinimumPasswordLength"),
        ("MaximumPasswordAge: {value_of: hours, unit: hours, reason: x}", "10 hours are not a whole number of days"),
        ("MaximumPasswordAge: {value_of: max_ago, reason: x}", "did you mean max_age"),
        ("MinimumPasswordLength: {value_of: max_age, unit: days, reason: x}", "the setting has no unit"),
        ("MinimumPasswordLength: {value: 12}", "names the control whose clause it serves"),
        ("MinimumPasswordLength: {value: 12, control: no_such}", "no control 'no_such' is demanded here"),
    ],
)
def test_a_setting_of_accounts_that_cannot_be_meant_is_refused_with_its_line(
    tmp_path: Path, entry: str, says: str
) -> None:
    (problem,) = refused(tmp_path, DOMAIN_HEAD + security("System Access", entry))
    assert problem.startswith("7:")
    assert says in problem


def test_rules_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    entries = ("LockoutDuration: {value: 10, reason: x}", "ResetLockoutCount: {value: 15, reason: x}")
    assert "ResetLockoutCount (15)" in refused(tmp_path, DOMAIN_HEAD + security("System Access", *entries))[0]
    entries = ("MaxTicketAge: {value: 10, reason: x}", "MaxServiceAge: {value: 601, reason: x}")
    assert "MaxServiceAge (601)" in refused(tmp_path, DOMAIN_HEAD + security("Kerberos Policy", *entries))[0]


def test_rules_of_accounts_outside_the_domain_are_refused(tmp_path: Path) -> None:
    text = HEAD + security("System Access", "MinimumPasswordLength: {value: 12, reason: x}")
    assert "counts only in a policy linked to the domain" in refused(tmp_path, text)[0]


def test_denied_logons_are_kept_from_the_controllers_and_from_everybody(tmp_path: Path) -> None:
    right = security("Privilege Rights", "SeDenyInteractiveLogonRight: {value: [{rid: 512}], reason: x}")
    assert load(tmp_path, HEAD + right).settings() == {
        "computer/privilege/SeDenyInteractiveLogonRight": [f"{DOMAIN}-512"]
    }
    assert "would hold on the controllers" in refused(tmp_path, DOMAIN_HEAD + right)[0]
    for everybody in ("{rid: 513}", "S-1-1-0", "{rid: 545}"):
        text = HEAD + security("Privilege Rights", f"SeDenyNetworkLogonRight: {{value: [{everybody}], reason: x}}")
        assert "shut everybody out" in refused(tmp_path, text)[0]


def test_groups_are_named_by_name_number_or_sid(tmp_path: Path) -> None:
    text = HEAD + security(
        "Privilege Rights", "SeBackupPrivilege: {value: [GG_Atelier, {rid: 544}, S-1-5-6], reason: x}"
    )
    assert load(tmp_path, text).settings()["computer/privilege/SeBackupPrivilege"] == sorted(
        [f"{DOMAIN}-1101", "S-1-5-32-544", "S-1-5-6"]
    )
    text = HEAD + security("Privilege Rights", "SeBackupPrivilege: {value: [GG_Atelie], reason: x}")
    assert "no group 'GG_Atelie'; did you mean gg_atelier" in refused(tmp_path, text)[0]


def test_a_notice_keeps_its_commas_and_its_lines(tmp_path: Path) -> None:
    entry = f"{OPTIONS.strip()}LegalNoticeText: {{value: ['Un, deux', '{{charter_title}}'], reason: x}}"
    policy = load(tmp_path, HEAD + security("Registry Values", entry))
    assert list(policy.settings().values()) == ['7,Un"," deux,Charte']


def test_a_text_names_only_what_is_known(tmp_path: Path) -> None:
    entry = f"{OPTIONS.strip()}LegalNoticeCaption: {{value: '{{charter_titel}}', reason: x}}"
    assert "did you mean charter_title" in refused(tmp_path, HEAD + security("Registry Values", entry))[0]
    entry = f"{OPTIONS.strip()}LegalNoticeCaption: {{value_of: notice, reason: x}}"
    assert list(load(tmp_path, HEAD + security("Registry Values", entry)).settings().values()) == [
        '1,"Charte, site.lan"'
    ]


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


@given(st.integers(1, 10_000), st.sampled_from(["seconds", "minutes", "hours", "days"]))
def test_a_length_of_time_survives_the_way_to_seconds_and_back(value: int, unit: str) -> None:
    assert converted(converted(value, unit, "seconds"), "seconds", unit) == value


@given(st.text(max_size=200))
def test_no_text_makes_the_loader_crash(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("fuzz") / "essai.yml"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(DefinitionError):
        load_definitions([str(file)], VALUES, CONTEXT)


@given(st.data())
def test_no_value_in_any_place_makes_the_loader_crash(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    document = yaml.safe_load(
        HEAD + LOCK + "computer:\n  security:\n    System Access: {MinimumPasswordLength: {value: 12, reason: x}}\n"
    )
    odd = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=5),
        st.just([]),
        st.just({}),
        st.just([None]),
        st.just({"a": 1}),
    )
    places: list[list[Any]] = [
        ["name"],
        ["purpose"],
        ["links"],
        ["links", 0],
        ["links", 0, "unit"],
        ["user"],
        ["user", "policies"],
        ["user", "policies", 0],
        ["user", "policies", 0, "elements"],
        ["computer", "security"],
        ["computer", "security", "System Access"],
        ["computer", "security", "System Access", "MinimumPasswordLength"],
    ]
    *steps, last = data.draw(st.sampled_from(places))
    target = document
    for step in steps:
        target = target[step]
    target[last] = data.draw(odd)
    file = tmp_path_factory.mktemp("fuzz") / "essai.yml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    try:
        load_definitions([str(file)], VALUES, CONTEXT)
    except DefinitionError as error:
        assert all(problem.startswith(f"{file}:") for problem in error.problems)  # noqa: PT017


SITES = sorted(folder.parent.name for folder in (ROOT / "inventories").glob("*/group_policies"))


@pytest.mark.parametrize("site", SITES)
def test_the_definitions_of_a_site_can_be_meant(site: str) -> None:
    folder = ROOT / "inventories" / site
    shares = yaml.safe_load((folder / "group_vars" / "all" / "shares.yml").read_text(encoding="utf-8"))["site_shares"]
    groups = {group for share in shares for group in (*share["read"], *share["write"])}
    context = {
        **CONTEXT,
        "shares": shares,
        "sids": {group.casefold(): f"{DOMAIN}-{rid}" for rid, group in enumerate(sorted(groups), start=1100)},
        "texts": {"client_name": "Site", "charter_title": "Charte", "contact": "nous"},
    }
    del context["controls"]
    names = {
        line.split("value_of: ")[1].split(",")[0].split("}")[0].strip()
        for file in (folder / "group_policies").glob("*.yml")
        for line in file.read_text(encoding="utf-8").splitlines()
        if "value_of: " in line
    }
    client = yaml.safe_load((folder / "group_vars" / "all" / "site.yml").read_text(encoding="utf-8"))["client"]
    charter = load_policies(ROOT, client).controls
    values = {name: charter[name].expected for name in names}
    files = sorted(str(file) for file in (folder / "group_policies").glob("*.yml"))
    policies = load_definitions(files, values, context)
    settings = {setting for policy in policies for setting in policy.settings()}
    assert {f"user/drives/{share['drive']}" for share in shares} <= settings
    assert sum(len(policy.settings()) for policy in policies) == len(settings), "one setting in two policies"
