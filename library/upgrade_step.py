#!/usr/bin/python
"""Ask whether a step of a workstation's renewal may be taken, and note how it ended."""

DOCUMENTATION = r"""
module: upgrade_step
short_description: Ask whether a step of a workstation's renewal may be taken, and note how it ended
description:
  - Runs on the controller. C(begin) notes a step before it is taken, when it is the machine's next one, when its wave has not
    stopped and, if it takes the machine away from its user, within the hours of its turn.
  - An installation that was begun and cut off is never begun again. RV(upgrade_step.look) asks to look at the machine, and
    O(event=look) decides from what was seen.
options:
  state_dir:
    description: Folder of the campaign, as M(upgrade_campaign) made it.
    type: path
    required: true
  terms:
    description: What the client decided.
    type: dict
    required: true
  host:
    description: The machine.
    type: str
    required: true
  step:
    description: The step.
    type: str
    choices: [notice, backup, backup_check, preflight, scan, install, by_hand, verify, roll_back]
    required: true
  event:
    description: What happens to the step.
    type: str
    choices: [begin, finish, fail, look]
    required: true
  now:
    description: The time of the site's clocks, as C(2026-12-01T08:30); absent for that of the controller in O(timezone).
    type: str
  timezone:
    description: Time zone of the site.
    type: str
    default: UTC
  forced:
    description: Machines that may be disturbed outside their hours, by name.
    type: list
    elements: str
    default: []
  reason:
    description: Why it failed, in a word that no language changes.
    type: str
  answers:
    description: With O(event=look), whether the machine answers.
    type: bool
    default: true
  build:
    description: With O(event=look), the build that the registry tells.
    type: int
  installed_at:
    description: With O(event=look), when the Windows that answers was installed, in seconds since 1970; it tells a machine that
      a technician has put in place from the one that was there.
    type: int
  exit_code:
    description: Exit code of setup, or what the task scheduler says in its place; absent when setup was never started.
    type: int
author:
  - Garant
attributes:
  check_mode:
    description: Says whether a step may be taken, and notes nothing.
    support: full
"""

EXAMPLES = r"""
- name: Ask whether the machine may be upgraded now
  upgrade_step:
    state_dir: var/upgrades/example
    terms: "{{ upgrade }}"
    host: pc-12
    step: install
    event: begin
    now: "2026-12-01T08:30"
  delegate_to: localhost
  register: asked
"""

RETURN = r"""
upgrade_step:
  description: V(go) whether the step is to be taken, V(look) whether to look first, V(why); and what is known of the machine.
  returned: success
  type: dict
  sample: {go: false, look: false, why: outside_the_hours_agreed, host: pc-12, action: upgrade, status: active, step: install}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_module import take_step

STEPS = ["notice", "backup", "backup_check", "preflight", "scan", "install", "by_hand", "verify", "roll_back"]
ARGUMENTS = {
    "state_dir": {"type": "path", "required": True},
    "terms": {"type": "dict", "required": True},
    "host": {"type": "str", "required": True},
    "step": {"type": "str", "choices": STEPS, "required": True},
    "event": {"type": "str", "choices": ["begin", "finish", "fail", "look"], "required": True},
    "now": {"type": "str"},
    "timezone": {"type": "str", "default": "UTC"},
    "forced": {"type": "list", "elements": "str", "default": []},
    "reason": {"type": "str"},
    "answers": {"type": "bool", "default": True},
    "build": {"type": "int"},
    "installed_at": {"type": "int"},
    "exit_code": {"type": "int"},
}


def main() -> None:
    """Ask or note, and return."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        changed, answer = take_step(module.params, write=not module.check_mode)
    except (UpgradeError, OSError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=changed, upgrade_step=answer)


if __name__ == "__main__":
    main()
