#!/usr/bin/python
"""Try the way to the Web as every kind of person."""

DOCUMENTATION = r"""
module: web_access_info
short_description: Try the way to the Web as every kind of person
description:
  - Runs on a workstation of the domain. Signs in to the proxy with the tickets that M(share_tickets_info) asked for, and
    tries what should be refused, what should pass, and the ways round; then the same without a login, and without proxy.
  - People appear in the result under pseudonyms. What could not be tried is listed with its reason and is no answer.
  - RV(traces) holds logins, for M(web_proxy_info) on the gateway. Run with C(no_log), as the tickets are given.
extends_documentation_fragment:
  - domain_tickets
options:
  plan:
    description:
      - What is to be tried, as the filter C(web_access_plan) gives it.
    type: dict
    required: true
  pseudonym_key:
    description:
      - Key of the site's pseudonyms, in hexadecimal.
    type: str
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Tries in check mode too; nothing is changed.
    support: full
"""

EXAMPLES = r"""
- name: Try the way to the Web
  web_access_info:
    plan: "{{ people | web_access_plan(departments, administrators, site_web) }}"
    tickets: "{{ asked.share_tickets }}"
    refused: "{{ asked.refused }}"
    pseudonym_key: "{{ key }}"
  no_log: true
  register: tried
"""

RETURN = r"""
web_access:
  description: V(attempts) has one entry for each request; V(untried) what had no answer.
  returned: success
  type: dict
  sample:
    attempts:
      - {kind: ordinary, subject: category, name: adult, method: GET, target: "http://adult.canari.test/",
         expected: refused, reason: category, answer: refused, status: 403}
    untried: []
traces:
  description: What must be found in the proxy's log, and what must not.
  returned: success
  type: list
  elements: dict
  sample: [{kind: ordinary, person: duponthug, host: essai-1f.canari.test, marker: 5e0c}]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.share_tickets import TicketError
from ansible.module_utils.linux.web_access import checked, try_web
from ansible.module_utils.policy.pseudonym import PseudonymError, pseudonym


def main() -> None:
    """Try and return."""
    module = AnsibleModule(
        argument_spec={
            "plan": {"type": "dict", "required": True},
            "tickets": {"type": "dict", "required": True, "no_log": True},
            "refused": {"type": "dict", "required": True},
            "pseudonym_key": {"type": "str", "required": True, "no_log": True},
        },
        supports_check_mode=True,
    )
    given = module.params
    if wrong := checked(given["tickets"], given["plan"]["attempts"]):
        module.fail_json(msg=wrong)
    try:
        key = bytes.fromhex(given["pseudonym_key"])
        facts, traces = try_web(given["plan"], given["tickets"], given["refused"], lambda login: pseudonym(key, login))
    except (TicketError, PseudonymError, ValueError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, web_access=facts, traces=traces)


if __name__ == "__main__":
    main()
