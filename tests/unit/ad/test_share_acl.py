"""Access lists: what a child inherits, what means the same, and how it is told."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.security_descriptor import (
    DACL_PRESENT,
    DACL_PROTECTED,
    DENIED,
    INHERITED,
    Ace,
    SecurityDescriptor,
    pack,
    unpack,
)
from ansible.module_utils.ad.share_acl import (
    RIGHTS,
    SCOPES,
    Entry,
    Folder,
    describe,
    differences,
    entries_of,
    inherited,
    label,
    ordered,
    same,
    wanted_descriptor,
)
from hypothesis import given
from hypothesis import strategies as st

EVE, GROUP, OWNER = "S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-1200", "S-1-3-0"
READ = RIGHTS["read"]
OI, CI, NP, IO = 1, 2, 4, 8
SIDS = st.sampled_from([EVE, GROUP, OWNER, "S-1-3-1", "S-1-3-4", "S-1-5-18"])
ACES = st.builds(
    Ace, type=st.sampled_from([0, 1]), flags=st.integers(0, 31), mask=st.sampled_from(list(RIGHTS.values())), sid=SIDS
)


def holding(*aces: Ace, owner: str = "S-1-5-32-544", control: int = DACL_PRESENT) -> SecurityDescriptor:
    return SecurityDescriptor(owner=owner, control=control, dacl=aces)


@pytest.mark.parametrize(
    ("flags", "folder", "file"),
    [
        (0, None, None),
        (OI | CI, OI | CI, 0),
        (OI | CI | IO, OI | CI, 0),
        (CI, CI, None),
        (CI | IO, CI, None),
        (OI, OI | IO, 0),
        (OI | IO, OI | IO, 0),
        (OI | CI | NP, 0, 0),
        (CI | NP, 0, None),
        (OI | NP, None, 0),
    ],
)
def test_an_entry_goes_down_as_the_protocol_says(flags: int, folder: int | None, file: int | None) -> None:
    """[MS-DTYP] 2.5.3.4.2: one row for each combination of flags."""
    above = holding(Ace(0, flags, READ, GROUP))
    for is_folder, wanted in ((True, folder), (False, file)):
        got = inherited(above, is_folder, EVE, None)
        assert got == ([] if wanted is None else [Ace(0, wanted | INHERITED, READ, GROUP)])


def test_the_maker_takes_the_place_of_creator_owner() -> None:
    above = holding(Ace(0, OI | CI | IO, RIGHTS["delete"], OWNER))
    assert inherited(above, False, EVE, None) == [Ace(0, INHERITED, RIGHTS["delete"], EVE)]
    assert inherited(above, True, EVE, None) == [
        Ace(0, INHERITED, RIGHTS["delete"], EVE),
        Ace(0, OI | CI | IO | INHERITED, RIGHTS["delete"], OWNER),
    ]


@given(st.lists(ACES, max_size=8))
def test_nothing_inherited_names_a_creator_where_it_holds(aces: list[Ace]) -> None:
    for is_folder in (True, False):
        for ace in inherited(holding(*aces), is_folder, EVE, GROUP):
            assert ace.flags & INHERITED
            assert ace.flags & IO or ace.sid not in (OWNER, "S-1-3-1")


@given(st.lists(ACES, max_size=8))
def test_a_file_hands_nothing_down(aces: list[Ace]) -> None:
    assert all(ace.flags & (OI | CI | NP | IO) == 0 for ace in inherited(holding(*aces), False, EVE, GROUP))


@given(st.lists(ACES, max_size=8))
def test_the_order_is_canonical_and_loses_nothing(aces: list[Ace]) -> None:
    put = ordered(aces)
    assert sorted(put, key=repr) == sorted(aces, key=repr)
    own = [ace for ace in put if not ace.flags & INHERITED]
    assert put[: len(own)] == tuple(own)
    assert [ace.type for ace in own] == sorted((ace.type for ace in own), reverse=True)


@given(st.lists(ACES, max_size=6, unique=True), st.randoms())
def test_permissions_mean_the_same_in_any_order(aces: list[Ace], random) -> None:
    allowed = [ace for ace in aces if ace.type == 0]
    mixed = list(allowed)
    random.shuffle(mixed)
    assert same(holding(*allowed), holding(*mixed))
    assert same(holding(*aces), unpack(pack(holding(*aces))))


def test_a_refusal_before_a_permission_is_not_one_after_it() -> None:
    deny, allow = Ace(DENIED, 0, READ, EVE), Ace(0, 0, READ, GROUP)
    assert not same(holding(deny, allow), holding(allow, deny))
    assert differences(holding(deny, allow), holding(allow, deny), {}) == [
        "the entries are in an order that changes their meaning"
    ]


@pytest.mark.parametrize(
    "other",
    [
        holding(Ace(0, 3, READ, GROUP), owner=EVE),
        holding(Ace(0, 3, READ, GROUP), control=DACL_PRESENT | DACL_PROTECTED),
        holding(Ace(0, 3, READ, EVE)),
        holding(Ace(0, 0, READ, GROUP)),
        holding(Ace(0, 3 | INHERITED, READ, GROUP)),
        holding(Ace(0, 3, READ | 0x10000, GROUP)),
        holding(Ace(DENIED, 3, READ, GROUP)),
        holding(),
        SecurityDescriptor(owner="S-1-5-32-544", control=DACL_PRESENT, dacl=None),
    ],
)
def test_any_part_that_differs_is_seen_and_told(other: SecurityDescriptor) -> None:
    wanted = holding(Ace(0, 3, READ, GROUP))
    assert not same(wanted, other)
    assert differences(wanted, other, {})


def test_a_folder_gets_its_own_entries_and_what_it_inherits() -> None:
    above = holding(Ace(0, 3, RIGHTS["full"], "S-1-5-18"))
    folder = Folder("plans", "a", EVE, (Entry(GROUP, "write"),), protected=False)
    assert wanted_descriptor(folder, above).dacl == (
        Ace(0, 3, RIGHTS["write"], GROUP),
        Ace(0, 3 | INHERITED, RIGHTS["full"], "S-1-5-18"),
    )
    closed = wanted_descriptor(Folder("plans", "a", EVE, (Entry(GROUP, "write"),)), above)
    assert (closed.protected, len(closed.dacl or ())) == (True, 1)


def test_a_list_is_told_in_the_words_of_the_options() -> None:
    names = {GROUP: "DL_Plans_RW"}
    found = holding(Ace(0, SCOPES["below"], RIGHTS["delete"], GROUP), Ace(DENIED, CI | INHERITED, 0x1, EVE))
    assert describe(found, names) == [
        "owner: S-1-5-32-544",
        "inherits: yes",
        "DL_Plans_RW: allow delete, below",
        f"{EVE}: deny 0x1, flags 0x12, inherited",
    ]
    assert [one["rights"] for one in entries_of(found, names)] == ["delete", "0x1"]
    assert [one["inherited"] for one in entries_of(found, names)] == [False, True]
    everything = SecurityDescriptor(owner=EVE, control=DACL_PRESENT, dacl=None)
    assert describe(everything, names)[1] == "no list: everything is allowed to everybody"


@pytest.mark.parametrize(("path", "told"), [("", "plans"), ("a\\b", "plans/a/b"), ("/a/", "plans/a")])
def test_a_folder_is_named_as_people_write_it(path: str, told: str) -> None:
    assert label("plans", path) == told
