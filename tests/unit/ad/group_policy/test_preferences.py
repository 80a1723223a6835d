"""Preferences: mapped drives, and whatever else others put there ([MS-GPPREF] 2.2.1)."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from ansible.module_utils.ad.group_policy import GroupPolicyDataError, preferences
from ansible.module_utils.ad.group_policy.preferences import DriveMapping, GroupFilter, PreferenceFile, pack, unpack
from ansible.module_utils.ad.group_policy.preferences_xml import Element
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.ad.group_policy.generated import DRIVES, ELEMENTS
from tests.unit.ad.group_policy.samples_of import FUZZ, PROPERTIES, mutated, sample

FILES = ["Drives", "Groups", "ScheduledTasks"]
FILE = sample("windows", "Drives.xml")
WORKSHOP = DriveMapping(
    letter="P",
    path=r"\\fs1\atelier",
    label="Atelier & pièces",
    groups=(
        GroupFilter("S-1-5-21-1-2-3-1104", r"EXEMPLE\GG_Atelier"),
        GroupFilter("S-1-5-21-1-2-3-1105", r"EXEMPLE\GG_Direction"),
    ),
    uid="{6B4A1B9E-8E3F-4E0B-9D3B-0A6A5E6E1234}",
    changed="2026-03-02 08:15:00",
)
HEAD = '<Drives clsid="{8FDDCC1A-0C3C-43cd-A6B4-71A6DF20DA8C}">'


def test_the_drives_of_windows_are_read():
    found = unpack(FILE)
    assert found.kind == "Drives"
    assert found.items[0] == WORKSHOP
    assert isinstance(found.items[1], Element), "an item with more than a DriveMapping says is kept as it is"
    assert found.items[1].name == "S:"
    assert found.items[1].elements("Properties")[0].get("thisDrive") == "SHOW"


@pytest.mark.parametrize("kind", FILES)
def test_files_of_windows_are_written_back_to_the_byte(kind):
    raw = sample("windows", f"{kind}.xml")
    assert unpack(raw).kind == kind
    assert pack(unpack(raw)) == raw


def test_text_of_a_task_is_kept_with_its_line_breaks():
    (task,) = unpack(sample("windows", "ScheduledTasks.xml")).items
    readable = task.readable()
    assert readable["TaskV2/Properties/Task/RegistrationInfo/Description"] == "Copie de nuit\nsur deux lignes"
    assert readable["TaskV2/Properties/Task/Actions/Exec/Arguments"] == r"D:\ E:\ /mir > nul"


def test_a_password_in_a_preference_is_never_shown():
    shown = [item.readable() for item in unpack(sample("windows", "Groups.xml")).items]
    assert shown[1]["User/Properties/cpassword"] == "(a password)"
    assert "AAAA" not in repr(shown)
    assert shown[0]["Group/Properties/Members/Member/sid"] == "S-1-5-21-1-2-3-1200"


def test_when_an_item_was_made_is_not_what_it_does():
    later = replace(WORKSHOP, uid="{0D1E55A5-4A0B-4D9F-8A57-4B8E0B1C77F0}", changed="2027-01-01 00:00:00")
    assert later.readable() == WORKSHOP.readable()
    assert later.name == "P:"
    assert WORKSHOP.readable()["groups"] == ["S-1-5-21-1-2-3-1104", "S-1-5-21-1-2-3-1105"]


def test_several_groups_are_joined_by_or():
    text = pack(PreferenceFile("Drives", (WORKSHOP,))).decode()
    assert text.count("<FilterGroup") == 2
    assert text.index('<FilterGroup bool="AND"') < text.index('<FilterGroup bool="OR"')


@PROPERTIES
@given(st.lists(DRIVES, max_size=4).map(tuple))
@example((replace(WORKSHOP, label="a\tb\nc\rd <&>\"'"),))
def test_every_drive_comes_back(drives):
    assert unpack(pack(PreferenceFile("Drives", drives))) == PreferenceFile("Drives", drives)


@PROPERTIES
@given(st.sampled_from(sorted(preferences.KINDS)), st.lists(ELEMENTS, max_size=3).map(tuple))
def test_every_item_of_others_comes_back(kind, items):
    wanted = PreferenceFile(kind, items, (("disabled", "1"),))
    assert unpack(pack(wanted)) == wanted


def test_indentation_is_no_value_but_blanks_of_a_text_are():
    raw = f"<?xml version='1.0'?>\n{HEAD}\n  <!-- note -->\n  <A>\n <B> </B>\n <C>x <D/> y</C> </A>\n</Drives>".encode()
    inner = (Element("B", (), (" ",)), Element("C", (), ("x ", Element("D"), " y")))
    assert unpack(raw).items == (Element("A", (), inner),)


def test_items_keep_their_identity_when_nothing_of_them_changes():
    wanted = (replace(WORKSHOP, uid="", changed=""), replace(WORKSHOP, letter="Q", uid="", changed=""))
    first, second = preferences.stamped(wanted, (WORKSHOP,), "2026-09-01 00:00:00")
    assert first == WORKSHOP
    assert second.changed == "2026-09-01 00:00:00"
    again = preferences.stamped(wanted, (first, second), "2026-10-01 00:00:00")
    assert again == (first, second)
    assert preferences.stamped(wanted, (), "2026-10-01 00:00:00")[1].uid == second.uid
    assert len({item.uid for item in preferences.stamped(wanted, (), "")}) == 2


@pytest.mark.parametrize(
    "text",
    [
        f'<!DOCTYPE Drives [<!ENTITY a "x">]>{HEAD}</Drives>',
        '<!DOCTYPE Drives SYSTEM "file:///etc/passwd"><Drives/>',
        f'<?xml version="1.0"?>\n<!DOCTYPE Drives>\n{HEAD}</Drives>',
    ],
)
def test_a_document_type_is_refused_before_anything_is_expanded(text):
    with pytest.raises(GroupPolicyDataError, match="a document type is not accepted"):
        unpack(text.encode())


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "not XML: no element found"),
        (b"<Drives>", "not XML: no element found"),
        (b"<Drives></Groups>", "not XML: mismatched tag"),
        (b"<Unknown/>", "<Unknown> is no preference"),
        (b"<Registry/>", "<Registry> is no preference"),
        (b"<Drives>&a;</Drives>", "not XML: undefined entity"),
        (b"<Drives>text<Drive/></Drives>", "text among the items"),
        (b"<Drives>" + b"<a>" * 100, "nest deeper than 64"),
        (b'<?xml version="1.0" encoding="zlib"?><Drives/>', "XML in 'zlib' is not read"),
        (b'<?xml version="1.0" encoding="utf-7"?><Drives/>', "XML in 'utf-7' is not read"),
    ],
)
def test_what_is_no_preference_is_refused(raw, why):
    with pytest.raises(GroupPolicyDataError, match=why):
        unpack(raw)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252", "iso-8859-1", "us-ascii"])
def test_every_encoding_in_use_is_read(encoding):
    raw = f'<?xml version="1.0" encoding="{encoding}"?>{HEAD}<A name="é"/></Drives>'.encode(
        encoding, "xmlcharrefreplace"
    )
    assert unpack(raw).items == (Element("A", (("name", "é"),)),)


@pytest.mark.parametrize(
    ("items", "why"),
    [
        ((replace(WORKSHOP, letter="p"),), "'p' is no drive letter"),
        ((replace(WORKSHOP, letter=""),), "'' is no drive letter"),
        ((replace(WORKSHOP, letter="PQ"),), "'PQ' is no drive letter"),
        ((replace(WORKSHOP, action="X"),), "drive P: no action 'X'"),
        ((replace(WORKSHOP, label="a\0b"),), "XML cannot hold"),
        ((replace(WORKSHOP, label="\ud800"),), "XML cannot hold"),
        ((Element("a b"),), "XML cannot hold"),
        ((Element("a", (("x", "1"), ("x", "2"))),), "XML cannot hold"),
        ((Element("a", (), ("b", "c")),), "read back as something else"),
        ((Element("a", (), (" ", Element("b"))),), "read back as something else"),
        ((Element("a><b"),), "XML cannot hold"),
    ],
)
def test_what_a_file_cannot_hold_is_refused(items, why):
    with pytest.raises(GroupPolicyDataError, match=why):
        pack(PreferenceFile("Drives", items))


def test_an_unknown_kind_is_refused():
    with pytest.raises(GroupPolicyDataError, match="'drives' is no kind of preference"):
        pack(PreferenceFile("drives"))


def test_an_item_that_nests_too_deep_is_refused():
    deep = Element("a")
    for _ in range(70):
        deep = Element("a", (), (deep,))
    with pytest.raises(GroupPolicyDataError, match="nest deeper than 64"):
        pack(PreferenceFile("Drives", (deep,)))


@FUZZ
@given(st.binary(max_size=120) | st.sampled_from(FILES).flatmap(lambda kind: mutated(sample("windows", f"{kind}.xml"))))
def test_broken_bytes_are_refused_or_can_be_written_again(raw):
    try:
        found = unpack(raw)
    except GroupPolicyDataError:
        return
    for item in found.items:
        item.readable()
    assert unpack(pack(found)) == found


@pytest.mark.parametrize("unit", ["<a>", "<a/>", "x", "&amp;", "<!-- -->", '<a b="'])
def test_long_nonsense_takes_no_time(unit):
    started = time.monotonic()
    with pytest.raises(GroupPolicyDataError):
        unpack(f"{HEAD}{unit * 50_000}<".encode())
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("letter", ["A", "Z"])
def test_every_letter_can_be_a_drive(letter):
    drive = replace(WORKSHOP, letter=letter)
    assert unpack(pack(PreferenceFile("Drives", (drive,)))).items == (drive,)


def test_a_file_always_says_its_class():
    attributes = (("disabled", "1"),)
    raw = pack(PreferenceFile("Drives", (), attributes))
    assert b'<Drives clsid="{8FDDCC1A-0C3C-43cd-A6B4-71A6DF20DA8C}" disabled="1">' in raw
    other = (("clsid", "{8fddcc1a-0c3c-43cd-a6b4-71a6df20da8c}"), *attributes)
    assert pack(PreferenceFile("Drives", (), other)).count(b"clsid=") == 1
    assert unpack(pack(PreferenceFile("Drives", (), other))).attributes == other


@pytest.mark.parametrize("kind", FILES)
def test_the_class_of_the_files_of_windows_is_the_one_we_write(kind):
    assert unpack(sample("windows", f"{kind}.xml")).attributes == ()


def test_what_is_alike_is_told_apart_by_its_number():
    raw = f'{HEAD}<A password="x" changed="1" b="2"><B c="3"/><B c="4"/></A></Drives>'.encode()
    assert unpack(raw).items[0].readable() == {"A/password": "(a password)", "A/b": "2", "A/B/c": "3", "A/B (2)/c": "4"}


def test_as_deep_as_is_accepted_can_also_be_written():
    raw = f"{HEAD}{'<a>' * 62}<b/>{'</a>' * 62}</Drives>".encode()
    assert unpack(pack(unpack(raw))) == unpack(raw)
    for each in (raw.replace(b"<b/>", b"<b><c/></b>"), raw.replace(b"<b/>", b"<b><c>t</c></b>")):
        with pytest.raises(GroupPolicyDataError, match="nest deeper than 64"):
            unpack(each)
