#!/usr/bin/python
"""Open an audit run: note which hosts are to be read."""

DOCUMENTATION = r"""
module: evidence_run
short_description: Open an audit run
description:
  - Writes the C(run.json) of an audit run, which says what is to be read, before anything is read.
  - A host that then brings no evidence is not evaluated; it does not vanish.
options:
  directory:
    description:
      - Folder of the run; it is made.
    type: path
    required: true
  site:
    description:
      - Name of the site.
    type: str
    required: true
  client:
    description:
      - Name of the client's folder in C(policies).
    type: str
    required: true
  mode:
    description:
      - Whether the hosts are the client's own or a lab that reproduces them; a report of a lab says so.
    type: str
    choices: [audit, lab]
    default: audit
  groups_of:
    description:
      - Groups of each host of the inventory.
    type: dict
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Writes the file in check mode too, because reading is all that an audit does.
    support: full
"""

EXAMPLES = r"""
- name: Open the audit run
  evidence_run:
    directory: var/runs/site/2026-11-21T030000Z
    site: site
    client: client
    groups_of: {dc1: [domain_controllers]}
  delegate_to: localhost
"""

RETURN = r"""
directory:
  description: Folder of the run.
  returned: success
  type: str
  sample: /srv/garant/var/runs/site/2026-11-21T030000Z
site:
  description: Name of the site.
  returned: success
  type: str
  sample: site
"""

from datetime import UTC, datetime
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.policy.evidence import EvidenceError, write_json


def main() -> None:
    """Write run.json."""
    module = AnsibleModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "site": {"type": "str", "required": True},
            "client": {"type": "str", "required": True},
            "mode": {"type": "str", "choices": ["audit", "lab"], "default": "audit"},
            "groups_of": {"type": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    directory = Path(module.params["directory"]).resolve()
    started = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        write_json(
            directory / "run.json",
            {**{key: module.params[key] for key in ("site", "client", "mode", "groups_of")}, "started_at": started},
        )
    except EvidenceError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, directory=str(directory), site=module.params["site"])


if __name__ == "__main__":
    main()
