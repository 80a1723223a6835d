#!/usr/bin/python
"""Read back the Group Policy in force on a Linux workstation, as an independent client."""

DOCUMENTATION = r"""
module: resultant_policy_info
short_description: Read the Group Policy in force on a workstation and try who may log on
description:
  - Reads, with the workstation's own account and Samba's bindings, which policies apply to the computer and to people, in
    order, and what is set after all of them; tries by PAM's account phase who may log on.
  - Changes nothing and keeps no cache. Needs no password. What cannot be read is an error.
  - Only what a client is told to apply counts, so a file whose extension is not announced sets nothing.
options:
  users:
    description:
      - Logins of the people whose policy is read.
    type: list
    elements: str
    required: true
  accounts:
    description:
      - Logins of the accounts whose right to log on is tried.
    type: list
    elements: str
    required: true
  services:
    description:
      - PAM services by which it is tried.
    type: list
    elements: str
    default: [sshd, login]
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read back the policy in force
  resultant_policy_info:
    users: [jmartin]
    accounts: [jmartin, adm.martin]
  register: resultant
"""

RETURN = r"""
resultant_policy:
  description: Policies and settings in force, and who may log on.
  returned: success
  type: dict
  sample:
    reader: python3-samba 4.22.11 as WS1$, from dc1.example.lan
    computer:
      policies: [{name: Default Domain Policy, guid: "{31B2F340-016D-11D2-945F-00C04FB984F9}"}]
      settings: {"computer/privilege/SeDenyInteractiveLogonRight": [S-1-5-21-1-2-3-512]}
      skipped: [{policy: Screens, target: "OU=Desks,DC=example,DC=lan", why: its computer half is switched off}]
    users:
      jmartin:
        policies: []
        settings: {"user/registry/SOFTWARE\\X\\Value": 1}
        skipped: []
    logon_rights:
      - login: adm.martin
        sid: S-1-5-21-1-2-3-1104
        administrator: true
        enabled: true
        service: sshd
        allowed: false
        detail: PAM_PERM_DENIED
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.resultant_policy import ResultantPolicyError, read


def main() -> None:
    """Arguments, read, exit."""
    module = AnsibleModule(
        argument_spec={
            "users": {"type": "list", "elements": "str", "required": True},
            "accounts": {"type": "list", "elements": "str", "required": True},
            "services": {"type": "list", "elements": "str", "default": ["sshd", "login"]},
        },
        supports_check_mode=True,
    )
    try:
        facts = read(module.params["users"], module.params["accounts"], module.params["services"])
    except ResultantPolicyError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, resultant_policy=facts)


if __name__ == "__main__":
    main()
