#!/usr/bin/python
"""Try every kind of person on every share of a file server."""

DOCUMENTATION = r"""
module: share_access_info
short_description: Try every kind of person on every share of a file server
description:
  - Runs on a workstation of the domain. Signs in to the file server with the tickets that M(share_tickets_info) asked
    for, and tries to find, read, write and delete on every share; then people's own folders, the bins of deleted files,
    sessions without a name, old dialects, and sessions that are not signed or not encrypted.
  - Files of the trial bear a reserved name and are laid out by O(planter). M(share_trail_info) removes them afterwards.
  - What could not be tried is listed with its reason and is no answer. Run with C(no_log), as the tickets are given.
extends_documentation_fragment:
  - domain_tickets
options:
  host:
    description:
      - Full name of the file server, as people reach it.
    type: str
    required: true
  plan:
    description:
      - What is to be tried, as the filter C(share_access_plan) gives it.
    type: dict
    required: true
  planter:
    description:
      - Login of an administrator of all shares, who has a ticket too.
    type: str
    required: true
  recycle_folder:
    description:
      - Folder of each share that keeps what was deleted, with a folder for each person.
    type: str
    default: .corbeille
author:
  - Garant
attributes:
  check_mode:
    description: Tries in check mode too; only files of its own are touched.
    support: full
"""

EXAMPLES = r"""
- name: Try every kind of person on every share
  share_access_info:
    host: fs1.example.lan
    plan: "{{ site_shares | share_access_plan(people, departments, administrators) }}"
    tickets: "{{ asked.share_tickets }}"
    refused: "{{ asked.refused }}"
    planter: administrator
  no_log: true
  register: tried
"""

RETURN = r"""
share_access:
  description:
    - V(attempts) has one entry for each kind, share and action; V(untried) what had no answer.
  returned: success
  type: dict
  sample:
    attempts:
      - {kind: workshop, person: duponthug, share: hr, action: read, granted: false, expected: false,
         status: NT_STATUS_ACCESS_DENIED}
    untried: []
traces:
  description: What must be found in the file server's audit log.
  returned: success
  type: list
  elements: dict
  sample: [{what: deletion, person: duponthug, share: workshop, file: garant-essai-1f-delete-0.txt}]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.share_access import try_access
from ansible.module_utils.linux.share_tickets import TicketError
from ansible.module_utils.linux.smb_negotiation import NegotiationError
from ansible.module_utils.linux.smbclient_output import NoAnswerError


def main() -> None:
    """Try and return."""
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "plan": {"type": "dict", "required": True},
            "tickets": {"type": "dict", "required": True, "no_log": True},
            "refused": {"type": "dict", "required": True},
            "planter": {"type": "str", "required": True},
            "recycle_folder": {"type": "str", "default": ".corbeille"},
        },
        supports_check_mode=True,
    )
    given = module.params
    try:
        facts, traces = try_access(
            given["plan"],
            given["tickets"],
            given["refused"],
            host=given["host"],
            planter=given["planter"],
            bin_folder=given["recycle_folder"],
        )
    except (NoAnswerError, NegotiationError, TicketError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, share_access=facts, traces=traces)


if __name__ == "__main__":
    main()
