#!/usr/bin/python
"""Let a Samba domain controller check its own directory and SYSVOL."""

DOCUMENTATION = r"""
module: directory_checks_info
short_description: Let a Samba domain controller check its directory and SYSVOL
description:
  - Runs C(samba-tool gpo aclcheck), C(samba-tool ntacl sysvolcheck) and C(samba-tool dbcheck --cross-ncs) on the controller and
    returns the problems they find. Repairs nothing.
  - The first two stop at the first problem they meet. A check that cannot be made is an error.
options:
  bind_user:
    description:
      - Account that may read the access lists of policies, a domain administrator's, as name@REALM.
    type: str
    required: true
  bind_password:
    description:
      - Its password.
    type: str
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Check the directory and SYSVOL
  directory_checks_info:
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
  register: checked
"""

RETURN = r"""
directory_checks:
  description: Problems by check, and how long each took.
  returned: success
  type: dict
  sample:
    aclcheck: {problems: [], duration_seconds: 0.31}
    sysvolcheck: {problems: [], duration_seconds: 0.32}
    dbcheck: {problems: [], objects: 3854, duration_seconds: 2.9}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.directory_checks import DirectoryCheckError, checks


def main() -> None:
    """Arguments, checks, exit."""
    module = AnsibleModule(
        argument_spec={
            "bind_user": {"type": "str", "required": True},
            "bind_password": {"type": "str", "required": True, "no_log": True},
        },
        supports_check_mode=True,
    )
    try:
        found = checks(module.params["bind_user"], module.params["bind_password"])
    except DirectoryCheckError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, directory_checks=found)


if __name__ == "__main__":
    main()
