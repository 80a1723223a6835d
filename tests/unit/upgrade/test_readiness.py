"""What becomes of a workstation follows from what was read of it, and nothing is decided on what was not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_processor import judge_processor, plain_name
from ansible.module_utils.windows.upgrade_readiness import OUTCOMES, Readiness, decide
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.upgrade.samples import GB, facts, rules

RULES = rules()


def decided(**changed: Any) -> Readiness:
    return decide("ws1", facts(**changed), RULES)


def codes(one: Readiness) -> list[tuple[str, str]]:
    return [(reason.code, reason.rule) for reason in one.reasons]


@pytest.mark.parametrize(
    ("changed", "outcome"),
    [
        ({}, "upgrade"),
        ({"os__build": 26200}, "keep"),
        ({"os__build": 26100}, "upgrade"),
        ({"os__build": 26100, "os__edition_id": "Enterprise"}, "keep"),
        ({"os__build": 19044, "os__edition_id": "IoTEnterpriseS"}, "keep"),
        # Ends within the client's horizon.
        ({"os__build": 19044, "os__edition_id": "EnterpriseS"}, "upgrade"),
        ({"os__build": 17763}, "reinstall"),
        ({"os__build": 7601}, "reinstall"),
        ({"os__build": 2600, "os__edition_id": None}, "reinstall"),
        ({"os__architecture": "x86"}, "reinstall"),
        ({"firmware": "bios"}, "reinstall"),
        ({"activation": {"licensed": False}}, "reinstall"),
        ({"os__build": 26200, "activation": {"licensed": False}}, "reinstall"),
        ({"os__build": 26200, "os__edition_id": "Core"}, "upgrade"),
        ({"memory_bytes": 6 * GB - 1}, "replace"),
        ({"memory_bytes": 6 * GB}, "upgrade"),
        ({"disks": [{"letter": "C:", "size_bytes": 29 * 10**9, "free_bytes": 1}]}, "replace"),
        ({"disks": [{"letter": "C:", "size_bytes": 50 * 10**9, "free_bytes": 1}]}, "replace"),
        ({"disks": [{"letter": "C:", "size_bytes": 63 * 10**9, "free_bytes": 10**9}]}, "upgrade"),
        ({"processor": {"name": "Intel(R) Core(TM)2 Duo CPU E8400 @ 3.00GHz", "cores": 2}}, "replace"),
        ({"processor": {"name": "Intel(R) Core(TM) i5-8500", "cores": 1}}, "replace"),
        ({"processor": {"name": "Fictional 9000", "cores": 4}}, "unknown_processor"),
        ({"os__build": 26200, "processor": {"name": "Fictional 9000", "cores": 4}}, "unknown_processor"),
        ({"os__build": 99999}, "unknown_release"),
        ({"os__edition_id": "Martian"}, "unknown_release"),
        ({"os__edition_id": None}, "not_evaluated"),
        ({"os__build": None}, "not_evaluated"),
        ({"memory_bytes": None}, "not_evaluated"),
        ({"disks": None}, "not_evaluated"),
        ({"processor__name": None}, "not_evaluated"),
        ({"os__product_type": 3}, "out_of_scope"),
    ],
    ids=str,
)
def test_a_workstation_has_its_outcome(changed: dict[str, Any], outcome: str) -> None:
    assert decided(**changed).outcome == outcome


def test_a_bad_part_condemns_a_machine_of_which_nothing_else_is_known() -> None:
    assert decide("ws1", {"memory_bytes": GB}, RULES).outcome == "replace"


def test_a_machine_of_which_nothing_is_known_is_not_evaluated_and_says_what_lacks() -> None:
    one = decide("ws1", {"failures": {"memory_bytes": "access denied (5)", "os": "off"}}, RULES)
    assert one.outcome == "not_evaluated"
    assert one.missing["memory_bytes"] == "access denied (5)"
    assert one.missing["os.build"] == "off"
    assert one.missing["processor.name"] == "was not read"


@pytest.mark.parametrize("fact", ["memory_bytes", "disks", "processor", "os"])
@pytest.mark.parametrize("build", [26200, 19045, 7601])
def test_no_fact_that_is_dropped_makes_a_machine_fit(fact: str, build: int) -> None:
    known = facts(os__build=build)
    known.pop(fact)
    assert decide("ws1", known, RULES).outcome == "not_evaluated"


def test_a_machine_is_not_kept_when_nobody_knows_whether_it_is_activated() -> None:
    assert decided(os__build=26200).outcome == "keep"
    assert decided(os__build=26200, activation__licensed=None).outcome == "not_evaluated"


def test_the_edition_is_changed_before_where_it_joins_no_domain() -> None:
    assert "change_edition" in decided(os__edition_id="Core").before
    assert "change_edition" not in decided().before


def test_the_rule_of_the_client_and_that_of_the_publisher_are_told_apart() -> None:
    one = decided(memory_bytes=5 * GB)
    assert codes(one) == [("memory", "client")]
    assert codes(decided(memory_bytes=3 * GB)) == [("memory", "client"), ("memory", "publisher")]
    assert one.reasons[0].wanted == 6 * GB


@pytest.mark.parametrize("build", [2600, 7601])
def test_an_old_release_is_kept_apart_whatever_becomes_of_it(build: int) -> None:
    assert decided(os__build=build).isolate
    assert decided(os__build=build, memory_bytes=GB).isolate
    assert decided(os__build=build, memory_bytes=None).isolate
    assert not decided().isolate


def test_what_has_to_be_done_by_hand_before_is_told() -> None:
    assert decided().before == ()
    assert decided(tpm={"present": False}).before == ("enable_tpm",)
    assert decided(tpm={"present": True, "version": "1.2"}).before == ("enable_tpm",)
    assert decided(tpm=None).before == ("look_at_tpm",)
    assert decided(firmware="bios").before == ("switch_firmware_mode",)
    disk = {"letter": "C:", "size_bytes": 255 * 10**9, "free_bytes": 3 * 10**9}
    assert decided(disks=[disk]).before == ("free_disk_space",)


def test_a_licence_is_bought_for_what_is_not_activated_or_joins_no_domain() -> None:
    assert decided(activation={"licensed": False}).needs_licence
    assert decided(os__edition_id="Core").needs_licence
    assert not decided().needs_licence
    assert not decided(activation=None).needs_licence


def test_the_disk_of_windows_is_the_one_that_is_measured() -> None:
    small, large = {"size_bytes": 10 * 10**9, "free_bytes": 1}, {"size_bytes": 900 * 10**9, "free_bytes": 9 * 10**11}
    assert decided(disks=[{"letter": "C:", **large}, {"letter": "D:", **small}]).outcome == "upgrade"
    assert decided(disks=[{"letter": "C:", **small}, {"letter": "D:", **large}]).outcome == "replace"
    moved = [{"letter": "C:", **large, "system": False}, {"letter": "E:", **small, "system": True}]
    assert decided(disks=moved).outcome == "replace"
    assert decided(disks=[{"letter": "E:", **small}, {"letter": "F:", **large}]).outcome == "not_evaluated"


def test_support_counts_until_its_last_day_and_the_horizon() -> None:
    kept = facts(os__build=26200)
    last = replace(RULES, today=date(2027, 10, 12), terms=replace(RULES.terms, horizon_days=0))
    assert decide("ws1", kept, last).outcome == "keep"
    assert decide("ws1", kept, replace(last, today=date(2027, 10, 13))).outcome == "upgrade"


def test_a_target_without_minima_is_refused() -> None:
    with pytest.raises(UpgradeError, match=r"upgrade\.target_build: 22000"):
        decide("ws1", facts(), replace(RULES, terms=replace(RULES.terms, target_build=22000)))


@given(
    memory=st.none() | st.integers(0, 64 * GB),
    size=st.none() | st.integers(0, 10**12),
    build=st.none() | st.sampled_from([*RULES.lifecycle.releases, 1, 99999]),
    edition=st.none() | st.sampled_from([*RULES.lifecycle.clocks, "Martian"]),
    name=st.none() | st.text(max_size=12) | st.sampled_from(["Intel Core i5-8500", "Intel Core i5-4590"]),
)
def test_whatever_was_read_a_kept_machine_is_supported_and_good_enough(
    memory: int | None, size: int | None, build: int | None, edition: str | None, name: str | None
) -> None:
    disk = {"letter": "C:", "free_bytes": 10**11, **({} if size is None else {"size_bytes": size})}
    known = {"memory_bytes": memory, "disks": [disk], "os": {"build": build, "edition_id": edition},
             "processor": {"name": name}}  # fmt: skip
    one = decide("ws1", known, RULES)
    assert one.outcome in OUTCOMES
    if one.outcome in ("keep", "upgrade", "reinstall"):
        assert None not in (memory, size, build, name)
        assert memory is not None
        assert memory >= RULES.terms.memory_below
        assert size is not None
        assert size >= RULES.terms.disk_below
    if one.outcome == "keep":
        assert one.supported_until is not None
        assert one.supported_until > RULES.today


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz", "supported"),
        ("Intel(R) Core(TM) i7-7700 CPU @ 3.60GHz", "too_old"),
        ("Intel(R) Core(TM) i7-7820HQ CPU @ 2.90GHz", "supported"),
        ("Intel(R) Core(TM) i5-4590 CPU @ 3.30GHz", "too_old"),
        ("Intel(R) Core(TM) i5-1035G1 CPU @ 1.00GHz", "supported"),
        ("Intel(R) Core(TM) i7-10710U CPU @ 1.10GHz", "supported"),
        ("Intel(R) Core(TM) i5-10400 CPU @ 2.90GHz", "supported"),
        ("11th Gen Intel(R) Core(TM) i5-1135G7 @ 2.40GHz", "supported"),
        ("12th Gen Intel(R) Core(TM) i5-1235U", "supported"),
        ("13th Gen Intel(R) Core(TM) i7-13700", "supported"),
        ("Intel(R) Core(TM) Ultra 5 125U", "supported"),
        ("Intel(R) Core(TM) i5 CPU       M 520  @ 2.40GHz", "too_old"),
        ("Intel(R) Core(TM) i3-530 CPU @ 2.93GHz", "too_old"),
        ("Intel(R) Core(TM) i5 CPU         650  @ 3.20GHz", "too_old"),
        ("Intel(R) Core(TM)2 Duo CPU     E8400  @ 3.00GHz", "too_old"),
        ("Intel(R) Core(TM)2 Quad CPU    Q6600  @ 2.40GHz", "too_old"),
        ("Intel(R) Pentium(R) 4 CPU 3.00GHz", "too_old"),
        ("Intel(R) Pentium(R) Dual  CPU  E2180  @ 2.00GHz", "too_old"),
        ("Intel(R) Celeron(R) CPU  J3060  @ 1.60GHz", "too_old"),
        ("Intel(R) Celeron(R) N4020 CPU @ 1.10GHz", "supported"),
        ("Intel(R) Pentium(R) CPU N4200 @ 1.10GHz", "too_old"),
        ("Intel(R) Pentium(R) Silver N5000 CPU @ 1.10GHz", "supported"),
        ("Intel(R) Pentium(R) CPU G4560 @ 3.50GHz", "too_old"),
        ("Intel(R) Pentium(R) Gold G5400 CPU @ 3.70GHz", "supported"),
        ("Intel(R) N100", "supported"),
        ("Intel(R) Core(TM) i3-N305", "supported"),
        ("Intel(R) Atom(TM) CPU N270   @ 1.60GHz", "too_old"),
        ("AMD Ryzen 5 2600 Six-Core Processor", "supported"),
        ("AMD Ryzen 5 1600 Six-Core Processor", "too_old"),
        ("AMD Ryzen 5 2400G with Radeon Vega Graphics", "too_old"),
        ("AMD Ryzen 7 PRO 5850U with Radeon Graphics", "supported"),
        ("AMD Athlon(tm) II X2 250 Processor", "too_old"),
        ("AMD Athlon Silver 3050U with Radeon Graphics", "supported"),
        ("AMD Athlon Gold 7220U with Radeon Graphics", "supported"),
        ("AMD Athlon 300U with Radeon Vega Mobile Gfx", "supported"),
        ("AMD Athlon 200GE with Radeon Vega Graphics", "too_old"),
        ("AMD Athlon(tm) 7850 Dual-Core Processor", "too_old"),
        ("AMD A8-7600 Radeon R7, 10 Compute Cores 4C+6G", "too_old"),
        ("AMD FX(tm)-6300 Six-Core Processor", "too_old"),
        ("QEMU Virtual CPU version 2.5+", "unknown"),
        ("Snapdragon(R) X Elite", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_processor_is_judged_by_its_name(name: str, verdict: str) -> None:
    assert judge_processor(name, RULES.processors) == verdict, plain_name(name)
