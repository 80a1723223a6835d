#!/usr/bin/python
"""Refuse to filter and log people's use before they were told, or note who takes it upon themselves."""

DOCUMENTATION = r"""
module: monitoring_gate
short_description: Refuse to filter and log people's use before they were told
description:
  - Runs on the host that filters and logs, before what does. Lets the play go on when the works council's consultation
    and each employee's information are signed, in this order, and dated before the day on which filtering begins or has
    begun (Code du travail L2312-38, L1222-4).
  - Refuses otherwise, with the article, the file and what to do; somebody may take it upon themselves by name, with a
    reason and an end. The audit reads who did from O(file), and the report shows it.
  - The day on which it began is written once and never moved forward. Papers that were in order then stay noted, so that
    a notice that is given anew later does not count as late.
options:
  attestations:
    description:
      - The client's attestations, by name.
    type: dict
    required: true
  source:
    description:
      - The file that holds them, for who must correct it.
    type: str
    required: true
  override:
    description:
      - Who takes it upon themselves (C(by)), why (C(reason)), and until when (C(until), a day).
    type: dict
    default: {}
  file:
    description:
      - Where it is written since when people's use is filtered and logged, and on what ground.
    type: path
    default: /var/lib/monitoring/activation.json
author:
  - Garant
attributes:
  check_mode:
    description: Refuses in check mode too, and writes nothing.
    support: full
"""

EXAMPLES = r"""
- name: Refuse to filter and log before people were told
  monitoring_gate:
    attestations: "{{ attestations }}"
    source: policies/client/attestations.yml
    override: "{{ site_monitoring_override | default({}) }}"
"""

RETURN = r"""
monitoring:
  description: Since when, on what ground, and who took it upon themselves.
  returned: success
  type: dict
  sample: {since: '2026-11-21', consulted_on: '2026-10-01', informed_on: '2026-10-20', override: null}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.monitoring_state import MonitoringError, activate


def main() -> None:
    """Refuse, or note and go on."""
    module = AnsibleModule(
        argument_spec={
            "attestations": {"type": "dict", "required": True},
            "source": {"type": "str", "required": True},
            "override": {"type": "dict", "default": {}},
            "file": {"type": "path", "default": "/var/lib/monitoring/activation.json"},
        },
        supports_check_mode=True,
    )
    given = module.params
    try:
        before, after = activate(
            given["attestations"], given["source"], given["override"], given["file"], write=not module.check_mode
        )
    except MonitoringError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=before != after, monitoring=after, diff={"before": before or {}, "after": after})


if __name__ == "__main__":
    main()
