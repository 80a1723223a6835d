#!/usr/bin/python
"""Read who left, who is at work, and who is handed the folder of somebody who left."""

DOCUMENTATION = r"""
module: leaver_people_info
short_description: Read who left, who is at work, and who is handed the folder of somebody who left
description:
  - Compares the list of employees with the directory in one session. Whoever left is handed to the nearest manager above
    who is at work.
extends_documentation_fragment:
  - directory_connection
  - employee_list
options:
  root_ou:
    description: The unit of the directory that holds everything of the site.
    type: str
    required: true
  today:
    description: The day to decide for, as C(2026-11-30); the controller's day when left out.
    type: str
requirements:
  - python-ldap
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read who left
  leaver_people_info:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    ca_file: /etc/ssl/site_ca.pem
    employees_file: employees.csv
    departments: {plant: {name: Plant, group: GG_Plant}}
    mail_domain: example.lan
    root_ou: Example
  register: people
"""

RETURN = r"""
leaver_people:
  description:
    - C(today), the day decided for. C(people) of the list with login, key, status (future, active, left), left_on and
      manager, the login of who is handed the folder. C(open_accounts) of the directory, in lower case.
  returned: success
  type: dict
  sample:
    today: "2026-11-30"
    people: [{login: martinann, key: k1, status: left, left_on: "2026-10-31", manager: durandpau}]
    open_accounts: [durandpau]
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, DirectoryError
from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.employees import EmployeeFileError
from ansible.module_utils.ad.leaver_people import describe
from ansible.module_utils.basic import AnsibleModule

ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    "employees_file": {"type": "path", "required": True},
    "departments": {"type": "dict", "required": True},
    "mail_domain": {"type": "str", "required": True},
    "root_ou": {"type": "str", "required": True},
    "today": {"type": "str"},
}


def main() -> None:
    """Read, return."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        found = describe(module.params)
    except (DirectoryError, DirectoryInputError, EmployeeFileError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, leaver_people=found)


if __name__ == "__main__":
    main()
