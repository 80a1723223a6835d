"""Where policies are linked, in which order, and whose links are left alone."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.group_policy.links import DISABLED, ENFORCED, GpoLink, by_precedence
from ansible.module_utils.ad.group_policy.model import Link
from ansible.module_utils.ad.group_policy.plan_links import LinkedPolicy, blocked_units, foreign_links, plan_links
from ansible.module_utils.ad.group_policy.store_model import Target
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ad.group_policy.policy_samples import BASE, POLICIES, ROOT, STATIONS


def dn(letter: str) -> str:
    return f"CN={{{letter}}},{POLICIES}"


def target(*stored: GpoLink, where: str = ROOT) -> Target:
    return Target(where, stored)


def after(before: Target, *policies: LinkedPolicy) -> list[tuple[str, int]]:
    """The links of one target after the plan, the one that wins first, by the letter in the GUID."""
    changed = list(plan_links([before], policies))
    links = changed[0][1] if changed else before.links
    return [(link.dn[4].upper(), link.options) for link in by_precedence(links)]


def policy(letter: str, *links: Link, merge: bool = False) -> LinkedPolicy:
    return LinkedPolicy(dn(letter), letter, links, merge)


def test_a_missing_link_is_made_and_the_first_definition_wins():
    assert after(target(), policy("A", Link(ROOT)), policy("B", Link(ROOT, enforced=True))) == [
        ("A", 0),
        ("B", ENFORCED),
    ]


def test_the_declared_order_goes_before_the_order_of_the_files():
    assert after(target(), policy("A", Link(ROOT, order=2)), policy("B", Link(ROOT, order=1))) == [("B", 0), ("A", 0)]


@pytest.mark.parametrize("options", [DISABLED, ENFORCED, DISABLED | ENFORCED])
def test_options_are_put_right(options):
    assert after(target(GpoLink(dn("A"), options)), policy("A", Link(ROOT))) == [("A", 0)]


def test_options_that_are_not_ours_stay():
    assert after(target(GpoLink(dn("A"), 0x10 | DISABLED)), policy("A", Link(ROOT))) == [("A", 0x10)]


def test_links_of_others_keep_their_order_below_ours():
    before = target(GpoLink(dn("X"), ENFORCED), GpoLink(dn("A")), GpoLink(dn("Y"), DISABLED))
    assert after(before, policy("A", Link(ROOT))) == [("A", 0), ("Y", DISABLED), ("X", ENFORCED)]


def test_a_link_that_is_right_is_left_as_it_is_spelled():
    spelled = GpoLink(dn("A").lower().replace(",", ", "))
    assert list(plan_links([target(spelled)], [policy("A", Link(ROOT))])) == []


def test_links_that_are_not_declared_go_but_for_merged_policies():
    before = target(GpoLink(dn("A")), GpoLink(dn("B")), where=STATIONS)
    assert after(before, policy("A", Link(ROOT)), policy("B", Link(ROOT), merge=True)) == [("B", 0)]


def test_a_policy_linked_twice_by_hand_is_linked_once():
    assert after(target(GpoLink(dn("A"), DISABLED), GpoLink(dn("A"))), policy("A", Link(ROOT))) == [("A", 0)]


def test_a_link_to_a_name_that_is_none_is_kept():
    odd = GpoLink("no name at all")
    assert [links[0] for _, links in plan_links([target(odd)], [policy("A", Link(ROOT))])] == [odd]


def test_links_of_others_are_told_only_where_ours_are():
    here, there = target(GpoLink(dn("X"))), target(GpoLink(dn("Y")), where=STATIONS)
    told = list(foreign_links([here, there], [policy("A", Link(ROOT))]))
    assert [link.dn for _, link in told] == [dn("X")]


def test_only_units_of_the_site_are_opened_again():
    blocked = [Target(where, (), "1") for where in (ROOT, STATIONS, f"OU=Other,{BASE}", BASE)]
    assert [each.dn for each in blocked_units([*blocked, Target(f"OU=Open,{ROOT}", (), "2")], ROOT)] == [ROOT, STATIONS]


letters = st.lists(st.sampled_from("ABCDXYZ"), unique=True, max_size=7)


@given(stored=letters, mine=st.lists(st.sampled_from("ABCD"), unique=True), options=st.integers(0, 3))
def test_any_state_is_healed_in_one_run_and_no_link_of_others_is_lost(stored, mine, options):
    before = target(*(GpoLink(dn(each), options) for each in stored))
    policies = [policy(each, Link(ROOT)) for each in mine]
    links = [links for _, links in plan_links([before], policies)]
    done = Target(ROOT, tuple(links[0])) if links else before
    assert list(plan_links([done], policies)) == []
    order = [link.dn[4] for link in by_precedence(done.links)]
    assert order[: len(mine)] == mine
    assert order[len(mine) :] == [each for each in reversed(stored) if each not in mine]
