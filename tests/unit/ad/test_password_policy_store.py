"""What the policies of a directory become, told before it is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from ansible.module_utils.ad.password_policy import Policy, PolicyError
from ansible.module_utils.ad.password_policy_store import Difference, compare

from .test_password_policy import POLICY, domain

BASE = "DC=exemple,DC=lan"
CONTAINER = f"CN=Password Settings Container,CN=System,{BASE}"
GROUP = f"CN=Chefs,{BASE}"
FINE = {**POLICY, "name": "Chefs", "precedence": 10, "applies_to": ["chefs"], "min_length": 16}


class OneDirectory:
    """A domain with one global group, one local one, and whatever policies it is given."""

    def __init__(self) -> None:
        self.base = BASE
        self.head = domain()
        self.policies: dict[str, dict[str, list[bytes]]] = {}
        self.writes: list[str] = []
        self.accounts: dict[str, tuple[str, dict[str, list[bytes]]]] = {
            "chefs": (GROUP, {"sAMAccountName": [b"chefs"], "groupType": [b"-2147483646"]}),
            "locaux": (f"CN=Locaux,{BASE}", {"sAMAccountName": [b"locaux"], "groupType": [b"-2147483644"]}),
        }

    def read(self, dn: str, attributes: Sequence[str]) -> Mapping[str, Sequence[bytes]]:
        return self.head if dn == BASE else next(values for name, values in self.accounts.values() if name == dn)

    def search(self, base: str, query: str, *_: Any) -> list[tuple[str, dict[str, list[bytes]]]]:
        if base == CONTAINER:
            return list(self.policies.items())
        return [row for login, row in self.accounts.items() if f"(sAMAccountName={login})" in query]

    def modify(self, dn: str, changes: Mapping[str, Sequence[bytes]]) -> None:
        self.writes.append(dn)
        (self.head if dn == BASE else self.policies[dn]).update(
            {name: list(values) for name, values in changes.items()}
        )

    def add(self, dn: str, attributes: Mapping[str, Sequence[bytes]]) -> None:
        self.writes.append(dn)
        cn = dn.partition(",CN=Password")[0].removeprefix("CN=").replace("\\", "")
        self.policies[dn] = {**{name: list(values) for name, values in attributes.items()}, "cn": [cn.encode()]}

    def delete(self, dn: str) -> None:
        self.writes.append(dn)
        del self.policies[dn]


@pytest.fixture
def directory() -> OneDirectory:
    return OneDirectory()


def told(directory: Any, domain_policy: Policy | None, *fine: Policy, purge: bool = False) -> list[Difference]:
    return compare(directory, domain_policy, fine, purge)


def write(differences: list[Difference]) -> None:
    for difference in differences:
        difference.write()


def test_a_domain_in_line_is_left_alone(directory: OneDirectory) -> None:
    assert told(directory, POLICY) == []


def test_what_differs_in_the_domain_is_told_and_written_at_once(directory: OneDirectory) -> None:
    wanted = {**POLICY, "min_length": 14, "reversible_encryption": True, "complexity": False}
    (difference,) = told(directory, wanted)
    assert directory.writes == []
    assert difference.before == {"min_length": 12, "reversible_encryption": False, "complexity": True}
    assert difference.after == {"min_length": 14, "reversible_encryption": True, "complexity": False}
    difference.write()
    assert directory.writes == [BASE]
    assert told(directory, wanted) == []


def test_a_fine_grained_policy_is_created_changed_and_then_left_alone(directory: OneDirectory) -> None:
    (created,) = told(directory, None, FINE)
    assert created.before is None
    created.write()
    assert told(directory, None, FINE) == []
    (changed,) = told(directory, None, {**FINE, "lockout_threshold": 3})
    assert (changed.before, changed.after) == ({"lockout_threshold": 5}, {"lockout_threshold": 3})
    changed.write()
    assert told(directory, None, {**FINE, "lockout_threshold": 3}) == []


def test_whom_a_policy_applies_to_is_compared_whatever_the_case(directory: OneDirectory) -> None:
    write(told(directory, None, FINE))
    assert told(directory, None, {**FINE, "name": "CHEFS"}) == []


def test_a_policy_whose_targets_were_changed_by_hand_gets_them_back(directory: OneDirectory) -> None:
    write(told(directory, None, FINE))
    next(iter(directory.policies.values()))["msDS-PSOAppliesTo"] = []
    (difference,) = told(directory, None, FINE)
    assert (difference.before, difference.after) == ({"applies_to": []}, {"applies_to": ["chefs"]})
    difference.write()
    assert next(iter(directory.policies.values()))["msDS-PSOAppliesTo"] == [GROUP.encode()]


def test_a_policy_that_is_not_named_is_deleted_only_when_asked_for(directory: OneDirectory) -> None:
    write(told(directory, None, FINE, {**FINE, "name": "Vieux, d'avant"}))
    assert len(directory.policies) == 2
    assert told(directory, None, FINE) == []
    (difference,) = told(directory, None, FINE, purge=True)
    assert (difference.name, difference.after) == ("Vieux, d'avant", None)
    difference.write()
    assert [values["cn"] for values in directory.policies.values()] == [[b"Chefs"]]


@pytest.mark.parametrize(
    ("fine", "said"),
    [
        ([{**FINE, "applies_to": ["inconnus"]}], "inconnus"),
        ([{**FINE, "applies_to": ["locaux"]}], "not a global security group"),
        ([{**FINE, "applies_to": ["x)(objectClass=*"]}], "no group or account"),
        ([{**FINE, "min_length": -3}], "Chefs: min_length"),
        ([FINE, {**FINE, "name": "chefs"}], "same name"),
    ],
)
def test_nothing_is_written_when_one_policy_is_wrong(directory: OneDirectory, fine: list[Policy], said: str) -> None:
    with pytest.raises(PolicyError, match=said):
        write(told(directory, {**POLICY, "min_length": 20}, *fine))
    assert directory.writes == []
