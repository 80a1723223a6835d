#!/usr/bin/python
"""Read the ruleset in force on a firewall and hold it against the flow matrix."""

DOCUMENTATION = r"""
module: firewall_info
short_description: Read the ruleset in force and hold it against the flow matrix
description:
  - Asks the kernel, not a file, what it lets through, and works out every packet that may open a connection.
  - What passes and is not in the matrix, and what is in the matrix and does not pass, are told one by one.
options:
  zones:
    description: The zones of the flow matrix.
    type: dict
    required: true
  services:
    description: The services of the flow matrix.
    type: dict
    required: true
  flows:
    description: The flows of the flow matrix.
    type: list
    elements: dict
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read the firewall
  firewall_info:
    zones: "{{ site_zones }}"
    services: "{{ site_services }}"
    flows: "{{ site_flows }}"
  register: read_firewall
"""

RETURN = r"""
firewall:
  description: What the kernel does with packets.
  returned: success
  type: dict
  sample:
    zones: [{name: users, kind: inside}]
    policies: {input: drop, forward: drop, output: drop}
    flows:
      - {source_zone: users, destination_zone: servers, source: any, destination: any, service: tcp/445}
    differences: []
    forged: [{zone: users, passes: false}]
    way_back: true
    ipv6: []
    logs: [{chain: input, per_second: 5.0}]
    silent: []
    counters: [{chain: refuse_input, packets: 12}]
    boot: {enabled: true, loads_the_same: true}
    kernel: {forwards_ipv4: true, forwards_ipv6: false}
    log_daemon: true
    pending: false
failures:
  description: Why a fact is missing, by its name.
  returned: success
  type: dict
  sample: {}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.firewall.apply import FirewallError
from ansible.module_utils.firewall.info import read_firewall
from ansible.module_utils.firewall.model import MatrixError
from ansible.module_utils.firewall.reading import load_matrix


def main() -> None:
    """Arguments, read, exit."""
    module = AnsibleModule(
        argument_spec={
            "zones": {"type": "dict", "required": True},
            "services": {"type": "dict", "required": True},
            "flows": {"type": "list", "elements": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    try:
        facts, failures = read_firewall(load_matrix(module.params))
    except (FirewallError, MatrixError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, firewall=facts, failures=failures)


if __name__ == "__main__":
    main()
