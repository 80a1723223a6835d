#!/usr/bin/python
"""Read how a host is saved: from its repositories, from systemd, and by trying."""

DOCUMENTATION = r"""
module: backup_info
short_description: Read how a host is saved
description:
  - Lists the host's own copies in each repository, through the access that the host has and by restic itself; how old,
    how large, how much was new; whether what the server keeps can be read without the key; whether what lies in the
    shares is in the newest copy, and whether the copy of the directory can be restored.
  - Reads from systemd when the backup starts, and who may read the keys.
  - Nothing is written, on the host or in a repository; no lock is taken.
options:
  host:
    description:
      - The name under which the host's copies are kept.
    type: str
    required: true
  repositories:
    description:
      - Where copies ought to be; each with C(name), C(place), C(url), C(user) and C(ca_file).
    type: list
    elements: dict
    required: true
  sets:
    description:
      - What ought to be saved; each with C(name).
    type: list
    elements: dict
    required: true
  shares:
    description:
      - Folders of which everything ought to be in the set C(shares); each with C(name) and C(path).
    type: list
    elements: dict
    default: []
  timezone:
    description:
      - The time zone of the hour at which the host is to be saved.
    type: str
    required: true
  growth_floor_mib:
    description:
      - What is new in a copy counts for nothing below this.
    type: int
    default: 256
author:
  - Garant
attributes:
  check_mode:
    description: Reads in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read how the host is saved
  backup_info:
    host: "{{ inventory_hostname }}"
    repositories: [{name: offsite, place: offsite, url: 'https://10.0.0.1:8000/fs1/', user: fs1, ca_file: /etc/ssl/ca.crt}]
    sets: [{name: shares}, {name: configuration}]
    timezone: Europe/Paris
  register: read_backup
"""

RETURN = r"""
backup:
  description: What was read.
  returned: success
  type: dict
  sample:
    sets: [{set: shares, repository: offsite, place: offsite, age_hours: 2.5, files: 1200, bytes: 52428800, added_bytes: 4096}]
    repositories: [{name: offsite, place: offsite, id: a10e41, own_key: root@fs1, readable: [], future: [], check_days: 3.1}]
    schedule: {hour: '20:00', active: true, enabled: true, persistent: true, bounded: true, last_run: success}
failures:
  description: For each fact that could not be read, the reason.
  returned: success
  type: dict
  sample: {}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.backup_facts import backup_facts


def main() -> None:
    """Read, return."""
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "repositories": {"type": "list", "elements": "dict", "required": True},
            "sets": {"type": "list", "elements": "dict", "required": True},
            "shares": {"type": "list", "elements": "dict", "default": []},
            "timezone": {"type": "str", "required": True},
            "growth_floor_mib": {"type": "int", "default": 256},
        },
        supports_check_mode=True,
    )
    facts, failures = backup_facts(module.params)
    module.exit_json(changed=False, backup=facts, failures={f"backup.{name}": why for name, why in failures.items()})


if __name__ == "__main__":
    main()
