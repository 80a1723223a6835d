#!/usr/bin/python
"""Keep the keys and passwords of backups, and the sheet that brings them back."""

DOCUMENTATION = r"""
module: backup_secrets
short_description: Keep the keys and passwords of backups, and the sheet that brings them back
description:
  - Makes what is missing in a folder of the controller that its owner alone can enter, and a sheet in French to be printed
    and kept elsewhere. A key that is there is never replaced and never removed.
  - Runs on the controller.
options:
  directory:
    description: The folder.
    type: path
    required: true
  hosts:
    description: Hosts that are saved; each has a key and a password.
    type: list
    elements: str
    required: true
  places:
    description: Repositories, each with C(host) that keeps it, C(place) (offsite or onsite) and C(address).
    type: list
    elements: dict
    required: true
  port:
    description: Where they are served.
    type: int
    required: true
  client_name:
    description: Whose site it is, as it stands on the sheet.
    type: str
    required: true
  site_name:
    description: The site, as it stands on the sheet.
    type: str
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Says which files would be made.
    support: full
"""

EXAMPLES = r"""
- name: Keep the keys of the backups
  backup_secrets:
    directory: secrets/backup
    hosts: [files1]
    places: [{host: store1, place: offsite, address: 192.0.2.10}]
    port: 8000
    client_name: Menuiserie Exemple
    site_name: Atelier de Lyon
  delegate_to: localhost
"""

RETURN = r"""
made:
  description: Files of keys and passwords that were not there; names, never what they hold.
  returned: success
  type: list
  elements: str
sheet:
  description: Whether the sheet was made anew, and must be printed.
  returned: success
  type: bool
"""

from datetime import date
from pathlib import Path

from ansible.module_utils.ad.first_passwords import FirstPasswordError
from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux import backup_secrets as kept
from ansible.module_utils.linux import backup_sheet as sheet

ARGUMENTS = {
    "directory": {"type": "path", "required": True},
    "hosts": {"type": "list", "elements": "str", "required": True},
    "places": {"type": "list", "elements": "dict", "required": True},
    "port": {"type": "int", "required": True},
    "client_name": {"type": "str", "required": True},
    "site_name": {"type": "str", "required": True},
}


def main() -> None:
    """Read, compare, write."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    given = module.params
    hosts, about = sorted(given["hosts"]), (given["client_name"], given["site_name"])
    try:
        places = [
            sheet.Place(each["host"], each["place"], f"https://{each['address']}:{given['port']}/")
            for each in given["places"]
        ]
        plan = kept.reconcile(
            Path(given["directory"]).expanduser().absolute(),
            kept.names(hosts, [each.host for each in places]),
            lambda secrets: sheet.render(sheet.paragraphs(secrets, hosts, places, about, date.today())),
            repr((hosts, places, about)),
            dry=module.check_mode,
        )
    except (kept.SecretsError, FirstPasswordError, sheet.LetterError, OSError, KeyError) as error:
        module.fail_json(msg=f"{error}")
    module.exit_json(changed=bool(plan.made or plan.sheet), made=plan.made, sheet=plan.sheet)


if __name__ == "__main__":
    main()
