#!/usr/bin/python
"""Try remote access from a laptop, with everything in order and with each thing wrong."""

DOCUMENTATION = r"""
module: vpn_access_info
short_description: Try remote access from a laptop
description:
  - Connects from a laptop outside as the site's test account, reaches a file server and resolves names; then without a
    certificate, with a revoked one, one of another authority, with old versions of TLS, a code used before, a wrong
    code, none, another login, outside the group, and disabled.
  - Asks from a server whether the peer of the site-to-site tunnel answers through the tunnel, and beside it.
  - The account's password, group, second factor and certificate are of this trial and are taken away afterwards. The laptop's
    routes are not changed. Runs on the controller, with the interpreter that runs Ansible.
extends_documentation_fragment:
  - directory_connection
options:
  account:
    description: Login of the test account, which is nobody's.
    type: str
    required: true
  group:
    description: Group that the account is put in for the trial; in the group that lets people in, or that one itself.
    type: str
    required: true
  authority_dir:
    description: Folder of the site's authority on the controller.
    type: path
    required: true
  profiles_dir:
    description: Folder of M(vpn_profiles) on the controller.
    type: path
    required: true
  gateway:
    description: How the controller reaches the gateway.
    type: dict
    required: true
    suboptions: &host
      name: {description: Its name., type: str, required: true}
      address: {description: Its address., type: str, required: true}
  laptop:
    description: How the controller reaches the laptop.
    type: dict
    required: true
    suboptions: *host
  server_host:
    description: A server to ask for the peer of the site-to-site tunnel; it is not asked when left out.
    type: dict
    suboptions: *host
  ssh_arguments:
    description: More arguments of ssh.
    type: str
    default: ''
  ssh_user:
    description: Who the controller is on these hosts.
    type: str
    default: root
  remote:
    description: Name or address by which the laptop reaches the gateway.
    type: str
    required: true
  port:
    description: UDP port of the service.
    type: int
    required: true
  server_name:
    description: Name that the gateway's certificate bears.
    type: str
    required: true
  domain:
    description: DNS domain that the authority may sign for.
    type: str
    required: true
  file_server:
    description: Address of the file server that is to be reached.
    type: str
    required: true
  proxy:
    description: Where the web filter answers; it must be reached through the tunnel, and ask who is there.
    type: dict
    required: true
    suboptions:
      address:
        description: Its address.
        type: str
        required: true
      port:
        description: Its TCP port.
        type: int
        required: true
  names:
    description: Names that are to be resolved through the tunnel.
    type: list
    elements: str
    required: true
  secrets_file:
    description: File of second factors on the gateway.
    type: path
    default: /var/lib/vpn/users.oath
  failures_dir:
    description: Folder of failed attempts on the gateway.
    type: path
    default: /var/lib/vpn/failures
  refuse:
    description: What is out of reach from outside though the tunnel is up; tried from the laptop, and from the peer.
    type: list
    elements: dict
    required: true
    suboptions:
      address:
        description: Address of a host behind the gateway.
        type: str
        required: true
      port:
        description: TCP port that no flow opens.
        type: int
        required: true
  peer_host:
    description: The peer's own end, when the site's people may enter it.
    type: dict
    suboptions:
      name:
        description: Name of the host in the inventory.
        type: str
        required: true
      address:
        description: By which ssh reaches it.
        type: str
        required: true
  peer_address:
    description: Address of the peer in the tunnel.
    type: str
  peer_clear_address:
    description: Its address outside the tunnel.
    type: str
  peer_port:
    description: TCP port that is tried on the peer.
    type: int
    default: 22
author:
  - Garant
attributes:
  check_mode:
    description: Tries in check mode too, and leaves everything as it was.
    support: full
"""

EXAMPLES = r"""
- name: Try remote access
  vpn_access_info:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    account: probe
    group: GG_Remote
    authority_dir: secrets/pki
    profiles_dir: secrets/vpn
    gateway: {name: gw1, address: 192.0.2.1}
    laptop: {name: laptop1, address: 198.51.100.20}
    remote: vpn.example.com
    port: 1194
    server_name: gw1.example.lan
    domain: example.lan
    file_server: 192.0.2.20
    proxy: {address: 192.0.2.1, port: 3128}
    names: [fs1.example.lan]
    refuse: [{address: 192.0.2.20, port: 22}]
  delegate_to: localhost
"""

RETURN = r"""
vpn_access:
  description:
    - What was tried. RV(vpn_access.in_clear) says what the laptop reaches without a tunnel; RV(vpn_access.peer) whether
      the peer answers, through the tunnel and beside it, empty when nobody was asked.
  returned: success
  type: dict
  sample:
    attempts:
      - {kind: entitled, expected: true, connected: true, detail: connected, tls: '1.3', seconds: 1.9, full: true,
         routes: [], name_servers: [192.0.2.10], reached: [{address: 192.0.2.20, port: 445, reached: true}],
         resolved: [{name: fs1.example.lan, resolved: true}], remains: false,
         passed: [{address: 192.0.2.20, port: 22, reached: false}]}
    in_clear: [{address: 192.0.2.20, port: 445, reached: false}]
    peer: {tunnel: true, clear: false, passed: [{address: 192.0.2.20, port: 22, reached: false}]}
    duration: 41.0
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, DirectoryError
from ansible.module_utils.ad.probe_account import ProbeAccountError
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.firewall.probe_agent import ProbeError
from ansible.module_utils.linux.vpn_authority import AuthorityError
from ansible.module_utils.linux.vpn_trial_run import run

HOST = {"name": {"type": "str", "required": True}, "address": {"type": "str", "required": True}}
ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    **{
        name: {"type": "str", "required": True}
        for name in ("account", "group", "remote", "server_name", "domain", "file_server")
    },
    **{name: {"type": "path", "required": True} for name in ("authority_dir", "profiles_dir")},
    **{name: {"type": "dict", "required": True, "options": HOST} for name in ("gateway", "laptop")},
    "server_host": {"type": "dict", "options": HOST},
    "peer_host": {"type": "dict", "options": HOST},
    "refuse": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {"address": {"type": "str", "required": True}, "port": {"type": "int", "required": True}},
    },
    "ssh_arguments": {"type": "str", "default": ""},
    "ssh_user": {"type": "str", "default": "root"},
    "port": {"type": "int", "required": True},
    "proxy": {
        "type": "dict",
        "required": True,
        "options": {"address": {"type": "str", "required": True}, "port": {"type": "int", "required": True}},
    },
    "names": {"type": "list", "elements": "str", "required": True},
    "secrets_file": {"type": "path", "default": "/var/lib/vpn/users.oath", "no_log": False},
    "failures_dir": {"type": "path", "default": "/var/lib/vpn/failures"},
    "peer_address": {"type": "str"},
    "peer_clear_address": {"type": "str"},
    "peer_port": {"type": "int", "default": 22},
}


def main() -> None:
    """Arguments, trial, exit."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    try:
        facts = run(module.params)
    except FileNotFoundError as error:
        module.fail_json(msg=f"{error.filename} is missing on the controller; run vpn_profiles first")
    except (AuthorityError, DirectoryError, ProbeAccountError, ProbeError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, vpn_access=facts)


if __name__ == "__main__":
    main()
