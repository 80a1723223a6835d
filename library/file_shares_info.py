#!/usr/bin/python
"""Read the state in force of a file server."""

DOCUMENTATION = r"""
module: file_shares_info
short_description: Read the state in force of a file server
description:
  - Reads, on a Samba file server, the settings in force for the server and for each share, the audit log and how long it
    is kept, the recycle bins and what purges them, and compares the shares served with those asked for.
  - Changes nothing. A fact that cannot be read is left out and its reason is returned.
options:
  shares:
    description: Names of the shares that the site asks for.
    type: list
    elements: str
    required: true
  audit_file:
    description: File of the audit log.
    type: path
    default: /var/log/shares/audit.log
  recycle_folder:
    description: Folder of each share that keeps what was deleted.
    type: str
    default: .corbeille
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read the state of the file server
  file_shares_info:
    shares: [plans, office]
  register: server
"""

RETURN = r"""
file_shares:
  description:
    - What was read. C(shares) are those served, each with what is in force for it; C(unexpected) are served and not asked
      for, C(missing) the reverse.
  returned: always
  type: dict
  sample:
    min_protocol: SMB3_00
    smb1: false
    signing_required: true
    guests: never
    anonymous_listing: false
    old_names: false
    people_may_share: false
    registry_shares: false
    unexpected: []
    missing: []
    service: {smbd: true, nmbd: false}
    shares:
      - name: plans
        path: /srv/shares/plans
        guest_ok: false
        read_only: false
        encryption: required
        opens_to: [S-1-5-32-544, +EXAMPLE\DL_Plans_R]
        hidden_from_others: true
        hides_unreadable: true
        access_lists: true
        recycles: true
        recycle_folder: .corbeille/%U
        logs_deletions: true
        logs_reads: true
    audit_log:
      path: /var/log/shares/audit.log
      exists: true
      mode: "0640"
      owner: root
      open_to_others: false
      retention_days: 180
      oldest_days: 12.5
    recycle:
      retention_days: 30
      timer_enabled: true
      next_purge: Sun 2026-11-22 00:55:12 UTC
      last_purge: Sat 2026-11-21 00:22:40 UTC
      last_purge_worked: true
      files: 12
      oldest_days: 3.1
      bins_of_others: []
failures:
  description: Why facts are missing, by name.
  returned: always
  type: dict
  sample: {}
"""

from ansible.module_utils.ad.share_host import gather, named
from ansible.module_utils.basic import AnsibleModule

ARGUMENTS = {
    "shares": {"type": "list", "elements": "str", "required": True},
    "audit_file": {"type": "path", "default": "/var/log/shares/audit.log"},
    "recycle_folder": {"type": "str", "default": ".corbeille"},
}


def main() -> None:
    """Gather and return."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    given = module.params
    facts, failures = gather(given["shares"], given["audit_file"], given["recycle_folder"])
    module.exit_json(changed=False, file_shares=facts, failures=named(failures))


if __name__ == "__main__":
    main()
