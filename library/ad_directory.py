#!/usr/bin/python
"""Bring a whole directory in line with a site: units, groups, people, rights, technical accounts, administrators."""

DOCUMENTATION = r"""
module: ad_directory
short_description: Bring a whole directory in line with a site
description:
  - Reads the directory once, compares it with the site's data and its list of employees, and writes only what differs,
    in one session.
  - Nothing is deleted. Who left is disabled, moved to the unit C(Partis) and taken out of every group. Who has not
    started yet has a disabled account.
  - A new account gets a random first password that must be changed at first logon (a technical account keeps it). It is
    put in an encrypted file before the account exists.
  - Below O(root_ou) the units are C(Personnes) with one unit per department, C(Partis), C(Comptes techniques),
    C(Administrateurs), C(Groupes), C(Postes) with C(Sensibles) and C(Supports), and C(Serveurs).
  - The members of the site's groups are exactly those asked for; other groups are left alone, but for who left and for
    O(privileged_rids).
  - Somebody is recognised by C(employeeNumber), and the first time by login. An account that cannot be told for sure is
    refused before anything is written.
  - Runs on the controller. At the first refusal it stops and tells how many steps were done; run again to continue.
extends_documentation_fragment:
  - directory_connection
  - employee_list
options:
  root_ou:
    description: The unit that holds everything, as a name or a distinguished name.
    type: str
    required: true
  rights:
    description: Domain local groups that shares and services grant something to.
    type: list
    elements: dict
    default: []
    suboptions:
      name:
        description: Name of the group.
        type: str
        required: true
      description:
        description: What the right is.
        type: str
        required: true
      members:
        description:
          - Names of the groups, logins of technical accounts, or mail addresses of employees, that have it. An address
            that the list does not know is refused; who left has no right any more. Who is named so is put in a group
            of its own, which has the right.
        type: list
        elements: str
        required: true
  technical_accounts:
    description: Accounts that machines use.
    type: list
    elements: dict
    default: []
    suboptions:
      login:
        description: Name of the account.
        type: str
        required: true
      purpose:
        description: What it is for.
        type: str
        required: true
      owner:
        description: Who answers for it.
        type: str
        required: true
      password_never_expires:
        description: Whether its password is exempt from expiry.
        type: bool
        default: false
  administrators:
    description: Second accounts of employees who administer; they close when their owner leaves.
    type: list
    elements: dict
    default: []
    suboptions:
      login:
        description: Name of the account.
        type: str
        required: true
      mail:
        description: Address of the employee.
        type: str
        required: true
      groups:
        description: Relative identifiers of well-known groups, such as 512 (the domain's administrators).
        type: list
        elements: int
        required: true
  suspended_logins:
    description: Accounts kept disabled although their owner has not left; their groups stay.
    type: list
    elements: str
    default: []
  privileged_rids:
    description: Relative identifiers of the groups where members that the site does not name are looked for.
    type: list
    elements: int
    default: [512, 518, 519]
  remove_unknown_privileged:
    description: Whether such members are removed, or only told. The built-in administrator always stays.
    type: bool
    default: false
  disable_unknown:
    description: Whether enabled accounts that nothing explains are disabled, or only told.
    type: bool
    default: false
  apply_conventions:
    description:
      - Whether logins and addresses of people that have another form than the convention's are changed to it.
      - Leave it off in a directory that was taken over with logins of its own.
    type: bool
    default: false
  first_passwords_file:
    description: Encrypted file that holds first passwords until they are handed over.
    type: path
    required: true
  first_password_length:
    description: Characters of a first password, 14 at least; the domain's rules must allow it.
    type: int
    default: 16
  vault_password_file:
    description: Password file of the vault that encrypts O(first_passwords_file).
    type: path
    required: true
  today:
    description: The day to reconcile for, as C(2026-11-30); the controller's day when left out.
    type: str
requirements:
  - python-ldap
author:
  - Garant
attributes:
  check_mode:
    description: Reads and plans, writes nothing.
    support: full
  diff_mode:
    description: One line per object or attribute; never a password.
    support: full
"""

EXAMPLES = r"""
- name: Bring the directory in line with the list of employees
  ad_directory:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    ca_file: /etc/ssl/site_ca.pem
    employees_file: employees.csv
    mail_domain: example.fr
    root_ou: Example
    departments:
      sales: {name: Ventes, group: GG_Ventes, parent_group: GG_Tous}
      accounts: {name: Comptabilité, group: GG_Compta, parent_group: GG_Tous}
    rights:
      - {name: DL_Compta_RW, description: Modifier le partage Compta, members: [GG_Compta]}
    administrators:
      - {login: adm-durand, mail: zoe.durand@example.fr, groups: [512]}
    first_passwords_file: var/first_passwords.yml
    vault_password_file: ~/.vault/site
  delegate_to: localhost
"""

RETURN = r"""
steps:
  description: What was done, or would be, in order.
  returned: success
  type: list
  elements: str
unknown_accounts:
  description: Logins of enabled accounts that nothing in the site's data explains.
  returned: success
  type: list
  elements: str
unknown_privileged:
  description: Members of watched groups that the site does not name, each after the name of the group.
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, DirectoryError
from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.directory_reconcile import reconcile, report, warnings
from ansible.module_utils.ad.employees import EmployeeFileError
from ansible.module_utils.ad.first_passwords import FirstPasswordError
from ansible.module_utils.basic import AnsibleModule

RIGHT = {
    "name": {"type": "str", "required": True},
    "description": {"type": "str", "required": True},
    "members": {"type": "list", "elements": "str", "required": True},
}
TECHNICAL_ACCOUNT = {
    "login": {"type": "str", "required": True},
    "purpose": {"type": "str", "required": True},
    "owner": {"type": "str", "required": True},
    "password_never_expires": {"type": "bool", "default": False, "no_log": False},
}
ADMINISTRATOR = {
    "login": {"type": "str", "required": True},
    "mail": {"type": "str", "required": True},
    "groups": {"type": "list", "elements": "int", "required": True},
}
ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    "employees_file": {"type": "path", "required": True},
    "departments": {"type": "dict", "required": True},
    "mail_domain": {"type": "str", "required": True},
    "root_ou": {"type": "str", "required": True},
    "rights": {"type": "list", "elements": "dict", "default": [], "options": RIGHT},
    "technical_accounts": {"type": "list", "elements": "dict", "default": [], "options": TECHNICAL_ACCOUNT},
    "administrators": {"type": "list", "elements": "dict", "default": [], "options": ADMINISTRATOR},
    "suspended_logins": {"type": "list", "elements": "str", "default": []},
    "privileged_rids": {"type": "list", "elements": "int", "default": [512, 518, 519]},
    "remove_unknown_privileged": {"type": "bool", "default": False},
    "disable_unknown": {"type": "bool", "default": False},
    "apply_conventions": {"type": "bool", "default": False},
    "first_password_length": {"type": "int", "default": 16},
    "first_passwords_file": {"type": "path", "required": True, "no_log": False},
    "vault_password_file": {"type": "path", "required": True, "no_log": False},
    "today": {"type": "str"},
}


def main() -> None:
    """Plan, apply unless in check mode, and tell what changed."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        plan = reconcile(module.params, module.check_mode)
    except (DirectoryError, DirectoryInputError, EmployeeFileError, FirstPasswordError) as error:
        module.fail_json(msg=str(error))
    for warning in warnings(plan):
        module.warn(warning)
    module.exit_json(**report(plan))


if __name__ == "__main__":
    main()
