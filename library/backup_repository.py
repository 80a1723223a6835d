#!/usr/bin/python
"""Have a user and a repository of backups for each host."""

DOCUMENTATION = r"""
module: backup_repository
short_description: Have a user and a repository of backups for each host
description:
  - Brings the users of the server in line; whoever is not named is taken out. A hash that fits is left as it is.
  - Makes repositories that are missing, and lets the key that prunes open each. No repository and no key is removed.
options:
  folder:
    description: Where the repositories are, one folder for each host.
    type: path
    required: true
  account:
    description: Whose files they are.
    type: str
    required: true
  users_file:
    description: The server's file of users.
    type: path
    required: true
  prune_key_file:
    description: The key that prunes, on this host.
    type: path
    required: true
  passwords:
    description: The password of each host for the server, by name.
    type: dict
    required: true
  keys:
    description: The key of each host's repository, by name. It does not stay on this host.
    type: dict
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Says what would be made and whose password would change.
    support: full
  diff_mode:
    description: Names, never passwords.
    support: full
"""

EXAMPLES = r"""
- name: Keep the backups of a host
  backup_repository:
    folder: /srv/backups
    account: restic-rest-server
    users_file: /etc/restic-rest-server/site.htpasswd
    prune_key_file: /etc/backup-repository/prune.key
    passwords: "{{ passwords }}"
    keys: "{{ keys }}"
"""

RETURN = r"""
made:
  description: Repositories that were not there.
  returned: success
  type: list
  elements: str
keys_added:
  description: Repositories that one of their two keys did not open.
  returned: success
  type: list
  elements: str
"""

import pwd
import socket

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux import backup_repositories as repositories
from ansible.module_utils.linux import backup_users as users

ARGUMENTS = {
    "folder": {"type": "path", "required": True},
    "account": {"type": "str", "required": True},
    "users_file": {"type": "path", "required": True},
    "prune_key_file": {"type": "path", "required": True, "no_log": False},
    "passwords": {"type": "dict", "required": True, "no_log": True},
    "keys": {"type": "dict", "required": True, "no_log": True},
}


def main() -> None:
    """Read, compare, write."""
    module = AnsibleModule(ARGUMENTS, supports_check_mode=True)
    given, dry = module.params, module.check_mode
    try:
        disk = repositories.Disk(given["folder"], given["account"])
        prune_key = repositories.read_key(given["prune_key_file"])
        plan = repositories.reconcile(disk, given["keys"], prune_key, socket.gethostname(), dry=dry)
        before = users.read(given["users_file"])
        after = users.merged(before, given["passwords"])
        if before != after and not dry:
            users.write(given["users_file"], after, pwd.getpwnam(given["account"]).pw_gid)
    except (repositories.RepositoryError, users.UsersError, OSError, KeyError) as error:
        module.fail_json(msg=str(error))
    module.exit_json(
        changed=before != after or bool(plan.made or plan.keys_added),
        made=plan.made,
        keys_added=plan.keys_added,
        diff={
            "before": "".join(f"{name}\n" for name in users.parse(before)),
            "after": "".join(f"{name}\n" for name in users.parse(after)),
        },
    )


if __name__ == "__main__":
    main()
