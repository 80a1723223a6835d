#!/usr/bin/python
"""Try to sign in to the proxy with the dedicated test account."""

DOCUMENTATION = r"""
module: web_login_info
short_description: Try to sign in to the proxy with a password
description:
  - Asks the proxy for a site without a login, with an empty, a wrong and the right password, and with the account closed.
  - Needs a test account. Its password is set for the time of the probe and thrown away; no other account is touched.
extends_documentation_fragment:
  - directory_connection
options:
  account:
    description:
      - Login of the dedicated test account.
    type: str
    required: true
  proxy:
    description:
      - Name or address of the proxy.
    type: str
    required: true
  port:
    description:
      - Port of the proxy.
    type: int
    default: 3128
  domain:
    description:
      - A site that people may reach.
    type: str
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Leaves the test account as it found it, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Try to sign in to the proxy
  web_login_info:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    account: probe
    proxy: gw1.example.lan
    domain: www.example.test
  delegate_to: localhost
  register: login
"""

RETURN = r"""
web_login:
  description: What the proxy made of each try, V(asked), V(refused), V(allowed) or V(unreachable).
  returned: success
  type: dict
  sample: {closed_account: asked, no_login: asked, no_password: asked, wrong_password: asked, right_password: allowed}
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, Credentials, DirectoryError
from ansible.module_utils.ad.web_login import probe_login
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.web_client import WebError


def main() -> None:
    """Arguments, probe, exit."""
    module = AnsibleModule(
        argument_spec={
            **CONNECTION_ARGUMENTS,
            "account": {"type": "str", "required": True},
            "proxy": {"type": "str", "required": True},
            "port": {"type": "int", "default": 3128},
            "domain": {"type": "str", "required": True},
        },
        supports_check_mode=True,
    )
    given = module.params
    proxy = (given["proxy"], given["port"])
    try:
        facts = probe_login(Credentials.from_arguments(given), given["account"], proxy, given["domain"])
    except (DirectoryError, WebError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, web_login=facts)


if __name__ == "__main__":
    main()
