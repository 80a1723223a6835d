#!/usr/bin/python
"""Read the second factors that the controller keeps."""

DOCUMENTATION = r"""
module: vpn_secrets_info
short_description: Read the second factors that the controller keeps
description:
  - Reads what M(vpn_profiles) made, for the host that checks codes. Run it with C(no_log).
options:
  directory:
    description: The folder of M(vpn_profiles).
    type: path
    required: true
  kind:
    description: V(people) who come in from outside, or V(administrators) of servers and gateway.
    type: str
    choices: [people, administrators]
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Reads only.
    support: full
"""

EXAMPLES = r"""
- name: Read the secrets of people
  vpn_secrets_info:
    directory: secrets/vpn
    kind: people
  delegate_to: localhost
  no_log: true
  register: read
"""

RETURN = r"""
vpn_secrets:
  description: Secrets in base 32, by login; empty when nobody has one yet.
  returned: success
  type: dict
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.vpn_profiles import secrets_of


def main() -> None:
    """Read and return."""
    module = AnsibleModule(
        {
            "directory": {"type": "path", "required": True},
            "kind": {"type": "str", "choices": ["people", "administrators"], "required": True},
        },
        supports_check_mode=True,
    )
    try:
        found = secrets_of(module.params["directory"], module.params["kind"])
    except OSError as error:
        module.fail_json(msg=f"{error.filename}: cannot be read: {error.strerror}; run vpn_profiles on this controller")
    module.exit_json(changed=False, vpn_secrets=found)


if __name__ == "__main__":
    main()
