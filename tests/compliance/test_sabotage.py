"""Each live control has been seen failing: broken on purpose, seen red and nothing else with it, healed, seen green.

Sabotages of one batch do not touch each other: all are broken, one audit, one converge, one audit.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.model import load_policies

from tests.compliance.conftest import Verdicts, connect, hosts_of, resolved
from tests.compliance.sabotages import SABOTAGES as SITE_SABOTAGES
from tests.compliance.sabotages import Sabotage, fill_in
from tests.compliance.sabotages_dns import DNS_SABOTAGES
from tests.compliance.sabotages_firewall import FIREWALL_SABOTAGES
from tests.compliance.sabotages_group_policy import GROUP_POLICY_SABOTAGES
from tests.compliance.sabotages_logs import LOG_SABOTAGES
from tests.compliance.sabotages_shares import SHARE_SABOTAGES
from tests.compliance.sabotages_vpn import VPN_SABOTAGES
from tests.compliance.sabotages_web import WEB_SABOTAGES
from tests.compliance.sabotages_web_filter import WEB_FILTER_SABOTAGES
from tests.compliance.test_site import CLIENT
from tests.conftest import ROOT

pytestmark = pytest.mark.disruptive
SABOTAGES = (
    *SITE_SABOTAGES,
    *GROUP_POLICY_SABOTAGES,
    *SHARE_SABOTAGES,
    *FIREWALL_SABOTAGES,
    *DNS_SABOTAGES,
    *LOG_SABOTAGES,
    *VPN_SABOTAGES,
    *WEB_SABOTAGES,
    *WEB_FILTER_SABOTAGES,
)
CONTROLS = load_policies(ROOT, CLIENT).controls
BATCHES = sorted({each.batch for each in SABOTAGES})


def red(verdicts: Verdicts) -> set[tuple[str, str]]:
    return {key for key, verdict in verdicts.items() if verdict["verdict"] in ("fail", "not_evaluated")}


def seen_on(control: str) -> str:
    """The host that a control is judged on; what turns it red may be broken on another."""
    return hosts_of(CONTROLS[control].definition["applies_to"])[0]


def break_it(sabotage: Sabotage, people: list[dict[str, str]]) -> None:
    host = connect(hosts_of(sabotage.group)[0])
    done = host.run(fill_in(sabotage.command, people, resolved("site_probe_account")))
    assert done.rc == 0, f"{sabotage.name}: the sabotage itself failed: {done.stdout}{done.stderr}"


@pytest.fixture(scope="module")
def last_seen() -> list[set[tuple[str, str]]]:
    return []


@pytest.mark.parametrize("batch", BATCHES)
def test_what_is_broken_is_seen_and_healed(
    batch: int,
    audit: Callable[[], Verdicts],
    converge: Callable[..., str],
    evidence: dict[str, Any],
    last_seen: list[set[tuple[str, str]]],
) -> None:
    people = evidence[hosts_of("domain_controllers")[0]]["directory"]["people"]
    sabotages = [each for each in SABOTAGES if each.batch == batch]
    expected = {(control, seen_on(control)) for each in sabotages for control in each.red}
    # What the batch before has left is what this one finds.
    before = last_seen.pop() if last_seen else red(audit())
    if before:  # an earlier run may have been interrupted between breaking and healing
        converge()
        before = red(audit())
    assert before == set(), "the site is not green before anything is broken"
    for sabotage in sabotages:
        break_it(sabotage, people)
    seen = red(audit())
    converge()
    after = red(audit())
    last_seen.append(after)
    assert (seen - expected, expected - seen) == (set(), set()), (
        "turned red without reason, stayed green although broken"
    )
    assert after == set(), "not healed by the converge"


def test_every_live_control_has_its_sabotage() -> None:
    proven = {control for each in SABOTAGES for control in each.red}
    assert set(CONTROLS) - proven == set()
