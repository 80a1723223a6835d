"""Between the modules upgrade_plan_info, upgrade_campaign and upgrade_step and the work: options checked, results as plain data."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ansible.module_utils.windows import upgrade_texts as texts
from ansible.module_utils.windows.upgrade_campaign import Answer, Campaign, Seen
from ansible.module_utils.windows.upgrade_costs import Renewal, renewal
from ansible.module_utils.windows.upgrade_data import UpgradeError, as_date, read_lifecycle, read_processors
from ansible.module_utils.windows.upgrade_readiness import Readiness, Rules, decide
from ansible.module_utils.windows.upgrade_setup import READY, scan_verdict
from ansible.module_utils.windows.upgrade_state import Record, notice_id
from ansible.module_utils.windows.upgrade_store import Store, planned_records
from ansible.module_utils.windows.upgrade_terms import ACTIONS, Terms, read_terms
from ansible.module_utils.windows.upgrade_waves import Machine, Plan, plan

#: What the task scheduler says of a task in the place of an exit code: it runs; it has not run yet.
_TASK_RUNS, _TASK_NEVER_RAN = 0x41301, 0x41303
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


def facts_of(read: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """The facts of a result of workstation_info, with its failures; a machine that was off has none."""
    if not read:
        return {}
    if "workstation" not in read:
        why = str(read.get("msg") or read.get("state") or "was not read")
        return {"failures": dict.fromkeys(("os", "memory_bytes", "disks", "processor"), why)}
    outer = {path.removeprefix("workstation."): why for path, why in (read.get("failures") or {}).items()}
    return {**read["workstation"], "failures": {**outer, **(read["workstation"].get("failures") or {})}}


def plan_facts(park: Park, store: Store | None) -> dict[str, Any]:
    """Everything that is decided, planned and reckoned, as plain data and as French texts."""
    made = plan(park.machines, park.terms, park.first_day)
    kept = store is not None and store.exists()
    records = store.records() if kept and store else planned_records(made)
    order = [record.host for record in sorted(records, key=lambda each: each.begins)]
    costs = renewal(park.decided, park.departments, park.laptops, park.terms, order)
    return {
        "readiness": [_readiness(one) for one in park.decided],
        "outcomes": dict(Counter(one.outcome for one in park.decided)),
        "isolate": sorted(one.host for one in park.decided if one.isolate),
        "machines": [_record(record) for record in records],
        "left_out": dict(store.left_out() if kept and store else made.left_out),
        "renewal": _renewal(costs),
        "texts": {
            "renewal": texts.marked(texts.renewal_list(costs, park.decided, park.terms), bool(park.simulated)),
            "calendar": texts.marked(texts.calendar(records, park.departments), bool(park.simulated)),
            "pages": {record.host: _page(record, park) for record in records},
        },
        "notices": [notice for record in records for notice in _notices(record, park)],
        "progress": dict(Counter(record.status for record in records)),
    }


def _page(record: Record, park: Park) -> str:
    names = [str(user["name"]) for user in park.people.get(record.host, ())]
    written = texts.page(record, ", ".join(names) or "qui utilise ce poste", park.terms)
    return texts.marked(written, record.host in park.simulated)


def _notices(record: Record, park: Park) -> list[dict[str, Any]]:
    return [
        {
            "host": record.host,
            "id": notice_id(record),
            "to": user["mail"],
            **texts.mail(record, str(user["name"]), park.terms),
        }
        for user in park.people.get(record.host, ())
        if user.get("mail")
    ]


def _readiness(one: Readiness) -> dict[str, Any]:
    found = dataclasses.asdict(one)
    found["supported_until"] = one.supported_until.isoformat() if one.supported_until else None
    return {**found, "sentence": texts.readiness_sentence(one)}


def _renewal(costs: Renewal) -> dict[str, Any]:
    return {
        "lines": [{**dataclasses.asdict(line), "total": line.total} for line in costs.lines],
        "before_tax_cents": costs.before_tax,
        "with_tax_cents": costs.with_tax,
        "budget_cents": costs.budget,
        "beyond_cents": costs.beyond,
        "currency": costs.currency,
    }


def _record(record: Record) -> dict[str, Any]:
    return {**dataclasses.asdict(record), "history": [dict(line) for line in record.history]}


def bring_campaign(options: Mapping[str, Any], write: bool) -> tuple[bool, dict[str, Any]]:
    """Plan the campaign once; later, give another turn to who needs one. Whether something changes, and what."""
    park = read_park(options)
    store = Store(options["state_dir"])
    now = site_time(options)
    if not store.exists():
        made: Plan = plan(park.machines, park.terms, park.first_day)
        if write:
            with store.locked():
                store.create(made)
        records = planned_records(made)
        return True, {"machines": [_record(record) for record in records], "left_out": dict(made.left_out)}
    campaign = Campaign(store, park.terms)
    excused = [host for host in options["excused"] if host not in store.excused()]
    late = campaign.late(now, options["retry"])
    if write:
        if excused:
            campaign.excuse(excused)
        campaign.replan(park.machines, now, park.first_day, options["retry"])
    found = {"machines": [_record(record) for record in store.records()], "left_out": dict(store.left_out())}
    return bool(late or excused), found


def take_step(options: Mapping[str, Any], write: bool) -> tuple[bool, dict[str, Any]]:
    """Note what is about to be done to a machine, or how it ended."""
    store = Store(options["state_dir"])
    campaign = Campaign(store, read_terms(options["terms"]), options["forced"])
    host, step, event, now = options["host"], options["step"], options["event"], site_time(options)
    if not write:
        answer = campaign.may(host, step, now) if event == "begin" else Answer(False, "check_mode")
        return answer.go, _answered(answer, store.record(host))
    if event == "begin":
        answer = campaign.begin(host, step, now)
        return answer.go, _answered(answer, store.record(host))
    before = store.record(host)
    if event == "finish":
        _finish(campaign, options, now)
    elif event == "fail":
        campaign.fail(host, step, now, options["reason"] or "failed", bool(options["back"]))
    elif event == "postpone":
        campaign.postpone(host, now, options["reason"] or "postponed")
    else:
        campaign.seen(host, now, seen_of(options))
    after = store.record(host)
    return after != before, _answered(Answer(False, event), after)


def _finish(campaign: Campaign, options: Mapping[str, Any], now: datetime) -> None:
    """A scan is over when setup said "compatible", and has failed with any other code."""
    host, step, code = options["host"], options["step"], options["exit_code"]
    if step == "scan":
        if code is None:
            raise UpgradeError(f"{host}: the scan has no exit_code; give that of setup")
        said = scan_verdict(code)
        if said.verdict != READY:
            campaign.fail(host, step, now, f"{said.name}_{said.shown}")
            return
    campaign.finish(host, step, now, options["reason"])


def seen_of(options: Mapping[str, Any]) -> Seen:
    """A look, as the play has it: the build of the registry, and what the task scheduler says of setup."""
    if not options["answers"]:
        return Seen(answers=False)
    code = options["exit_code"]
    plain = None if code is None else code & 0xFFFFFFFF
    never = plain in (None, _TASK_NEVER_RAN)
    return Seen(True, options["build"], plain == _TASK_RUNS, None if never or plain == _TASK_RUNS else plain)


def site_time(options: Mapping[str, Any]) -> datetime:
    """The time of the site's clocks, or the one that was given.

    :raises UpgradeError: it is none.
    """
    if options["now"] is None:
        try:
            return datetime.now(ZoneInfo(options["timezone"])).replace(tzinfo=None)
        except (ZoneInfoNotFoundError, ValueError):
            raise UpgradeError(
                f"timezone: {options['timezone']!r} is not known; write one such as Europe/Paris"
            ) from None
    try:
        found = datetime.fromisoformat(options["now"])
    except ValueError:
        raise UpgradeError(f"now: {options['now']!r} is no moment such as 2026-12-01T08:30") from None
    if found.tzinfo:
        raise UpgradeError(f"now: {options['now']!r} has a time zone; give the time of the site's clocks without one")
    return found


def _answered(answer: Answer, record: Record) -> dict[str, Any]:
    return {"go": answer.go, "look": answer.look, "why": answer.why, **_record(record)}
