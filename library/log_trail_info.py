#!/usr/bin/python
"""Look on the log server for what the trial of the logs sent, and at what reading leaves behind."""

DOCUMENTATION = r"""
module: log_trail_info
short_description: Look on the log server for what the trial of the logs sent
description:
  - Runs on the log server as root, after M(log_info) on every host that sends. Searches with the command that people
    use, and looks whether the search was written down; tries what an account without rights could read.
  - No line of a log is returned, only that lines of the trial arrived, where and when.
options:
  marker:
    description:
      - The word that is in all lines of this trial; each host adds a hyphen and its name.
    type: str
    required: true
  senders:
    description:
      - Hosts that wrote a line, each with C(host), and C(at), the time, and C(last_lines) as M(log_info) gives them.
    type: list
    elements: dict
    required: true
  reason:
    description:
      - Why it is searched, as it is to stand in the journal of searches.
    type: str
    required: true
  readers:
    description:
      - Accounts that may search.
    type: list
    elements: str
    default: []
  patience_seconds:
    description:
      - How long lines may take.
    type: int
    default: 60
author:
  - Garant
attributes:
  check_mode:
    description: Searches in check mode too; each search is written down.
    support: full
"""

EXAMPLES = r"""
- name: Look for what the hosts sent
  log_trail_info:
    marker: trial-4f2a
    senders: [{host: gw1, at: 1795255963.2}]
    reason: contrôle périodique de la conformité
  register: read_log_trail
"""

RETURN = r"""
log_trail:
  description: What arrived, what did not, what should not have, and the traces of the search.
  returned: success
  type: dict
  sample:
    arrivals: [{host: gw1, folder: gw1, seconds: 0.2}]
    missing: []
    strangers: []
    misfiled: []
    reading: {written_down: true, journal_whole: true, journal_closed: true, without_reason: false, by_nobody: false}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.log_state import LogError
from ansible.module_utils.linux.log_trail import trail


def main() -> None:
    """Search, return."""
    module = AnsibleModule(
        argument_spec={
            "marker": {"type": "str", "required": True},
            "senders": {"type": "list", "elements": "dict", "required": True},
            "reason": {"type": "str", "required": True},
            "readers": {"type": "list", "elements": "str", "default": []},
            "patience_seconds": {"type": "int", "default": 60},
        },
        supports_check_mode=True,
    )
    given = module.params
    try:
        found = trail(given["marker"], given["senders"], given["reason"], given["readers"], given["patience_seconds"])
    except (LogError, OSError, ValueError) as error:
        module.fail_json(msg=f"the log server cannot be searched: {error}")
    module.exit_json(changed=False, log_trail=found)


if __name__ == "__main__":
    main()
