"""The machines of a site as the planners are given them: what becomes of each, and who works there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from ansible.module_utils.windows.upgrade_data import UpgradeError, as_date, read_lifecycle, read_processors
from ansible.module_utils.windows.upgrade_readiness import Readiness, Rules, decide
from ansible.module_utils.windows.upgrade_terms import ACTIONS, Terms, read_terms
from ansible.module_utils.windows.upgrade_waves import Machine

RULE_OPTIONS: dict[str, Any] = {
    "workstations": {"type": "dict", "required": True},
    "machines": {
        "type": "list",
        "elements": "dict",
        "required": True,
        "options": {
            "host": {"type": "str", "required": True},
            "department": {"type": "str", "required": True},
            "users": {
                "type": "list",
                "elements": "dict",
                "default": [],
                "options": {
                    "login": {"type": "str", "required": True},
                    "name": {"type": "str", "required": True},
                    "mail": {"type": "str"},
                },
            },
        },
    },
    "lifecycle": {"type": "dict", "required": True},
    "processors": {"type": "dict", "required": True},
    "terms": {"type": "dict", "required": True},
    "today": {"type": "str", "required": True},
}


@dataclass(frozen=True)
class Park:
    """The site's machines: what becomes of each, and who works there."""

    terms: Terms
    today: date
    decided: tuple[Readiness, ...]
    machines: tuple[Machine, ...]
    departments: Mapping[str, str]
    laptops: frozenset[str]
    people: Mapping[str, Sequence[Mapping[str, Any]]]
    #: Machines that are played by a simulator: whatever is said of them says so.
    simulated: frozenset[str] = frozenset()

    @property
    def first_day(self) -> date:
        """The first day that people can still be told of in time."""
        return self.today + timedelta(days=self.terms.notice_days)


def read_park(options: Mapping[str, Any]) -> Park:
    """Decide about every machine of the site.

    :raises UpgradeError: the options cannot be meant.
    """
    terms = read_terms(options["terms"])
    try:
        today = as_date(options["today"])
    except ValueError:
        raise UpgradeError(f"today: {options['today']!r} is no date such as 2026-11-30") from None
    rules = Rules(read_lifecycle(options["lifecycle"]), read_processors(options["processors"]), terms, today)
    given = {machine["host"]: machine for machine in options["machines"]}
    strangers = sorted(set(options["workstations"]) - set(given))
    if strangers:
        raise UpgradeError(f"workstations.{strangers[0]}: is none of machines; say its department and users")
    facts = {host: facts_of(options["workstations"].get(host)) for host in given}
    decided = tuple(decide(host, facts[host], rules) for host in given)
    actions = {one.host: one.outcome if one.outcome in ACTIONS else None for one in decided}
    isolated = {one.host for one in decided if one.isolate}
    machines = tuple(
        Machine(
            each["host"],
            each["department"],
            tuple(user["login"] for user in each.get("users") or ()),
            actions[each["host"]],
            each["host"] in isolated,
            _installed_at(facts[each["host"]]),
        )
        for each in options["machines"]
    )
    return Park(
        terms,
        today,
        decided,
        machines,
        {host: each["department"] for host, each in given.items()},
        frozenset(host for host in given if (facts[host].get("model") or {}).get("portable")),
        {host: each.get("users") or () for host, each in given.items()},
        frozenset(host for host in given if facts[host].get("simulated_by")),
    )


def _installed_at(facts: Mapping[str, Any]) -> int | None:
    """When the machine's Windows was installed; without it, a technician's machine is not told from the one before."""
    told = (facts.get("os") or {}).get("installed_at")
    return int(datetime.fromisoformat(told).timestamp()) if told else None


def facts_of(read: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The facts of a result of workstation_info, with its failures; a machine that was off has none."""
    if not read:
        return {}
    if "workstation" not in read:
        why = str(read.get("msg") or read.get("state") or "was not read")
        return {"failures": dict.fromkeys(("os", "memory_bytes", "disks", "processor"), why)}
    outer = {path.removeprefix("workstation."): why for path, why in (read.get("failures") or {}).items()}
    return {**read["workstation"], "failures": {**outer, **(read["workstation"].get("failures") or {})}}
