"""Web browsing in the report: who may, what is closed, what the filter answered when tried, lists and canary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.policy.report.readings import Evidence
from ansible.module_utils.policy.report.tellings import (
    Missing,
    Source,
    Teller,
    Told,
    Try,
    counted,
    seconds,
    source,
    when,
    worst,
)
from ansible.module_utils.policy.report.values import number, typography
from ansible.module_utils.policy.report.web_texts import WEB

#: What the filter answered when it let a request go on: the site itself may be out of reach.
_LET_GO = ("allowed", "unreachable")
_NAMES = 8  # names of one kind of attempt that are told one by one
_SUBJECTS = (
    *("allowed", "approved", "anonymous", "category", "messaging", "personal_mail", "sharing", "download"),
    *("exception", "admin", "bypass"),
)


@dataclass(frozen=True)
class Subject:
    """Attempts of one kind that should have had the same answer."""

    title: str
    who: str
    names: str
    expected: str
    kept: str
    verdict: str


@dataclass(frozen=True)
class List:
    title: str
    updated: str
    domains: str


@dataclass(frozen=True)
class Web:
    verdict: str
    summary: str
    when: str
    wrong: tuple[Try, ...]
    facts: tuple[Told, ...]
    subjects: tuple[Subject, ...]
    closed: str
    lists: tuple[List, ...]


def web(evidence: Evidence, language: str, zone: str | None = None) -> Web | Missing | None:
    """What the section shows; None for a run of a site without a filter."""
    access, lists = source(evidence, "web_access"), source(evidence, "web_filter")
    if access is None and lists is None:
        return None
    words = WEB[language]
    if not any(isinstance(each.facts, Mapping) for each in (access, lists) if each):
        failed = access or lists
        return Missing(typography((failed.failure if failed else "") or words["unread"], language))
    tried, read = access or Source("", "", None), lists or Source("", "", None)
    tell = Teller(words, language)
    attempts = [each for each in tried.rows("attempts") if each.get("expected")]
    tries = [_try(each, tell) for each in attempts]
    _page(attempts, tell)
    _beside(tried, tell)
    _configuration(tried, tell)
    _proxy(source(evidence, "web_proxy") or Source("", "", None), tell)
    _filter(read, tell)
    _names(evidence, tell)
    subjects = tuple(_subjects(attempts, tell))
    left = tried.rows("untried")
    return Web(
        verdict=worst(
            [*(each.verdict for each in tries), tell.verdict(), *(["not_evaluated"] if left or not tries else [])]
        ),
        summary=counted(tries, tell),
        when=when("read_on", words, tried if tried.collected_at else read, language, zone),
        wrong=tuple(each for each in tries if each.good is False),
        facts=(*tell.told, *_untried(left, tell)),
        subjects=subjects,
        closed=_closed(read, tell),
        lists=tuple(_lists(read, tell)),
    )


def _good(attempt: Mapping[str, Any]) -> bool | None:
    """Whether an attempt had the answer wanted; None when it had none."""
    expected, answer = attempt.get("expected"), attempt.get("answer")
    if answer is None:
        return None
    return answer in _LET_GO if expected == "allowed" else answer == expected


def _try(attempt: Mapping[str, Any], tell: Teller) -> Try:
    answer = str(attempt.get("answer") or "null")
    status = attempt.get("status")
    return Try(
        good=_good(attempt),
        what=f"{_subject(attempt, tell)}, {_name(attempt, tell)}",
        who=_kind(attempt, tell),
        expected=tell.words.get(f"answer_{attempt['expected']}", str(attempt["expected"])),
        answer=tell.words.get(f"answer_{answer}", answer) + (f" ({status})" if status else ""),
    )


def _subject(attempt: Mapping[str, Any], tell: Teller) -> str:
    name = str(attempt.get("subject") or "other")
    return tell.words.get(f"subject_{name}") or name.replace("_", " ")


def _kind(attempt: Mapping[str, Any], tell: Teller) -> str:
    name, _, group = str(attempt.get("kind") or "").partition(" ")
    said = tell.words.get(f"kind_{name}") or name.replace("_", " ")
    return typography(f"{said} ({group})" if group else said, tell.language)


def _name(attempt: Mapping[str, Any], tell: Teller) -> str:
    name = str(attempt.get("name") or attempt.get("target") or "–")
    return tell.words.get(f"category_{name}") or (name.replace("_", " ") if name.replace("_", "").isalpha() else name)


def _subjects(attempts: Sequence[Mapping[str, Any]], tell: Teller) -> Iterable[Subject]:
    """Attempts gathered by what they try, by whom and by what was wanted."""
    gathered: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for each in attempts:
        gathered.setdefault((str(each.get("subject") or "other"), str(each["expected"])), []).append(each)
    order = {name: place for place, name in enumerate(_SUBJECTS)}
    for (_, expected), found in sorted(gathered.items(), key=lambda item: order.get(item[0][0], len(order))):
        names = list(dict.fromkeys(_name(each, tell) for each in found))
        rest = len(names) - _NAMES
        shown = ", ".join(names[:_NAMES]) + (f" {tell.say('more', n=rest)}" if rest > 0 else "")
        kept = sum(_good(each) is True for each in found)
        yield Subject(
            title=_subject(found[0], tell),
            who=", ".join(dict.fromkeys(kind for each in found if (kind := _kind(each, tell)))),
            names=shown,
            expected=tell.words.get(f"answer_{expected}", expected),
            kept=tell.say("kept", kept=kept, n=len(found)),
            verdict=worst({True: "pass", False: "fail", None: "not_evaluated"}[_good(each)] for each in found),
        )


def _page(attempts: Sequence[Mapping[str, Any]], tell: Teller) -> None:
    """The page of a refusal names the clause and whom to ask, every time."""
    pages = [each["page"] for each in attempts if isinstance(each.get("page"), Mapping)]
    whole = all(each.get(name) for each in pages for name in ("french", "names_clause", "names_contact"))
    tell.add(whole if pages else None, "page")


def _beside(tried: Source, tell: Teller) -> None:
    """Connections that do not go through the filter."""
    found = [each for each in tried.rows("direct") if isinstance(each.get("passed"), bool)]
    passed = [f"{each.get('host')}:{each.get('port')}" for each in found if each["passed"]]
    tell.add(not passed if found else None, "direct", details=passed, n=len(found))


def _configuration(tried: Source, tell: Teller) -> None:
    """What a browser is given when it looks for the filter by itself."""
    found = tried.rows("configuration")
    names = ("served", "names_proxy", "only_proxy", "nothing_else")
    tell.add(all(each.get(name) for each in found for name in names) if found else None, "pac")


def _proxy(found: Source, tell: Teller) -> None:
    """Every request under its author's name, nothing deciphered, nothing passing when the directory is silent."""
    requests = found.rows("trail.requests")
    known = all(each.get("logged") and each.get("under_name") for each in requests)
    tell.add(known if requests else None, "traced")
    decrypts, kept = found.get("settings.decrypts"), found.flag("settings.kept_pages")
    tell.add(None if not isinstance(decrypts, list) or kept is None else not decrypts and not kept, "private")
    trials = [each for each in found.mapping("silence").values() if isinstance(each, Mapping)]
    answers = [each.get("refused") for each in trials]
    tell.add(False if False in answers else None if not answers or None in answers else True, "silence")


