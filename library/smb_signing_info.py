#!/usr/bin/python
"""Try whether a file server answers a request that is not signed."""

DOCUMENTATION = r"""
module: smb_signing_info
short_description: Try whether a file server answers a request that is not signed
description:
  - Signs in over SMB, enters the share C(IPC$) with a signed request and leaves it with an unsigned one. A server that
    demands signatures refuses that, and takes the same request when it is signed. Changes nothing.
  - Runs where smbprotocol is installed, as M(share_acl_info) does.
options:
  file_server:
    description: Host name or address of the file server.
    type: str
    required: true
  bind_user:
    description: Account that signs in, as C(name@REALM).
    type: str
    required: true
  bind_password:
    description: Its password.
    type: str
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Tries in check mode too; nothing is changed by it.
    support: full
"""

EXAMPLES = r"""
- name: Try whether unsigned requests are refused
  smb_signing_info:
    file_server: fs1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ administrator_password }}"
  delegate_to: localhost
  register: tried
"""

RETURN = r"""
smb_signing:
  description:
    - V(unsigned_request_accepted) tells whether it was answered, V(detail) what the server said.
  returned: success
  type: dict
  sample:
    unsigned_request_accepted: false
    detail: "A process has requested access to an object but has not been granted those access rights. (3221225506)"
"""

from ansible.module_utils.ad.smb_share import SmbError
from ansible.module_utils.ad.smb_signing import unsigned_request
from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Try and return."""
    module = AnsibleModule(
        argument_spec={
            "file_server": {"type": "str", "required": True},
            "bind_user": {"type": "str", "required": True},
            "bind_password": {"type": "str", "required": True, "no_log": True},
        },
        supports_check_mode=True,
    )
    given = module.params
    try:
        facts = unsigned_request(given["file_server"], given["bind_user"], given["bind_password"])
    except SmbError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, smb_signing=facts)


if __name__ == "__main__":
    main()
