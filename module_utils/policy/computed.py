"""Observations that are worked out from several facts.

Each function takes the facts of one host and returns what was observed: a number, or the list of what offends
(one short line each). It reads facts with [] only, so that a missing one raises MissingFact.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.module_utils.policy.computed_administrators import ADMINISTRATOR_OBSERVERS
from ansible.module_utils.policy.computed_antivirus import ANTIVIRUS_OBSERVERS
from ansible.module_utils.policy.computed_backup import BACKUP_OBSERVERS
from ansible.module_utils.policy.computed_backup_repository import BACKUP_REPOSITORY_OBSERVERS
from ansible.module_utils.policy.computed_directory import DIRECTORY_OBSERVERS
from ansible.module_utils.policy.computed_dns import DNS_OBSERVERS
from ansible.module_utils.policy.computed_firewall import FIREWALL_OBSERVERS
from ansible.module_utils.policy.computed_group_policy import GROUP_POLICY_OBSERVERS
from ansible.module_utils.policy.computed_logs import LOG_OBSERVERS
from ansible.module_utils.policy.computed_passwords import PASSWORD_OBSERVERS
from ansible.module_utils.policy.computed_raid import RAID_OBSERVERS
from ansible.module_utils.policy.computed_restore import RESTORE_OBSERVERS
from ansible.module_utils.policy.computed_resultant_policy import RESULTANT_POLICY_OBSERVERS
from ansible.module_utils.policy.computed_share_safety import SHARE_SAFETY_OBSERVERS
from ansible.module_utils.policy.computed_shares import SHARE_OBSERVERS
from ansible.module_utils.policy.computed_user_data import USER_DATA_OBSERVERS
from ansible.module_utils.policy.computed_vpn import VPN_OBSERVERS
from ansible.module_utils.policy.computed_web import WEB_OBSERVERS
from ansible.module_utils.policy.computed_web_filter import WEB_FILTER_OBSERVERS
from ansible.module_utils.policy.computed_workstations import WORKSTATION_OBSERVERS
from ansible.module_utils.policy.facts import Facts

Observer = Callable[[Facts], Any]
OBSERVERS: dict[str, Observer] = {
    **DIRECTORY_OBSERVERS,
    **ADMINISTRATOR_OBSERVERS,
    **PASSWORD_OBSERVERS,
    **WORKSTATION_OBSERVERS,
    **ANTIVIRUS_OBSERVERS,
    **GROUP_POLICY_OBSERVERS,
    **RESULTANT_POLICY_OBSERVERS,
    **SHARE_OBSERVERS,
    **SHARE_SAFETY_OBSERVERS,
    **FIREWALL_OBSERVERS,
    **WEB_FILTER_OBSERVERS,
    **WEB_OBSERVERS,
    **VPN_OBSERVERS,
    **LOG_OBSERVERS,
    **DNS_OBSERVERS,
    **BACKUP_OBSERVERS,
    **BACKUP_REPOSITORY_OBSERVERS,
    **RESTORE_OBSERVERS,
    **RAID_OBSERVERS,
    **USER_DATA_OBSERVERS,
}
