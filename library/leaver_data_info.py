#!/usr/bin/python
"""Read what is kept of those who left."""

DOCUMENTATION = r"""
module: leaver_data_info
short_description: Read what is kept of those who left
description:
  - Looks on the disk of the file server for own folders of people who left, for copies handed over and for archives, and
    says how old each is. Changes nothing; no name of a file is returned.
options:
  people:
    description: RV(leaver_people.people) of M(leaver_people_info).
    type: list
    elements: dict
    required: true
  today:
    description: The day to decide for, as C(2026-11-30).
    type: str
    required: true
  share:
    description: The folder of the server that holds the own folders.
    type: path
    required: true
  archive:
    description: The folder of the archives.
    type: path
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read what is kept of those who left
  leaver_data_info:
    people: "{{ leavers.leaver_people.people }}"
    today: "{{ leavers.leaver_people.today }}"
    share: /srv/shares/own
    archive: /srv/leavers
  register: read_leaver_data
"""

RETURN = r"""
leaver_data:
  description:
    - C(in_share) has own folders of those who left, with days since they left; C(copies) what is handed over, to whom, and
      C(archives), with days since they were archived.
  returned: success
  type: dict
  sample:
    in_share: []
    copies: [{login: martinann, days: 3, to: durandpau}]
    archives: [{login: martinann, days: 3, closed: true}]
"""

from datetime import date

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.leaver_archive import LeaverError
from ansible.module_utils.linux.leaver_report import facts


def main() -> None:
    """Read, return."""
    module = AnsibleModule(
        argument_spec={
            "people": {"type": "list", "elements": "dict", "required": True},
            "today": {"type": "str", "required": True},
            "share": {"type": "path", "required": True},
            "archive": {"type": "path", "required": True},
        },
        supports_check_mode=True,
    )
    given = module.params
    try:
        found = facts(given["share"], given["archive"], given["people"], date.fromisoformat(given["today"]))
    except (LeaverError, OSError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, leaver_data=found)


if __name__ == "__main__":
    main()
