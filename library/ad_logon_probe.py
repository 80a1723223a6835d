#!/usr/bin/python
"""Try the rules about passwords and logons with a test account."""

DOCUMENTATION = r"""
module: ad_logon_probe
short_description: Try the rules about passwords and logons with a test account
description:
  - Does what a user, a careless user and an intruder do, and tells what the domain controller did. It asks for
    passwords that must be refused, logs on with a first, an old, a wrong and an empty password, gets the account
    locked, and looks around without an account.
  - Needs a test account that serves for nothing else, and writes to no other. It is refused when it is a person's, an
    administrator's or one of the directory's own. The account is left unlocked, enabled, with a random password that
    nobody knows, also after an error.
  - What could not be tried is absent from the result, and RV(logon_probe.failures) says why.
  - The account needs a last name and a first name when samples use them. A fine-grained policy that applies
    to the account is what is tried.
extends_documentation_fragment:
  - directory_connection
options:
  account:
    description:
      - Login of the test account.
    type: str
    required: true
  realm:
    description:
      - Kerberos realm, the name of the domain in capital letters.
    type: str
    required: true
  samples:
    description:
      - Passwords that must be refused. They are examples of what not to use, not secrets.
    type: list
    elements: dict
    required: true
    suboptions:
      kind:
        description: The rule that the sample breaks.
        type: str
        choices: [too_short, character_classes, dictionary, own_name, brand, published_example, keyboard_walk]
        required: true
      label:
        description: What the sample is called in the result.
        type: str
        required: true
      password:
        description:
          - The password asked for. C({login}), C({last_name}), C({first_name}) and C({full_name}) stand for the
            account's own names.
        type: str
        required: true
  compliant_length:
    description:
      - Length of the random password that must be accepted.
    type: int
    default: 16
  max_attempts:
    description:
      - Wrong passwords tried, at most, to get the account locked.
    type: int
    default: 12
requirements:
  - python-ldap
  - krb5
  - the program smbclient, on the machine that runs the module
author:
  - Garant
attributes:
  check_mode:
    description:
      - Nothing can be tried without writing to the test account, so the module is skipped in check mode.
    support: none
"""

EXAMPLES = r"""
- name: Try the password rules
  ad_logon_probe:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    account: probe
    realm: EXAMPLE.LAN
    samples:
      - {kind: own_name, label: last name, password: "{last_name}-9kX-vq22"}
  delegate_to: localhost
  register: tried
"""

RETURN = r"""
logon_probe:
  description: What the domain controller did. Never changed, as the account serves for nothing else.
  returned: success
  type: dict
  contains:
    account: {description: The test account., type: str}
    samples:
      description: For each sample its kind, its label, whether it was accepted, and the reason the server gave.
      type: list
      elements: dict
    compliant_accepted: {description: Whether a random password that follows the rules is accepted., type: bool}
    compliant_reason: {description: Why not., type: str}
    first_logon_change_demanded: {description: Whether a first password opens nothing but its change., type: bool}
    previous_password_accepted: {description: Whether a password that was changed can be taken again., type: bool}
    old_password_still_works: {description: Whether it still opens something., type: bool}
    old_password_accepted_by: {description: What it opens (kerberos or directory)., type: list, elements: str}
    tickets:
      description:
        - C(ticket_hours) and C(service_ticket_hours), how long the longest tickets last that the controller gives;
          C(renewal_days), for how long they can be renewed; C(clock_skew_minutes), by how much a clock may be ahead and
          still be believed, null when fifteen minutes are not too much.
      type: dict
    locked_after_attempts:
      description: Wrong passwords that locked the account; null when as many as O(max_attempts) did not.
      type: int
    right_password_refused_while_locked: {description: Whether the lock holds for the right password., type: bool}
    unlocked_by_administrator: {description: Whether the account opens again once unlocked., type: bool}
    anonymous_search_refused: {description: Whether nobody can list the directory without an account., type: bool}
    anonymous_search_entries: {description: How many objects they can list, 50 at most., type: int}
    anonymous_smb_refused: {description: Whether nobody and an unknown name are refused the list of shares., type: bool}
    cleartext_bind_refused: {description: Whether a password sent in clear is refused because it is., type: bool}
    empty_password_refused: {description: Whether no password opens nothing and cannot be given., type: bool}
    failures: {description: What could not be tried and why., type: dict}
"""

import signal
import sys

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, Credentials, DirectoryError
from ansible.module_utils.ad.logon_probe import run_probe
from ansible.module_utils.ad.probe_account import ProbeAccountError
from ansible.module_utils.basic import AnsibleModule

KINDS = ["too_short", "character_classes", "dictionary", "own_name", "brand", "published_example", "keyboard_walk"]
SAMPLE = {
    "kind": {"type": "str", "choices": KINDS, "required": True},
    "label": {"type": "str", "required": True},
    "password": {"type": "str", "required": True, "no_log": False},
}
ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    "account": {"type": "str", "required": True},
    "realm": {"type": "str", "required": True},
    "samples": {"type": "list", "elements": "dict", "required": True, "options": SAMPLE},
    "compliant_length": {"type": "int", "default": 16},
    "max_attempts": {"type": "int", "default": 12},
}


def main() -> None:
    """Try everything; a signal to stop still leaves the account safe."""
    module = AnsibleModule(argument_spec=ARGUMENTS)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    asked = module.params
    try:
        tried = run_probe(Credentials.from_arguments(asked), asked["account"], asked["realm"], asked["samples"],
                          compliant_length=asked["compliant_length"], max_attempts=asked["max_attempts"])  # fmt: skip
    except (DirectoryError, ProbeAccountError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, logon_probe=tried)


if __name__ == "__main__":
    main()
