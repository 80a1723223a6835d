"""One session: read, compare, write. What ad_directory and ad_directory_info do, without Ansible."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible.module_utils.ad import directory_names as names
from ansible.module_utils.ad.connection import Credentials, open_directory
from ansible.module_utils.ad.directory_actions import Plan
from ansible.module_utils.ad.directory_apply import apply_plan
from ansible.module_utils.ad.directory_facts import directory_facts, people_facts
from ansible.module_utils.ad.directory_model import Layout, State
from ansible.module_utils.ad.directory_plan import make_plan
from ansible.module_utils.ad.directory_read import read_state
from ansible.module_utils.ad.directory_site import Site
from ansible.module_utils.ad.directory_wanted import build_wanted
from ansible.module_utils.ad.employees import Employee, load_employees
from ansible.module_utils.ad.first_passwords import FirstPasswordStore

#: How many names a warning tells.
_TOLD = 10


def load_people(site: Site, path: str, state: State, conventions: bool) -> list[Employee]:
    """The list of employees, with the logins and addresses that the directory has given already.

    With conventions, only those that the convention could have given.
    """
    layout = Layout(names.under_base(site.root_ou, state.base))
    nobodys = [one.login.casefold() for one in state.accounts if layout.kind(one) in ("technical", "administrator")]
    return load_employees(
        path,
        {one.id: {"name": one.name, "group": one.group} for one in site.departments.values()},
        site.mail_domain,
        state.known_logins,
        known_mails=state.known_mails,
        reserved=[*site.reserved_logins, *nobodys],
        conventions=conventions,
    )


def reconcile(options: Mapping[str, Any], check_mode: bool) -> Plan:
    """Bring the directory in line with the site, or only say what that would change."""
    site = Site.from_options(options)
    store = FirstPasswordStore(options["first_passwords_file"], options["vault_password_file"])
    with open_directory(Credentials.from_arguments(options)) as directory:
        state = read_state(directory)
        employees = load_people(site, options["employees_file"], state, site.apply_conventions)
        plan = make_plan(state, build_wanted(site, employees, state.base, state.domain_sid))
        if not check_mode:
            apply_plan(directory, plan.actions, store.append)
    return plan


def describe(options: Mapping[str, Any]) -> dict[str, Any]:
    """The facts; with a list of employees, also the people expected."""
    with open_directory(Credentials.from_arguments(options)) as directory:
        state = read_state(directory, history=True)
        facts = directory_facts(directory, state, options["root_ou"])
    if options.get("employees_file"):
        site = Site.from_options(options)
        layout = Layout(names.under_base(site.root_ou, state.base))
        facts["people"] = people_facts(
            load_people(site, options["employees_file"], state, conventions=True), site.departments, layout, site.today
        )
    return facts


def report(plan: Plan) -> dict[str, Any]:
    """What the module returns."""
    return {
        "changed": bool(plan.actions),
        "diff": plan.diff(),
        "steps": [str(action) for action in plan.actions],
        "unknown_accounts": sorted(plan.unknown_accounts),
        "unknown_privileged": sorted(plan.unknown_privileged),
    }


def warnings(plan: Plan) -> list[str]:
    """What was found that nobody asked for."""
    found = {
        "enabled accounts unknown to the site": plan.unknown_accounts,
        "privileged members unknown to the site": plan.unknown_privileged,
    }
    return [f"{what}: {first_of(sorted(known))}" for what, known in found.items() if known]


def first_of(values: Sequence[str]) -> str:
    """As many as a person reads; the module returns the others."""
    rest = len(values) - _TOLD
    return ", ".join(values[:_TOLD]) + (f" and {rest} more" if rest > 0 else "")
