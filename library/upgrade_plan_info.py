#!/usr/bin/python
"""What becomes of each workstation, who is seen to when, and what it costs."""

DOCUMENTATION = r"""
module: upgrade_plan_info
short_description: What becomes of each workstation, who is seen to when, and what it costs
description:
  - Decides about every workstation from what was read of it; keep, upgrade in place, reinstall or replace. What was not read
    decides nothing, and a processor or release that is not in the lists is told as such.
  - Gives each machine its turn within the hours agreed, reckons the cost against the budget, and writes the pages, the
    announcements and the calendar in French. Runs on the controller and asks no machine.
extends_documentation_fragment:
  - upgrade_rules
options:
  state_dir:
    description: Folder of the campaign; when there is one, its turns are told and not new ones.
    type: path
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Decide about the workstations
  upgrade_plan_info:
    workstations: "{{ park.workstations }}"
    machines: "{{ site_workstations }}"
    lifecycle: "{{ lifecycle }}"
    processors: "{{ processors }}"
    terms: "{{ upgrade }}"
    today: "2026-11-30"
  delegate_to: localhost
  register: planned
"""

RETURN = r"""
upgrade_plan:
  description:
    - V(readiness) says of each machine what becomes of it and why, V(machines) when, V(left_out) who has no turn and why,
      V(renewal) what it costs in cents. V(texts) are for people, V(notices) the announcements.
  returned: success
  type: dict
  sample:
    readiness:
      - {host: pc-12, outcome: replace, isolate: true, release: Windows 7 SP1, supported_until: "2020-01-14",
         reasons: [{code: memory, rule: client, wanted: 4294967296, seen: 2147483648}], before: [], missing: {},
         needs_licence: false, sentence: "pc-12 : remplacé (mémoire de 2 Go, il en faut 4 Go)."}
    outcomes: {keep: 12, upgrade: 40, replace: 20, unknown_processor: 1, not_evaluated: 7}
    isolate: [pc-12]
    machines: [{host: pc-12, action: replace, wave: 1, begins: "2026-12-01T08:00", ends: "2026-12-01T12:00", spare: false}]
    left_out: {}
    renewal: {before_tax_cents: 1234500, with_tax_cents: 1481400, budget_cents: 1500000, beyond_cents: 0, currency: EUR}
    texts: {renewal: "...", calendar: "...", pages: {pc-12: "..."}}
    notices: [{host: pc-12, id: pc-12.1.0, to: ann@example.org, subject: "...", text: "..."}]
    progress: {waiting: 60}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.windows.upgrade_data import UpgradeError
from ansible.module_utils.windows.upgrade_module import plan_facts
from ansible.module_utils.windows.upgrade_park import RULE_OPTIONS, read_park
from ansible.module_utils.windows.upgrade_store import Store


def main() -> None:
    """Decide, plan, reckon and return."""
    module = AnsibleModule(argument_spec={**RULE_OPTIONS, "state_dir": {"type": "path"}}, supports_check_mode=True)
    folder = module.params["state_dir"]
    try:
        facts = plan_facts(read_park(module.params), Store(folder) if folder else None)
    except (UpgradeError, OSError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, upgrade_plan=facts)


if __name__ == "__main__":
    main()
