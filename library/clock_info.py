#!/usr/bin/python
"""Compare the clock of this host with others."""

DOCUMENTATION = r"""
module: clock_info
short_description: Compare the clock of this host with others
description:
  - Reads what chrony says of its source, and asks servers for the time over the network, so that a clock that follows a
    wrong source is seen too. No clock is touched.
  - Run on two hosts with the same server, it tells how far they are from each other.
options:
  servers:
    description:
      - Servers that tell the time.
    type: list
    elements: str
    required: true
  tracking:
    description:
      - Whether chrony of this host is asked.
    type: bool
    default: true
  wait_seconds:
    description:
      - How long an answer is waited for.
    type: float
    default: 2
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Compare the clock with the domain's
  clock_info:
    servers: [10.0.1.10]
  register: clock
"""

RETURN = r"""
clock:
  description: Seconds that each server is ahead, and what chrony says; V(tracking) is null when it was not asked.
  returned: success
  type: dict
  sample:
    tracking: {source: 10.0.1.10, synchronised: true, offset_seconds: 0.001}
    against: [{server: 10.0.1.10, ahead_seconds: 0.002, round_trip_seconds: 0.0004}]
"""

from subprocess import SubprocessError

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.clock import ClockError, compare_all
from ansible.module_utils.linux.gather import clock


def main() -> None:
    """Read, compare, exit."""
    module = AnsibleModule(
        argument_spec={
            "servers": {"type": "list", "elements": "str", "required": True},
            "tracking": {"type": "bool", "default": True},
            "wait_seconds": {"type": "float", "default": 2},
        },
        supports_check_mode=True,
    )
    given = module.params
    try:
        tracking = clock() if given["tracking"] else None
        against = compare_all(given["servers"], given["wait_seconds"])
    except (ClockError, OSError, ValueError, IndexError, SubprocessError) as error:
        module.fail_json(msg=f"the clock cannot be compared: {error}")
    module.exit_json(changed=False, clock={"tracking": tracking, "against": against})


if __name__ == "__main__":
    main()
