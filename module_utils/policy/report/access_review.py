"""Pages that managers sign: who reaches the shares they answer for, since when, and what changed since the last time.

In French only: a page is a document of the house, made to be printed, corrected with a pen and signed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible.module_utils.policy.report import access_rights, frame, values
from ansible.module_utils.policy.report.access_rights import RIGHTS, Change, Holder, House, Person

_DIGEST = 12
NOBODY = "sans-responsable"


@dataclass(frozen=True)
class Line:
    """A holder as the page shows it; since is empty when the right is as old as the first record."""

    name: str
    login: str
    department: str
    note: str
    rights: tuple[str, ...]
    beyond: tuple[str, ...]
    since: str


@dataclass(frozen=True)
class ShareReview:
    name: str
    title: str
    drive: str
    sensitive: bool
    lines: tuple[Line, ...]
    reviewed_on: str
    changes: tuple[Change, ...] | None
    digest: str
    signature: Mapping[str, Any]


@dataclass(frozen=True)
class Review:
    """What one manager has to read and sign; manager is None for shares that nobody answers for."""

    manager: Person | None
    shares: tuple[ShareReview, ...]
    administrators: tuple[str, ...]
    first_day: str

    @property
    def file(self) -> str:
        return f"{re.sub(r'[^a-z0-9.-]', '-', self.manager.login.lower()) if self.manager else NOBODY}.html"

    @property
    def signed(self) -> int:
        return sum(share.signature.get("verdict") == "pass" for share in self.shares)


def gather(
    table: Sequence[Mapping[str, Any]],
    directory: Mapping[str, Any],
    kept: Mapping[str, Any],
    signatures: Mapping[str, Mapping[str, Any]],
    then: Mapping[str, Mapping[str, Any]],
) -> list[Review]:
    """One review for each manager of the table, by name; shares that nobody answers for come first.

    :param kept: rights of this run, as `record` made them, with the day and the first day of the records.
    :param then: share -> what was kept at the day its last review was signed.
    """
    seen = access_rights.house(directory)
    by_manager: dict[str, list[ShareReview]] = {}
    managers: dict[str, Person | None] = {}
    for share in table:
        manager = access_rights.manager_of(share, seen.people)
        key = manager.login if manager else ""
        managers[key] = manager
        signature = signatures.get(share["name"], {})
        by_manager.setdefault(key, []).append(_share(share, seen, kept, signature, then.get(share["name"])))
    everywhere = sorted(
        {login for group in directory.get("privileged", ()) for login in group.get("members", ())}, key=str.casefold
    )
    order = sorted(by_manager, key=lambda key: (bool(key), (managers[key].name if managers[key] else "").casefold()))  # type: ignore[union-attr]
    return [Review(managers[key], tuple(by_manager[key]), tuple(everywhere), kept["first_day"]) for key in order]


def _share(
    share: Mapping[str, Any],
    seen: House,
    kept: Mapping[str, Any],
    signature: Mapping[str, Any],
    then: Mapping[str, Any] | None,
) -> ShareReview:
    found = access_rights.holders(share, seen, kept["shares"])
    names = {login: each.get("display_name") or login for login, each in seen.accounts.items()}
    return ShareReview(
        name=share["name"],
        title=share.get("title") or share["name"],
        drive=str(share.get("drive") or ""),
        sensitive=bool(share.get("sensitive")),
        lines=tuple(_line(holder, kept["first_day"]) for holder in found),
        reviewed_on=then["day"] if then else "",
        changes=tuple(access_rights.changes(share["name"], kept["shares"], then["shares"], names)) if then else None,
        digest=_digest(share["name"], found),
        signature=signature,
    )


_NOTES = {
    "person": "",
    "administrator": "compte d'administration",
    "technical": "compte technique",
    "builtin": "compte du système",
}


def _line(holder: Holder, first_day: str) -> Line:
    """One date for a line: the day of its latest right; none when all are as old as the records."""
    latest = max(holder.rights.values())
    return Line(
        holder.name,
        holder.login,
        holder.department,
        _NOTES.get(holder.kind, "compte qui n'est pas celui d'une personne"),
        tuple(right for right in RIGHTS if right in holder.rights),
        holder.beyond,
        "" if latest == first_day else latest,
    )


def _digest(share: str, found: Sequence[Holder]) -> str:
    """What ties a signature to the list that was read: the same list has the same digest, whenever it is printed."""
    content = [share, [[each.login, sorted(each.rights)] for each in sorted(found, key=lambda each: each.login)]]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:_DIGEST]


def render(review: Review, run: Mapping[str, Any]) -> str:
    """The page of one manager."""
    return frame.render("review.html.j2", **_context(run), review=review, months=run.get("review_months"))


def render_list(reviews: Sequence[Review], run: Mapping[str, Any]) -> str:
    """The list of the pages, with what is signed and until when."""
    return frame.render("review_list.html.j2", **_context(run), reviews=reviews)


def _context(run: Mapping[str, Any]) -> dict[str, Any]:
    name = values.typography(run.get("client_name") or run["site"], "fr")
    when = run.get("collected_at") or run["started_at"]
    return {
        **frame.words("fr"),
        "run": run,
        "client_name": name,
        "paper_name": frame.style_text(name),
        "when": values.long_date(when, "fr", run.get("timezone")),
        "rights": RIGHTS,
    }
