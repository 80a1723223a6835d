"""The matrix of rights that was tried for real: kinds of people by shares, held against the site's table."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.policy.report.access_texts import ACCESS
from ansible.module_utils.policy.report.readings import Evidence, reading, share_table
from ansible.module_utils.policy.report.values import long_date, number, typography

#: What the probe says of somebody whom the domain let in, and of somebody whom it did not try.
_ADMITTED, _NOT_ASKED = "ticket given", "not asked"
ACTIONS = ("see", "read", "write", "delete")
COLUMNS = 14  # kinds of people that stand side by side; more go on in another table


@dataclass(frozen=True)
class Token:
    """One action in a cell: granted as the table says, refused as it says, or neither."""

    letter: str
    said: str
    state: str  # yes, no, open (granted beyond the table), closed (refused though the table gives it), untried


@dataclass(frozen=True)
class Cell:
    tokens: tuple[Token, ...]

    @property
    def state(self) -> str:
        states = {token.state for token in self.tokens}
        return next((each for each in ("open", "closed", "untried", "yes") if each in states), "no")


@dataclass(frozen=True)
class Kind:
    id: str
    title: str
    people: str
    tried_as: str


@dataclass(frozen=True)
class Line:
    share: str
    title: str
    sensitive: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Part:
    """As many kinds of people as fit side by side, and every share."""

    kinds: tuple[Kind, ...]
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Trial:
    """Something else that was tried: whether it went as it should, and in words."""

    good: bool
    said: str


@dataclass(frozen=True)
class Matrix:
    verdict: str
    summary: str
    when: str
    parts: tuple[Part, ...]
    deviations: tuple[str, ...]
    personal: tuple[Trial, ...]
    others: tuple[Trial, ...]


@dataclass(frozen=True)
class Missing:
    """The matrix was to be tried, and was not."""

    reason: str


def matrix(evidence: Evidence, language: str, zone: str | None = None) -> Matrix | Missing | None:
    """What the section shows; None for a run that did not know of shares."""
    found = reading(evidence, "share_access")
    if found is None:
        return None
    if not isinstance(found.facts, Mapping) or not found.facts.get("attempts"):
        return Missing(found.failure or ACCESS[language]["untried"])
    words, facts = ACCESS[language], found.facts
    attempts = [each for each in facts["attempts"] if each.get("action") in ACTIONS]
    shares = _shares(attempts, share_table(evidence) or ())
    kinds = _kinds(facts.get("kinds") or (), attempts, language)
    tried = {(each["share"], each["kind"], each["action"]): each for each in attempts}
    wrong = [each for each in attempts if _state(each) in ("open", "closed")]
    trail = reading(evidence, "share_trail")
    audit = trail.facts if trail and isinstance(trail.facts, Mapping) else {}
    personal, others = _personal(facts, language), _others(facts, audit, language)
    good = not wrong and all(each.good for each in (*personal, *others))
    whole = all(
        _state(tried.get((name, kind.id, action))) != "untried"
        for name in shares
        for kind in kinds
        for action in ACTIONS
    )
    return Matrix(
        verdict="fail" if not good else "pass" if whole else "not_evaluated",
        summary=typography(
            words["all_match" if not wrong else "one_differs" if len(wrong) == 1 else "some_differ"].format(
                n=number(len(attempts), language), wrong=number(len(wrong), language)
            ),
            language,
        ),
        when=_when(found.host, found.collected_at, facts.get("duration_seconds"), language, zone),
        parts=tuple(
            Part(
                tuple(chunk),
                tuple(
                    Line(
                        name,
                        typography(share.get("title") or name, "fr"),
                        bool(share.get("sensitive")),
                        tuple(_cell(tried, name, kind.id, language) for kind in chunk),
                    )
                    for name, share in shares.items()
                ),
            )
            for chunk in _chunks(kinds)
        ),
        deviations=tuple(_deviation(each, shares, kinds, language) for each in wrong),
        personal=personal,
        others=others,
    )


def _shares(attempts: Sequence[Mapping[str, Any]], table: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Shares that were tried, in the order of the table; those that stand in no table come last."""
    tried = dict.fromkeys(each["share"] for each in attempts)
    known = {share["name"]: share for share in table}
    order = [*(name for name in known if name in tried), *(name for name in tried if name not in known)]
    return {name: known.get(name, {}) for name in order}


def _kinds(given: Iterable[Mapping[str, Any]], attempts: Sequence[Mapping[str, Any]], language: str) -> list[Kind]:
    known = {each["id"]: each for each in given}
    for each in attempts:
        known.setdefault(each["kind"], {"id": each["kind"]})
    people = ACCESS[language]["people"], ACCESS[language]["person"]
    return [
        Kind(
            name,
            typography(each.get("title") or name, "fr"),
            (people[1] if each["people"] == 1 else people[0]).format(n=number(each["people"], language))
            if isinstance(each.get("people"), int)
            else "",
            str(each.get("person") or ""),
        )
        for name, each in known.items()
    ]


