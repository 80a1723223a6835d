"""Rules of accounts, rights of logon and security options in a definition, and what of them is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.ad.group_policy.definition_samples import (
    DOMAIN,
    DOMAIN_HEAD,
    HEAD,
    OPTIONS,
    load,
    refused,
    security,
)


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
