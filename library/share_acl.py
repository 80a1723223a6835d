#!/usr/bin/python
"""Bring the access lists of a file server's shares in line."""

DOCUMENTATION = r"""
module: share_acl
short_description: Bring the access lists of a file server's shares in line
description:
  - Writes the access lists of folders over SMB from the controller, alike on Windows and on Samba, in one session. Names
    are turned into SIDs by the directory; lists are compared by SID, whatever the order where it has no meaning.
  - The list of a folder is exactly the one given. What lies below it inherits and has no entry of its own; it is brought
    in line when the folder's list changes, and always with O(check_below).
  - A folder that is missing is made. Nothing is deleted.
  - With O(people), everybody at work has a folder of their own that nobody else enters. The folder of somebody who left,
    or that is nobody's, is kept and closed to all but administrators.
extends_documentation_fragment:
  - directory_connection
options:
  file_server:
    description:
      - Host name or address of the file server. O(bind_user) administers it. Its session is signed and encrypted.
    type: str
    required: true
  folders:
    description: Folders and their lists; the filter C(share_folders) makes them of the table of shares.
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
            description:
              - C(read); C(write), which also reads and makes, but deletes nothing; C(delete), which does all of that;
                C(full), which also changes lists; C(traverse), which passes through without listing; C(deposit), which
                puts in without listing.
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
    description: Whether everything below the folders is looked at although their own list is right.
    type: bool
    default: false
requirements:
  - python-ldap
  - smbprotocol
author:
  - Garant
attributes:
  check_mode:
    description: Reads and compares, writes nothing.
    support: full
  diff_mode:
    description: One line for each entry that comes or goes.
    support: full
"""

EXAMPLES = r"""
- name: Say who may do what in the shares
  share_acl:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    ca_file: /etc/ssl/site_ca.pem
    file_server: fs1.example.lan
    folders:
      - share: plans
        entries:
          - {principal: S-1-5-32-544, rights: full}
          - {principal: DL_Plans_R, rights: read}
          - {principal: DL_Plans_RW, rights: write}
          - {principal: S-1-3-0, rights: delete, scope: below}
"""

RETURN = r"""
created_folders:
  description: Folders that were made, or would be, as share/path.
  returned: success
  type: list
  elements: str
changed_folders:
  description: Folders whose list or owner was changed, or would be.
  returned: success
  type: list
  elements: str
closed_folders:
  description: Own folders whose owner is not at work.
  returned: success
  type: list
  elements: str
below:
  description: How many files and folders below were looked at and changed, with the first names.
  returned: success
  type: dict
  sample: {seen: 12, changed: 1, names: [plans/2026]}
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, DirectoryError
from ansible.module_utils.ad.directory_model import DirectoryInputError
from ansible.module_utils.ad.employees import EmployeeFileError
from ansible.module_utils.ad.share_options import FOLDER, PEOPLE
from ansible.module_utils.ad.share_reconcile import reconcile
from ansible.module_utils.ad.share_report import changes
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
    """Compare, write unless in check mode, and tell what changed."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        outcome = reconcile(module.params, write=not module.check_mode)
    except (DirectoryError, DirectoryInputError, EmployeeFileError, SmbError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(**changes(outcome))


if __name__ == "__main__":
    main()
