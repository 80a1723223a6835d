#!/usr/bin/python
"""Bring the Group Policy of a domain in line with its definitions, or put a policy back."""

DOCUMENTATION = r"""
module: ad_group_policy
short_description: Bring the Group Policy of a domain in line with its definitions
description:
  - A policy is one object. What its definition sets is written to the directory and to SYSVOL, what it does not set is
    removed; links, their order and enforcement, who applies it, the versions, the extensions and the rights of every
    file are brought in line. A definition with C(merge) only adds to a policy that the domain had already.
  - Everything is checked before anything is written. Files are written first, then the version file, then the
    directory, links last, so that a client never reads half a policy; a run that was interrupted is ended by the next.
  - Policies that this module did not make are left alone, and so are their links; links of policies that are declared
    come before them.
  - Before a policy is changed or removed, all of it is kept in a file, which O(restore) puts back.
  - Works over LDAP and SMB, alike on Samba and on Microsoft directories. On the latter, name the domain controller
    that holds the PDC role, as Microsoft's own tools do.
extends_documentation_fragment:
  - directory_connection
options:
  definitions:
    description:
      - Files with the definitions, one policy each. Policies of one place are linked in this order, the first one wins.
    type: list
    elements: path
  values:
    description:
      - Values of the charter that definitions name, by name.
    type: dict
    default: {}
  context:
    description:
      - What definitions need to know of the site, such as C(root_ou), its root unit, and C(shares), its shares. What
        the directory knows itself is added.
    type: dict
    default: {}
  inheritance:
    description:
      - Whether the units of the site must let the policies from above in; V(ignored) leaves them as they are.
    type: str
    choices: [allowed, ignored]
    default: allowed
  purge:
    description:
      - Whether policies that this module made and that are not declared any more are unlinked and removed.
    type: bool
    default: false
  backup_directory:
    description:
      - Folder on the machine where the module runs in which policies are kept before a change.
    type: path
    required: true
  restore:
    description:
      - A file in which a policy was kept; the policy is put back as it was, with its links and whom it applies to.
        Only its versions go on, so that clients read it again.
    type: path
requirements:
  - python-ldap
  - smbprotocol
author:
  - Garant
attributes:
  check_mode:
    description: Tells what would change and writes nothing.
    support: full
  diff_mode:
    description: Shows the settings that differ, per policy.
    support: full
"""

EXAMPLES = r"""
- name: Bring the policies in line
  ad_group_policy:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    ca_file: /etc/ssl/lab-ca.crt
    definitions: "{{ query('fileglob', 'group_policies/*.yml') | sort }}"
    values:
      session_lock_minutes: 10
    context:
      root_ou: Example
    purge: true
    backup_directory: /var/lib/backups/group_policy

- name: Put a policy back
  ad_group_policy:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    ca_file: /etc/ssl/lab-ca.crt
    backup_directory: /var/lib/backups/group_policy
    restore: /var/lib/backups/group_policy/20260102T101500.000000Z-example-31b2f340-016d-11d2-945f-00c04fb984f9.json
"""

RETURN = r"""
changed_policies:
  description: The policies that were changed, or would be, removed ones included.
  returned: success
  type: list
  elements: str
removed_policies:
  description: The policies that were removed, or would be.
  returned: success
  type: list
  elements: str
differences:
  description: What was not as declared, each with policy, setting, expected and observed; null is not set.
  returned: success
  type: list
  elements: dict
foreign_links:
  description: Links of other people's policies on the units that ours are linked to, with target and policy.
  returned: success
  type: list
  elements: dict
backups:
  description: Files in which the policies were kept before the change.
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS
from ansible.module_utils.ad.group_policy.store_session import ERRORS, reconcile
from ansible.module_utils.basic import AnsibleModule

ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    "definitions": {"type": "list", "elements": "path"},
    "values": {"type": "dict", "default": {}},
    "context": {"type": "dict", "default": {}},
    "inheritance": {"type": "str", "choices": ["allowed", "ignored"], "default": "allowed"},
    "purge": {"type": "bool", "default": False},
    "backup_directory": {"type": "path", "required": True},
    "restore": {"type": "path"},
}


def main() -> None:
    """Compare, keep, then write what differs."""
    either = ("definitions", "restore")
    module = AnsibleModule(
        argument_spec=ARGUMENTS,
        supports_check_mode=True,
        mutually_exclusive=[either],
        required_one_of=[either],
    )
    try:
        outcome = reconcile(module.params, module.check_mode)
    except ERRORS as error:
        module.fail_json(msg=str(error))
    module.exit_json(**outcome.facts())


if __name__ == "__main__":
    main()
