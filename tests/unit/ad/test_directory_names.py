"""Names, identifiers and times of the directory."""

from __future__ import annotations

from datetime import date

import ldap.dn
import pytest
from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import complete_ranges
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=30)


@given(TEXT, TEXT)
def test_any_name_survives_escaping(value, above):
    parent = names.child("OU", above, "DC=lan")
    dn = names.child("CN", value, parent)
    assert names.leaf(dn) == value
    assert names.key(names.parent(dn)) == names.key(parent)
    assert ldap.dn.str2dn(names.rdn(dn))[0][0][1] == value


@pytest.mark.parametrize("value", ["Durand, fils", "L'Étoile", "#1", "a+b", 'dit "Bob"', "x=y", " bord ", "a\\b;c<d>"])
def test_special_characters_are_escaped(value):
    dn = names.child("CN", value, "DC=lan")
    assert names.leaf(dn) == value
    assert names.parent(dn) == "DC=lan"


def test_names_are_compared_without_case_spacing_or_spelling_of_escapes():
    assert names.key("CN=Durand\\2C Zoé, OU=Ventes,DC=lan") == names.key("cn=durand\\, ZOÉ,ou=ventes,dc=LAN")
    assert names.key("CN=Zoé,DC=lan") != names.key("CN=Zoe,DC=lan")


def test_only_descendants_are_below():
    assert names.below("CN=a,OU=b,DC=lan", "ou=B,dc=lan")
    assert not names.below("OU=b,DC=lan", "OU=b,DC=lan")
    assert not names.below("CN=a,OU=bb,DC=lan", "OU=b,DC=lan")


@pytest.mark.parametrize("given_", ["Exemple", "OU=Exemple", "OU=Exemple,DC=a,DC=lan"])
def test_the_root_unit_may_be_given_in_three_ways(given_):
    assert names.under_base(given_, "DC=a,DC=lan") == "OU=Exemple,DC=a,DC=lan"


def test_a_namesake_is_told_apart_by_login_whatever_the_accents():
    assert names.unique_name("René Petit", "petitren", {names.loose("Paul Petit")}) == "René Petit"
    assert names.unique_name("René Petit", "petitren2", {names.loose("rene PETIT")}) == "René Petit (petitren2)"


def test_a_common_name_never_exceeds_64_characters():
    assert len(names.unique_name("x" * 90, "login", ())) == 64
    told = names.unique_name("x" * 90, "login", {"x" * 64})
    assert len(told) == 64
    assert told.endswith(" (login)")


def test_well_known_groups_belong_to_the_domain_or_to_builtin():
    assert names.group_sid("S-1-5-21-1-2-3", 512) == "S-1-5-21-1-2-3-512"
    assert names.group_sid("S-1-5-21-1-2-3", 544) == "S-1-5-32-544"


def test_times_are_iso_and_never_is_none():
    assert names.iso_time(133497504000000000) == "2024-01-15T00:00:00+00:00"
    assert [names.iso_time(value) for value in (None, 0, 0x7FFFFFFFFFFFFFFF)] == [None, None, None]
    assert names.iso_generalized("20260102030405.0Z") == "2026-01-02T03:04:05+00:00"


def test_the_last_day_still_works():
    assert names.iso_time(int(names.expiry(date(2026, 12, 31)))) == "2027-01-01T00:00:00+00:00"
    assert names.iso_time(int(names.expiry(None))) is None


def test_values_in_ranges_are_put_together():
    pages = {"member;range=2-*": {"member;range=2-3": [b"c", b"d"]}, "member;range=4-*": {"member;range=4-*": [b"e"]}}
    first = {"cn": [b"x"], "member;range=0-1": [b"a", b"b"]}
    assert complete_ranges(first, pages.__getitem__) == {"cn": [b"x"], "member": [b"a", b"b", b"c", b"d", b"e"]}
