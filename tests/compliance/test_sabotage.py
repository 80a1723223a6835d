"""Each live control has been seen failing: broken on purpose, seen red and nothing else with it, healed, seen green.

Sabotages of one batch do not touch each other: all are broken, one audit, one converge of the hosts concerned. The audit of
the next batch looks at these hosts once more and sees whether they were healed; that of test_windows.py sees it of the last.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from ansible.module_utils.policy.model import load_policies

from tests.compliance.conftest import REHEARSED, Verdicts, connect, hosts_of, red, resolved, timed
from tests.compliance.sabotages import SABOTAGES as SITE_SABOTAGES
from tests.compliance.sabotages import Sabotage, fill_in
from tests.compliance.sabotages_antivirus import ANTIVIRUS_SABOTAGES
from tests.compliance.sabotages_backup import BACKUP_SABOTAGES
from tests.compliance.sabotages_backup_repository import BACKUP_REPOSITORY_SABOTAGES
from tests.compliance.sabotages_dns import DNS_SABOTAGES
from tests.compliance.sabotages_firewall import FIREWALL_SABOTAGES
from tests.compliance.sabotages_group_policy import GROUP_POLICY_SABOTAGES
from tests.compliance.sabotages_logs import LOG_SABOTAGES
from tests.compliance.sabotages_restore import RESTORE_SABOTAGES
from tests.compliance.sabotages_share_safety import SHARE_SAFETY_SABOTAGES
from tests.compliance.sabotages_shares import SHARE_SABOTAGES
from tests.compliance.sabotages_user_data import USER_DATA_SABOTAGES
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
    *ANTIVIRUS_SABOTAGES,
    *SHARE_SAFETY_SABOTAGES,
    *BACKUP_SABOTAGES,
    *RESTORE_SABOTAGES,
    *FIREWALL_SABOTAGES,
    *DNS_SABOTAGES,
    *LOG_SABOTAGES,
    *BACKUP_REPOSITORY_SABOTAGES,
    *VPN_SABOTAGES,
    *USER_DATA_SABOTAGES,
    *WEB_SABOTAGES,
    *WEB_FILTER_SABOTAGES,
)
CONTROLS = load_policies(ROOT, CLIENT).controls
#: Not broken here, and where each of them is seen red.
ELSEWHERE = {
    **dict.fromkeys(
        (
            "mirror_layout", "mirror_members", "mirror_holds_data", "mirror_alert",
            "mirror_scrub_age", "mirror_scrub_clean", "mirror_is_no_copy", "disk_health",
        ),
        "make lab-disks, on disks that are the machine's own; what it does not break there, tests/unit/raid does",
    ),
    **dict.fromkeys(
        (name for name, control in CONTROLS.items() if control.topic == "windows_workstations"),
        "test_windows.py, through a policy; each by itself on a simulated machine: tests/unit/policy/test_windows_chain.py",
    ),
    **dict.fromkeys(REHEARSED, "make lab-disaster, where the rehearsal is made"),
    "backup_keeper_disks": "tests/unit/backup_repository: a container has no mirror",
    "backup_room": "tests/unit/backup_repository: the disk is this computer's",
    "backup_directory": "tests/unit/backup: the program clears the folder before it saves the directory",
    "backup_growth": "tests/unit/backup: what a backup held stays in the repository for a week, whatever a converge does",
    "backup_shares_places": "tests/unit/backup: a repository that is another one is accepted again by a person only",
    "backup_unreadable": "tests/unit/backup; what lies in clear on the keeper is broken here, as backup_encryption",
}  # fmt: skip
#: In their order. Those of the directory and its shares alone come first, as theirs are the few hosts that the others break too.
BATCHES = (3, 4, 1, 2)
#: The playbooks that heal a batch, when it does not take the whole of site.yml.
OF_DIRECTORY = ("domain", "file_servers", "leaver_data", "workstations")
HEALED_BY = {3: OF_DIRECTORY, 4: OF_DIRECTORY}


def seen_on(control: str, broken: str) -> str:
    """The host that a control turns red on: the one that is broken, or the first, when it is judged on others."""
    judged = hosts_of(CONTROLS[control].definition["applies_to"])
    return broken if broken in judged else judged[0]


def break_it(sabotage: Sabotage, people: list[dict[str, str]]) -> None:
    host = connect(hosts_of(sabotage.group)[0])
    done = host.run(fill_in(sabotage.command, people, resolved("site_probe_account")))
    assert done.rc == 0, f"{sabotage.name}: the sabotage itself failed: {done.stdout}{done.stderr}"


def touched_by(batch: int) -> set[str]:
    """The hosts that a batch breaks, or that turn red for it."""
    broken = [(hosts_of(each.group)[0], each.red) for each in SABOTAGES if each.batch == batch]
    return {host for host, _ in broken} | {seen_on(control, host) for host, red in broken for control in red}


@pytest.mark.parametrize("batch", BATCHES)
def test_what_is_broken_is_seen_and_nothing_else(
    batch: int, audit: Callable[..., Verdicts], heal: Callable[..., None], evidence: dict[str, Any]
) -> None:
    """What the batch before broke, or an interrupted run, must be green again, or it is red here without reason."""
    people = evidence[hosts_of("domain_controllers")[0]]["directory"]["people"]
    sabotages = [each for each in SABOTAGES if each.batch == batch]
    expected = {(control, seen_on(control, hosts_of(each.group)[0])) for each in sabotages for control in each.red}
    before = BATCHES[: BATCHES.index(batch)]
    looked_at = touched_by(batch).union(*map(touched_by, before[-1:]))
    with timed(f"break {len(sabotages)} things"):
        for sabotage in sabotages:
            break_it(sabotage, people)
    seen = {(control, host) for control, host in red(audit(*sorted(looked_at))) if host in looked_at}
    heal(touched_by(batch), HEALED_BY.get(batch, ()))
    assert (seen - expected, expected - seen) == (set(), set()), (
        "turned red without reason, stayed green although broken"
    )


def test_every_batch_is_broken() -> None:
    assert {each.batch for each in SABOTAGES} == set(BATCHES)


def test_every_live_control_has_its_sabotage() -> None:
    proven = {control for each in SABOTAGES for control in each.red}
    assert set(CONTROLS) - proven == set(ELSEWHERE)
