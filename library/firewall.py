#!/usr/bin/python
"""Put a ruleset of nftables in force, and take it back unless it is confirmed."""

DOCUMENTATION = r"""
module: firewall
short_description: Put a ruleset in force so that it cannot shut its author out
description:
  - Checks the ruleset with nft, arranges that the one in force comes back after a delay, then loads it all at once.
  - A second call over a new connection confirms it; only then does the file that is loaded at boot change.
  - Nothing is loaded when the ruleset was confirmed before and is in force as it was loaded.
options:
  state:
    description:
      - V(tracked) has the kernel follow connections when nothing does yet. The connection that this runs over must be
        known before a ruleset is loaded that lets through what is.
      - V(loaded) puts O(content) in force for O(rollback_seconds).
      - V(confirmed) keeps what was loaded; it fails over the connection that loaded it, and when it was taken back.
    type: str
    choices: [tracked, loaded, confirmed]
    required: true
  content:
    description: The file for nft -f. Needed when O(state=loaded).
    type: str
  rollback_seconds:
    description: How long a ruleset stays in force without being confirmed.
    type: int
    default: 60
author:
  - Garant
attributes:
  check_mode:
    description: Compares and changes nothing.
    support: full
  diff_mode:
    description: Shows the file, or what was changed in the kernel since it was loaded.
    support: full
"""

EXAMPLES = r"""
- name: Load the ruleset
  firewall:
    state: loaded
    content: "{{ ruleset }}"

- name: Confirm the ruleset over a new connection
  firewall:
    state: confirmed
"""

RETURN = r"""
pending:
  description: Whether the ruleset in force waits to be confirmed.
  returned: success
  type: bool
  sample: true
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.firewall.apply import (
    FirewallError,
    before_and_after,
    confirm,
    is_current,
    load,
    track,
    tracks,
)


def main() -> None:
    """Compare, load or confirm, exit."""
    module = AnsibleModule(
        argument_spec={
            "state": {"type": "str", "choices": ["tracked", "loaded", "confirmed"], "required": True},
            "content": {"type": "str"},
            "rollback_seconds": {"type": "int", "default": 60},
        },
        required_if=[("state", "loaded", ["content"])],
        supports_check_mode=True,
    )
    content = module.params["content"]
    try:
        if module.params["state"] != "loaded":
            module.exit_json(changed=_other(module.params["state"], check_mode=module.check_mode), pending=False)
        changed = not is_current(content)
        before, after = before_and_after(content) if changed else (content, content)
        if changed and not module.check_mode:
            load(content, module.params["rollback_seconds"])
    except FirewallError as error:
        module.fail_json(msg=str(error))
    diff = {"before_header": "ruleset", "after_header": "ruleset", "before": before, "after": after}
    module.exit_json(changed=changed, pending=changed and not module.check_mode, diff=diff)


def _other(state: str, *, check_mode: bool) -> bool:
    """The states without a ruleset: whether something changes, done unless in check mode."""
    needed = state == "confirmed" or not tracks()
    if needed and not check_mode:
        (confirm if state == "confirmed" else track)()
    return needed


if __name__ == "__main__":
    main()
