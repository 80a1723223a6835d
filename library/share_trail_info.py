#!/usr/bin/python
"""Look on a file server for what the trial of its shares left, and remove its files."""

DOCUMENTATION = r"""
module: share_trail_info
short_description: Look for the trial of the shares in the audit log, and remove its files
description:
  - Runs on the file server as root, after M(share_access_info). Looks in the audit log for who did what to which file.
  - Removes the files of the trial from all shares and bins, those of a trial that was interrupted too. Their names
    begin with a reserved word; no other file is touched.
  - Without O(traces) it only removes.
options:
  traces:
    description:
      - What must be in the log, as M(share_access_info) returns it.
    type: list
    elements: dict
    default: []
  audit_file:
    description:
      - File of the audit log.
    type: path
    default: /var/log/shares/audit.log
  recycle_folder:
    description:
      - Folder of each share that keeps what was deleted.
    type: str
    default: .corbeille
author:
  - Garant
attributes:
  check_mode:
    description: Looks in check mode too; only files of the trial are touched.
    support: full
"""

EXAMPLES = r"""
- name: Look for the trial in the audit log, and remove its files
  share_trail_info:
    traces: "{{ tried.traces }}"
  register: trail
"""

RETURN = r"""
share_trail:
  description: Whether deletions and reads of sensitive shares are in the log, and who may change it.
  returned: success
  type: dict
  sample:
    deletion_logged: true
    sensitive_read_logged: true
    missing: []
    log: {owner: 0, mode: '0o640', closed_to_others: true}
removed:
  description: How many files were removed.
  returned: success
  type: int
  sample: 41
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.share_trail import TrailError, remove_files, trail


def main() -> None:
    """Look, remove, return."""
    module = AnsibleModule(
        argument_spec={
            "traces": {"type": "list", "elements": "dict", "default": []},
            "audit_file": {"type": "path", "default": "/var/log/shares/audit.log"},
            "recycle_folder": {"type": "str", "default": ".corbeille"},
        },
        supports_check_mode=True,
    )
    given = module.params
    try:
        removed = remove_files(given["recycle_folder"])
        facts = {"share_trail": trail(given["audit_file"], given["traces"])} if given["traces"] else {}
    except TrailError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, removed=removed, **facts)


if __name__ == "__main__":
    main()
