#!/usr/bin/python
"""Keep the second factors that a host checks."""

DOCUMENTATION = r"""
module: vpn_secrets
short_description: Keep the second factors that a host checks
description:
  - Brings the file that C(pam_oath) reads in line with a set of people; whoever is not in it is taken out.
  - Whoever keeps their secret keeps the state of used codes, so that no code can be used again.
options:
  path:
    description: The file, readable by root alone. Its folder exists.
    type: path
    required: true
  secrets:
    description: Secrets in base 32, by login.
    type: dict
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Says whose second factor would be added, changed or taken away.
    support: full
  diff_mode:
    description: Logins, never secrets.
    support: full
"""

EXAMPLES = r"""
- name: Keep the second factors of two people
  vpn_secrets:
    path: /var/lib/vpn/users.oath
    secrets: "{{ secrets }}"
"""

RETURN = r"""
added:
  description: Logins that were not there.
  returned: success
  type: list
  elements: str
replaced:
  description: Logins whose secret changed.
  returned: success
  type: list
  elements: str
removed:
  description: Logins that are gone.
  returned: success
  type: list
  elements: str
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.vpn_oath import OathFileError, merged, parse, rewrite


def main() -> None:
    """Read, compare, write."""
    module = AnsibleModule(
        {"path": {"type": "path", "required": True}, "secrets": {"type": "dict", "required": True, "no_log": True}},
        supports_check_mode=True,
    )
    path, wanted = module.params["path"], module.params["secrets"]
    try:
        before, after = rewrite(path, lambda text: merged(text, wanted), dry=module.check_mode)
        old, new = parse(before), parse(after)
    except (OathFileError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(
        changed=before != after,
        added=sorted(new.keys() - old.keys()),
        replaced=sorted(login for login in new.keys() & old.keys() if new[login][3] != old[login][3]),
        removed=sorted(old.keys() - new.keys()),
        diff={
            "before": "".join(f"{login}\n" for login in sorted(old)),
            "after": "".join(f"{login}\n" for login in sorted(new)),
        },
    )


if __name__ == "__main__":
    main()
