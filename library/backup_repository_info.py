#!/usr/bin/python
"""Read how a host keeps backups of others."""

DOCUMENTATION = r"""
module: backup_repository_info
short_description: Read how a host keeps backups of others
description:
  - Asks the installed program what it would keep by the settings in force; reads arrivals, sizes beside quotas, what was
    pruned and checked last, alerts; tries whether the key that prunes opens each repository; looks whether anything in the
    repositories can be read; and who can log on to this host.
  - Run as root on the host that keeps them. Nothing is written.
options:
  settings_file:
    description: What the role wrote.
    type: path
    default: /etc/backup-repository/settings.json
  state_file:
    description: What its runs write down.
    type: path
    default: /var/lib/backup-repository/state.json
  declared_mirrors:
    description: How many mirrors of disks the site says that this host has; returned beside those that are there.
    type: int
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Reads in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read how backups are kept
  backup_repository_info:
    declared_mirrors: 1
  register: read_backup_repository
"""

RETURN = r"""
backup_repository:
  description: What was read.
  returned: success
  type: dict
  sample:
    retention: {daily_days: 30, weekly_days: 91, longest_days: 365}
    room: {free_percent: 61, bytes: 4000000000000}
    repositories: [{host: files1, bytes: 700000000, filled_percent: 1.2, newest_hours: 11.5}]
failures:
  description: For each fact that could not be read, the reason.
  returned: success
  type: dict
  sample: {}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.backup_keeper import SETTINGS, STATE, keeper_facts


def main() -> None:
    """Read, return."""
    module = AnsibleModule(
        argument_spec={
            "settings_file": {"type": "path", "default": SETTINGS},
            "state_file": {"type": "path", "default": STATE},
            "declared_mirrors": {"type": "int", "required": True},
        },
        supports_check_mode=True,
    )
    given = module.params
    facts, failures = keeper_facts(given["settings_file"], given["state_file"], given["declared_mirrors"])
    module.exit_json(changed=False, backup_repository=facts, failures=failures)


if __name__ == "__main__":
    main()
