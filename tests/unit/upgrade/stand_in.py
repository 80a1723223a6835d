#!/usr/bin/python
"""Stands in for a module of Windows: notes what it was asked, and answers from a machine that is a file.

Copied under the name of each module into a collection of the test's own. Says nothing of what Windows would do.
"""

import json
import os

from ansible.module_utils.basic import AnsibleModule

#: Written over when the file is copied.
NAME = ""
OPTIONS: list[str] = []
NEW = "26200"


def answer(name: str, asked: dict, machine: dict) -> dict:
    """What the module named would say, and what becomes of the machine."""
    if name == "win_reg_stat":
        return {"exists": True, "value": machine["build"] if asked["name"] == "CurrentBuildNumber" else 1_700_000_000}
    if name == "win_scheduled_task":
        present = asked.get("state") == "present"
        machine["task"] = machine["setup_ends_with"] if present else None
        if present and machine["setup_ends_with"] == 0:
            machine["build"] = NEW
    if name == "win_scheduled_task_stat":
        known = machine["task"] is not None
        return {"task_exists": known, **({"state": {"last_task_result": machine["task"]}} if known else {})}
    if name == "win_command":
        scan = "ScanOnly" in asked["argv"]
        if not scan:
            machine["build"] = "19045"
        return {"rc": machine["scan_ends_with"] if scan else 0}
    if name == "workstation_info":
        facts = {
            "os": {"build": int(machine["build"])},
            "updates": {"pending_reboot": False},
            "disks": [{"letter": "C:", "system": True, "size_bytes": 10**12, "free_bytes": machine["free_bytes"]}],
            "domain": {"joined": True},
            "activation": {"licensed": True},
            "firewall": {"domain": True, "private": True, "public": machine["firewall"]},
            "antivirus": [{"on": True}],
        }
        return {"workstations": {asked["hosts"][0]["name"]: {"workstation": facts}}}
    return {"rc": machine["copy_ends_with"] if name == "win_robocopy" and "/L" in asked["flags"].split() else 0,
            "mount_paths": ["D:\\"]}  # fmt: skip


def main() -> None:
    """Answer, and keep the machine as it is now."""
    module = AnsibleModule(argument_spec={name: {"type": "raw"} for name in OPTIONS}, supports_check_mode=True)
    asked = {name: value for name, value in module.params.items() if value is not None}
    with open(os.environ["STAND_IN_MACHINE"], encoding="utf-8") as file:
        machine = json.load(file)
    said = answer(NAME, asked, machine)
    machine["asked"].append([NAME, asked])
    with open(os.environ["STAND_IN_MACHINE"], "w", encoding="utf-8") as file:
        json.dump(machine, file)
    module.exit_json(changed=True, **said)


if __name__ == "__main__":
    main()
