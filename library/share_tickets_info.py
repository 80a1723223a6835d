#!/usr/bin/python
"""Ask the domain, as a server that belongs to it, for tickets of people to this server only."""

DOCUMENTATION = r"""
module: share_tickets_info
short_description: Ask for tickets of people to this server
description:
  - Runs on a server of the domain. Asks the domain controller for a ticket to this server in the name of each person, as a
    member of the domain may (S4U2self). No password is known or changed and nothing is granted in the directory.
  - The tickets open nothing but this server, end after O(minutes), and must be handled with C(no_log).
  - Needs C(krb5-user) and the server's keytab.
options:
  people:
    description:
      - Logins of the people.
    type: list
    elements: str
    required: true
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
  service:
    description:
      - What the tickets are shown to; every service of the machine has the machine's key.
    type: str
    choices: [cifs, HTTP]
    default: cifs
  minutes:
    description:
      - How long the tickets are good.
    type: int
    default: 15
author:
  - Garant
attributes:
  check_mode:
    description: Asks only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Ask for tickets
  share_tickets_info:
    people: [duponthug]
    host: fs1.example.lan
    realm: EXAMPLE.LAN
  no_log: true
  register: asked
"""

RETURN = r"""
share_tickets:
  description: Credential caches in base64, by login.
  returned: success
  type: dict
  sample: {"duponthug": "BQQ..."}
refused:
  description: Why the domain controller gives no ticket, by login.
  returned: success
  type: dict
  sample: {"sabatiecor": "KDC_ERR_CLIENT_REVOKED"}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.share_tickets import TicketError, tickets_for


def main() -> None:
    """Ask and return."""
    module = AnsibleModule(
        argument_spec={
            "people": {"type": "list", "elements": "str", "required": True},
            "host": {"type": "str", "required": True},
            "realm": {"type": "str", "required": True},
            "service": {"type": "str", "choices": ["cifs", "HTTP"], "default": "cifs"},
            "minutes": {"type": "int", "default": 15},
        },
        supports_check_mode=True,
    )
    given = module.params
    try:
        tickets, refused = tickets_for(
            given["people"], given["host"], given["realm"], given["minutes"], given["service"]
        )
    except TicketError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, share_tickets=tickets, refused=refused)


if __name__ == "__main__":
    main()
