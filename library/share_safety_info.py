#!/usr/bin/python
"""Try the brakes of a file server: suspicious names, a burst of changes, quotas, room."""

DOCUMENTATION = r"""
module: share_safety_info
short_description: Try the brakes of a file server
description:
  - Runs on a file server of the domain as root. Asks for a ticket in the name of one of O(people) to this server only, and
    tries over SMB as that person that suspicious names are refused, that normal work passes without alarm, and that as many
    deletions as the site calls too many raise one.
  - Reads how full the file systems are, and tries the quotas where the file system has them.
  - Only files with a reserved name are made, and all are removed.
options:
  host:
    description:
      - Full name of this server, as people reach it.
    type: str
    required: true
  realm:
    description:
      - Kerberos realm of the domain.
    type: str
    required: true
  share:
    description:
      - A share that all of O(people) write on.
    type: str
    required: true
  people:
    description:
      - Logins; the first whom the domain gives a ticket tries.
    type: list
    elements: str
    required: true
  names:
    description:
      - Patterns of suspicious names that the site asks for.
    type: list
    elements: str
    required: true
  burst:
    description:
      - How many deletions must raise an alarm.
    type: int
    required: true
  patience_seconds:
    description:
      - How long an alarm is waited for.
    type: int
    default: 30
  recycle_folder:
    description:
      - Folder of each share that keeps what was deleted.
    type: str
    default: .corbeille
  root:
    description:
      - Folder that holds one folder for each share.
    type: path
    default: /srv/shares
author:
  - Garant
attributes:
  check_mode:
    description: Tries in check mode too; only files of its own are touched.
    support: full
"""

EXAMPLES = r"""
- name: Try the brakes of the file server
  share_safety_info:
    host: fs1.example.lan
    realm: EXAMPLE.LAN
    share: office
    people: [duponthug]
    names: ["*.locky"]
    burst: 100
  register: tried
"""

RETURN = r"""
share_safety:
  description:
    - What was tried and read. C(trial) is missing when nobody could try.
  returned: success
  type: dict
  sample:
    room: [{path: /srv/shares, blocks_percent: 31, inodes_percent: 2}]
    services: {share_watch: true, share_room: true, share_names: true, share_quotas: true}
    warn_percent: 85
    fail_percent: 95
    names_list: {count: 40, age_days: 0.4}
    quotas: {state: in_force, wrong: [], trial: {person_refused: true, share_refused: true, within_taken: true}}
    trial:
      person: duponthug
      names_tried: 40
      names_taken: []
      names_untried: []
      name_by_renaming_taken: false
      normal_names_refused: []
      false_alarms: []
      name_alarm: {person: duponthug, machine: 192.0.2.20, share: office, what: garant-essai-1f.locky, seconds: 1.2}
      burst: 100
      change_alarm: {person: duponthug, machine: 192.0.2.20, share: office, what: garant-essai-1f.txt, seconds: 1.4}
failures:
  description: Why facts are missing, by name.
  returned: success
  type: dict
  sample: {}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.share_quotas import read_quotas
from ansible.module_utils.linux.share_safety import Wanted, gather

ARGUMENTS = {
    "host": {"type": "str", "required": True},
    "realm": {"type": "str", "required": True},
    "share": {"type": "str", "required": True},
    "people": {"type": "list", "elements": "str", "required": True},
    "names": {"type": "list", "elements": "str", "required": True},
    "burst": {"type": "int", "required": True},
    "patience_seconds": {"type": "int", "default": 30},
    "recycle_folder": {"type": "str", "default": ".corbeille"},
    "root": {"type": "path", "default": "/srv/shares"},
}


def main() -> None:
    """Try and return."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    wanted = Wanted(**module.params)
    try:
        facts, failures = gather(wanted)
        quotas, missing = read_quotas(wanted)
    except OSError as error:
        module.fail_json(msg=f"{error}; check that {wanted.root} is there")
    untried = {f"share_safety.{name}": why for name, why in {**failures, **missing}.items()}
    module.exit_json(changed=False, share_safety={**facts, **quotas}, failures=untried)


if __name__ == "__main__":
    main()
