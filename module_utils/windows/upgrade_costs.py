"""What the renewal costs, line by line, and what of it the client's budget pays, in the director's order.

Amounts are whole cents inside, so that the lines add up to the total.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ansible.module_utils.windows.upgrade_readiness import REINSTALL, REPLACE, UPGRADE, Readiness
from ansible.module_utils.windows.upgrade_terms import Terms


@dataclass(frozen=True)
class Line:
    """What one machine costs, in cents before tax."""

    host: str
    department: str
    outcome: str
    hardware: int
    licence: int
    labour: int
    #: Whether the budget pays it, with those before it that it pays.
    paid: bool = False

    @property
    def total(self) -> int:
        """Everything, before tax."""
        return self.hardware + self.licence + self.labour


@dataclass(frozen=True)
class Renewal:
    """The renewal list."""

    lines: tuple[Line, ...]
    before_tax: int
    tax: int
    budget: int
    budget_with_tax: bool
    currency: str

    @property
    def with_tax(self) -> int:
        """What is paid in the end."""
        return self.before_tax + self.tax

    @property
    def compared(self) -> int:
        """The amount that is held against the budget."""
        return self.with_tax if self.budget_with_tax else self.before_tax

    @property
    def beyond(self) -> int:
        """What the budget lacks; 0 when it is enough."""
        return max(0, self.compared - self.budget)


def renewal(
    decided: Sequence[Readiness],
    departments: Mapping[str, str],
    laptops: Iterable[str],
    terms: Terms,
    order: Sequence[str],
) -> Renewal:
    """The renewal list, in the order that machines have their turn.

    :param order: hosts, the first ones first; who is not in it comes last.
    """
    carried = frozenset(laptops)
    place = {host: number for number, host in enumerate(order)}
    asked = [one for one in decided if one.outcome in (UPGRADE, REINSTALL, REPLACE)]
    asked.sort(key=lambda one: (place.get(one.host, len(place)), one.host))
    lines = []
    budget = round(terms.budget * 100)
    spent = 0
    for one in asked:
        line = _line(one, departments.get(one.host, ""), one.host in carried, terms)
        taxed = spent + line.total
        paid = _compared(taxed, terms) <= budget
        if paid:
            spent = taxed
        lines.append(Line(**{**line.__dict__, "paid": paid}))
    before_tax = sum(line.total for line in lines)
    return Renewal(tuple(lines), before_tax, _tax(before_tax, terms), budget, terms.budget_with_tax, terms.currency)


def _line(one: Readiness, department: str, laptop: bool, terms: Terms) -> Line:
    costs = terms.costs
    hardware = (costs.laptop if laptop else costs.desktop) if one.outcome == REPLACE else 0
    # A new machine is sold with its licence.
    licence = costs.licence if one.needs_licence and one.outcome != REPLACE else 0
    labour = terms.technician_hours[one.outcome] * costs.labour_hour
    return Line(one.host, department, one.outcome, round(hardware * 100), round(licence * 100), round(labour * 100))


def _tax(cents: int, terms: Terms) -> int:
    return round(cents * terms.costs.tax_percent / 100)


def _compared(cents: int, terms: Terms) -> int:
    return cents + _tax(cents, terms) if terms.budget_with_tax else cents
