"""Password policies between the words and units of people and those of the directory."""

from __future__ import annotations

from typing import Any

import pytest
from ansible.module_utils.ad.password_policy import (
    NEVER,
    SETTINGS,
    PolicyError,
    check,
    decode_domain,
    decode_fine_grained,
    encode_domain,
    encode_fine_grained,
)
from hypothesis import given
from hypothesis import strategies as st

POLICY: dict[str, Any] = {
    "min_length": 12,
    "max_age_days": 90,
    "min_age_days": 1,
    "history_length": 24,
    "complexity": True,
    "reversible_encryption": False,
    "lockout_threshold": 5,
    "lockout_duration_minutes": 15,
    "lockout_window_minutes": 15,
}
#: As a domain controller gives them.
WRITTEN = {
    "minPwdLength": b"12",
    "maxPwdAge": b"-77760000000000",
    "minPwdAge": b"-864000000000",
    "pwdHistoryLength": b"24",
    "pwdProperties": b"1",
    "lockoutThreshold": b"5",
    "lockoutDuration": b"-9000000000",
    "lockOutObservationWindow": b"-9000000000",
}
POLICIES = st.fixed_dictionaries(
    {
        "min_length": st.integers(0, 255),
        "max_age_days": st.none() | st.integers(1, 999),
        "min_age_days": st.integers(0, 998),
        "history_length": st.integers(0, 1024),
        "complexity": st.booleans(),
        "reversible_encryption": st.booleans(),
        "lockout_threshold": st.none() | st.integers(1, 65535),
        "lockout_duration_minutes": st.none() | st.integers(1, 99999),
        "lockout_window_minutes": st.integers(1, 99999),
    }
)


def domain(**changes: bytes) -> dict[str, list[bytes]]:
    return {name: [value] for name, value in {**WRITTEN, **changes}.items()}


def test_the_policy_of_a_domain_is_read_in_days_and_minutes() -> None:
    assert decode_domain(domain()) == POLICY


def test_the_policy_of_a_domain_is_written_as_it_is_read() -> None:
    assert encode_domain(POLICY, 0) == domain()


@given(POLICIES)
def test_a_policy_survives_the_directory(policy: dict[str, Any]) -> None:
    assert decode_domain(encode_domain(policy, 0)) == policy
    assert decode_fine_grained(encode_fine_grained(policy)) == policy


@pytest.mark.parametrize("written", [b"0", str(NEVER).encode()])
@pytest.mark.parametrize(
    ("attribute", "option"), [("maxPwdAge", "max_age_days"), ("lockoutDuration", "lockout_duration_minutes")]
)
def test_both_ways_to_write_never_are_read_as_never(attribute: str, option: str, written: bytes) -> None:
    assert decode_domain(domain(**{attribute: written}))[option] is None


def test_no_lockout_is_never_and_not_zero_attempts() -> None:
    assert decode_domain(domain(lockoutThreshold=b"0"))["lockout_threshold"] is None


def test_no_least_age_is_zero_days_and_not_never() -> None:
    assert decode_domain(domain(minPwdAge=b"0"))["min_age_days"] == 0


def test_a_part_of_a_unit_counts_against_the_site() -> None:
    half_a_day, half_a_minute = 432_000_000_000, 300_000_000
    read = decode_domain(domain(
        maxPwdAge=str(-77760000000000 - half_a_day).encode(), minPwdAge=str(-864000000000 - half_a_day).encode(),
        lockoutDuration=str(-9000000000 - half_a_minute).encode(),
    ))  # fmt: skip
    assert (read["max_age_days"], read["min_age_days"], read["lockout_duration_minutes"]) == (91, 1, 15)


@pytest.mark.parametrize("others", [0, 2, 4 | 8])
def test_bits_that_are_not_ours_stay(others: int) -> None:
    changes = encode_domain({"complexity": False, "reversible_encryption": True}, others | 1)
    assert changes == {"pwdProperties": [str(others | 16).encode()]}


def test_only_what_is_given_is_written() -> None:
    assert encode_domain({"min_length": 14}, 1) == {"minPwdLength": [b"14"]}
    assert encode_fine_grained({"precedence": 3}) == {"msDS-PasswordSettingsPrecedence": [b"3"]}


@pytest.mark.parametrize("missing", sorted(WRITTEN))
def test_an_attribute_that_cannot_be_read_is_an_error_and_not_a_zero(missing: str) -> None:
    attributes = domain()
    del attributes[missing]
    with pytest.raises(PolicyError, match=missing):
        decode_domain(attributes)


def test_zero_means_never_where_a_limit_can_be_absent() -> None:
    checked = check({**POLICY, "max_age_days": 0, "lockout_threshold": 0, "lockout_duration_minutes": 0}, "domain")
    assert (checked["max_age_days"], checked["lockout_threshold"], checked["lockout_duration_minutes"]) == (
        None,
        None,
        None,
    )


@pytest.mark.parametrize(
    "wrong",
    [{"min_length": -1}, {"min_length": 256}, {"max_age_days": 1000}, {"max_age_days": -90}, {"min_age_days": -1},
     {"history_length": 1025}, {"lockout_threshold": -1}, {"lockout_window_minutes": 0}, {"precedence": 0},
     {"min_length": None}, {"min_age_days": 90}, {"lockout_window_minutes": 16}],
)  # fmt: skip
def test_a_policy_no_directory_could_hold_is_refused_with_its_name_and_the_option(wrong: dict[str, Any]) -> None:
    with pytest.raises(PolicyError) as refused:
        check({**POLICY, **wrong}, "Administrators")
    assert str(refused.value).startswith("Administrators: ")
    assert next(iter(wrong)) in str(refused.value)


def test_each_setting_has_a_place_of_its_own() -> None:
    assert len({(row.domain, row.domain_mask) for row in SETTINGS}) == len(SETTINGS)
    assert len({row.fine_grained for row in SETTINGS}) == len(SETTINGS)
    assert {row.option for row in SETTINGS} == set(POLICY)
