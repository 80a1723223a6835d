#!/usr/bin/python
"""Try what a saved host can do on a server of backups besides saving."""

DOCUMENTATION = r"""
module: backup_access_info
short_description: Try what a saved host can do on a server of backups besides saving
description:
  - Run on a host that is saved, with its own password. Tries to delete and to overwrite its own backups, to reach those of
    others, and to come in without a password, with a wrong one, with one from the factory, and without TLS.
  - Before anything is asked to be deleted it is read, and it is put back were it gone; what is overwritten is overwritten
    with itself. Nothing stays behind.
options:
  url:
    description: The server, such as C(https://192.0.2.10:8000/).
    type: str
    required: true
  user:
    description: The host's name on the server.
    type: str
    required: true
  password:
    description: The host's password on the server.
    type: str
    required: true
  ca_file:
    description: Who must have signed for the server, on the host that tries.
    type: path
    required: true
  others:
    description: Other hosts whose backups are there.
    type: list
    elements: str
    default: []
author:
  - Garant
attributes:
  check_mode:
    description: Tries in check mode too; nothing stays behind.
    support: full
"""

EXAMPLES = r"""
- name: Try what a stolen password would open
  backup_access_info:
    url: https://192.0.2.10:8000/
    user: files1
    password: "{{ password }}"
    ca_file: /usr/local/share/ca-certificates/authority.crt
    others: [directory1]
  register: read_backup_access
"""

RETURN = r"""
backup_access:
  description: What was tried, and whether it was refused.
  returned: success
  type: dict
  sample:
    own: [{what: delete_config, refused: true, detail: '403'}]
    others: [{what: other_reads directory1, refused: true, detail: '401'}]
    clock_offset_seconds: 0.3
failures:
  description: For each part that could not be tried, the reason.
  returned: success
  type: dict
  sample: {}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.backup_access import Server, access_facts


def main() -> None:
    """Try, return."""
    module = AnsibleModule(
        argument_spec={
            "url": {"type": "str", "required": True},
            "user": {"type": "str", "required": True},
            "password": {"type": "str", "required": True, "no_log": True},
            "ca_file": {"type": "path", "required": True},
            "others": {"type": "list", "elements": "str", "default": []},
        },
        supports_check_mode=True,
    )
    given = module.params
    server = Server(given["url"], given["user"], given["password"], given["ca_file"])
    facts, failures = access_facts(server, given["others"])
    module.exit_json(changed=False, backup_access=facts, failures=failures)


if __name__ == "__main__":
    main()
