#!/usr/bin/python
"""Read the computers that GLPI knows, and where they differ from those of the park."""

DOCUMENTATION = r"""
module: glpi_inventory_info
short_description: Read the computers that GLPI knows, and where they differ from those of the park
description:
  - Reads an export (CSV), or GLPI's REST interface, of which it asks whole tables and to which it writes nothing. Runs on the
    controller.
  - What GLPI knows can seed an inventory. It decides about no machine; what was read of the machines themselves does.
options:
  export:
    description: File of an export of the computers, with headings in English or French.
    type: path
  url:
    description: Address of the REST interface, as C(https://glpi.example.org/apirest.php).
    type: str
  user_token:
    description: Token of a user of GLPI who may read computers.
    type: str
  app_token:
    description: Token of the application, where GLPI asks for one.
    type: str
  ca_file:
    description: Authority of GLPI's certificate; absent for those that the controller trusts.
    type: path
  timeout_seconds:
    description: Seconds for each request.
    type: int
    default: 20
  workstations:
    description: RV(workstations) of M(workstation_info), to be compared with.
    type: dict
author:
  - Garant
attributes:
  check_mode:
    description: Reads only, in check mode too.
    support: full
"""

EXAMPLES = r"""
- name: Read what GLPI knows
  glpi_inventory_info:
    url: https://glpi.example.org/apirest.php
    user_token: "{{ glpi_user_token }}"
    workstations: "{{ park.workstations }}"
  delegate_to: localhost
  register: known
"""

RETURN = r"""
glpi_inventory:
  description:
    - V(computers) as GLPI knows them, V(inventory) the same as an inventory of hosts, V(differences) with the park; absent in
      one of the two is null there.
  returned: success
  type: dict
  sample:
    computers: [{name: PC-12, serial: ABC1234, system: Windows 10 Pro, build: 19045, memory_bytes: 8589934592,
                 processor: Intel(R) Core(TM) i5-8500, disk_bytes: 255000000000, user: duponthug, group: Atelier,
                 location: null, model: OptiPlex 3060, portable: false, origin: "export.csv:2"}]
    inventory: {all: {children: {workstations: {children: {windows_workstations: {hosts: {pc-12: {department: Atelier}}}}}}}}
    differences: [{host: pc-12, what: memory_bytes, glpi: 8589934592, live: 4294967296},
                  {host: pc-40, what: machine, glpi: present, live: null}]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.windows.glpi_model import GlpiError
from ansible.module_utils.windows.glpi_module import read_inventory

ARGUMENTS = {
    "export": {"type": "path"},
    "url": {"type": "str"},
    "user_token": {"type": "str", "no_log": True},
    "app_token": {"type": "str", "no_log": True},
    "ca_file": {"type": "path"},
    "timeout_seconds": {"type": "int", "default": 20},
    "workstations": {"type": "dict"},
}


def main() -> None:
    """Read, compare and return."""
    module = AnsibleModule(
        argument_spec=ARGUMENTS,
        mutually_exclusive=[["export", "url"]],
        required_one_of=[["export", "url"]],
        required_together=[["url", "user_token"]],
        supports_check_mode=True,
    )
    try:
        found = read_inventory(module.params)
    except (GlpiError, OSError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, glpi_inventory=found)


if __name__ == "__main__":
    main()
