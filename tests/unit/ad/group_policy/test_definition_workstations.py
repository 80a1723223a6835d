"""What only workstations have in a definition: local groups, programs that may not start, one policy in another's place."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
from ansible.module_utils.ad.group_policy import sysvol
from ansible.module_utils.ad.group_policy.admx_policies import find_policy
from ansible.module_utils.ad.group_policy.admx_table import AdmxError
from ansible.module_utils.ad.group_policy.definition_load import load_definitions
from ansible.module_utils.ad.group_policy.definition_yaml import DefinitionError
from ansible.module_utils.ad.group_policy.model import GroupPolicy

from tests.unit.ad.group_policy.definition_samples import CONTEXT, DOMAIN, HEAD

VALUES = {"technicians": ["GG_Atelier", "GG_Bureau"], "banned": ["utorrent", "popcorn time"], "number": 3}
MEMBERS = "computer/security/Group Membership/*S-1-5-32-544__Members"
GROUPS = "computer:\n  security:\n    Group Membership:\n      {}\n"
PROGRAMS = "computer:\n  banned_programs: {}\n"


def loaded(folder: Path, *texts: str) -> tuple[GroupPolicy, ...]:
    context = {key: value for key, value in CONTEXT.items() if key != "controls"}
    files = []
    for number, text in enumerate(texts):
        files.append(folder / f"{number}.yml")
        files[-1].write_text(text, encoding="utf-8")
    return load_definitions([str(file) for file in files], VALUES, context)


def refused(folder: Path, *texts: str) -> str:
    with pytest.raises(DefinitionError) as error:
        loaded(folder, *texts)
    return "\n".join(error.value.problems)


@pytest.mark.parametrize("given", ["value_of: technicians", "value: [GG_Atelier, GG_Bureau]"])
def test_local_administrators_are_exactly_the_groups_that_are_named(tmp_path: Path, given: str) -> None:
    (policy,) = loaded(tmp_path, HEAD + GROUPS.format(f"administrators: {{{given}, reason: Essai.}}"))
    assert policy.settings() == {MEMBERS: f"*{DOMAIN}-1101,*{DOMAIN}-1102"}


def test_local_administrators_come_back_from_the_bytes_of_the_policy(tmp_path: Path) -> None:
    (policy,) = loaded(tmp_path, HEAD + GROUPS.format("administrators: {value_of: technicians, reason: Essai.}"))
    files = {
        name: data
        for kind, part in sysvol.kinds(policy.computer).items()
        for name, data in sysvol.encode(kind, part).items()
    }
    assert sysvol.decode(files).settings() == policy.computer.settings()


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("administrators: {value: [], reason: Essai.}", "would be empty"),
        ("administrators: {value: [GG_Nobody], reason: Essai.}", "no group 'GG_Nobody'"),
        ("administrators: {value_of: number, reason: Essai.}", "not a list of groups"),
        ("administrators: {value_of: nothing, reason: Essai.}", "no value is bound"),
        ("administrators: {value: [GG_Atelier]}", "control whose clause it serves"),
        ("administrateurs: {value: [GG_Atelier], reason: Essai.}", "administrators"),
    ],
)
def test_members_that_cannot_be_meant_are_refused(tmp_path: Path, entry: str, said: str) -> None:
    assert said in refused(tmp_path, HEAD + GROUPS.format(entry))


@pytest.mark.parametrize("unit", ["domain", "controllers"])
def test_the_domain_s_own_administrators_are_left_alone(tmp_path: Path, unit: str) -> None:
    head = HEAD.replace("{unit: Postes}", f"{{unit: {unit}}}")
    text = head + GROUPS.format("administrators: {value_of: technicians, reason: Essai.}")
    assert "the domain's own" in refused(tmp_path, text)


def test_banned_programs_are_forbidden_by_both_mechanisms_and_the_rest_is_allowed(tmp_path: Path) -> None:
    (policy,) = loaded(tmp_path, HEAD + PROGRAMS.format("{value_of: banned, reason: Essai.}"))
    held = {
        name.rpartition("CodeIdentifiers")[2]: value for name, value in policy.settings().items() if "Safer" in name
    }
    assert held[r"\DefaultLevel"] == 0x40000
    assert sorted(value for name, value in held.items() if name.endswith("ItemData")) == [
        "popcorn*time*.exe",
        "utorrent*.exe",
    ]
    assert {value for name, value in held.items() if name.endswith("SaferFlags")} == {0}
    rules = [
        ElementTree.fromstring(value)  # noqa: S314 - written by ourselves
        for name, value in policy.settings().items()
        if "SrpV2" in name and name.endswith("Value")
    ]
    actions = {(rule.tag, rule.get("Action"), rule.get("Name")) for rule in rules}
    assert actions == {
        ("FilePathRule", "Allow", "*"),
        ("FilePublisherRule", "Allow", "*"),
        ("FilePathRule", "Deny", r"*\utorrent*.exe"),
        ("FilePathRule", "Deny", r"*\popcorn*time*.exe"),
    }
    assert all(rule.get("UserOrGroupSid") == "S-1-1-0" for rule in rules)


def test_the_rules_of_a_word_are_the_same_on_every_run(tmp_path: Path) -> None:
    text = HEAD + PROGRAMS.format("{value_of: banned, reason: Essai.}")
    assert loaded(tmp_path, text)[0].settings() == loaded(tmp_path, text)[0].settings()


@pytest.mark.parametrize("words", ["[]", "utorrent", "['*']", "['a\"b']", "[Utorrent]", "['..\\\\x']"])
def test_a_word_that_would_forbid_something_else_is_refused(tmp_path: Path, words: str) -> None:
    assert "beginning of a program's name" in refused(
        tmp_path, HEAD + PROGRAMS.format(f"{{value: {words}, reason: Essai.}}")
    )


def test_a_policy_names_the_one_whose_place_it_takes(tmp_path: Path) -> None:
    body = GROUPS.format("administrators: {value_of: technicians, reason: Essai.}")
    other = HEAD.replace("name: Essai", "name: Autre").replace("{unit: Postes}", "{unit: Postes/Sensibles}")
    first, second = loaded(tmp_path, HEAD + body, other + "overrides: [Essai]\n" + body)
    assert (first.overrides, second.overrides) == ((), ("Essai",))
    assert "overrides 'Essay', which is no other policy here; did you mean Essai?" in refused(
        tmp_path, HEAD + body, other + "overrides: [Essay]\n" + body
    )


@pytest.mark.parametrize(
    "rule",
    [
        "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=5986||Name=Audit|",
        "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|Profile=Domain|LPort=5986|Name=Audit|",
        "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=5986|RA4=10.0.0.1|Name=Audit|",
    ],
)
def test_the_audit_s_door_is_not_opened_to_everybody(rule: str) -> None:
    with pytest.raises(AdmxError, match="form"):
        find_policy("Firewall/AuditRule").settings("enabled", {"Rule": rule})


@pytest.mark.parametrize("level", [2, 4])
def test_watching_a_screen_without_consent_cannot_be_declared(level: int) -> None:
    with pytest.raises(AdmxError, match="not one of"):
        find_policy("TS_RemoteControl_2").settings("enabled", {"TS_RemoteControl_Levels": level})


@pytest.mark.parametrize(
    ("policy", "state", "value"),
    [
        ("WindowsRemoteManagement/DisallowNegotiate_1", "enabled", 0),
        ("DnsClient/Turn_Off_Multicast", "enabled", 0),
        ("inetres/UserProxy", "enabled", 0),
        ("RemoteAssistance/RA_Unsolicit", "disabled", 0),
        ("SecGuide/Pol_SecGuide_0001_SMBv1_Server", "disabled", 0),
    ],
)
def test_a_policy_of_workstations_writes_what_closes(policy: str, state: str, value: int) -> None:
    assert [row.data for row in find_policy(policy).settings(state, {})] == [value]


def test_lines_are_kept_as_a_list_of_texts() -> None:
    policy = find_policy("SecGuide/Pol_SecGuide_0003_SMBv1_ClientLMWkstaDepends")
    (row,) = policy.settings("enabled", {"Pol_SecGuide_SMB1Win7LMSDepends": ["Bowser", "NSI"]})
    assert (row.type, row.data) == ("REG_MULTI_SZ", ("Bowser", "NSI"))
    with pytest.raises(AdmxError, match="list of texts"):
        policy.settings("enabled", {"Pol_SecGuide_SMB1Win7LMSDepends": "Bowser"})
