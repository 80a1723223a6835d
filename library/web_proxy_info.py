#!/usr/bin/python
"""Read the state of the proxy, and what it wrote of a trial."""

DOCUMENTATION = r"""
module: web_proxy_info
short_description: Read the state of the proxy
description:
  - Runs on the gateway. Asks Squid for the settings in force, looks for the requests of M(web_access_info) in its log, and
    tries on a second proxy with the same rules what happens when the directory or the filter is silent.
  - What cannot be read is missing from the result, with its reason in RV(unread).
options:
  traces:
    description:
      - What must be found in the log, as M(web_access_info) returns it.
    type: list
    elements: dict
    default: []
  sample_domain:
    description:
      - A site that people may reach, to prove that the trial of silence lets something through.
    type: str
    required: true
  port:
    description:
      - Port of the proxy.
    type: int
    default: 3128
  pseudonym_key:
    description:
      - Key of the site's pseudonyms, in hexadecimal.
    type: str
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Reads and tries in check mode too; nothing is changed.
    support: full
"""

EXAMPLES = r"""
- name: Read the state of the proxy
  web_proxy_info:
    traces: "{{ tried.traces }}"
    sample_domain: www.example.test
    pseudonym_key: "{{ key }}"
  no_log: true
  register: proxy
"""

RETURN = r"""
web_proxy:
  description: Settings in force, keys, the trail of the trial, and what happens in silence.
  returned: success
  type: dict
  sample:
    settings: {credentials_hours: 12.0, log_fields: [host, time, user]}
    silence: {directory: {refused: true, status: 503, reason: directory}}
unread:
  description: What could not be read, and why.
  returned: success
  type: dict
  sample: {}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.web_client import WebError
from ansible.module_utils.linux.web_fail_closed import try_silence
from ansible.module_utils.linux.web_proxy_state import keys, settings, trail
from ansible.module_utils.policy.pseudonym import PseudonymError, pseudonym


def main() -> None:
    """Read and return."""
    module = AnsibleModule(
        argument_spec={
            "traces": {"type": "list", "elements": "dict", "default": []},
            "sample_domain": {"type": "str", "required": True},
            "port": {"type": "int", "default": 3128},
            "pseudonym_key": {"type": "str", "required": True, "no_log": True},
        },
        supports_check_mode=True,
    )
    given = module.params
    facts, unread = {}, {}
    for name, read in (
        ("settings", lambda: settings(given["port"])),
        ("keys", keys),
        ("trail", lambda: trail(given["traces"], lambda one: pseudonym(bytes.fromhex(given["pseudonym_key"]), one))),
        ("silence", lambda: try_silence(given["sample_domain"])),
    ):
        try:
            facts[name] = read()
        except (WebError, PseudonymError, OSError, ValueError) as error:
            unread[name] = str(error)
    module.exit_json(changed=False, web_proxy=facts, unread=unread)


if __name__ == "__main__":
    main()
