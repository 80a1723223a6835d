#!/usr/bin/python
"""Try whether a host lets administrators in without a second factor."""

DOCUMENTATION = r"""
module: second_factor_info
short_description: Try whether a host lets administrators in without a second factor
description:
  - Puts the site's test account in the administrators' group, with a password and a second factor of this trial, and opens
    sessions over ssh with both, with a code used before, with a wrong one, with the password alone and the code alone.
  - Everything is taken away afterwards. Runs on the controller, with the interpreter that runs Ansible.
extends_documentation_fragment:
  - directory_connection
options:
  account:
    description: Login of the test account, which is nobody's.
    type: str
    required: true
  group:
    description: Group that the account is put in for the trial.
    type: str
    required: true
  host:
    description: The host that is administered, and how the controller reaches it.
    type: dict
    required: true
    suboptions:
      name: {description: Its name., type: str, required: true}
      address: {description: Its address., type: str, required: true}
  ssh_arguments:
    description: Arguments of ssh that the automation uses; the trial uses those that say how the host is known.
    type: str
    default: ''
  ssh_user:
    description: Who the automation is on the host.
    type: str
    default: root
  secrets_file:
    description: File of second factors on the host.
    type: path
    default: /var/lib/second-factor/users.oath
  failures_dir:
    description: Folder of failed attempts on the host.
    type: path
    default: /var/lib/second-factor/failures
author:
  - Garant
attributes:
  check_mode:
    description: Tries in check mode too, and leaves everything as it was.
    support: full
"""

EXAMPLES = r"""
- name: Try to administer the gateway without a code
  second_factor_info:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    account: probe
    group: DL_Administration
    host: {name: gw1, address: 192.0.2.1}
  delegate_to: localhost
"""

RETURN = r"""
second_factor:
  description: What opened a session.
  returned: success
  type: dict
  sample:
    with_password_and_code: true
    with_used_code: false
    with_wrong_code: false
    with_password_alone: false
    with_code_alone: false
"""

import contextlib
import shlex

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, Credentials, DirectoryError, open_directory
from ansible.module_utils.ad.probe_account import ProbeAccountError
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.firewall.probe_agent import Host, ProbeError
from ansible.module_utils.linux import vpn_oath
from ansible.module_utils.linux.ssh_session import SessionError
from ansible.module_utils.linux.vpn_administration import Door, sessions
from ansible.module_utils.linux.vpn_trial import OtherEnd, Place, prepared, second_factor

ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    "account": {"type": "str", "required": True},
    "group": {"type": "str", "required": True},
    "host": {
        "type": "dict",
        "required": True,
        "options": {"name": {"type": "str", "required": True}, "address": {"type": "str", "required": True}},
    },
    "ssh_arguments": {"type": "str", "default": ""},
    "ssh_user": {"type": "str", "default": "root"},
    "secrets_file": {"type": "path", "default": "/var/lib/second-factor/users.oath", "no_log": False},
    "failures_dir": {"type": "path", "default": "/var/lib/second-factor/failures"},
}


def run(given: dict) -> dict:
    """Prepare, try, take away."""
    arguments = tuple(shlex.split(given["ssh_arguments"]))
    name, address = given["host"]["name"], given["host"]["address"]
    ssh = ("ssh", *arguments, "-o", "BatchMode=yes", "-l", given["ssh_user"], address)
    place = Place(given["secrets_file"], given["failures_dir"])
    with contextlib.ExitStack() as stack:
        end = OtherEnd(Host("host", name, address, ssh), vpn_oath)
        stack.callback(end.stop)
        directory = stack.enter_context(open_directory(Credentials.from_arguments(given)))
        account = stack.enter_context(prepared(directory, given["account"], [given["group"]]))
        give = stack.enter_context(second_factor(end, place, account.login))
        return sessions(Door(address, arguments), account.login, account.password, give)


def main() -> None:
    """Arguments, trial, exit."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    try:
        facts = run(module.params)
    except (DirectoryError, ProbeAccountError, ProbeError, SessionError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, second_factor=facts)


if __name__ == "__main__":
    main()
