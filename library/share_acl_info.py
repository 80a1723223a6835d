#!/usr/bin/python
"""Read the access lists of a file server's shares and compare them with those asked for."""

DOCUMENTATION = r"""
module: share_acl_info
short_description: Read the access lists of a file server's shares and compare them with those asked for
description:
  - Reads over SMB, from the controller, the lists that M(share_acl) writes, alike on Windows and on Samba, and tells for
    each folder what differs from the list asked for. Changes nothing.
extends_documentation_fragment:
  - directory_connection
options:
  file_server:
    description: Host name or address of the file server. O(bind_user) administers it.
    type: str
    required: true
  folders:
    description: Folders and their lists, as M(share_acl) takes them.
    type: list
    elements: dict
    required: true
    suboptions:
      share:
        description: Name of the share.
        type: str
        required: true
      path:
        description: The folder from the share; the share itself when empty.
        type: str
        default: ""
      owner:
        description: Who owns it, as O(folders[].entries[].principal) is given.
        type: str
        default: S-1-5-32-544
      protected:
        description: Whether it inherits nothing from the folder it lies in.
        type: bool
        default: true
      spreads:
        description: Whether what lies below has what it inherits from here and nothing else; it is not looked at when false.
        type: bool
        default: true
      entries:
        description: Who may do what.
        type: list
        elements: dict
        required: true
        suboptions:
          principal:
            description: Name of a group, a login, or a SID.
            type: str
            required: true
          rights:
            description: The right, as M(share_acl) names it.
            type: str
            choices: [read, write, delete, full, traverse, deposit]
            required: true
          scope:
            description: Whether the entry holds here and below, here only, or below only.
            type: str
            choices: [all, this, below]
            default: all
  people:
    description: Whose own folders a share holds; none when left out or empty.
    type: dict
    default: {}
    suboptions:
      share:
        description: Name of the share; its top folder is one of O(folders).
        type: str
        required: true
      employees_file:
        description: The list of employees.
        type: path
        required: true
      departments:
        description: Departments by their id, as M(ad_directory) takes them.
        type: dict
        required: true
      mail_domain:
        description: Domain of the mail addresses that the list leaves empty.
        type: str
        required: true
      root_ou:
        description: The unit of the directory that holds everything of the site.
        type: str
        required: true
      today:
        description: The day to decide for, as C(2026-11-30); the controller's day when left out.
        type: str
  check_below:
    description: Whether everything below the folders is looked at, however much that is.
    type: bool
    default: false
requirements:
  - python-ldap
  - smbprotocol
author:
  - Garant
attributes:
  check_mode:
    description: Only reads.
    support: full
"""

EXAMPLES = r"""
- name: Read who may do what in the shares
  share_acl_info:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    file_server: fs1.example.lan
    folders: "{{ site_shares | share_folders }}"
  register: lists
"""

RETURN = r"""
share_acl:
  description:
    - Each folder with its list, in the words of M(share_acl), and what differs, as sentences. C(below) counts what was
      looked at below it and names what has another list than the one it inherits.
  returned: success
  type: list
  elements: dict
  sample:
    - share: plans
      path: ""
      exists: true
      owner: Administrators
      owner_sid: S-1-5-32-544
      protected: true
      entries:
        - {principal: DL_Plans_R, sid: S-1-5-21-1-2-3-1104, type: allow, rights: read, scope: all, inherited: false}
      below: {seen: 0, different: []}
      differences: ["missing DL_Plans_RW: allow write, all"]
closed_folders:
  description: Own folders whose owner is not at work.
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, DirectoryError
from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.employees import EmployeeFileError
from ansible.module_utils.ad.share_options import FOLDER, PEOPLE
from ansible.module_utils.ad.share_reconcile import reconcile
from ansible.module_utils.ad.share_report import facts
from ansible.module_utils.ad.smb import SmbError
from ansible.module_utils.basic import AnsibleModule

ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    "file_server": {"type": "str", "required": True},
    "folders": {"type": "list", "elements": "dict", "required": True, "options": FOLDER},
    "people": {"type": "dict", "default": {}, "options": PEOPLE},
    "check_below": {"type": "bool", "default": False},
}


def main() -> None:
    """Read everything in one session."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        outcome = reconcile(module.params, write=False)
    except (DirectoryError, DirectoryInputError, EmployeeFileError, SmbError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, share_acl=facts(outcome), closed_folders=outcome.nobodys)


if __name__ == "__main__":
    main()
