"""A second converge changes nothing."""

from __future__ import annotations

import re

import yaml

from tests.compliance.conftest import LANES, side_by_side
from tests.conftest import ROOT


def test_the_lanes_are_what_site_yml_holds() -> None:
    plays = yaml.safe_load((ROOT / "playbooks" / "site.yml").read_text(encoding="utf-8"))
    named = [name for group in LANES for lane in group for name in lane]
    assert sorted(named) == sorted(play["ansible.builtin.import_playbook"].removesuffix(".yml") for play in plays)


def test_a_second_converge_changes_nothing() -> None:
    printed = "\n".join(side_by_side())
    recaps = re.findall(r"^(\S+)\s+: ok=\d+\s+changed=(\d+)", printed, re.MULTILINE)
    assert recaps
    assert [(host, count) for host, count in recaps if count != "0"] == [], re.findall(
        r"^(TASK \[[^\n]*)\n(?:(?!TASK|changed:)[^\n]*\n)*changed: ", printed, re.MULTILINE
    )
