"""Security descriptors: who may do what, to the byte ([MS-DTYP] 2.4)."""

from __future__ import annotations

import json
import struct

import pytest
from ansible.module_utils.ad import security_descriptor as sd
from ansible.module_utils.ad.security_descriptor import Ace, SecurityDescriptor, SecurityDescriptorError
from hypothesis import example, given
from hypothesis import strategies as st

from tests.unit.ad.group_policy.generated import SIDS
from tests.unit.ad.group_policy.samples_of import FUZZ, PROPERTIES, mutated, sample

SAMBA = json.loads(sample("samba", "descriptors.json"))
POLICY = bytes.fromhex(SAMBA["object"])
DOMAIN = "S-1-5-21-2665944452-2405376590-1257158727"
APPLY_GROUP_POLICY = "edacfd8f-ffb3-11d1-b41d-00a0c968f939"

_GUID = st.none() | st.uuids().map(str)
_MASK, _FLAGS = st.integers(0, 2**32 - 1), st.integers(0, 255)
_DATA = st.binary(max_size=12)
ACES = st.one_of(
    st.builds(Ace, st.sampled_from([0, 1, 2, 9, 17]), _FLAGS, _MASK, SIDS, data=_DATA),
    st.builds(Ace, st.sampled_from([5, 6, 7, 11]), _FLAGS, _MASK, SIDS, _GUID, _GUID, _DATA),
    st.builds(lambda kind, flags, data: Ace(kind, flags, 0, "", data=data), st.sampled_from([4, 99]), _FLAGS, _DATA),
)
_ACL = st.none() | st.lists(ACES, max_size=5).map(tuple)
_OWNER = st.none() | SIDS


@st.composite
def descriptors(draw):
    dacl, sacl = draw(_ACL), draw(_ACL)
    present = (sd.DACL_PRESENT if dacl is not None else 0) | (sd.SACL_PRESENT if sacl is not None else 0)
    return SecurityDescriptor(
        draw(_OWNER),
        draw(_OWNER),
        draw(st.integers(0, 0xFFFF)) | 0x8000 | present,
        dacl,
        sacl,
        draw(st.integers(0, 255)),
    )


def test_the_descriptor_of_a_policy_is_read():
    found = sd.unpack(POLICY)
    assert (found.owner, found.group, found.protected, found.sacl) == (f"{DOMAIN}-512", f"{DOMAIN}-512", True, None)
    assert [(ace.type, ace.flags, ace.mask, ace.sid) for ace in found.dacl] == [
        (sd.ALLOWED, sd.CONTAINER_INHERIT, 0xF00FF, f"{DOMAIN}-512"),
        (sd.ALLOWED, sd.CONTAINER_INHERIT, 0xF00FF, f"{DOMAIN}-519"),
        (sd.ALLOWED, sd.CONTAINER_INHERIT | sd.INHERIT_ONLY, 0xF00FF, "S-1-3-0"),
        (sd.ALLOWED, 0, 0xF00FF, f"{DOMAIN}-512"),
        (sd.ALLOWED, sd.CONTAINER_INHERIT, 0xF00FF, "S-1-5-18"),
        (sd.ALLOWED, sd.CONTAINER_INHERIT, 0x20094, "S-1-5-11"),
        (sd.ALLOWED_OBJECT, sd.CONTAINER_INHERIT, 0x100, "S-1-5-11"),
        (sd.ALLOWED, sd.CONTAINER_INHERIT, 0x20094, "S-1-5-9"),
    ]
    assert [ace.object_type for ace in found.dacl] == [None] * 6 + [APPLY_GROUP_POLICY, None]


@pytest.mark.parametrize("name", ["object", "folder"])
def test_a_descriptor_of_others_is_written_back_to_the_byte(name):
    raw = bytes.fromhex(SAMBA[name])
    assert sd.pack(sd.unpack(raw)) == raw


def test_the_folder_of_a_policy_gets_the_rights_that_samba_checks_for():
    assert sd.pack(sd.directory_to_folder(sd.unpack(POLICY))) == bytes.fromhex(SAMBA["folder"])


@pytest.mark.parametrize(
    ("on_the_object", "on_the_folder"),
    [
        (0x00000000, 0x00000000),
        (0x00000010, 0x00000000),  # to read properties without listing gives nothing
        (0x00000004, 0x00000000),
        (0x00000014, 0x001000A9),
        (0x00000020, 0x00100116),
        (0x00000001, 0x00000006),
        (0x00000002, 0x00000040),
        (0x000F01FF, 0x001F01FF),
        (0x00020094, 0x001200A9),
        (0xFFE00000, 0x00000000),  # generic rights are no rights of a folder
    ],
)
def test_a_right_on_the_object_becomes_its_right_on_the_folder(on_the_object, on_the_folder):
    made = sd.directory_to_folder(SecurityDescriptor(dacl=(Ace(0, 0, on_the_object, "S-1-5-11"),)))
    assert made.dacl == (Ace(0, sd.OBJECT_INHERIT | sd.CONTAINER_INHERIT, on_the_folder, "S-1-5-11"),)


def test_refusals_and_the_group_of_old_systems_do_not_reach_the_folder():
    given_rights = (
        Ace(sd.DENIED, 0, 0x14, "S-1-5-11"),
        Ace(sd.DENIED_OBJECT, 0, 0x100, "S-1-5-11", APPLY_GROUP_POLICY),
        Ace(sd.ALLOWED, 0, 0x14, "S-1-5-32-554"),
        Ace(sd.ALLOWED, 0, 0x14, "S-1-3-0"),
    )
    found = SecurityDescriptor(
        control=0x8004 | 0x1000 | 0x10, dacl=given_rights, sacl=(Ace(sd.AUDIT, 0, 1, "S-1-1-0"),)
    )
    made = sd.directory_to_folder(found)
    assert made.dacl == (Ace(sd.ALLOWED, 3 | sd.INHERIT_ONLY, 0x001000A9, "S-1-3-0"),)
    assert (made.sacl, made.control) == (None, 0x8004 | 0x1000)


