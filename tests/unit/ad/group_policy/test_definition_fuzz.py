"""Nothing that stands in a definition makes its loader crash."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.module_utils.ad.group_policy.definition_load import load_definitions
from ansible.module_utils.ad.group_policy.definition_values import converted
from ansible.module_utils.ad.group_policy.definition_yaml import DefinitionError
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.ad.group_policy.definition_samples import (
    CONTEXT,
    HEAD,
    LOCK,
    VALUES,
)


@given(st.integers(1, 10_000), st.sampled_from(["seconds", "minutes", "hours", "days"]))
def test_a_length_of_time_survives_the_way_to_seconds_and_back(value: int, unit: str) -> None:
    assert converted(converted(value, unit, "seconds"), "seconds", unit) == value


@given(st.text(max_size=200))
def test_no_text_makes_the_loader_crash(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    file = tmp_path_factory.mktemp("fuzz") / "essai.yml"
    file.write_text(text, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(DefinitionError):
        load_definitions([str(file)], VALUES, CONTEXT)


@given(st.data())
def test_no_value_in_any_place_makes_the_loader_crash(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    document = yaml.safe_load(
        HEAD + LOCK + "computer:\n  security:\n    System Access: {MinimumPasswordLength: {value: 12, reason: x}}\n"
    )
    odd = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.text(max_size=5),
        st.just([]),
        st.just({}),
        st.just([None]),
        st.just({"a": 1}),
    )
    places: list[list[Any]] = [
        ["name"],
        ["purpose"],
        ["links"],
        ["links", 0],
        ["links", 0, "unit"],
        ["user"],
        ["user", "policies"],
        ["user", "policies", 0],
        ["user", "policies", 0, "elements"],
        ["computer", "security"],
        ["computer", "security", "System Access"],
        ["computer", "security", "System Access", "MinimumPasswordLength"],
    ]
    *steps, last = data.draw(st.sampled_from(places))
    target = document
    for step in steps:
        target = target[step]
    target[last] = data.draw(odd)
    file = tmp_path_factory.mktemp("fuzz") / "essai.yml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    try:
        load_definitions([str(file)], VALUES, CONTEXT)
    except DefinitionError as error:
        assert all(problem.startswith(f"{file}:") for problem in error.problems)  # noqa: PT017
