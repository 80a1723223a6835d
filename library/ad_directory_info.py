#!/usr/bin/python
"""Read a whole directory: its domain, accounts, groups, units and privileges, and the people expected."""

DOCUMENTATION = r"""
module: ad_directory_info
short_description: Read a whole directory
description:
  - Reads accounts, groups and units in one session.
  - The kind of an account is told by its unit below O(root_ou) and by its relative identifier, never by its name.
extends_documentation_fragment:
  - directory_connection
options:
  root_ou:
    description: The unit that holds the site, as for M(ad_directory).
    type: str
    required: true
  employees_file:
    description: The list of employees; gives RV(directory.people).
    type: path
  departments:
    description: As for M(ad_directory).
    type: dict
  mail_domain:
    description: As for M(ad_directory).
    type: str
  today:
    description: The day that statuses are told for, as C(2026-11-30); the controller's day when left out.
    type: str
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
- name: Read the directory
  ad_directory_info:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    root_ou: Example
  delegate_to: localhost
  register: read
"""

RETURN = r"""
directory:
  description: The directory; null where there never was a time.
  returned: success
  type: dict
  contains:
    domain:
      description: name, netbios, dn, sid and functional_level (7 is Windows Server 2016).
      type: dict
    guest_enabled:
      description: Whether the guest account (RID 501) is enabled.
      type: bool
    accounts:
      description:
        - "Identity: login, sid, dn, ou (parent), kind (person, technical, administrator, builtin or unknown),
          display_name, mail, department, employee_key (an administrator's is their owner's)."
        - "State: enabled, locked, account_expires, password_required, password_never_expires, password_expired,
          must_change_password, reversible_encryption, preauthentication_required."
        - "History: ever_logged_on, last_logon (may be 14 days late between controllers), password_last_set, created."
        - "groups (direct, but the primary one) and all_groups (effective, nested and primary ones included)."
      type: list
      elements: dict
    groups:
      description:
        - name, sid, dn, kind (people, rights or other, by place and scope) and members (logins or names of groups).
      type: list
      elements: dict
    organizational_units:
      description: Distinguished names.
      type: list
      elements: str
    privileged:
      description: group_sid, group_name and members (logins, nested ones included) of well-known privileged groups.
      type: list
      elements: dict
    people:
      description: login, mail, department, department_ou, department_group, status (future, active, left) and key.
      returned: when O(employees_file) is given
      type: list
      elements: dict
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, DirectoryError
from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.directory_reconcile import describe
from ansible.module_utils.ad.employees import EmployeeFileError
from ansible.module_utils.basic import AnsibleModule

ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    "root_ou": {"type": "str", "required": True},
    "employees_file": {"type": "path"},
    "departments": {"type": "dict"},
    "mail_domain": {"type": "str"},
    "today": {"type": "str"},
}


def main() -> None:
    """Read everything in one session."""
    module = AnsibleModule(
        argument_spec=ARGUMENTS,
        required_by={"employees_file": ["departments", "mail_domain"]},
        supports_check_mode=True,
    )
    try:
        found = describe(module.params)
    except (DirectoryError, DirectoryInputError, EmployeeFileError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, directory=found)


if __name__ == "__main__":
    main()
