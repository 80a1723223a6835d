#!/usr/bin/python
"""Set the password and lockout policies of a directory."""

DOCUMENTATION = r"""
module: ad_password_policy
short_description: Set the password and lockout policies of a directory
description:
  - Brings the policy of the domain, and the fine-grained policies that are named, in line with what is given.
    Everything is checked before anything is written; the domain's policy is written at once.
  - Works alike on Samba and on Microsoft directories. On the latter, the domain controller that holds the PDC role
    writes the values of the Default Domain Policy over those of the domain; set them there too.
  - On Samba the script that judges new passwords is run only where complexity is on, in the domain and in each
    fine-grained policy.
extends_documentation_fragment:
  - directory_connection
options:
  domain:
    description:
      - The policy of the domain, for those to whom no fine-grained policy applies. Left as it is when not given.
    type: dict
    suboptions: &settings
      min_length:
        description: Fewest characters of a password.
        type: int
        required: true
      max_age_days:
        description: Days until a password expires; 0 for never.
        type: int
        required: true
      min_age_days:
        description: Days until a password may be changed again by its owner.
        type: int
        required: true
      history_length:
        description: How many earlier passwords cannot be used again.
        type: int
        required: true
      complexity:
        description: Whether the directory judges what passwords are made of.
        type: bool
        default: true
      reversible_encryption:
        description: Whether passwords are kept in a form that can be read back.
        type: bool
        default: false
      lockout_threshold:
        description: Wrong attempts that lock an account; 0 for never.
        type: int
        required: true
      lockout_duration_minutes:
        description: Minutes an account stays locked; 0 until an administrator unlocks it.
        type: int
        required: true
      lockout_window_minutes:
        description: Minutes after which wrong attempts are forgotten.
        type: int
        required: true
  fine_grained:
    description:
      - Policies for some groups or accounts only, created or changed. Others are left as they are.
    type: list
    elements: dict
    default: []
    suboptions:
      <<: *settings
      name:
        description: Name of the policy.
        type: str
        required: true
      precedence:
        description: Which policy wins when several apply; the lowest does.
        type: int
        required: true
      applies_to:
        description:
          - Global security groups and accounts, by login, by SID, or by the number of a built-in group of the domain
            (C(512) for its administrators), which does not change with the language.
        type: list
        elements: str
        required: true
  purge_fine_grained:
    description:
      - Whether fine-grained policies not named in O(fine_grained) are deleted.
    type: bool
    default: false
requirements:
  - python-ldap
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
- name: Set the password policies
  ad_password_policy:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    ca_file: /etc/ssl/lab-ca.crt
    domain:
      min_length: 12
      <<: &policy
        max_age_days: 90
        min_age_days: 1
        history_length: 24
        lockout_threshold: 5
        lockout_duration_minutes: 15
        lockout_window_minutes: 15
    fine_grained:
      - <<: *policy
        name: Administrators
        precedence: 10
        applies_to: ["512"]
        min_length: 16
"""

RETURN = r"""
changed_policies:
  description: The policies that were changed, or would be; C(domain) is the domain's.
  returned: success
  type: list
  elements: str
  sample: [domain, Administrators]
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, Credentials, DirectoryError, open_directory
from ansible.module_utils.ad.password_policy import PolicyError
from ansible.module_utils.ad.password_policy_store import compare
from ansible.module_utils.basic import AnsibleModule

NUMBERS = ("min_length", "max_age_days", "min_age_days", "history_length",
           "lockout_threshold", "lockout_duration_minutes", "lockout_window_minutes")  # fmt: skip
SETTINGS = {
    **{option: {"type": "int", "required": True} for option in NUMBERS},
    "complexity": {"type": "bool", "default": True},
    "reversible_encryption": {"type": "bool", "default": False},
}
FINE_GRAINED = {
    **SETTINGS,
    "name": {"type": "str", "required": True},
    "precedence": {"type": "int", "required": True},
    "applies_to": {"type": "list", "elements": "str", "required": True},
}
ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    "domain": {"type": "dict", "options": SETTINGS},
    "fine_grained": {"type": "list", "elements": "dict", "default": [], "options": FINE_GRAINED},
    "purge_fine_grained": {"type": "bool", "default": False},
}


def main() -> None:
    """Compare, then write what differs."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    wanted = module.params
    try:
        with open_directory(Credentials.from_arguments(wanted)) as directory:
            found = compare(directory, wanted["domain"], wanted["fine_grained"], wanted["purge_fine_grained"])
            for difference in () if module.check_mode else found:
                difference.write()
    except (DirectoryError, PolicyError) as error:
        module.fail_json(msg=str(error))
    before = {difference.name: difference.before for difference in found}
    after = {difference.name: difference.after for difference in found}
    module.exit_json(changed=bool(found), changed_policies=list(after), diff={"before": before, "after": after})


if __name__ == "__main__":
    main()
