"""Between the modules upgrade_plan_info, upgrade_campaign and upgrade_step and the work: results as plain data."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ansible.module_utils.windows import upgrade_texts as texts
from ansible.module_utils.windows.upgrade_campaign import Answer, Campaign, Seen
from ansible.module_utils.windows.upgrade_costs import Renewal, renewal
from ansible.module_utils.windows.upgrade_data import UpgradeError, as_date
from ansible.module_utils.windows.upgrade_park import Park, read_park
from ansible.module_utils.windows.upgrade_readiness import Readiness
from ansible.module_utils.windows.upgrade_setup import READY, scan_verdict
from ansible.module_utils.windows.upgrade_state import Record, notice_id
from ansible.module_utils.windows.upgrade_store import Store, planned_records
from ansible.module_utils.windows.upgrade_terms import read_terms
from ansible.module_utils.windows.upgrade_waves import Plan, plan

#: What the task scheduler says of a task in the place of an exit code: it runs; it has not run yet.
_TASK_RUNS, _TASK_NEVER_RAN = 0x41301, 0x41303


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
    """Plan the campaign once; later, give a turn to who needs one. Whether something changes, and what."""
    park = read_park(options)
    store = Store(options["state_dir"])
    now = site_time(options)
    campaign = Campaign(store, park.terms, options["forced"])
    if not store.exists():
        made: Plan = plan(park.machines, park.terms, park.first_day)
        if write:
            with store.locked():
                store.create(made)
        return True, _brought(planned_records(made), made.left_out, campaign.due(now) if write else ())
    excused = [host for host in options["excused"] if host not in store.excused()]
    postponed = campaign.postpone_turns(_days(options["postponed"]), now, write)
    asked = park.machines, now, park.first_day, options["retry"]
    turns, left_out = campaign.turns(*asked)
    changed = bool(excused or postponed or turns) or left_out != store.left_out()
    if write:
        if excused:
            campaign.excuse(excused)
        campaign.replan(*asked)
    return changed, _brought(store.records(), store.left_out(), campaign.due(now))


def _brought(records: Sequence[Record], left_out: Mapping[str, str], due: Sequence[str]) -> dict[str, Any]:
    return {"machines": [_record(record) for record in records], "left_out": dict(left_out), "due": list(due)}


def _days(postponed: Mapping[str, Any]) -> dict[str, date]:
    found = {}
    for host, day in postponed.items():
        try:
            found[host] = as_date(day)
        except ValueError:
            raise UpgradeError(f"postponed.{host}: {day!r} is no date such as 2026-12-01") from None
    return found


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
        campaign.fail(host, step, now, options["reason"] or "failed")
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
    code = None if never or plain == _TASK_RUNS else plain
    return Seen(True, options["build"], plain == _TASK_RUNS, code, options["installed_at"])


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
