#!/usr/bin/python
"""Ask for names as any program of this host would, and try servers that should not be reached."""

DOCUMENTATION = r"""
module: name_resolution_info
short_description: Try how names are resolved from a host
description:
  - Asks every question of O(questions) of every server of O(servers), and tries to reach each of O(attempts).
  - Sends questions only; nothing is changed and nothing stays on the host.
  - A server that gives no answer leaves the status empty, which is neither a refusal nor an answer.
options:
  servers:
    description:
      - Servers that are asked; those of C(/etc/resolv.conf) when none are given.
    type: list
    elements: str
    default: []
  questions:
    description:
      - What is asked.
    type: list
    elements: dict
    default: []
    suboptions:
      kind:
        description: What the question is for; a word that comes back with the answer.
        type: str
        required: true
      name:
        description: The name, in full.
        type: str
        required: true
      type:
        description: Type of record.
        type: str
        choices: [A, CNAME, AAAA, SRV, HTTPS]
        default: A
      expected:
        description: The answer that is right, when it is known.
        type: list
        elements: str
        default: []
      timed:
        description: Whether the question is asked alone, so that the time it takes means something.
        type: bool
        default: false
  attempts:
    description:
      - Servers that should not be reached, or should not answer.
    type: list
    elements: dict
    default: []
    suboptions:
      kind:
        description: What the attempt is for; a word that comes back with the result.
        type: str
        required: true
      address:
        description: Address of the server.
        type: str
        required: true
      way:
        description: How it is tried; a question on port 53, or a connection to the port of DNS over TLS or HTTPS.
        type: str
        choices: [udp, tcp, tls, https]
        default: udp
      name:
        description: The name asked for; one that the server would have to find out.
        type: str
        required: true
  wait_seconds:
    description:
      - How long each of two tries waits for an answer.
    type: float
    default: 3
author:
  - Garant
attributes:
  check_mode:
    description: Asks and tries in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Try how names are resolved
  name_resolution_info:
    questions:
      - {kind: own, name: srv1.example.lan, expected: [10.0.1.1], timed: true}
      - {kind: encrypted, name: dns.google}
    attempts:
      - {kind: foreign, address: 192.0.2.53, way: tls, name: example.org}
  register: names
"""

RETURN = r"""
name_resolution:
  description: What was asked and tried.
  returned: success
  type: dict
  sample:
    servers: [10.0.1.10]
    timed: [own]
    answers:
      - {kind: own, name: srv1.example.lan, type: A, server: 10.0.1.10, status: NOERROR, values: [10.0.1.1],
         expected: [10.0.1.1], seconds: 0.004, detail: answered}
    attempts:
      - {kind: foreign, address: 192.0.2.53, way: tls, port: 853, reached: false, status: null, detail: no answer}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.dns_message import TYPES, MessageError
from ansible.module_utils.linux.name_resolution import WAYS, probe

QUESTION = {
    "kind": {"type": "str", "required": True},
    "name": {"type": "str", "required": True},
    "type": {"type": "str", "choices": list(TYPES), "default": "A"},
    "expected": {"type": "list", "elements": "str", "default": []},
    "timed": {"type": "bool", "default": False},
}
ATTEMPT = {
    "kind": {"type": "str", "required": True},
    "address": {"type": "str", "required": True},
    "way": {"type": "str", "choices": list(WAYS), "default": "udp"},
    "name": {"type": "str", "required": True},
}
ARGUMENTS = {
    "servers": {"type": "list", "elements": "str", "default": []},
    "questions": {"type": "list", "elements": "dict", "default": [], "options": QUESTION},
    "attempts": {"type": "list", "elements": "dict", "default": [], "options": ATTEMPT},
    "wait_seconds": {"type": "float", "default": 3},
}


def main() -> None:
    """Arguments, probe, exit."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    given = module.params
    try:
        facts = probe(given["servers"], given["questions"], given["attempts"], given["wait_seconds"])
    except (OSError, MessageError) as error:
        module.fail_json(msg=f"names cannot be asked for: {error}")
    module.exit_json(changed=False, name_resolution=facts)


if __name__ == "__main__":
    main()
