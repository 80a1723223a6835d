#!/usr/bin/python
"""Read what people have on a workstation and nowhere else, and try whether they are told."""

DOCUMENTATION = r"""
module: user_data_info
short_description: Read what people have on a workstation and nowhere else, and try whether they are told
description:
  - Counts files and bytes of every home on the machine's own disk. People appear under pseudonyms; no name of a file is
    returned.
  - Opens a login shell as an account without rights, in a home made for that, and looks whether it is warned when it should
    be and only then. The home is removed.
options:
  homes:
    description: Where homes are.
    type: path
    default: /home
  left_out:
    description: Names at the top of a home that hold no work.
    type: list
    elements: str
    default: []
  pseudonym_key:
    description: Key of the site's pseudonyms, in hexadecimal.
    type: str
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Reads and tries in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read what is on the workstation alone
  user_data_info:
    left_out: [.cache]
    pseudonym_key: "{{ key }}"
  register: read_user_data
"""

RETURN = r"""
user_data:
  description:
    - C(people) with files and bytes on this machine alone, the most first. C(told) says whether somebody with such a file was
      not warned (C(not_told)), and somebody without was (C(told_in_vain)).
  returned: success
  type: dict
  sample:
    people: [{person: personne-1f2e3d4c, files: 3, bytes: 120000}]
    told: {not_told: false, told_in_vain: false}
"""

import subprocess

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.user_data import facts
from ansible.module_utils.policy.pseudonym import PseudonymError, pseudonym


def main() -> None:
    """Read, try, return."""
    module = AnsibleModule(
        argument_spec={
            "homes": {"type": "path", "default": "/home"},
            "left_out": {"type": "list", "elements": "str", "default": []},
            "pseudonym_key": {"type": "str", "required": True, "no_log": True},
        },
        supports_check_mode=True,
    )
    given = module.params
    try:
        key = bytes.fromhex(given["pseudonym_key"])
        found = facts(given["homes"], given["left_out"], lambda login: pseudonym(key, login))
    except (PseudonymError, ValueError, OSError, subprocess.SubprocessError) as error:
        module.fail_json(msg=f"{type(error).__name__}: {error}")
    module.exit_json(changed=False, user_data=found)


if __name__ == "__main__":
    main()
