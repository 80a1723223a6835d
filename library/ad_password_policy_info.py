#!/usr/bin/python
"""Read the password and lockout policies of a directory."""

DOCUMENTATION = r"""
module: ad_password_policy_info
short_description: Read the password and lockout policies of a directory
description:
  - Reads the policy of the domain, the fine-grained policies, and the policy in force for each account that
    administers the domain, as the directory itself computes it.
extends_documentation_fragment:
  - directory_connection
requirements:
  - python-ldap
author:
  - Garant
attributes:
  check_mode:
    description: Only reads.
    support: full
"""

EXAMPLES = r"""
- name: Read the password policies
  ad_password_policy_info:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
  register: policies
"""

RETURN = r"""
password_policy:
  description: The policies, in the words and units of M(ad_password_policy); null is never.
  returned: success
  type: dict
  contains:
    domain:
      description: The policy of the domain.
      type: dict
      sample:
        min_length: 12
        max_age_days: 90
        min_age_days: 1
        history_length: 24
        complexity: true
        reversible_encryption: false
        lockout_threshold: 5
        lockout_duration_minutes: 15
        lockout_window_minutes: 15
    fine_grained:
      description: The fine-grained policies, strongest first, with name, precedence and applies_to.
      type: list
      elements: dict
    resultant:
      description:
        - For each account that administers the domain, through groups of groups too, its login, whether it is enabled,
          the name of the policy in force (C(domain) for the domain's) and its settings.
      type: list
      elements: dict
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, Credentials, DirectoryError, open_directory
from ansible.module_utils.ad.password_policy import PolicyError
from ansible.module_utils.ad.password_policy_store import read_policies
from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Read everything in one session."""
    module = AnsibleModule(argument_spec=CONNECTION_ARGUMENTS, supports_check_mode=True)
    try:
        with open_directory(Credentials.from_arguments(module.params)) as directory:
            found = read_policies(directory)
    except (DirectoryError, PolicyError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, password_policy=found)


if __name__ == "__main__":
    main()
