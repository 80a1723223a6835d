#!/usr/bin/python
"""Seal what the collectors read on a host into its evidence file."""

DOCUMENTATION = r"""
module: evidence_file
short_description: Seal what was read on a host into its evidence file
description:
  - Takes the registered results of the collectors and writes one sealed JSON file, whole or not at all.
  - A result without the collector's key is a failure with its reason; it is never taken for an answer.
options:
  host:
    description:
      - Name of the host in the inventory.
    type: str
    required: true
  directory:
    description:
      - Folder of the run; the file is written to its C(evidence) folder.
    type: path
    required: true
  results:
    description:
      - Registered result of each collector, by the key that the collector returns.
    type: dict
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Writes the file in check mode too, because reading is all that an audit does.
    support: full
  diff_mode:
    description: Evidence is not configuration.
    support: none
"""

EXAMPLES = r"""
- name: Seal the evidence
  evidence_file:
    host: "{{ inventory_hostname }}"
    directory: var/runs/site/2026-11-21T030000Z
    results:
      linux_host: "{{ read_host }}"
  delegate_to: localhost
"""

RETURN = r"""
file:
  description: The evidence file.
  returned: success
  type: str
  sample: var/runs/site/2026-11-21T030000Z/evidence/dc1.json
missing:
  description: Collectors that returned no facts.
  returned: success
  type: list
  elements: str
  sample: [linux_host]
"""

from datetime import UTC, datetime
from pathlib import Path

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.policy.evidence import EvidenceError, sealed, sort_results, write_json


def main() -> None:
    """Sort the results into facts and failures, seal, write."""
    module = AnsibleModule(
        argument_spec={
            "host": {"type": "str", "required": True},
            "directory": {"type": "path", "required": True},
            "results": {"type": "dict", "required": True},
        },
        supports_check_mode=True,
    )
    facts, failures = sort_results(module.params["results"])
    file = Path(module.params["directory"], "evidence", f"{module.params['host']}.json")
    try:
        write_json(
            file,
            sealed(module.params["host"], datetime.now(UTC).isoformat(timespec="seconds"), facts, failures),
        )
    except EvidenceError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, file=str(file), missing=sorted(set(module.params["results"]) - set(facts)))


if __name__ == "__main__":
    main()
