#!/usr/bin/python
"""Try to open sessions on a workstation with the dedicated test account."""

DOCUMENTATION = r"""
module: session_probe_info
short_description: Try to open sessions on a workstation
description:
  - Opens a session over ssh with the right password, a wrong one and none, then with the account disabled.
  - Needs a test account. Its password is set for the time of the probe and thrown away; no other account is touched.
extends_documentation_fragment:
  - directory_connection
options:
  account:
    description:
      - Login of the dedicated test account.
    type: str
    required: true
  address:
    description:
      - Name or address of the workstation.
    type: str
    required: true
  port:
    description:
      - Port of its ssh service.
    type: int
    default: 22
  known_hosts_file:
    description:
      - File with the workstation's public keys, as ssh-keyscan writes it.
    type: path
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Leaves the test account as it found it, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Try to open sessions
  session_probe_info:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    account: probe
    address: ws1.example.lan
    known_hosts_file: /etc/ssh/ssh_known_hosts
  delegate_to: localhost
  register: session
"""

RETURN = r"""
session_probe:
  description: What opened a session.
  returned: success
  type: dict
  sample:
    opened_with_right_password: true
    opened_with_wrong_password: false
    opened_without_password: false
    opened_when_disabled: false
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, Credentials, DirectoryError
from ansible.module_utils.ad.session_probe import Workstation, probe_sessions
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.ssh_session import SessionError


def main() -> None:
    """Arguments, probe, exit."""
    module = AnsibleModule(
        argument_spec={
            **CONNECTION_ARGUMENTS,
            "account": {"type": "str", "required": True},
            "address": {"type": "str", "required": True},
            "port": {"type": "int", "default": 22},
            "known_hosts_file": {"type": "path", "required": True},
        },
        supports_check_mode=True,
    )
    given = module.params
    workstation = Workstation(given["address"], given["port"], given["known_hosts_file"])
    try:
        facts = probe_sessions(Credentials.from_arguments(given), given["account"], workstation)
    except (DirectoryError, SessionError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, session_probe=facts)


if __name__ == "__main__":
    main()
