#!/usr/bin/python
"""Read the names of a zone of the domain."""

DOCUMENTATION = r"""
module: ad_dns_records_info
short_description: Read the names of a zone of the domain
description:
  - Reads every name of a zone that the directory keeps, in the words of M(ad_dns_records).
extends_documentation_fragment:
  - directory_connection
options:
  zone:
    description:
      - Name of the zone.
    type: str
    required: true
requirements:
  - python-ldap
author:
  - Garant
attributes:
  check_mode:
    description: Only reads.
    support: full
"""

EXAMPLES = r"""
- name: Read the names of the domain
  ad_dns_records_info:
    server: dc1.example.lan
    bind_user: administrator@EXAMPLE.LAN
    bind_password: "{{ secret }}"
    zone: example.lan
  delegate_to: localhost
  register: names
"""

RETURN = r"""
dns_records:
  description: The names that are answered; V(ours) for those that M(ad_dns_records) made.
  returned: success
  type: list
  elements: dict
  sample:
    - name: proxy
      ours: true
      records: [{type: A, value: 10.0.1.254, ttl_seconds: 3600, static: true}]
"""

from ansible.module_utils.ad.connection import CONNECTION_ARGUMENTS, Credentials, DirectoryError, open_directory
from ansible.module_utils.ad.dns_record import RecordError
from ansible.module_utils.ad.dns_zone import NamesError, described, read_nodes
from ansible.module_utils.basic import AnsibleModule


def main() -> None:
    """Read and return."""
    module = AnsibleModule(
        argument_spec={**CONNECTION_ARGUMENTS, "zone": {"type": "str", "required": True}}, supports_check_mode=True
    )
    try:
        with open_directory(Credentials.from_arguments(module.params)) as directory:
            found = described(read_nodes(directory, module.params["zone"]))
    except (DirectoryError, NamesError, RecordError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, dns_records=found)


if __name__ == "__main__":
    main()
