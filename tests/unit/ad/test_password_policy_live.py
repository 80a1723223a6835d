"""The policies of a real directory: read, told, written, left alone, broken and told again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from ansible.module_utils.ad.connection import Directory, encode_password
from ansible.module_utils.ad.password_policy import encode_domain
from ansible.module_utils.ad.password_policy_store import read_domain, read_fine_grained

from .password_live import live_directory, run_module, unique
from .test_password_policy import POLICY

pytestmark = pytest.mark.live_directory
WANTED = {**POLICY, "min_length": 13, "max_age_days": 77, "history_length": 20}


@pytest.fixture
def directory() -> Iterator[Directory]:
    """The directory, given its policy back afterwards."""
    with live_directory() as opened:
        before, known = read_domain(opened), set(read_fine_grained(opened))
        try:
            yield opened
        finally:
            opened.modify(opened.base, encode_domain(before, 0))
            for dn in set(read_fine_grained(opened)) - known:
                opened.delete(dn)


@pytest.fixture
def administrator(directory: Directory) -> Iterator[str]:
    """An account that administers the domain through a group in a group."""
    login, group = unique("adm"), unique("grp")
    account_dn, group_dn = (f"CN={name},CN=Users,{directory.base}" for name in (login, group))
    directory.add(account_dn, {"objectClass": [b"user"], "sAMAccountName": [login.encode()]})
    directory.add(group_dn, {"objectClass": [b"group"], "sAMAccountName": [group.encode()]})
    directory.modify_values(group_dn, "member", add=[account_dn.encode()])
    directory.modify_values(f"CN=Administrators,CN=Builtin,{directory.base}", "member", add=[group_dn.encode()])
    try:
        yield login
    finally:
        directory.delete(account_dn)
        directory.delete(group_dn)


def fine_grained(**changes: Any) -> dict[str, Any]:
    return {
        **WANTED,
        "name": unique("Chefs, d'équipe"),
        "precedence": 3,
        "applies_to": ["512"],
        "min_length": 18,
        **changes,
    }


def test_check_mode_tells_and_writes_nothing(directory: Directory, capsys: pytest.CaptureFixture[str]) -> None:
    before = (read_domain(directory), read_fine_grained(directory))
    policy = fine_grained()
    answer = run_module("ad_password_policy", capsys, check_mode=True, domain=WANTED, fine_grained=[policy])
    assert answer["changed"]
    assert answer["changed_policies"] == ["domain", policy["name"]]
    assert answer["diff"]["after"]["domain"]["min_length"] == 13
    assert (read_domain(directory), read_fine_grained(directory)) == before


def test_apply_changes_and_again_does_not(directory: Directory, capsys: pytest.CaptureFixture[str]) -> None:
    policy = fine_grained()
    assert run_module("ad_password_policy", capsys, domain=WANTED, fine_grained=[policy])["changed"]
    again = run_module("ad_password_policy", capsys, domain=WANTED, fine_grained=[policy])
    assert not again["changed"]
    assert again["diff"] == {"before": {}, "after": {}}
    assert read_domain(directory) == WANTED


@pytest.mark.parametrize(
    "broken", [{"minPwdLength": b"6"}, {"pwdProperties": b"16"}, {"lockoutThreshold": b"0"}, {"maxPwdAge": b"0"}]
)
def test_what_is_broken_by_hand_is_told_and_mended(
    directory: Directory, capsys: pytest.CaptureFixture[str], broken: dict[str, bytes]
) -> None:
    run_module("ad_password_policy", capsys, domain=WANTED)
    directory.modify(directory.base, {name: [value] for name, value in broken.items()})
    answer = run_module("ad_password_policy", capsys, domain=WANTED)
    assert answer["changed"]
    assert answer["diff"]["before"]["domain"] != answer["diff"]["after"]["domain"]
    assert read_domain(directory) == WANTED


def test_a_fine_grained_policy_nobody_named_is_kept_unless_purged(
    directory: Directory, capsys: pytest.CaptureFixture[str]
) -> None:
    ours, theirs = fine_grained(), fine_grained(precedence=4)
    run_module("ad_password_policy", capsys, fine_grained=[ours, theirs])
    assert not run_module("ad_password_policy", capsys, fine_grained=[ours])["changed"]
    purged = run_module("ad_password_policy", capsys, check_mode=True, fine_grained=[ours], purge_fine_grained=True)
    assert theirs["name"] in purged["changed_policies"]
    assert ours["name"] not in purged["changed_policies"]


def test_the_policy_in_force_for_an_administrator_is_the_directorys_answer(
    directory: Directory, administrator: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def in_force() -> dict[str, Any]:
        found = run_module("ad_password_policy_info", capsys)["password_policy"]
        return next(policy for policy in found["resultant"] if policy["login"] == administrator)

    run_module("ad_password_policy", capsys, domain=WANTED)
    assert in_force() == {**WANTED, "login": administrator, "enabled": False, "policy": "domain"}
    policy = fine_grained(applies_to=[administrator], precedence=1)
    run_module("ad_password_policy", capsys, fine_grained=[policy])
    assert (in_force()["policy"], in_force()["min_length"]) == (policy["name"], 18)


def test_the_directory_enforces_the_length_that_was_set(
    directory: Directory, administrator: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run_module("ad_password_policy", capsys, fine_grained=[fine_grained(applies_to=[administrator], precedence=1)])
    dn = f"CN={administrator},CN=Users,{directory.base}"
    with pytest.raises(Exception, match="too short"):
        directory.modify(dn, {"unicodePwd": [encode_password("Kv7-qqXz-93pL#aZk"[:17])]})
    directory.modify(dn, {"unicodePwd": [encode_password("Kv7-qqXz-93pL#aZkT")]})


@pytest.mark.parametrize(
    ("target", "said"), [("S-1-5-32-544", "not a global"), ("nobody-here", "nobody-here"), ("999", "999")]
)
def test_an_impossible_target_stops_everything(
    directory: Directory, capsys: pytest.CaptureFixture[str], target: str, said: str
) -> None:
    before = read_domain(directory)
    answer = run_module("ad_password_policy", capsys, domain=WANTED, fine_grained=[fine_grained(applies_to=[target])])
    assert answer["failed"]
    assert said in answer["msg"]
    assert read_domain(directory) == before


def test_an_error_does_not_show_the_password(directory: Directory, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = "Zq7-a-wrong-one-93"
    answer = run_module("ad_password_policy_info", capsys, bind_password=wrong)
    assert answer["failed"]
    assert wrong not in str(answer)
