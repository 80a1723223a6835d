#!/usr/bin/python
"""Read what the antivirus of a host does, by trying."""

DOCUMENTATION = r"""
module: antivirus_info
short_description: Read what the antivirus of a host does, by trying
description:
  - Drops the harmless test file, the same in an archive in an archive, and a clean file where the host is searched, has them
    searched for, and looks what was set aside. Asks the watch what it would say if the engine were not there. Tries, as an
    account without rights, everything that would stop the antivirus.
  - Reads the age of the signatures in their own headers, and what came of the last update, watch and search.
  - Files of trials are removed, those of M(malware_trial_info) on the shares too.
options:
  share_root:
    description:
      - Folder that holds one folder for each share; empty on a host without shares.
    type: str
    default: ''
  recycle_folder:
    description:
      - Folder of each share that keeps what was deleted.
    type: str
    default: .corbeille
author:
  - Garant
attributes:
  check_mode:
    description: Reads and tries in check mode too; only files of the trial are touched.
    support: full
"""

EXAMPLES = r"""
- name: Read what the antivirus does
  antivirus_info:
    share_root: /srv/shares
  register: read_antivirus
"""

RETURN = r"""
antivirus:
  description: What was read, and what became of the trials.
  returned: success
  type: dict
  sample:
    daemon: {active: true, enabled: true, socket: true, memory_mb: 1350}
    signatures: {age_hours: 7.5}
    detection: [{sample: plain, found: true, set_aside: true, said: ""}]
failures:
  description: For each fact that could not be read, the reason.
  returned: success
  type: dict
  sample: {}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.antivirus import antivirus_facts


def main() -> None:
    """Read, try, return."""
    module = AnsibleModule(
        argument_spec={
            "share_root": {"type": "str", "default": ""},
            "recycle_folder": {"type": "str", "default": ".corbeille"},
        },
        supports_check_mode=True,
    )
    facts, failures = antivirus_facts(module.params)
    module.exit_json(changed=False, antivirus=facts, failures=failures)


if __name__ == "__main__":
    main()
