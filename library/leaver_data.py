#!/usr/bin/python
"""Archive, hand over and destroy the folders of those who left."""

DOCUMENTATION = r"""
module: leaver_data
short_description: Archive, hand over and destroy the folders of those who left
description:
  - Runs on the file server. The own folder of whoever left is packed with its access lists into an archive for root alone,
    proven against the disk, and taken out of the share. A copy without what is marked as private is laid beside the own
    folders for the manager; M(share_acl) gives it its list. The copy goes and the archive is destroyed at their dates.
  - A person who is at work again gets the folder back, as long as it is there.
  - Each step is written to a journal and can be cut off anywhere; the next run goes on. What is not certain is refused with
    its reason, and the folders of others are seen to all the same.
options:
  people:
    description: RV(leaver_people.people) of M(leaver_people_info).
    type: list
    elements: dict
    required: true
  open_accounts:
    description: RV(leaver_people.open_accounts) of M(leaver_people_info).
    type: list
    elements: str
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
    description: The folder of the archives; root's alone.
    type: path
    required: true
  journal:
    description: The file of the journal.
    type: path
    required: true
  actor:
    description: Who runs this, for the journal.
    type: str
    required: true
  group:
    description: Number of the group of administrators on the server; the copy is theirs.
    type: int
    required: true
  delay_days:
    description: Days since somebody left after which a folder that was refused is late.
    type: int
    required: true
  handover_days:
    description: Days that the manager reads the copy, counted from the archive.
    type: int
    required: true
  kept_days:
    description: Days that the archive is kept.
    type: int
    required: true
  private_words:
    description: Words without accents that mark a file or folder as private when its name holds one.
    type: list
    elements: str
    required: true
  administrators:
    description: Logins whose files may lie in anybody's folder.
    type: list
    elements: str
    default: []
author:
  - Garant
attributes:
  check_mode:
    description: Says which steps would be taken, and takes none.
    support: full
  diff_mode:
    description: One line for each step.
    support: full
"""

EXAMPLES = r"""
- name: See to the folders of those who left
  leaver_data:
    people: "{{ leavers.leaver_people.people }}"
    open_accounts: "{{ leavers.leaver_people.open_accounts }}"
    today: "{{ leavers.leaver_people.today }}"
    share: /srv/shares/own
    archive: /srv/leavers
    journal: /var/log/leaver-data/journal.jsonl
    actor: ann
    group: 3000000
    delay_days: 3
    handover_days: 30
    kept_days: 180
    private_words: [personnel, prive]
"""

RETURN = r"""
steps:
  description: Every step taken, or that would be, with its digest and counts.
  returned: always
  type: list
  elements: dict
  sample: [{login: martinann, step: archive, sha256: 9f2c, files: 12, bytes: 34567}]
refused:
  description: Whose folder was not touched, why, and whether that is longer than O(delay_days).
  returned: always
  type: list
  elements: dict
  sample: [{login: martinann, why: the account is open, late: false}]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.leaver_archive import LeaverError
from ansible.module_utils.linux.leaver_report import diff, run

ARGUMENTS = {
    "people": {"type": "list", "elements": "dict", "required": True},
    "open_accounts": {"type": "list", "elements": "str", "required": True},
    "today": {"type": "str", "required": True},
    "share": {"type": "path", "required": True},
    "archive": {"type": "path", "required": True},
    "journal": {"type": "path", "required": True},
    "actor": {"type": "str", "required": True},
    "group": {"type": "int", "required": True},
    "delay_days": {"type": "int", "required": True},
    "handover_days": {"type": "int", "required": True},
    "kept_days": {"type": "int", "required": True},
    "private_words": {"type": "list", "elements": "str", "required": True},
    "administrators": {"type": "list", "elements": "str", "default": []},
}


def main() -> None:
    """Take the steps, or say which."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    try:
        outcome = run(module.params, write=not module.check_mode)
    except (LeaverError, OSError, ValueError) as error:
        module.fail_json(msg=str(error), steps=[], refused=[])
    module.exit_json(changed=bool(outcome.done), steps=outcome.done, refused=outcome.refused, diff=diff(outcome))


if __name__ == "__main__":
    main()