@PROPERTIES
@given(descriptors())
@example(SecurityDescriptor(control=0x8004))
@example(SecurityDescriptor(control=0x8004, dacl=()))
def test_every_descriptor_comes_back(wanted):
    assert sd.unpack(sd.pack(wanted)) == wanted


def test_no_list_and_an_empty_list_are_not_the_same():
    assert sd.unpack(sd.pack(SecurityDescriptor(control=sd.DACL_PRESENT))).dacl is None  # everything to everyone
    assert sd.unpack(sd.pack(SecurityDescriptor(dacl=()))).dacl == ()  # nothing to anyone


@PROPERTIES
@given(SIDS)
def test_every_identifier_comes_back(sid):
    assert sd.sid_text(sd.sid_bytes(sid)) == sid


def test_an_identifier_of_the_directory_is_read():
    raw = bytes.fromhex("010500000000000515000000010000000200000003000000f4010000")
    assert sd.sid_text(raw) == "S-1-5-21-1-2-3-500"


def test_an_identifier_is_laid_out_as_specified():
    raw = struct.pack("<BB6sIII", 1, 3, b"\0\0\0\0\0\5", 21, 7, 2**32 - 1)
    assert sd.sid_bytes(f"S-1-5-21-7-{2**32 - 1}") == raw
    assert sd.sid_text(raw) == f"S-1-5-21-7-{2**32 - 1}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "S-1",
        "Domain Admins",
        "*S-1-5-11",
        "S-1-5-4294967296",
        "S-1-5-01",
        "S-1-5-" + "-".join("1" * 16),
        "S-1-5-",
        "S-256-5",
    ],
)
def test_what_is_no_identifier_is_refused(text):
    with pytest.raises(SecurityDescriptorError, match="no security identifier"):
        sd.sid_bytes(text)


@pytest.mark.parametrize("raw", [b"", b"\1\5", b"\1\1\0\0\0\0\0\5", sd.sid_bytes("S-1-5-11") + b"\0"])
def test_bytes_that_are_no_identifier_are_refused(raw):
    with pytest.raises(SecurityDescriptorError):
        sd.sid_text(raw)


@pytest.mark.parametrize(
    "wanted",
    [
        SecurityDescriptor(owner="Administrators"),
        SecurityDescriptor(dacl=(Ace(0, 0, 2**32, "S-1-5-11"),)),
        SecurityDescriptor(dacl=(Ace(0, 300, 0, "S-1-5-11"),)),
        SecurityDescriptor(dacl=(Ace(5, 0, 0, "S-1-5-11", "not a guid"),)),
        SecurityDescriptor(dacl=(Ace(99, 0, 0, "", data=b"x" * 65_536),)),
        SecurityDescriptor(dacl=(Ace(99, 0, 0, "", data=b"x" * 40_000),) * 2),
        SecurityDescriptor(control=0x10000),
    ],
)
def test_what_a_descriptor_cannot_hold_is_refused(wanted):
    with pytest.raises(SecurityDescriptorError):
        sd.pack(wanted)


@FUZZ
@given(st.binary(max_size=200) | mutated(POLICY) | mutated(sd.pack(SecurityDescriptor(sacl=sd.unpack(POLICY).dacl))))
def test_broken_bytes_are_refused_or_make_a_descriptor_that_can_be_written(raw):
    try:
        found = sd.unpack(raw)
    except SecurityDescriptorError:
        return
    assert sd.unpack(sd.pack(found)) == found


def test_only_what_speaks_of_rights_is_kept_for_the_folder():
    made = sd.directory_to_folder(SecurityDescriptor(control=0xFFFF, dacl=()))
    # Protected and inherited rights, resource manager, trust: not audit, not "by default".
    assert made.control == 0xFFFF & ~(0x000B | 0x0010 | 0x0020 | 0x0200 | 0x0800 | 0x2000)


@pytest.mark.parametrize("kind", range(20))
def test_entries_of_every_type_are_read(kind):
    """[MS-DTYP] 2.4.4.1: 4 is reserved; 5 to 8, 11, 12, 15 and 16 can name object types."""
    named = struct.pack("<I", 0) if kind in (5, 6, 7, 8, 11, 12, 15, 16) else b""
    body = struct.pack("<I", 0x20) + named + sd.sid_bytes("S-1-5-11")
    acl = struct.pack("<BBHHH", 4, 0, 8 + 4 + len(body), 1, 0) + struct.pack("<BBH", kind, 0, 4 + len(body)) + body
    (found,) = sd.unpack(struct.pack("<BBHIIII", 1, 0, 0x8004, 0, 0, 0, 20) + acl).dacl
    assert found == (Ace(4, 0, 0, "", data=body) if kind == 4 else Ace(kind, 0, 0x20, "S-1-5-11"))


def test_a_list_is_as_large_as_it_may_be():
    largest = SecurityDescriptor(dacl=(Ace(99, 0, 0, "", data=b"x" * (0xFFFF - 12)),))
    assert sd.unpack(sd.pack(largest)).dacl == largest.dacl
    with pytest.raises(SecurityDescriptorError, match="holds 65535 bytes, not 65536"):
        sd.pack(SecurityDescriptor(dacl=(Ace(99, 0, 0, "", data=b"x" * (0xFFFF - 11)),)))
