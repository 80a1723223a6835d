"""One switch of dSHeuristics is changed, and the others are left alone."""

from __future__ import annotations

import pytest
from ansible.module_utils.ad.heuristics import allows_anonymous, with_anonymous


@pytest.mark.parametrize(
    ("heuristics", "allowed"), [(None, False), ("", False), ("000000", False), ("0000002", True), ("0010002001", True)]
)
def test_the_seventh_character_opens_the_directory(heuristics: str | None, allowed: bool) -> None:
    assert allows_anonymous(heuristics) is allowed


@pytest.mark.parametrize(
    ("before", "allowed", "after"),
    [
        ("0000002", False, None),
        ("0010002", False, "0010000"),
        ("0010002001", False, "0010000001"),
        (None, True, "0000002"),
        ("001", True, "0010002"),
        ("00000000000000000002", False, "00000000010000000002"),
    ],
)
def test_only_that_character_changes(before: str | None, allowed: bool, after: str | None) -> None:
    changed = with_anonymous(before, allowed)
    assert changed == after
    assert allows_anonymous(changed) is allowed
