"""Which policies reach an account, in which order, and why the others do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ansible.module_utils.linux.policy_chain import (
    APPLY_GROUP_POLICY,
    CONTROL_ACCESS,
    READ_PROPERTY,
    Ace,
    Policy,
    in_order,
    scope_of,
    why_not,
)

STAFF, GUESTS = "S-1-5-11", "S-1-5-21-1-2-3-1200"
READ = Ace(False, READ_PROPERTY, STAFF)
APPLY = Ace(False, CONTROL_ACCESS, STAFF, APPLY_GROUP_POLICY)
POLICY = Policy("{1}", "Screens", r"example.lan\Policies\{1}", aces=(READ, APPLY))


def unit(dn: str, *links: str, options: int = 0) -> object:
    return scope_of(dn, "".join(f"[LDAP://{link}]" for link in links), options)


def order(*scopes: object) -> list[str]:
    return [link.policy for link in in_order(scopes)[0]]  # type: ignore[arg-type]


def test_the_nearest_unit_is_applied_last() -> None:
    assert order(unit("OU=A", "a;0"), unit("DC=x", "domain;0"), unit("CN=site", "site;0")) == ["site", "domain", "a"]


def test_within_a_unit_the_last_link_is_applied_last() -> None:
    assert order(unit("OU=A", "first;0", "last;0")) == ["first", "last"]


def test_an_enforced_policy_of_a_parent_wins_over_that_of_a_child() -> None:
    assert order(unit("OU=A", "a;0", "enforced-a;2"), unit("DC=x", "enforced-x;2", "x;0")) == [
        "x",
        "a",
        "enforced-a",
        "enforced-x",
    ]


def test_a_unit_that_blocks_inheritance_gets_its_own_and_what_is_enforced() -> None:
    scopes = (unit("OU=A", "a;0", options=1), unit("DC=x", "x;0", "enforced;2"))
    assert order(*scopes) == ["a", "enforced"]
    ((link, why),) = in_order(scopes)[1]  # type: ignore[arg-type]
    assert (link.policy, why) == ("x", "OU=A blocks inheritance")


def test_a_unit_without_links_blocks_inheritance_all_the_same() -> None:
    assert order(unit("OU=A", options=1), unit("DC=x", "x;0")) == []


@pytest.mark.parametrize("options", [1, 3])
def test_a_disabled_link_applies_nothing(options: int) -> None:
    assert order(unit("OU=A", f"a;{options}")) == []


def test_an_empty_attribute_holds_no_link() -> None:
    assert scope_of("OU=A", " ", 0).links == ()


def test_a_policy_applies_to_those_who_may_read_and_apply_it() -> None:
    assert why_not(POLICY, "computer", {STAFF}) == ""
    assert "not among those" in why_not(replace(POLICY, aces=(READ,)), "user", {STAFF})
    assert "may not read" in why_not(replace(POLICY, aces=(APPLY,)), "user", {STAFF})
    assert why_not(POLICY, "user", {GUESTS}) != ""


def test_a_refusal_in_front_wins_over_a_right_behind() -> None:
    refused = Ace(True, CONTROL_ACCESS, GUESTS, APPLY_GROUP_POLICY)
    assert why_not(replace(POLICY, aces=(refused, READ, APPLY)), "user", {STAFF, GUESTS}) != ""
    assert why_not(replace(POLICY, aces=(READ, APPLY, refused)), "user", {STAFF, GUESTS}) == ""
    assert why_not(replace(POLICY, aces=(refused, READ, APPLY)), "user", {STAFF}) == ""


def test_a_right_that_is_only_inherited_by_children_gives_nothing() -> None:
    assert why_not(replace(POLICY, aces=(READ, replace(APPLY, inherit_only=True))), "user", {STAFF}) != ""


def test_the_right_to_something_else_is_not_the_right_to_apply() -> None:
    other = replace(APPLY, object_type="00299570-246d-11d0-a768-00aa006e0529")
    assert why_not(replace(POLICY, aces=(READ, other)), "user", {STAFF}) != ""


@pytest.mark.parametrize(
    ("flags", "computer", "user"), [(0, True, True), (1, True, False), (2, False, True), (3, False, False)]
)
def test_a_half_that_is_switched_off_applies_to_nobody(flags: int, computer: bool, user: bool) -> None:
    policy = replace(POLICY, flags=flags)
    assert (why_not(policy, "computer", {STAFF}) == "", why_not(policy, "user", {STAFF}) == "") == (computer, user)


def test_a_filter_that_cannot_be_evaluated_is_told() -> None:
    assert "WMI" in why_not(replace(POLICY, wmi_filter="[x;{1};0]"), "computer", {STAFF})


def test_an_extension_counts_when_it_is_announced_for_the_half() -> None:
    policy = replace(POLICY, computer_extensions="[{35378EAC-683F-11D2-A89A-00C04FBBCFA2}{D0}]")
    assert policy.announces("computer", "{35378eac-683f-11d2-a89a-00c04fbbcfa2}")
    assert not policy.announces("user", "{35378EAC-683F-11D2-A89A-00C04FBBCFA2}")
