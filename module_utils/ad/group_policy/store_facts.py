"""The policies of a domain as the module that reads tells them: what stands, what differs, what holds where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ansible.module_utils.ad.connection import Credentials
from ansible.module_utils.ad.group_policy.effective_report import effective_report
from ansible.module_utils.ad.group_policy.links import inheritance_blocked
from ansible.module_utils.ad.group_policy.plan_links import foreign_links
from ansible.module_utils.ad.group_policy.plan_site import Wanted, site_differences
from ansible.module_utils.ad.group_policy.read import State, facts
from ansible.module_utils.ad.group_policy.store_session import Domain, open_domain, read_declared


def read_facts(options: Mapping[str, Any]) -> dict[str, Any]:
    """Everything, in one session of each kind."""
    with open_domain(Credentials.from_arguments(options)) as domain:
        return domain_facts(domain, options)


def domain_facts(domain: Domain, options: Mapping[str, Any]) -> dict[str, Any]:
    """What stands, and (with definitions) how it differs from what is declared."""
    known = domain.directory.facts()
    declared = domain.load(options, known) if options["definitions"] else ()
    state, wanted, clashes = read_declared(domain, declared, options, everything=True, strict=False)
    root = domain.root_unit(options)
    wanted = replace(wanted, purge=bool(declared), inheritance_root=root)
    differences = [*clashes, *site_differences(wanted, state)] if declared else []
    policies = [facts(each, state, wanted.site) for each in state.policies.values()]
    return {
        "policies": policies,
        "inheritance_blocked": [target.dn for target in state.targets if inheritance_blocked(target.options)],
        "orphan_folders": list(state.orphans),
        "foreign_links": _foreign(state, wanted),
        "differences": [each.facts() for each in differences],
        **effective_report(
            policies,
            state.targets,
            declared,
            {
                "domain_dn": known["domain_dn"],
                "domain_sid": known["domain_sid"],
                "root_dn": root or known["domain_dn"],
            },
        ),
    }


def _foreign(state: State, wanted: Wanted) -> list[dict[str, str]]:
    names = {container.dn.casefold(): container.name for container in state.containers}
    return [
        {"target": target.dn, "policy": names.get(link.dn.casefold(), ""), "dn": link.dn}
        for target, link in foreign_links(state.targets, wanted.linked(state))
    ]
