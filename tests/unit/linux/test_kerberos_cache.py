"""A ticket is filed under another service and nothing else of its cache changes; what is no cache is refused."""

from __future__ import annotations

import struct

import pytest
from ansible.module_utils.linux.kerberos_cache import CacheFormatError, renamed
from hypothesis import given
from hypothesis import strategies as st

REALM = "SITE.EXAMPLE"


def data(value: bytes) -> bytes:
    return struct.pack(">I", len(value)) + value


def principal(kind: int, *parts: str, realm: str = REALM) -> bytes:
    return struct.pack(">II", kind, len(parts)) + data(realm.encode()) + b"".join(data(part.encode()) for part in parts)


def entry(server: bytes, ticket: bytes, addresses: int = 0) -> bytes:
    """One ticket as the file format describes it, written independently of the reader."""
    return (
        principal(10, "ann@SITE")
        + server
        + struct.pack(">H", 18)
        + data(b"k" * 32)
        + struct.pack(">4I", 1, 2, 3, 0)
        + b"\x00"
        + struct.pack(">I", 0x40A00000)
        + struct.pack(">I", addresses)
        + (struct.pack(">H", 2) + data(b"\x0a\x00\x00\x01")) * addresses
        + struct.pack(">I", 0)
        + data(ticket)
        + data(b"")
    )


def cache(*entries: bytes, tags: bytes = b"\x00\x01\x00\x08\xff\xff\xff\xff\x00\x00\x00\x00") -> bytes:
    return b"\x05\x04" + struct.pack(">H", len(tags)) + tags + principal(10, "ann@SITE") + b"".join(entries)


@given(st.binary(max_size=80), st.integers(0, 2), st.sampled_from([b"", b"\x00\x02\x00\x00"]))
def test_only_the_name_of_the_service_changes(ticket: bytes, addresses: int, tags: bytes) -> None:
    before = cache(entry(principal(1, "FS1$"), ticket, addresses), tags=tags)
    after = cache(entry(principal(2, "cifs", "fs1.site.example"), ticket, addresses), tags=tags)
    assert renamed(before, "cifs", "fs1.site.example", REALM) == after


@given(st.binary(max_size=200))
def test_no_bytes_make_it_fail_otherwise_than_with_its_own_word(noise: bytes) -> None:
    for given_ in (noise, b"\x05\x04" + noise):
        with pytest.raises(CacheFormatError):
            renamed(given_, "cifs", "fs1", REALM)


@given(st.integers(0, 150))
def test_a_cache_cut_short_is_refused(length: int) -> None:
    whole = cache(entry(principal(1, "FS1$"), b"ticket"))
    with pytest.raises(CacheFormatError):
        renamed(whole[: min(length, len(whole) - 1)], "cifs", "fs1", REALM)


def test_a_cache_with_two_tickets_is_refused() -> None:
    one = entry(principal(1, "FS1$"), b"ticket")
    with pytest.raises(CacheFormatError, match="exactly one"):
        renamed(cache(one, one), "cifs", "fs1", REALM)
