#!/usr/bin/python
"""Plan the renewal of workstations once, and give another turn to who needs one."""

DOCUMENTATION = r"""
module: upgrade_campaign
short_description: Plan the renewal of workstations once, and give another turn to who needs one
description:
  - Keeps the plan on the controller, so that a campaign that is cut off goes on where it was. A machine that is in the plan
    stays in it until its renewal is over.
  - A machine whose user postponed, or whose hours passed before anything was touched, has a later turn. One that failed has
    one when it is named in O(retry). One that was off when the campaign was planned has its turn once it is read.
extends_documentation_fragment:
  - upgrade_rules
options:
  state_dir:
    description: Folder of the campaign.
    type: path
    required: true
  now:
    description: The time of the site's clocks, as C(2026-12-01T08:30); absent for that of the controller in O(timezone).
    type: str
  timezone:
    description: Time zone of the site.
    type: str
    default: UTC
  excused:
    description: Machines whose failure somebody has looked at, so that it stops no wave any more.
    type: list
    elements: str
    default: []
  retry:
    description: Machines that failed and were mended.
    type: list
    elements: str
    default: []
  forced:
    description: Machines that may be disturbed outside their hours, by name; they count for V(due) alone.
    type: list
    elements: str
    default: []
  postponed:
    description: Machines whose users asked for another day, with the day of the turn that does not suit. Saying it again of a
      turn that has moved since changes nothing.
    type: dict
    default: {}
author:
  - Garant
attributes:
  check_mode:
    description: Says what would change, and keeps nothing.
    support: full
"""

EXAMPLES = r"""
- name: Plan the campaign
  upgrade_campaign:
    workstations: "{{ park.workstations }}"
    machines: "{{ site_workstations }}"
    lifecycle: "{{ lifecycle }}"
    processors: "{{ processors }}"
    terms: "{{ upgrade }}"
    today: "2026-11-30"
    state_dir: var/upgrades/example
    now: "2026-11-30T09:00"
  delegate_to: localhost
"""

RETURN = r"""
upgrade_campaign:
  description: V(machines) with their turns and how far they are, V(left_out) who has none and why, V(due) for whom
    something may be done now.
  returned: success
  type: dict
  sample:
    machines: [{host: pc-12, action: replace, wave: 1, status: waiting, step: notice, begins: "2026-12-01T08:00"}]
    left_out: {}
    due: [pc-12]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_module import bring_campaign
from ansible.module_utils.windows.upgrade_park import RULE_OPTIONS

ARGUMENTS = {
    **RULE_OPTIONS,
    "state_dir": {"type": "path", "required": True},
    "now": {"type": "str"},
    "timezone": {"type": "str", "default": "UTC"},
    "excused": {"type": "list", "elements": "str", "default": []},
    "retry": {"type": "list", "elements": "str", "default": []},
    "forced": {"type": "list", "elements": "str", "default": []},
    "postponed": {"type": "dict", "default": {}},
}


def main() -> None:
    """Plan, or say what would be planned."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        changed, campaign = bring_campaign(module.params, write=not module.check_mode)
    except (UpgradeError, OSError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=changed, upgrade_campaign=campaign)


if __name__ == "__main__":
    main()
