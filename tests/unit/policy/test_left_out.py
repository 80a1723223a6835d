"""What a lab cannot have is left out of its audit with a reason, in the open: neither green nor red."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import pytest
from ansible.module_utils.policy.judge import judge
from ansible.module_utils.policy.model import Policies, load_policies

from tests.conftest import ROOT
from tests.unit.policy import samples_evidence as samples

REASON = "des conteneurs, sans disques à eux"


@pytest.fixture(scope="module")
def policies() -> Policies:
    return load_policies(ROOT, "autoconcept")


def test_what_is_left_out_is_neither_green_nor_red_and_says_why(policies: Policies) -> None:
    run = samples.run()
    run["groups_of"]["fs1"] = [group for group in run["groups_of"]["fs1"] if group != "mirrored_servers"]
    run["left_out"] = {"fs1": {"mirrored_servers": REASON}}
    found = {each["control"]: each for each in judge(policies, run, samples.evidence(), date(2026, 11, 21))}
    assert (found["mirror_members"]["verdict"], found["mirror_members"]["reason"]) == (
        "not_applicable",
        f"Laissé de côté : {REASON}.",
    )
    assert found["share_encryption"]["verdict"] == "pass"


def test_another_host_of_the_kind_is_judged_all_the_same(policies: Policies) -> None:
    run = samples.run() | {"left_out": {"fs9": {"mirrored_servers": REASON}}}
    found = {each["control"]: each for each in judge(policies, run, samples.evidence(), date(2026, 11, 21))}
    assert (found["mirror_members"]["host"], found["mirror_members"]["verdict"]) == ("fs1", "pass")


def test_a_group_that_is_left_out_is_taken_from_the_host_that_says_so_only() -> None:
    spec = importlib.util.spec_from_file_location("evidence_run", Path(ROOT, "library", "evidence_run.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    groups = {"fs1": ["file_servers", "mirrored_servers"], "fs2": ["mirrored_servers"]}
    assert module.measured(groups, {"fs1": {"mirrored_servers": REASON}}) == {
        "fs1": ["file_servers"],
        "fs2": ["mirrored_servers"],
    }
