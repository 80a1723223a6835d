"""Questions and answers on the wire: what comes back is what was asked, and any other bytes are refused."""

from __future__ import annotations

import struct

import pytest
from ansible.module_utils.linux.dns_message import MessageError, parse_answer, parse_name, question
from hypothesis import given
from hypothesis import strategies as st

NAME = "www.example.org"


def reply(*records: tuple[int, bytes], status: int = 0, number: int = 7, flags: int = 0x8180, kind: str = "A") -> bytes:
    """An answer to the question for NAME; each record's name is a pointer to the question's."""
    asked = question(number, NAME, kind)
    body = b"".join(b"\xc0\x0c" + struct.pack(">HHIH", type_, 1, 60, len(data)) + data for type_, data in records)
    return struct.pack(">HHHHHH", number, flags | status, 1, len(records), 0, 0) + asked[12:] + body


def test_addresses_are_read_and_other_types_left_out() -> None:
    said = reply((1, bytes([192, 0, 2, 2])), (5, b"\x03alt\xc0\x10"), (1, bytes([192, 0, 2, 1])))
    answer = parse_answer(said, 7, NAME, "A")
    assert (answer.status, answer.values, answer.truncated) == ("NOERROR", ("192.0.2.1", "192.0.2.2"), False)


def test_a_service_tells_host_and_port_through_a_pointer() -> None:
    said = reply((33, struct.pack(">HHH", 0, 100, 389) + b"\x03dc1\xc0\x10"), kind="SRV")
    assert parse_answer(said, 7, NAME, "SRV").values == ("dc1.example.org:389",)


@pytest.mark.parametrize(("status", "said"), [(3, "NXDOMAIN"), (5, "REFUSED"), (2, "SERVFAIL"), (11, "11")])
def test_a_refusal_is_told(status: int, said: str) -> None:
    assert parse_answer(reply(status=status), 7, NAME, "A").status == said


def test_an_answer_that_was_cut_says_so() -> None:
    assert parse_answer(reply(flags=0x8380), 7, NAME, "A").truncated


@pytest.mark.parametrize(
    ("said", "number", "name"),
    [
        (reply(), 8, NAME),
        (reply(), 7, "other.example.org"),
        (question(7, NAME, "A"), 7, NAME),
        (reply((1, b"\x01\x02"))[:-1], 7, NAME),
        (reply((1, b"\x01\x02")), 7, NAME),
        (b"", 7, NAME),
    ],
)
def test_what_is_not_the_answer_is_refused(said: bytes, number: int, name: str) -> None:
    with pytest.raises(MessageError):
        parse_answer(said, number, name, "A")


def test_a_name_that_points_to_itself_ends() -> None:
    with pytest.raises(MessageError):
        parse_name(b"\xc0\x00", 0)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    whole = struct.pack(">HHHHHH", 7, 0x8180, 1, 2, 0, 0) + question(7, NAME, "SRV")[12:] + raw
    try:
        answer = parse_answer(whole, 7, NAME, "SRV")
    except MessageError:
        return
    assert answer.status == "NOERROR"
