#!/usr/bin/python
"""Keep names of the site in a zone of the domain."""

DOCUMENTATION = r"""
module: ad_dns_records
short_description: Keep names of the site in a zone of the domain
description:
  - Brings names of a zone that the directory keeps in line with a table, by LDAP; the same on Samba and on Microsoft
    directories. Everything is checked before anything is written.
  - A name that the table does not speak of is left as it is, unless it was made by this module and O(purge) is set.
    A name made by somebody else is changed when the table says something else, and never removed.
  - A removed name becomes a tombstone, as the service itself leaves it. Records never age.
  - A Microsoft server loads changes from the directory within some minutes, and answers nothing for C(wpad) and
    C(isatap) as long as they are in its global query block list.
extends_documentation_fragment:
  - directory_connection
options:
  zone:
    description:
      - Name of the zone.
    type: str
    required: true
  records:
    description:
      - The names.
    type: list
    elements: dict
    required: true
    suboptions:
      name:
        description: The name, without the zone.
        type: str
        required: true
      type:
        description: What the values are.
        type: str
        choices: [A, AAAA, CNAME]
        default: A
      values:
        description: Addresses, or the one other name, in full or of the same zone.
        type: list
        elements: str
        required: true
      ttl_seconds:
        description: How long an answer may be kept.
        type: int
        default: 3600
      why:
        description: What the name is for; kept beside it in the directory.
        type: str
        default: ""
  purge:
    description:
      - Whether names made by this module that are no longer in the table are removed.
    type: bool
    default: false
requirements:
  - python-ldap
author:
  - Garant
attributes:
  check_mode:
    description: Tells what would change and writes nothing.
    support: full
  diff_mode:
    description: Shows the records of the names that differ.
    support: full
"""

EXAMPLES = r"""
- name: Keep the site's names in the domain
  ad_dns_records:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    ca_file: /etc/ssl/lab-ca.crt
    zone: example.lan
    records:
      - {name: proxy, values: [10.0.1.254], why: the way to the Web}
      - {name: intranet, type: CNAME, values: [srv1]}
    purge: true
  delegate_to: localhost
"""

RETURN = r"""
changed_names:
  description: The names that were changed, or would be.
  returned: success
  type: list
  elements: str
  sample: [proxy]
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, Credentials, DirectoryError, open_directory
from ansible.module_utils.ad.dns_record import RecordError
from ansible.module_utils.ad.dns_zone import NamesError, check, compare, controllers, read_nodes, write
from ansible.module_utils.basic import AnsibleModule

RECORD = {
    "name": {"type": "str", "required": True},
    "type": {"type": "str", "choices": ["A", "AAAA", "CNAME"], "default": "A"},
    "values": {"type": "list", "elements": "str", "required": True},
    "ttl_seconds": {"type": "int", "default": 3600},
    "why": {"type": "str", "default": ""},
}
ARGUMENTS = {
    **CONNECTION_ARGUMENTS,
    "zone": {"type": "str", "required": True},
    "records": {"type": "list", "elements": "dict", "required": True, "options": RECORD},
    "purge": {"type": "bool", "default": False},
}


def main() -> None:
    """Compare, then write what differs."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    zone = module.params["zone"]
    try:
        wanted = check(module.params["records"], zone)
        with open_directory(Credentials.from_arguments(module.params)) as directory:
            nodes = read_nodes(directory, zone)
            changes = compare(nodes, wanted, controllers(directory), module.params["purge"])
            if not module.check_mode:
                write(directory, zone, nodes, changes)
    except (DirectoryError, NamesError, RecordError) as error:
        module.fail_json(msg=str(error))
    before = {change.name: change.before for change in changes}
    after = {change.name: change.after for change in changes}
    module.exit_json(changed=bool(changes), changed_names=list(after), diff={"before": before, "after": after})


if __name__ == "__main__":
    main()
