#!/usr/bin/python
"""Read what the resolver of this host does as it runs."""

DOCUMENTATION = r"""
module: dns_resolver_info
short_description: Read what the resolver of this host does as it runs
description:
  - Asks unbound itself what it goes by, whatever its files say.
options:
  clients:
    description:
      - Addresses or networks that are meant to be answered.
    type: list
    elements: str
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read the resolver
  dns_resolver_info:
    clients: [10.0.1.10]
  register: resolver
"""

RETURN = r"""
dns_resolver:
  description: The resolver as it runs; V(traces) is what makes it write down what is looked up.
  returned: success
  type: dict
  sample:
    clients: [10.0.1.10]
    undeclared_clients: []
    forwarders: [192.0.2.53]
    validates: true
    private_networks: [10.0.0.0/8]
    traces: []
    refused: [dns.google]
"""

from subprocess import SubprocessError

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.dns_resolver import read_resolver


def main() -> None:
    """Read and return."""
    module = AnsibleModule(
        argument_spec={"clients": {"type": "list", "elements": "str", "required": True}}, supports_check_mode=True
    )
    try:
        facts = read_resolver(module.params["clients"])
    except (OSError, ValueError, IndexError, SubprocessError) as error:
        module.fail_json(msg=f"unbound does not say what it goes by: {error}; see that unbound.service runs")
    module.exit_json(changed=False, dns_resolver=facts)


if __name__ == "__main__":
    main()
