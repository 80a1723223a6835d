"""Samples, how they are broken on purpose, and how long the tests that generate may take."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

SAMPLES = Path(__file__).with_name("samples")
_CHECKS = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
#: A second or two each; set a profile of Hypothesis with more examples to search longer.
PROPERTIES = settings(max_examples=max(120, settings().max_examples), deadline=None, suppress_health_check=_CHECKS)
FUZZ = settings(max_examples=max(250, settings().max_examples), deadline=2000, suppress_health_check=_CHECKS)


def sample(*parts: str) -> bytes:
    """The bytes of a sample."""
    return SAMPLES.joinpath(*parts).read_bytes()


def mutated(raw: bytes) -> st.SearchStrategy[bytes]:
    """These bytes with some of them changed, cut out or put in."""

    def apply(changes: list[tuple[int, int, bytes]]) -> bytes:
        broken = raw
        for at, length, patch in changes:
            broken = broken[:at] + patch + broken[at + length :]
        return broken

    change = st.tuples(st.integers(0, len(raw)), st.integers(0, 12), st.binary(max_size=12))
    return st.lists(change, min_size=1, max_size=4).map(apply)
