#!/usr/bin/python
"""Read the state in force of a Linux host in one call."""

DOCUMENTATION = r"""
module: linux_host_info
short_description: Read the state in force of a Linux host
description:
  - Reads in one call what the controls of Linux hosts decide on, as the running system has it.
  - Changes nothing. A fact that cannot be read is left out and its reason is returned.
options: {}
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read the state of the host
  linux_host_info:
  register: host
"""

RETURN = r"""
linux_host:
  description: What was read, by the name of the fact.
  returned: always
  type: dict
  sample: {"sshd": {"permit_empty_passwords": false}}
failures:
  description: Why a fact is missing, by its name.
  returned: always
  type: dict
  sample: {"clock": "chronyc failed: 506 Cannot talk to daemon"}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.gather import gather


def main() -> None:
    """Gather and return."""
    module = AnsibleModule(argument_spec={}, supports_check_mode=True)
    facts, failures = gather()
    module.exit_json(
        changed=False, linux_host=facts, failures={f"linux_host.{name}": why for name, why in failures.items()}
    )


if __name__ == "__main__":
    main()
