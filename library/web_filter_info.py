#!/usr/bin/python
"""Read the web filter of a gateway, and try what it does without lists."""

DOCUMENTATION = r"""
module: web_filter_info
short_description: Read the web filter of a gateway, and try what it does without lists
description:
  - Runs on the gateway as root. Reads the lists in force, how old they are, what the updater and the canary last found,
    and whether Squid runs the helper.
  - Asks every canary again, a helper of its own without lists, and an updater of its own with sources that went bad; both
    work in a folder of the trial that is removed.
options:
  folder:
    description:
      - Where the filter keeps its lists.
    type: path
    default: /var/lib/web-filter
  settings:
    description:
      - The settings of its updater.
    type: path
    default: /etc/web-filter/config.json
author:
  - Garant
attributes:
  check_mode:
    description: Reads and tries in check mode too; nothing of the filter's is touched.
    support: full
"""

EXAMPLES = r"""
- name: Read the web filter
  web_filter_info:
  register: filter
"""

RETURN = r"""
web_filter:
  description: Lists, categories, database, canary, updater, helper, and what was tried.
  returned: success
  type: dict
  sample:
    generation: {name: 20260310T032011Z, made_days_ago: 0.4, digest: 5f0c}
    categories: [{name: hate, domains: 431}]
    categories_in_force: [hate]
    differences: []
    list_ages_days: {toulouse/agressif: 0.4}
    oldest_list_days: 0.4
    never_fetched: []
    update: {age_hours: 9.6, error: "", troubles: [], alerts: [], seconds: 12.1}
    canary: {age_minutes: 3.2, recorded_wrong: [], wrong: [], asked: 12, through_the_proxy: 9}
    timers: {update: {enabled: true, active: true}, canary: {enabled: true, active: true}}
    helpers: {running: 1, of_squid: 1}
    without_lists: [{lists: missing, answer: 'BH message="no database"', refused: true}]
    bad_sources: [{source: empty, kept: true, alerted: true, said: the list is empty}]
"""

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.linux.web_filter import WebFilterError, read_filter
from ansible.module_utils.linux.web_filter_trial import bad_sources, without_lists


def main() -> None:
    """Read, try, return."""
    module = AnsibleModule(
        argument_spec={
            "folder": {"type": "path", "default": "/var/lib/web-filter"},
            "settings": {"type": "path", "default": "/etc/web-filter/config.json"},
        },
        supports_check_mode=True,
    )
    given = module.params
    try:
        facts = read_filter(given["folder"], given["settings"])
        facts["without_lists"] = without_lists()
        facts["bad_sources"] = bad_sources(given["settings"])
    except WebFilterError as error:
        module.fail_json(msg=str(error))
    module.exit_json(changed=False, web_filter=facts)


if __name__ == "__main__":
    main()