def _filter(read: Source, tell: Teller) -> None:
    """Canary, lists, alerts and what happens without lists."""
    age = read.amount("canary.age_minutes")
    wrong = read.get("canary.wrong")
    said = seconds(age * 60, tell.language) if age is not None else "–"
    names = tell.details(map(str, wrong)) if isinstance(wrong, list) else ()
    tell.add(None if age is None or not isinstance(wrong, list) else not wrong, "canary", names=names, age=said)
    oldest = read.amount("oldest_list_days")
    missing = read.names("never_fetched")
    said = seconds(oldest * 86400, tell.language) if oldest is not None else "–"
    known = read.get("list_ages_days") is not None
    tell.add(None if not known else oldest is not None and not missing, "lists", details=missing, age=said)
    alerts = read.get("update.alerts")
    raised = [str(each) for each in alerts] if isinstance(alerts, list) else []
    tell.add(None if not isinstance(alerts, list) else not raised, "alerts", details=raised, n=len(raised))
    trials = read.rows("without_lists")
    tell.add(all(each.get("refused") for each in trials) if trials else None, "closed_without")
    sources = read.rows("bad_sources")
    good = all(each.get("kept") and each.get("alerted") for each in sources)
    tell.add(good if sources else None, "bad_source", n=len(sources))


def _names(evidence: Evidence, tell: Teller) -> None:
    """Names are resolved by the site, and not beside it."""
    found = source(evidence, "name_resolution")
    if found is None:
        return
    answers = found.rows("answers")
    own = [each for each in answers if each.get("kind") in ("own", "proxy", "outside")]
    lost = list(dict.fromkeys(str(each.get("name")) for each in own if not each.get("values")))
    tell.add(not lost if own else None, "resolves", details=lost)
    closed = [each for each in answers if each.get("kind") == "encrypted"]
    silent = any(each.get("status") is None for each in closed)
    known = list(dict.fromkeys(str(each.get("name")) for each in closed if each.get("values")))
    names = {each.get("name") for each in closed}
    good = None if not closed or (silent and not known) else not known
    tell.add(good, "names", details=known, n=len(names))
    tried = [
        each
        for key in ("name_resolution", "guest_resolution")
        if (asked := source(evidence, key))
        for each in asked.rows("attempts")
        if each.get("kind") == "foreign" and isinstance(each.get("reached"), bool)
    ]
    reached = [f"{each.get('address')} ({each.get('way')}/{each.get('port')})" for each in tried if each["reached"]]
    tell.add(not reached if tried else None, "foreign", details=reached, n=len(tried))


def _untried(left: Sequence[Mapping[str, Any]], tell: Teller) -> Iterable[Told]:
    if left:
        reasons = list(dict.fromkeys(str(each.get("reason") or "–") for each in left))
        yield Told("not_evaluated", tell.say("left_out", n=len(left)), tell.details(reasons))


def _closed(read: Source, tell: Teller) -> str:
    """Categories that hold names, as people say them."""
    found = [_name({"name": name}, tell) for name in read.names("categories_in_force")]
    return tell.say("in_force", names=found) if found else ""


def _lists(read: Source, tell: Teller) -> Iterable[List]:
    """Each list with its age and how many names it holds."""
    ages = read.mapping("list_ages_days")
    sizes = {str(each.get("name")): each.get("domains") for each in read.rows("lists")}
    for name in dict.fromkeys([*ages, *sizes]):
        age, size = ages.get(name), sizes.get(name)
        aged = tell.say("age", age=seconds(age * 86400, tell.language)) if isinstance(age, int | float) else ""
        yield List(
            title=str(name),
            updated=aged or tell.words["never" if name in ages else "by_hand"],
            domains=number(size, tell.language) if isinstance(size, int) else "–",
        )
