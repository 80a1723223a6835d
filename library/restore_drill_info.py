#!/usr/bin/python
"""Read what the last restores of a host have proven."""

DOCUMENTATION = r"""
module: restore_drill_info
short_description: Read what the last restores of a host have proven
description:
  - Reads what the drill of the role restore_drill wrote down, which sets of the host it has never restored, whether it
    runs every week, and the last full rehearsal of the site's rebuilding.
  - What never took place is left out; it is no answer.
options:
  folder:
    description:
      - Where the drill keeps its results.
    type: path
    default: /var/lib/restore-drill
  backup_settings:
    description:
      - What the backup was told to save.
    type: path
    default: /etc/nas-backup/settings.json
author:
  - Garant
attributes:
  check_mode:
    description: Only reads.
    support: full
"""

EXAMPLES = r"""
- name: Read what the last restores have proven
  restore_drill_info:
  register: read_restore_drill
"""

RETURN = r"""
restore_drill:
  description: The last drill, the age of the last one that proved everything, and the last rehearsal.
  returned: success
  type: dict
  sample:
    proven_days: 2.1
    extrapolated_hours: 0.6
    unproven: []
    weekly: true
    last: {at: 1795270491, ok: true, proven_files: 183, extrapolated_seconds: 2101.0, differences: []}
    rehearsal: {at: 1795270491, ok: true, seconds: 512, hours: 0.14, lost_hours: 0.2, age_days: 12.0}
failures:
  description: For each fact that could not be read, the reason.
  returned: success
  type: dict
  sample: {rehearsal: no full rehearsal has taken place}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.restore_state import restore_facts


def main() -> None:
    """Read, return."""
    module = AnsibleModule(
        argument_spec={
            "folder": {"type": "path", "default": "/var/lib/restore-drill"},
            "backup_settings": {"type": "path", "default": "/etc/nas-backup/settings.json"},
        },
        supports_check_mode=True,
    )
    facts, failures = restore_facts(module.params["folder"], module.params["backup_settings"])
    module.exit_json(changed=False, restore_drill=facts, failures=failures)


if __name__ == "__main__":
    main()
