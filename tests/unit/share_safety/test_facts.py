"""How old the list of suspicious names is: a date that is still to come is none."""

from __future__ import annotations

import time
from typing import Any

import pytest
from ansible.module_utils.linux import share_safety

DAY = 86400


@pytest.mark.parametrize(
    ("ages", "told"),
    [([1, 3], 3.0), ([1, None], None), ([1, -2], None), ([0], 0.0)],
    ids=["slowest", "never", "ahead", "now"],
)
def test_the_slowest_source_counts_and_one_of_the_future_is_not_known(ages: list[Any], told: float | None) -> None:
    sources = {
        str(number): {"fetched_at": None if age is None else time.time() - age * DAY} for number, age in enumerate(ages)
    }
    assert share_safety._list_age({"names": {"count": 4, "sources": sources}}) == {"count": 4, "age_days": told}


def test_nothing_is_said_of_a_list_that_was_never_made() -> None:
    assert share_safety._list_age({}) == {}
