#!/usr/bin/python
"""Read the Group Policy of a domain: what stands, how it differs from the definitions, what holds where."""

DOCUMENTATION = r"""
module: ad_group_policy_info
short_description: Read the Group Policy of a domain
description:
  - Reads every policy from the directory and from SYSVOL, compares those that are declared with their definitions, and
    works out which policy decides each setting on each unit.
extends_documentation_fragment:
  - directory_connection
options:
  definitions:
    description:
      - Files with the definitions, one policy each; nothing is compared without.
    type: list
    elements: path
    default: []
  values:
    description:
      - Values of the charter that definitions name, by name.
    type: dict
    default: {}
  context:
    description:
      - What definitions need to know of the site, as in M(ad_group_policy).
    type: dict
    default: {}
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
- name: Read the policies
  ad_group_policy_info:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    ca_file: /etc/ssl/lab-ca.crt
  register: policies
"""

RETURN = r"""
group_policy:
  description: The policies of the domain, in the words of M(ad_group_policy).
  returned: success
  type: dict
  contains:
    policies:
      description:
        - Every policy, with name, guid, dn, made_here (whether this project made it), status, comment, version (in the
          directory and in sysvol, per half), links (target, order, enforced, enabled), applies_to and denied (SIDs),
          settings by identifier, extensions per half, and wrong_rights (files whose rights are not those of the policy).
      type: list
      elements: dict
    inheritance_blocked:
      description: Units that keep out the policies linked above them.
      type: list
      elements: str
    orphan_folders:
      description: Folders of SYSVOL that belong to no policy.
      type: list
      elements: str
    foreign_links:
      description: Links of other people's policies on the units that declared ones are linked to.
      type: list
      elements: dict
    differences:
      description: What is not as declared, each with policy, setting, expected and observed; null is not set.
      type: list
      elements: dict
    order:
      description: By unit, the GUIDs of the policies that its computers apply, in that order; the last one wins.
      type: list
      elements: dict
    effective:
      description: What holds on each unit for its computers and its users, with the policy that decides.
      type: list
      elements: dict
    not_effective:
      description: Declared settings that do not hold on a unit, and why.
      type: list
      elements: dict
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS
from ansible.module_utils.ad.group_policy.store_facts import read_facts
from ansible.module_utils.ad.group_policy.store_session import ERRORS
from ansible.module_utils.basic import AnsibleModule

ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    "definitions": {"type": "list", "elements": "path", "default": []},
    "values": {"type": "dict", "default": {}},
    "context": {"type": "dict", "default": {}},
}


def main() -> None:
    """Read everything in one session of each kind."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        found = read_facts(module.params)
    except ERRORS as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, group_policy=found)


if __name__ == "__main__":
    main()
