#!/usr/bin/python
"""Read the state of mirrored disks."""

DOCUMENTATION = r"""
module: raid_info
short_description: Read the state of mirrored disks
description:
  - Reads the mirrors by the kernel (C(/sys/block), C(/proc/mdstat)) and by mdadm, the disks' own word on their health
    where they have one (SMART), the last comparison of the copies, whether the disks are watched and when the alert was
    last tried, what the shared folders are on, and whether the backups are kept on this very machine.
  - Changes nothing. A fact that cannot be read is left out and its reason is returned.
options:
  folders:
    description:
      - Folders that are to be on a mirror.
    type: list
    elements: path
    required: true
  backup_settings_file:
    description:
      - Where the machine's backup keeps its settings; without the file there is no backup.
    type: path
    default: /etc/nas-backup/settings.json
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read the state of the disks
  raid_info:
    folders: [/srv/shares]
  register: read_raid
"""

RETURN = r"""
raid:
  description: What was read. A disk without SMART has the status C(not_measured) and the reason.
  returned: success
  type: dict
  sample:
    mirrors:
      - {device: /dev/md127, name: data, level: raid1, wanted: 2, degraded: 0, action: idle, events: 42, mismatches: 0,
         members: [{device: /dev/sda, serial: S2RBNX0H401234, slot: 0, states: [in_sync], size_bytes: 536870912, events: 42}]}
    disks: [{device: /dev/sda, serial: S2RBNX0H401234, status: not_measured, reason: the disk has no SMART}]
    monitor: {running: true, tried_days_ago: 3.2, looked_days_ago: 0.001, alerts: [], events: []}
    scrubs: [{device: /dev/md127, days_ago: 3.1, mismatches: 0, why: '', kernel_mismatches: 0}]
    folders: [{path: /srv/shares, target: /srv/shares, device: /dev/md127, at_start: LABEL=data}]
    copies: [{name: offsite, here: false}]
failures:
  description: For each fact that could not be read, the reason.
  returned: success
  type: dict
  sample: {}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.raid_facts import raid_facts

ARGUMENTS = {
    "folders": {"type": "list", "elements": "path", "required": True},
    "backup_settings_file": {"type": "path", "default": "/etc/nas-backup/settings.json"},
}


def main() -> None:
    """Gather and return."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    facts, failures = raid_facts(module.params)
    module.exit_json(changed=False, raid=facts, failures=failures)


if __name__ == "__main__":
    main()
