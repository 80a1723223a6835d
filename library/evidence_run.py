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
  left_out:
    description:
      - What is not measured in a lab, because it cannot be there; for each host, the groups and the reason that the report
        gives. What is demanded of these groups is then neither green nor red.
      - Refused unless O(mode=lab).
    type: dict
    default: {}
  waivers:
    description:
      - What a lab accepts for itself, because it is one; the client's waivers are in its policies and apply beside them.
      - Refused unless O(mode=lab). What a site's own machines may deviate from, the client accepts in its policies.
    type: list
    elements: dict
    default: []
    suboptions:
      control:
        description:
          - What is waived.
        type: str
        required: true
      hosts:
        description:
          - Where.
        type: list
        elements: str
        required: true
      accepted:
        description:
          - One comparison and its value; whatever is worse stays a failure.
        type: dict
        required: true
      reason:
        description:
          - Why, as the report says it.
        type: str
        required: true
      owner:
        description:
          - Who answers for it.
        type: str
        required: true
      approver:
        description:
          - Who agreed.
        type: str
        required: true
      until:
        description:
          - Last day on which it counts, as C(2026-11-21).
        type: str
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

WAIVER = {
    "control": {"type": "str", "required": True},
    "hosts": {"type": "list", "elements": "str", "required": True},
    "accepted": {"type": "dict", "required": True},
    **{name: {"type": "str", "required": True} for name in ("reason", "owner", "approver", "until")},
}
NOT_HERE = (
    "audit_waivers and audit_left_out are for labs, and this inventory is of a site's own machines (audit_mode); write what "
    "the client accepts in policies/<client>/waivers.yml"
)


def measured(groups_of: dict[str, list[str]], left_out: dict[str, dict[str, str]]) -> dict[str, list[str]]:
    """The groups of each host, without those that are left out."""
    return {
        host: [group for group in groups if group not in left_out.get(host, {})] for host, groups in groups_of.items()
    }


def main() -> None:
    """Write run.json."""
    module = AnsibleModule(
        argument_spec={
            "directory": {"type": "path", "required": True},
            "site": {"type": "str", "required": True},
            "client": {"type": "str", "required": True},
            "mode": {"type": "str", "choices": ["audit", "lab"], "default": "audit"},
            "groups_of": {"type": "dict", "required": True},
            "left_out": {"type": "dict", "default": {}},
            "waivers": {"type": "list", "elements": "dict", "default": [], "options": WAIVER},
        },
        supports_check_mode=True,
    )
    left_out = {host: groups for host, groups in module.params["left_out"].items() if groups}
    if (module.params["waivers"] or left_out) and module.params["mode"] != "lab":
        module.fail_json(msg=NOT_HERE)
    directory = Path(module.params["directory"]).resolve()
    started = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        write_json(
            directory / "run.json",
            {
                **{key: module.params[key] for key in ("site", "client", "mode", "waivers")},
                "groups_of": measured(module.params["groups_of"], left_out),
                "left_out": left_out,
                "started_at": started,
            },
        )
    except EvidenceError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, directory=str(directory), site=module.params["site"])


if __name__ == "__main__":
    main()
