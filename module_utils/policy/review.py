"""Access reviews of a run: what it keeps of everybody's rights, the pages to sign, and who has to sign.

var/runs/<site>/<time>/access.json       share -> login -> right -> the day since which a run has seen it
var/runs/<site>/<time>/revue/*.html      one page for each manager, and their list
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ansible.module_utils.policy.attest_each import Part
from ansible.module_utils.policy.evidence import EvidenceError, read_run, write_json, write_text
from ansible.module_utils.policy.report import access_review, access_rights
from ansible.module_utils.policy.report.readings import Evidence, collected, reading, reviewed, share_table

FOLDER = "revue"
_KEPT = "access.json"


def signers(evidence: Evidence) -> dict[str, list[Part] | None]:
    """Who has to sign for what: for each share of the table, the person who answers for it; None when unknown."""
    directory, table = reading(evidence, "directory"), share_table(evidence)
    if table is None or directory is None or directory.facts is None:
        return {"shares": None}
    people = access_rights.house(directory.facts).people
    parts = []
    for share in reviewed(table):
        manager = access_rights.manager_of(share, people)
        parts.append(
            Part(
                share["name"],
                share.get("title") or share["name"],
                manager.login if manager else None,
                manager.name if manager else "",
            )
        )
    return {"shares": parts}


def keep_rights(directory: Path, evidence: Evidence) -> dict[str, Any] | None:
    """Write down everybody's rights of this run, each with the day since which it has been seen.

    :returns: what was written, None when the run read no directory or knew no table of shares.
    """
    people, table = reading(evidence, "directory"), share_table(evidence)
    if table is None or people is None or people.facts is None:
        return None
    today = people.collected_at[:10]
    before = next((kept for kept in map(_kept, reversed(_earlier(directory))) if kept), None)
    kept = {
        "day": today,
        "first_day": before["first_day"] if before else today,
        "shares": access_rights.record(reviewed(table), people.facts, today, before["shares"] if before else None),
    }
    write_json(directory / _KEPT, kept)
    return kept


def write_pages(
    directory: Path, run: Mapping[str, Any], evidence: Evidence, attestations: Sequence[Mapping[str, Any]]
) -> list[Path]:
    """Write one page for each manager and their list, the list first; nothing when the run has no data for them."""
    kept = keep_rights(directory, evidence)
    if kept is None:
        return []
    people, table = reading(evidence, "directory"), share_table(evidence)
    if people is None or table is None:
        return []
    signatures = _signatures(attestations)
    reviews = access_review.gather(reviewed(table), people.facts, kept, signatures, _then(directory, signatures))
    run = {**run, "collected_at": collected(evidence, people.host)}
    folder = directory / FOLDER
    written = [folder / "index.html", *(folder / f"{review.file}" for review in reviews)]
    write_text(written[0], access_review.render_list(reviews, run))
    for file, review in zip(written[1:], reviews, strict=True):
        write_text(file, access_review.render(review, run))
    return written


def make(
    directory: Path, run: Mapping[str, Any], attestations: Sequence[Mapping[str, Any]], manager: str
) -> list[Path]:
    """The pages of a judged run, all of them or those of one manager (a login or a mail address).

    :raises EvidenceError: the run has not what the pages need, or nobody of that name answers for a share.
    """
    _, evidence = read_run(directory)
    people, table = reading(evidence, "directory"), share_table(evidence)
    if people is None or people.facts is None:
        why = people.failure if people else "the run asked no domain controller"
        raise EvidenceError(f"{directory}: the directory was not read ({why}); run the audit again")
    if table is None:
        raise EvidenceError(f"{directory}: the run knew no table of shares (site_shares); run the audit again")
    chosen = None
    if manager:
        staff = access_rights.house(people.facts).people
        managers = [found for share in reviewed(table) if (found := access_rights.manager_of(share, staff))]
        chosen = next((each for each in managers if manager.lower() in (each.login, each.mail)), None)
        if chosen is None:
            known = ", ".join(sorted({each.login for each in managers})) or "nobody"
            raise EvidenceError(f"{manager}: answers for no share of the site's table; those who do: {known}")
    written = write_pages(directory, run, evidence, attestations)
    return [directory / FOLDER / f"{chosen.login}.html"] if chosen else written


def _earlier(directory: Path) -> list[Path]:
    """Runs of the same kind before this one, oldest first: what a lab shows says nothing of the site."""
    kind = _mode(directory)
    return [
        folder
        for folder in sorted(file.parent for file in directory.parent.glob(f"*/{_KEPT}"))
        if folder.name < directory.name and _mode(folder) == kind
    ]


def _mode(directory: Path) -> str:
    try:
        return str(json.loads((directory / "run.json").read_text(encoding="utf-8")).get("mode", "audit"))
    except (OSError, ValueError):
        return "audit"


def _kept(directory: Path) -> dict[str, Any] | None:
    """What a run kept; a file that is no longer whole is as good as none."""
    try:
        found = json.loads((directory / _KEPT).read_text(encoding="utf-8"))
        return found if {"day", "first_day", "shares"} <= set(found) else None
    except (OSError, ValueError):
        return None


def _signatures(attestations: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """share -> its signature, as it was judged."""
    return {part["id"]: part for each in attestations for part in each.get("signatures", ())}


def _then(directory: Path, signatures: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """share -> what was kept by the last run at the day its review was signed."""
    runs = [kept for kept in map(_kept, _earlier(directory)) if kept]
    found: dict[str, Mapping[str, Any]] = {}
    for share, signature in signatures.items():
        signed = signature.get("signed_on")
        before = [kept for kept in runs if signed and kept["day"] <= signed]
        if before:
            found[share] = before[-1]
    return found
