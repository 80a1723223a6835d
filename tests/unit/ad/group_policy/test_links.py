"""gPLink and gPOptions ([MS-GPOL] 2.2.2)."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.group_policy import GroupPolicyDataError, links
from ansible.module_utils.ad.group_policy.links import GpoLink
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ad.group_policy.samples_of import FUZZ, PROPERTIES, mutated

FIRST = "CN={61231324-4F40-4557-A6C8-D7366BCD42D5},CN=Policies,CN=System,DC=exemple,DC=lan"
DEFAULT = "CN={31B2F340-016D-11D2-945F-00C04FB984F9},CN=Policies,CN=System,DC=exemple,DC=lan"
#: As `samba-tool gpo setlink --enforce` left it: the new link goes first, below the others.
STORED = f"[LDAP://{FIRST};2][LDAP://{DEFAULT};0]"
DN = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="[]"), max_size=30)
LINKS = st.lists(st.builds(GpoLink, DN, st.integers(0, 2**32 - 1)), max_size=5).map(tuple)


def test_the_last_link_wins():
    found = links.parse(STORED)
    assert found == (GpoLink(FIRST, links.ENFORCED), GpoLink(DEFAULT))
    assert [link.dn for link in links.by_precedence(found)] == [DEFAULT, FIRST]
    assert links.by_precedence(links.by_precedence(found)) == found


@pytest.mark.parametrize(
    ("options", "enabled", "enforced"), [(0, True, False), (1, False, False), (2, True, True), (3, False, True)]
)
def test_options_say_whether_a_link_is_on_and_enforced(options, enabled, enforced):
    link = GpoLink(FIRST, options)
    assert (link.enabled, link.enforced) == (enabled, enforced)
    assert GpoLink(FIRST, 0).with_options(enforced=enforced, enabled=enabled) == link


def test_options_of_others_are_kept():
    assert GpoLink(FIRST, 0xF5).with_options(enforced=True, enabled=True).options == 0xF6


@pytest.mark.parametrize("text", [None, "", " "])
def test_an_attribute_emptied_by_the_console_has_no_link(text):
    assert links.parse(text) == ()


def test_the_spelling_of_the_console_is_read():
    assert links.parse(f"[ldap://{FIRST.lower()};0]") == (GpoLink(FIRST.lower()),)


@PROPERTIES
@given(LINKS)
def test_every_list_of_links_comes_back(wanted):
    assert links.parse(links.format_links(wanted)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "x",
        f"[{FIRST};0]",
        f"[LDAP://{FIRST}]",
        f"[LDAP://{FIRST};]",
        f"[LDAP://{FIRST};4294967296]",
        f"{STORED}x",
        STORED[:-1],
    ],
)
def test_what_is_no_list_of_links_is_refused(text):
    with pytest.raises(GroupPolicyDataError, match="gPLink: no link at"):
        links.parse(text)


@pytest.mark.parametrize("link", [GpoLink("CN=a];0][LDAP://CN=b", 0), GpoLink(FIRST, -1), GpoLink(FIRST, 2**32)])
def test_a_link_that_would_be_read_back_otherwise_is_refused(link):
    with pytest.raises(GroupPolicyDataError):
        links.format_links([link])


def test_inheritance_is_blocked_by_one_bit():
    assert [links.inheritance_blocked(text) for text in (None, "", "0", "1", "2", "3")] == [False] * 3 + [
        True,
        False,
        True,
    ]
    assert links.format_options(True) == "1"
    assert links.format_options(False, "1") == "0"
    assert links.format_options(True, "6") == "7"
    assert links.format_options(False, "7") == "6"
    with pytest.raises(GroupPolicyDataError, match="gPOptions"):
        links.inheritance_blocked("one")


@FUZZ
@given(st.text(max_size=60) | mutated(STORED.encode()).map(lambda raw: raw.decode("utf-8", "replace")))
def test_broken_text_is_refused_or_comes_back(text):
    try:
        found = links.parse(text)
    except GroupPolicyDataError:
        return
    assert links.parse(links.format_links(found)) == found
