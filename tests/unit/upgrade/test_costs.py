"""The renewal list adds up and is held against the budget."""

from __future__ import annotations

from ansible.module_utils.windows.upgrade_costs import renewal
from ansible.module_utils.windows.upgrade_readiness import OUTCOMES, Readiness
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.upgrade.samples import terms


def decided(host: str, outcome: str, licence: bool = False) -> Readiness:
    return Readiness(host, outcome, needs_licence=licence)


def test_a_line_is_hardware_licence_and_work() -> None:
    costs = renewal(
        [decided("a", "replace", True), decided("b", "reinstall", True), decided("c", "upgrade"), decided("d", "keep")],
        {"a": "x"},
        ["a"],
        terms(),
        ["c", "b", "a"],
    )
    assert [(line.host, line.hardware, line.licence, line.labour) for line in costs.lines] == [
        ("c", 0, 0, 2500),
        ("b", 0, 10000, 5000),
        ("a", 60000, 0, 5000),
    ]
    assert (costs.before_tax, costs.tax, costs.with_tax) == (82500, 16500, 99000)


@given(
    outcomes=st.lists(st.sampled_from(OUTCOMES), max_size=40),
    budget=st.integers(0, 30000),
    tax=st.sampled_from(["included", "excluded"]),
)
def test_the_budget_pays_lines_in_their_order_and_never_more_than_it_holds(
    outcomes: list[str], budget: int, tax: str
) -> None:
    agreed = terms(budget={"amount": budget, "currency": "EUR", "tax": tax})
    made = [decided(f"h{number:02d}", outcome) for number, outcome in enumerate(outcomes)]
    costs = renewal(made, {}, [], agreed, [])
    paid = sum(line.total for line in costs.lines if line.paid)
    assert paid + (round(paid * 0.2) if tax == "included" else 0) <= costs.budget == budget * 100
    assert sum(line.total for line in costs.lines) == costs.before_tax
    assert (costs.beyond == 0) is all(line.paid for line in costs.lines)
    assert {line.host for line in costs.lines} == {
        one.host for one in made if one.outcome in ("upgrade", "reinstall", "replace")
    }
