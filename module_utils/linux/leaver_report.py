"""Between the modules leaver_data and leaver_data_info and the work: options checked, steps in words, facts. Standard library."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from typing import Any

from ansible.module_utils.ad.leaver_names import COPY_PREFIX
from ansible.module_utils.linux.leaver_archive import LeaverError
from ansible.module_utils.linux.leaver_case import Journal, all_cases
from ansible.module_utils.linux.leaver_plan import Terms
from ansible.module_utils.linux.leaver_work import Outcome, Settings, Work

_WORDS = {
    "archive": "the folder leaves the share and becomes an archive",
    "clear": "the rest of an archived folder leaves the share",
    "hand_over": "a copy is laid for the manager",
    "withdraw": "the manager's copy goes",
    "give_back": "the folder is given back",
    "destroy": "the archive is destroyed",
}


def run(options: Mapping[str, Any], write: bool) -> Outcome:
    """See to everybody's folder.

    :raises LeaverError: the options cannot be meant, or another run is at work.
    """
    if not os.path.isdir(options["share"]):
        if write:
            raise LeaverError(f"{options['share']}: there is no such folder; bring the file server in line first")
        return Outcome()
    if os.path.commonpath([options["share"], options["archive"]]) == options["share"]:
        raise LeaverError(f"{options['archive']}: lies in the share, where people would reach it; name another folder")
    if options["kept_days"] < options["handover_days"]:
        raise LeaverError(
            f"an archive kept {options['kept_days']} days cannot be handed over for {options['handover_days']}"
        )
    settings = Settings(
        share=options["share"],
        root=options["archive"],
        terms=Terms(options["handover_days"], options["kept_days"]),
        markers=tuple(options["private_words"]),
        group=options["group"],
        today=date.fromisoformat(options["today"]),
        delay_days=options["delay_days"],
        owners_allowed=frozenset(login.casefold() for login in options["administrators"]),
    )
    people = {one["login"]: one for one in options["people"]}
    return Work(settings, Journal(options["journal"], options["actor"])).run(people, options["open_accounts"], write)


def diff(outcome: Outcome) -> dict[str, str]:
    """One line for each step."""
    lines = [f"{one['login']}: {_WORDS[one['step']]}\n" for one in outcome.done]
    return {"before": "", "after": "".join(lines)}


def facts(share: str, archive: str, people: list[Mapping[str, Any]], today: date) -> dict[str, Any]:
    """What is kept of whom today: own folders of those who left, copies, archives, each with its age in days."""
    for folder in (share, archive):  # every run makes the archive's, whoever left
        if not os.path.isdir(folder):
            raise LeaverError(f"{folder}: there is no such folder")
    left = {one["login"].casefold(): one["left_on"] for one in people if one["status"] == "left" and one["left_on"]}
    names = [entry.name for entry in os.scandir(share) if entry.is_dir(follow_symlinks=False)]
    cases = all_cases(archive)
    return {
        "in_share": [
            {"login": name, "days": _days(left[name.casefold()], today)}
            for name in sorted(names)
            if name.casefold() in left
        ],
        "copies": [_copy(name, cases, share, today) for name in sorted(names) if name.startswith(COPY_PREFIX)],
        "archives": [
            {"login": login, "days": _days(case.archived_on, today), "closed": _closed(archive)}
            for login, case in cases.items()
        ],
    }


def _copy(name: str, cases: Mapping[str, Any], share: str, today: date) -> dict[str, Any]:
    """A copy counts from its case; one without a case, from the day the folder was made."""
    login = name.removeprefix(COPY_PREFIX)
    case = cases.get(login)
    since = case.archived_on if case else date.fromtimestamp(os.stat(os.path.join(share, name)).st_mtime).isoformat()
    return {"login": login, "days": _days(since, today), "to": case.handed_to if case else None}


def _days(since: str, today: date) -> int:
    return (today - date.fromisoformat(since)).days


def _closed(archive: str) -> bool:
    state = os.stat(archive)
    return state.st_uid == 0 and not state.st_mode & 0o077
