#!/usr/bin/python
"""Read how a host keeps and sends its logs, and try it."""

DOCUMENTATION = r"""
module: log_info
short_description: Read how a host keeps and sends its logs, and try it
description:
  - Reads what is there; the files, who may open them, since when they hold lines, what turns and packs them, the alerts.
  - Tries whether an account without rights can open a log; whether files of many ages that it puts beside a log are
    destroyed in their time; and, with O(server), what this host can do on the log server besides adding lines. A line
    with O(marker) is written, to be looked for on the log server with M(log_trail_info).
  - No line of a log is returned. Files of the trial are removed; its lines on the log server stay until their time.
options:
  files:
    description:
      - The logs that this host keeps, each with C(name) and C(path), which may hold an asterisk.
    type: list
    elements: dict
    default: []
  sends:
    description:
      - The logs that this host sends to the log server, each with C(name), under which it is sent, and C(path). A digest
        of their last lines is returned.
    type: list
    elements: dict
    default: []
  days:
    description:
      - How many days lines are to be kept; the destruction is tried when there are O(files).
    type: int
    default: 0
  marker:
    description:
      - A word that is in the lines of this trial and in no other.
    type: str
    default: ''
  server:
    description:
      - The log server that this host sends to; C(address), C(port), and C(authority_file), C(certificate_file) and
        C(key_file) of this host.
    type: dict
    default: {}
  other_host:
    description:
      - Another host of the site, in whose name this one tries to send.
    type: str
    default: another-host
  activation_file:
    description:
      - Where it is written since when people's use is filtered and logged.
    type: path
    default: /var/lib/monitoring/activation.json
author:
  - Garant
attributes:
  check_mode:
    description: Reads and tries in check mode too; only files of the trial are touched, and old logs destroyed.
    support: full
"""

EXAMPLES = r"""
- name: Read the logs of the gateway, and try them
  log_info:
    files: [{name: web, path: /var/log/squid/access.log}]
    days: "{{ charter.log_retention.at_most }}"
  register: read_logs
"""

RETURN = r"""
logs:
  description: What was read, and what became of the trials.
  returned: success
  type: dict
  sample:
    files: [{name: web, path: /var/log/squid/access.log, mode: '0640', closed: true, oldest_day: '2026-11-20'}]
    destruction: {longest_kept_days: 365, forgotten_destroyed: true, old_lines_destroyed: true, gaps: []}
failures:
  description: For each fact that could not be read, the reason.
  returned: success
  type: dict
  sample: {}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.log_facts import log_facts


def main() -> None:
    """Read, try, return."""
    module = AnsibleModule(
        argument_spec={
            "files": {"type": "list", "elements": "dict", "default": []},
            "sends": {"type": "list", "elements": "dict", "default": []},
            "days": {"type": "int", "default": 0},
            "marker": {"type": "str", "default": ""},
            "server": {"type": "dict", "default": {}},
            "other_host": {"type": "str", "default": "another-host"},
            "activation_file": {"type": "path", "default": "/var/lib/monitoring/activation.json"},
        },
        supports_check_mode=True,
    )
    facts, failures = log_facts(module.params)
    module.exit_json(changed=False, logs=facts, failures=failures)


if __name__ == "__main__":
    main()
