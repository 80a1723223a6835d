#!/usr/bin/python
"""Let the directory answer sessions that have not signed in, or not."""

DOCUMENTATION = r"""
module: ad_anonymous_access
short_description: Let the directory answer anonymous sessions, or not
description:
  - Sets the switch for anonymous operations of C(dSHeuristics) and leaves every other switch as it is.
  - The same on Samba and Microsoft Active Directory; what the access lists allow still holds.
  - M(ad_logon_probe) tries whether an anonymous session is answered.
extends_documentation_fragment:
  - directory_connection
options:
  state:
    description:
      - Whether anonymous sessions are answered.
    type: str
    choices: [absent, present]
    default: absent
requirements:
  - python-ldap
author:
  - Garant
attributes:
  check_mode:
    description: Says what would change.
    support: full
  diff_mode:
    description: Shows the string of switches.
    support: full
"""

EXAMPLES = r"""
- name: Answer nobody who has not signed in
  ad_anonymous_access:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
  delegate_to: localhost
"""

RETURN = r"""
heuristics:
  description: The string of switches as it is now; null when there is none.
  returned: success
  type: str
  sample: "0000000"
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, Credentials, DirectoryError, open_directory
from ansible.module_utils.ad.heuristics import allows_anonymous, read_heuristics, with_anonymous, write_heuristics
from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Arguments, read, diff, write, exit."""
    module = AnsibleModule(
        argument_spec={
            **CONNECTION_ARGUMENTS,
            "state": {"type": "str", "choices": ["absent", "present"], "default": "absent"},
        },
        supports_check_mode=True,
    )
    allowed = module.params["state"] == "present"
    try:
        with open_directory(Credentials.from_arguments(module.params)) as directory:
            dn, before = read_heuristics(directory)
            after = before if allows_anonymous(before) is allowed else with_anonymous(before, allowed)
            if after != before and not module.check_mode:
                write_heuristics(directory, dn, after)
    except DirectoryError as error:
        module.fail_json(msg=str(error))
    diff = {side: f"dSHeuristics: {value or 'none'}\n" for side, value in (("before", before), ("after", after))}
    module.exit_json(changed=after != before, heuristics=after, diff=diff)


if __name__ == "__main__":
    main()