def _chunks(kinds: Sequence[Kind]) -> list[Sequence[Kind]]:
    """Parts of about the same width."""
    parts = -(-len(kinds) // COLUMNS)
    size = -(-len(kinds) // parts) if parts else 1
    return [kinds[start : start + size] for start in range(0, len(kinds), size)]


def _state(attempt: Mapping[str, Any] | None) -> str:
    if attempt is None or not isinstance(attempt.get("granted"), bool) or not isinstance(attempt.get("expected"), bool):
        return "untried"
    if attempt["granted"] == attempt["expected"]:
        return "yes" if attempt["granted"] else "no"
    return "open" if attempt["granted"] else "closed"


def _cell(tried: Mapping[tuple[str, str, str], Mapping[str, Any]], share: str, kind: str, language: str) -> Cell:
    """Letters of a cell. That a share is seen goes without saying where it is read, unless it is wrong."""
    words = ACCESS[language]
    states = {action: _state(tried.get((share, kind, action))) for action in ACTIONS}
    if states["see"] in ("no", "yes") or (share, kind, "see") not in tried:
        del states["see"]
    return Cell(
        tuple(
            Token(words[f"letter_{action}"], words[f"state_{state}"].format(action=words[f"do_{action}"]), state)
            for action, state in states.items()
        )
    )


def _deviation(
    attempt: Mapping[str, Any], shares: Mapping[str, Mapping[str, Any]], kinds: Sequence[Kind], language: str
) -> str:
    words = ACCESS[language]
    title = next((kind.title for kind in kinds if kind.id == attempt["kind"]), attempt["kind"])
    key = "seen" if attempt["action"] == "see" else "deviation"
    said = words[f"{key}_{'open' if attempt['granted'] else 'closed'}"].format(
        kind=title,
        person=attempt.get("person") or "–",
        action=words[f"do_{attempt['action']}"],
        share=shares[attempt["share"]].get("title") or attempt["share"],
    )
    status = "" if attempt["granted"] else str(attempt.get("status") or "")
    return typography(f"{said} ({status})." if status else f"{said}.", language)


def _when(host: str, stamp: str, duration: Any, language: str, zone: str | None) -> str:
    words = ACCESS[language]
    parts = [words["tried_from"].format(host=host)]
    if stamp:
        parts.append(long_date(stamp, language, zone))
    if isinstance(duration, int | float):
        seconds = round(duration)
        parts.append(
            words["lasting_minutes"].format(m=seconds // 60, s=seconds % 60)
            if seconds >= 60
            else words["lasting_seconds"].format(s=number(seconds, language))
        )
    return typography(", ".join(parts) + ".", language)


def _kept(tried: Mapping[str, Any]) -> bool:
    """Whether one trial of an own file, or of a bin, went as it should."""
    if "found" not in tried:
        return tried.get("granted") is tried.get("expected")
    return bool(tried["found"] and tried.get("restored", True)) and not any(
        each.get("reads") for each in tried.get("others") or ()
    )


def _personal(facts: Mapping[str, Any], language: str) -> tuple[Trial, ...]:
    """Own folders and neighbours' folders, counted; what went wrong is told one by one."""
    words, found = ACCESS[language], []
    attempts = [each for each in facts.get("personal") or () if isinstance(each.get("expected"), bool)]
    for expected, key in ((True, "own"), (False, "neighbour")):
        tried = [each for each in attempts if each["expected"] is expected]
        good = sum(each.get("granted") is expected for each in tried)
        if tried:
            said = words[key].format(kept=number(good, language), n=number(len(tried), language))
            found.append(Trial(good == len(tried), typography(said, language)))
    for each in attempts:
        if each.get("granted") is not each["expected"]:
            action = words.get(f"do_{each.get('action')}", str(each.get("action")))
            said = words["personal_open" if each.get("granted") else "personal_closed"]
            said = said.format(person=each.get("person"), action=action, folder=each.get("folder"))
            found.append(Trial(False, typography(said, language)))
    return tuple(found)


def _others(facts: Mapping[str, Any], audit: Mapping[str, Any], language: str) -> tuple[Trial, ...]:
    """Anonymous, protocols, signing, encryption, recycle bin, log: each as one sentence."""
    words = ACCESS[language]
    found: list[Trial] = []

    def add(good: Any, key: str, **said: Any) -> None:
        if isinstance(good, bool):
            found.append(Trial(good, typography(words[f"{key}_{'good' if good else 'bad'}"].format(**said), language)))

    anonymous = [each for each in facts.get("anonymous") or () if isinstance(each.get("granted"), bool)]
    opened = [str(each.get("share") or each.get("action")) for each in anonymous if each["granted"]]
    if anonymous:
        add(not opened, "anonymous", n=number(len(anonymous), language), shares=", ".join(dict.fromkeys(opened)))
    for name, each in (facts.get("protocols") or {}).items():
        if isinstance(each.get("accepted"), bool) and name == "smb1":
            add(not each["accepted"], "smb1")
    unsigned = (facts.get("unsigned") or {}).get("accepted")
    if isinstance(unsigned, bool):
        add(not unsigned, "unsigned")
    clear = [name for name, taken in (facts.get("unencrypted") or {}).items() if taken]
    if facts.get("unencrypted"):
        add(not clear, "unencrypted", shares=", ".join(clear))
    for key, tried in (("own_files", facts.get("own_files")), ("recycle", facts.get("recycle"))):
        if tried:
            good = sum(_kept(each) for each in tried)
            add(good == len(tried), key, kept=number(good, language), n=number(len(tried), language))
    closed = facts.get("closed") or ()
    if closed and all(each.get("status") != _NOT_ASKED for each in closed):
        inside = [str(each["person"]) for each in closed if each.get("status") == _ADMITTED]
        add(not inside, "closed", n=number(len(closed), language), people=", ".join(inside))
    add(audit.get("deletion_logged"), "deletion")
    add(audit.get("sensitive_read_logged"), "sensitive")
    add((audit.get("log") or {}).get("closed_to_others"), "log")
    if untried := facts.get("untried"):
        reasons = dict.fromkeys(str(each.get("reason")) for each in untried)
        add(False, "left_out", n=number(len(untried), language), reasons=" ; ".join(reasons))
    return tuple(found)
