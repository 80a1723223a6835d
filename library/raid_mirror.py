#!/usr/bin/python
"""Have disks stand for one another."""

DOCUMENTATION = r"""
module: raid_mirror
short_description: Have disks stand for one another (Linux md, level 1)
description:
  - Makes a mirror of an even number of equal disks with a file system on it, or brings one in line; a disk that is named
    and not in it takes the place of one that failed.
  - Everything is looked at before anything is written. Disks of unequal size are refused, and disks that hold something,
    unless they are named in O(erase). Parts of this very mirror are refused all the same while it does not run.
  - A disk that is missing from a mirror that serves is a warning; what is demanded of the mirror is the audit's to judge.
options:
  name:
    description:
      - Name of the mirror.
    type: str
    required: true
  disks:
    description:
      - Its disks, by names that do not change; a serial number, a WWN, or a name in C(/dev/disk/by-id).
    type: list
    elements: str
    required: true
  spares:
    description:
      - Disks that wait for one of the others to fail.
    type: list
    elements: str
    default: []
  erase:
    description:
      - Disks among them that hold something which may be lost.
    type: list
    elements: str
    default: []
  label:
    description:
      - Label of the file system, by which it is mounted.
    type: str
    required: true
  mount:
    description:
      - Folder that it will be mounted on; refused when it holds files that the mirror would hide.
    type: path
    required: true
author:
  - Garant
attributes:
  check_mode:
    description: Says what would be done, and refuses what would be refused.
    support: full
  diff_mode:
    description: The steps.
    support: full
"""

EXAMPLES = r"""
- name: Have two disks stand for one another
  raid_mirror:
    name: data
    disks: [S2RBNX0H401234, S2RBNX0H405678]
    label: data
    mount: /srv/data
  register: mirror
"""

RETURN = r"""
steps:
  description: What was done, or would be.
  returned: success
  type: list
  elements: str
  sample: ["data: create /dev/sda /dev/sdb", "data: make the file system data"]
mirror:
  description: The mirror as it is now; empty before it is made.
  returned: success
  type: dict
  sample: {name: data, device: /dev/md127, uuid: "a2f1c1f0:6c2d0b1a:9a3c8f55:0e1d2c3b"}
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.raid_apply import apply, read_plan
from ansible.module_utils.linux.raid_plan import Wanted
from ansible.module_utils.linux.raid_read import RaidError, arrays

ARGUMENTS = {
    "name": {"type": "str", "required": True},
    "disks": {"type": "list", "elements": "str", "required": True},
    "spares": {"type": "list", "elements": "str", "default": []},
    "erase": {"type": "list", "elements": "str", "default": []},
    "label": {"type": "str", "required": True},
    "mount": {"type": "path", "required": True},
}


def main() -> None:
    """Read, plan, do, return."""
    module = AnsibleModule(argument_spec=ARGUMENTS, supports_check_mode=True)
    wanted = Wanted(**module.params)
    try:
        todo = read_plan(wanted)
        steps = apply(wanted, todo, dry=module.check_mode)
        made = next((each for each in arrays() if each["name"] == wanted.name), {})
    except RaidError as error:
        module.fail_json(msg=str(error))
    for warning in todo.warnings:
        module.warn(warning)
    mirror = {key: made[key] for key in ("name", "device", "uuid") if key in made}
    after = "".join(f"{step}\n" for step in steps)
    module.exit_json(changed=bool(steps), steps=steps, mirror=mirror, diff={"before": "", "after": after})


if __name__ == "__main__":
    main()
