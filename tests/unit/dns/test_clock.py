"""Clocks over the network: how far a server is ahead, whatever the way takes; a server that does not know is refused."""

from __future__ import annotations

import pytest
from ansible.module_utils.linux.clock import ClockError, offset, seconds_of, stamp
from hypothesis import given
from hypothesis import strategies as st

SENT = 1_800_000_000.25


def answer(
    ahead: float, way: float = 0.01, *, mode: int = 4, stratum: int = 3, leap: int = 0, asked: float = SENT
) -> bytes:
    there = SENT + way / 2 + ahead
    return bytes([leap << 6 | 4 << 3 | mode, stratum]) + bytes(22) + stamp(asked) + stamp(there) + stamp(there)


@given(st.floats(-86400, 86400), st.floats(0, 2))
def test_the_difference_is_told_whatever_the_way_takes(ahead: float, way: float) -> None:
    found, under_way = offset(answer(ahead, way), SENT, SENT + way)
    assert found == pytest.approx(ahead, abs=1e-5)
    assert under_way == pytest.approx(way, abs=1e-5)


@pytest.mark.parametrize(
    "said",
    [
        b"",
        answer(0)[:47],
        answer(0, mode=3),
        answer(0, stratum=0),
        answer(0, stratum=16),
        answer(0, leap=3),
        answer(0, asked=SENT + 1),
    ],
)
def test_what_tells_nothing_is_refused(said: bytes) -> None:
    with pytest.raises(ClockError):
        offset(said, SENT, SENT + 0.01)


@pytest.mark.parametrize("seconds", [0.0, SENT, 2_085_978_496.5, 3_000_000_000.5])
def test_a_time_comes_back_even_after_the_protocol_began_anew(seconds: float) -> None:
    assert seconds_of(stamp(seconds)) == pytest.approx(seconds, abs=1e-6)
