#!/usr/bin/python
"""Try what passes between the zones of a site, from hosts that stand in them."""

DOCUMENTATION = r"""
module: flow_probe_info
short_description: Try every pair of zones and every service of the flow matrix
description:
  - Runs on the controller. Opens a shell on each host of O(hosts), listens there on the ports of every service of the
    matrix and of O(samples), tries them all from the hosts of every other zone, and goes away; nothing stays on a host.
  - A port that a service of the host has taken is left to it, and the service answers in its place; a datagram that it
    leaves unanswered is heard beside it.
  - What is refused must have been seen to arrive at the firewall when a host of the zone C(gateway) is given.
  - A pair of zones without hosts is not tried, and said to be; but a zone that is C(dialled), in which hosts come and go,
    is left to whoever tries the dialling.
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
  hosts:
    description: The hosts that the probe may use.
    type: list
    elements: dict
    required: true
    suboptions:
      zone:
        description: The zone that the host stands in; C(gateway) for the firewall itself.
        type: str
        required: true
      name:
        description: Name of the host in the inventory.
        type: str
        required: true
      address:
        description: The host's address in its zone, by which ssh reaches it too.
        type: str
        required: true
  samples:
    description: Ports that no service of the matrix names, such as tcp/4444; nothing is to pass there.
    type: list
    elements: str
    default: []
  ssh_arguments:
    description: What ssh needs to reach the hosts, split into words as a shell does.
    type: str
    default: ""
  ssh_user:
    description: Who to be on the hosts; it must be root to listen on every port.
    type: str
    default: root
author:
  - Garant
attributes:
  check_mode:
    description: Leaves the hosts as they were, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Try the flow matrix
  flow_probe_info:
    zones: "{{ site_zones }}"
    services: "{{ site_services }}"
    flows: "{{ site_flows }}"
    hosts:
      - {zone: users, name: ws1, address: 10.0.1.10}
      - {zone: servers, name: srv1, address: 10.0.2.10}
      - {zone: gateway, name: gw1, address: 10.0.1.254}
    samples: [tcp/23, udp/161]
  delegate_to: localhost
  register: read_flow_probe
"""

RETURN = r"""
flow_probe:
  description: What was tried; passed is null for what was not.
  returned: success
  type: dict
  sample:
    attempts:
      - source_zone: users
        source: ws1
        destination_zone: servers
        destination: srv1
        service: files
        protocol: tcp
        port: 445
        expected: true
        passed: true
        control: null
        detail: answered
    duration: 6.2
    watched: true
"""

import shlex

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.firewall.model import MatrixError
from ansible.module_utils.firewall.probe import run_probe
from ansible.module_utils.firewall.probe_agent import Host, ProbeError
from ansible.module_utils.firewall.reading import load_matrix, parse_samples

_SSH = ("ssh", "-T", "-o", "BatchMode=yes", "-o", "ConnectTimeout=10", "-o", "ControlPath=none")


def main() -> None:
    """Arguments, probe, exit."""
    host = {name: {"type": "str", "required": True} for name in ("zone", "name", "address")}
    module = AnsibleModule(
        argument_spec={
            "zones": {"type": "dict", "required": True},
            "services": {"type": "dict", "required": True},
            "flows": {"type": "list", "elements": "dict", "required": True},
            "hosts": {"type": "list", "elements": "dict", "required": True, "options": host},
            "samples": {"type": "list", "elements": "str", "default": []},
            "ssh_arguments": {"type": "str", "default": ""},
            "ssh_user": {"type": "str", "default": "root"},
        },
        supports_check_mode=True,
    )
    given = module.params
    ssh = (*_SSH, *shlex.split(given["ssh_arguments"]), "-l", given["ssh_user"])
    hosts = [Host(each["zone"], each["name"], each["address"], (*ssh, each["address"])) for each in given["hosts"]]
    try:
        facts = run_probe(load_matrix(given), hosts, parse_samples(given["samples"]))
    except (MatrixError, ProbeError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, flow_probe=facts)


if __name__ == "__main__":
    main()
